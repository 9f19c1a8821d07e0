"""How fast the flow simulates a line, beside SimPy on the same line in the same run.

The line: stations in series, exponential times of 180 s, buffers of 3, blocking after service, operation-dependent
failures (MTBF 8 h of work, MTTR 20 min). Run it with `make bench-flow`.
"""

import argparse
import platform
import random as pseudo
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import simpy
from rich.console import Console
from rich.table import Table

from ironworks.factory.flow import Exponential, Failures, Station, line, run_once
from ironworks.factory.flow.kernels import cold
from ironworks.factory.flow.kernels.maxplus import maxplus_line
from ironworks.factory.flow.kernels.random import LAW_EXPONENTIAL, Draws, stream_key
from ironworks.factory.flow.kernels.serial import serial_line

SERVICE, BUFFER, UPTIME, REPAIR = 180.0, 3, 8 * 3600.0, 20 * 60.0
SECOND = 1_000_000

# Quoted, not measured here: the same line of 20 stations on another machine with 2 cores, 2026.
QUOTED = {
    "SimPy 4.1.2": (9_761, 195, 1.00),
    "JaamSim, headless": (8_861, 177, 0.91),
    "simantha (no failures)": (2_771, 55, 0.28),
    "salabim": (2_136, 43, 0.22),
    "Ciw (failures folded into service)": (1_424, 28, 0.15),
}
# Long enough to time, short enough to wait for: station operations of each timed run.
OPERATIONS = {"SimPy": 1e5, "max-plus": 1e7, "line kernel": 5e6, "full kernel": 1e6}
GOALS = {"max-plus": 200, "line kernel": 80, "full kernel": 30}


@dataclass
class Count:
    operations: int
    finished: int  # parts that left after the warm-up
    seconds: float  # on the clock of this machine


def run_simpy(stations: int, horizon: float, warmup: float, seed: int) -> Count:
    env = simpy.Environment()
    buffers = [simpy.Store(env, capacity=BUFFER) for _ in range(stations - 1)]
    operations, finished = [0] * stations, 0

    def station(j: int):
        nonlocal finished
        stream = pseudo.Random(f"{seed} {j}")
        draw = stream.expovariate
        left = draw(1 / UPTIME)
        part: object = None
        while True:
            if j > 0:
                part = yield buffers[j - 1].get()
            work = draw(1 / SERVICE)
            while work > left:  # an outage interrupts the operation, which resumes after the repair
                yield env.timeout(left + draw(1 / REPAIR))
                work -= left
                left = draw(1 / UPTIME)
            left -= work
            yield env.timeout(work)
            operations[j] += 1
            if j < stations - 1:
                yield buffers[j].put(part)  # blocked here while the buffer is full
            elif env.now > warmup:
                finished += 1

    for j in range(stations):
        env.process(station(j))
    begin = time.perf_counter()
    env.run(until=horizon)
    return Count(sum(operations), finished, time.perf_counter() - begin)


def arrays(stations: int, seed: int) -> tuple[Draws, Draws, Draws, np.ndarray]:
    def draws(mean: float, purpose: str) -> Draws:
        keys = np.array([stream_key(seed, 0, f"s{j}", purpose) for j in range(stations)], np.uint64)
        parameters = np.zeros((stations, 4))
        parameters[:, 0] = mean
        return Draws(np.full(stations, LAW_EXPONENTIAL), parameters, keys)

    laws = (draws(SERVICE, "process"), draws(UPTIME, "uptime"), draws(REPAIR, "repair"))
    return *laws, np.full(stations - 1, BUFFER)


def run_maxplus(stations: int, horizon: float, warmup: float, seed: int) -> Count:
    # Somewhat more parts than the horizon holds: the recursion goes by parts, not by time.
    parts = int(horizon / SERVICE * 0.8) + 100
    begin = time.perf_counter()
    departures = maxplus_line(*arrays(stations, seed), parts)
    spent = time.perf_counter() - begin
    if departures[-1] < horizon * SECOND:
        raise RuntimeError("the horizon holds more parts than were computed")
    inside = np.searchsorted(departures, np.array([warmup, horizon]) * SECOND, side="right")
    return Count(parts * stations, int(inside[1] - inside[0]), spent)


def run_serial(stations: int, horizon: float, warmup: float, seed: int) -> Count:
    begin = time.perf_counter()
    result = serial_line(*arrays(stations, seed), int(horizon * SECOND), warmup=int(warmup * SECOND))
    return Count(result.operations, int(result.finished.sum()), time.perf_counter() - begin)


def run_full(stations: int, horizon: float, warmup: float, seed: int) -> Count:
    failures = Failures(uptime=Exponential(UPTIME), repair=Exponential(REPAIR))
    places = [Station(f"s{j}", buffer=BUFFER, failures=failures) for j in range(stations)]
    model = line(places, [Exponential(SERVICE)] * stations)
    begin = time.perf_counter()
    result = run_once(model, horizon, seed=seed, warmup=warmup)
    return Count(result.events, int(result.finished.sum()), time.perf_counter() - begin)


ENGINES: dict[str, Callable[[int, float, float, int], Count]] = {
    "SimPy": run_simpy,
    "max-plus": run_maxplus,
    "line kernel": run_serial,
    "full kernel": run_full,
}


def length_for(operations: float, stations: int) -> float:
    """Length of a run [s] with about so many station operations: a station is busy a little over half the time."""
    return operations / stations / 0.55 * SERVICE


def speed(engine: str, stations: int, operations: float, repeats: int) -> float:
    """Station operations per second, the best of some runs: what else the machine does only takes away."""
    horizon = length_for(operations, stations)
    counts = [ENGINES[engine](stations, horizon, 0.1 * horizon, seed) for seed in range(repeats)]
    return max(count.operations / count.seconds for count in counts)


def departures_differ(stations: int, parts: int) -> bool:
    """Whether recursion and line kernel disagree in any departure, to the microsecond."""
    line_arrays = arrays(stations, 0)
    expected = maxplus_line(*line_arrays, parts, every_station=True)
    return bool((serial_line(*line_arrays, int(expected[-1, -1]), record=parts).departures != expected).any())


def agreement(chosen: list[str], stations: int, operations: float) -> dict[str, tuple[float, float]]:
    """Parts per hour of each engine on the same window from empty, and how many standard errors off SimPy's."""
    horizon = length_for(operations, stations)
    warmup = 0.1 * horizon
    runs = {"SimPy": 6, "max-plus": 40, "line kernel": 40, "full kernel": 20}
    rates = {}
    for k, engine in enumerate(chosen):
        seeds = range(1000 * (k + 1), 1000 * (k + 1) + runs[engine])
        finished = [ENGINES[engine](stations, horizon, warmup, seed).finished for seed in seeds]
        rates[engine] = np.array(finished) / (horizon - warmup) * 3600
    reference = rates["SimPy"]
    # The engine with most runs says best how much a run of this length varies.
    spread = max(rates.values(), key=len).std(ddof=1)
    return {
        engine: (rate.mean(), (rate.mean() - reference.mean()) / (spread * np.sqrt(1 / len(rate) + 1 / len(reference))))
        for engine, rate in rates.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stations", default="20,50,100,200,400", help="sizes of the line, with commas between")
    parser.add_argument("--repeats", type=int, default=3, help="timed runs of each engine at each size")
    parser.add_argument("--engines", default=",".join(ENGINES), help="which to run; SimPy always comes first")
    arguments = parser.parse_args()
    chosen = ["SimPy", *(name for name in ENGINES if name in arguments.engines.split(",") and name != "SimPy")]
    sizes = [int(text) for text in arguments.stations.split(",")]
    console = Console(width=110)

    if cold():
        console.print("Compiling the kernels, once; this is counted apart.")
    begin = time.perf_counter()
    for engine in chosen:
        ENGINES[engine](3, 1e5, 1e4, 0)
    console.print(f"Kernels ready after {time.perf_counter() - begin:.1f} s (compilation, or loading what was kept).")
    console.print(f"Python {platform.python_version()}, SimPy {simpy.__version__}, NumPy {np.__version__}.\n")

    table = Table(title="Station operations per second, one core, best of some runs")
    for heading in ("stations", "engine", "parts/s", "station-ops/s", "x SimPy", "goal at 20"):
        table.add_column(heading, justify="left" if heading == "engine" else "right")
    missed = []
    for stations in sizes:
        base = 0.0
        for engine in chosen:
            rate = speed(engine, stations, OPERATIONS[engine], arguments.repeats)
            base = base or rate
            goal = GOALS.get(engine) if stations == 20 else None
            if goal and rate / base < goal:
                missed.append(f"{engine} at {stations} stations: {rate / base:.0f}x, the goal is {goal}x")
            shown = f">= {goal}" if goal else ""
            console.print(f"  {stations:4d} stations, {engine:12s} {rate:14,.0f} station-ops/s", style="dim")
            table.add_row(str(stations), engine, f"{rate / stations:,.0f}", f"{rate:,.0f}", f"{rate / base:.1f}", shown)
        table.add_section()
    console.print(table)

    check = Table(title="The same line? Parts per hour from empty, and standard errors off SimPy's")
    for heading in ("stations", *chosen):
        check.add_column(heading, justify="right")
    # A long line takes SimPy too long to fill.
    for stations in (size for size in sizes if size <= 50):
        result = agreement(chosen, stations, 2500.0 * stations)
        check.add_row(str(stations), *(f"{rate:.3f} ({z:+.1f})" for rate, z in result.values()))
        missed += [
            f"{engine} at {stations} stations is {z:+.1f} errors off" for engine, (_, z) in result.items() if abs(z) > 4
        ]
    console.print(check)
    if departures_differ(20, 5000):
        missed.append("recursion and line kernel give different departures")
    else:
        console.print("Recursion and line kernel: 5,000 parts leave all 20 stations at the same microsecond.\n")

    quoted = Table(title="Quoted, not measured here: the line of 20 stations on another machine, 2026")
    for heading in ("engine", "parts/s", "station-ops/s", "x SimPy"):
        quoted.add_column(heading, justify="left" if heading == "engine" else "right")
    for engine, (parts, thousands, ratio) in QUOTED.items():
        quoted.add_row(engine, f"{parts:,}", f"{thousands} k", f"{ratio:.2f}")
    console.print(quoted)
    for fault in missed:
        console.print(f"[bold red]Missed:[/] {fault}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
