"""The kernel with the full semantics against every row of the exact table."""

import math

import numpy as np
import pytest
from tests.factory.flow.exact_table import Row, rows, trace

from ironworks.factory.flow import (
    INFINITE,
    Arising,
    Arrivals,
    Constant,
    Conwip,
    Crew,
    Defect,
    Erlang,
    Exponential,
    Failures,
    Learning,
    Listed,
    Lognormal,
    Model,
    Operation,
    Routing,
    State,
    Station,
    Store,
    line,
    run_once,
)

ROWS = {row.id: row for row in rows()}
BATCHES = 50
STOCHASTIC = [row.id for row in rows() if row.model not in ("learning", "trace") and "prefetch" not in row.id]


def failures(row: Row, i: int) -> Failures | None:
    if not row.failures or row.failures == "none":
        return None
    mode = "operation" if row.failures == "ODF" else "time"
    crew = "fitters" if row.crew else None
    return Failures(Exponential(1 / row.fail_rates[i]), Exponential(1 / row.repair_rates[i]), mode, crew)


def crews(row: Row) -> list[Crew]:
    return [Crew("fitters", row.crew)] if row.crew else []


def model_of(row: Row) -> Model:
    rates, given = row.service_rates, row.parameters
    match row.model:
        case "serial":
            buffers = (INFINITE, *row.buffers)
            stations = [Station(f"s{i}", buffer=buffers[i], failures=failures(row, i)) for i in range(len(rates))]
            phases = row.phases or (1,) * len(rates)
            times = [Exponential(1 / r) if k == 1 else Erlang(1 / r, k) for r, k in zip(rates, phases, strict=True)]
            simple = line(stations, times)
            return Model(simple.stations, simple.routings, crews=crews(row))
        case "assembly":
            feeders = [Station("f1"), Station("f2"), Station("a")]
            stores = [Store("c1", capacity=row.buffers[0]), Store("c2", capacity=row.buffers[1])]
            routings = [
                Routing("c1", [Operation("make", "f1", Exponential(1 / rates[0]))], output="c1"),
                Routing("c2", [Operation("make", "f2", Exponential(1 / rates[1]))], output="c2"),
                Routing("a", [Operation("join", "a", Exponential(1 / rates[2]), consumes={"c1": 1, "c2": 1})]),
            ]
            return Model(feeders, routings, stores)
        case "queue" | "loss queue":
            servers = int(given.get("servers", 1))
            service = Exponential(1 / rates[0])
            if "cv2" in given:
                service = (
                    Constant(1 / rates[0]) if given["cv2"] == 0 else Lognormal(1 / rates[0], math.sqrt(given["cv2"]))
                )
            buffer = given["places"] - 1 if "places" in given else INFINITE
            arrivals = Arrivals(Exponential(1 / given["arrivals"]), lost="places" in given)
            return line([Station("s", servers, buffer)], [service], arrivals)
        case "rework loop":
            wrong = Arising("bad", given["rework"], mature=given["rework"])
            operations = [
                Operation("one", "s1", Exponential(1 / rates[0])),
                Operation("two", "s2", Exponential(1 / rates[1]), arises=[wrong], finds={"bad": 1.0}),
            ]
            back = Defect("bad", Operation("nothing", "desk", Constant(0.0)), "r.one", max_loops=10**6)
            stations = [Station("s1"), Station("s2"), Station("desk", places=50)]
            release = Arrivals(Exponential(1 / given["arrivals"]))
            return Model(stations, [Routing("r", operations, release)], defects=[back])
        case "closed line":
            stations = [Station(f"s{i}") for i in range(len(rates))]
            return line(stations, [Exponential(1 / r) for r in rates], Conwip(int(given["cards"])))
        case "machine interference":
            machines = Station("m", int(given["machines"]), failures=failures(row, 0))
            return Model([machines], line([machines], [Constant(1e9)]).routings, crews=crews(row))
    raise AssertionError(row.model)


def length(row: Row) -> float:
    """Simulated time: queues near saturation and outages need more of it."""
    parts = {"queue": 6e6, "loss queue": 2e6, "rework loop": 4e6, "machine interference": 4e6}.get(row.model, 1.2e6)
    if row.failures == "ODF" or row.failures == "TDF":
        parts = max(parts, 4e6)
    return parts / float(row.expected.get("throughput", "1"))


def measured(row: Row) -> dict[str, tuple[float, float]]:
    """Mean and standard error by batch means of all that the row speaks of."""
    end = length(row)
    warmup = end / 50
    edges = np.linspace(warmup, end, BATCHES + 1)[1:]
    r = run_once(model_of(row), end, seed=7, warmup=warmup, edges=edges[:-1].tolist())
    assert r.check() == []
    width = np.diff(r.edges)
    wip = r.wip_mean.sum(axis=1)
    series = {"throughput": r.finished[:, -1] / width, "wip": wip, "L": wip, "Lq": r.queue_mean[:, 0]}
    if row.model in ("queue", "rework loop"):
        series["Wq"] = r.queue_mean[:, 0] / (r.released[:, 0] / width)
        series["W"] = r.lead_time[:, 0]
    if row.model == "loss queue":
        series["P_block"] = r.lost[:, 0] / (r.lost[:, 0] + r.released[:, 0])
    if row.model == "assembly":
        blocked = r.states[:, :2, State.BLOCKED].sum(axis=1) / width
        series["waiting"] = r.stock_mean.sum(axis=1) + blocked
    if row.model == "closed line":
        series["Q"] = r.queue_mean[:, 0] + r.states[:, 0, State.WORKING] / width
    if row.model == "machine interference":
        down = r.states[:, 0, [State.DOWN, State.WAITING_REPAIR]].sum(axis=1) / width
        series |= {"mean_down": down, "availability": 1 - down / row.parameters["machines"]}
    return {name: (x.mean(), x.std(ddof=1) / math.sqrt(BATCHES)) for name, x in series.items()}


@pytest.mark.parametrize("name", STOCHASTIC)
def test_full_kernel_agrees_with_exact_row(name):
    row = ROWS[name]
    found = measured(row)
    checked = 0
    for quantity, printed in row.expected.items():
        if quantity not in found:
            continue
        mean, error = found[quantity]
        exact = float(printed)
        assert abs(mean - exact) <= max(4 * error, 1e-9 * exact), f"{quantity}: {mean} +- {error}, exact {exact}"
        if quantity in ("throughput", "availability"):
            assert error / exact <= 0.002
        checked += 1
    assert checked


def test_full_kernel_is_not_the_prefetching_assembly_exact():
    found = measured_assembly()
    mean, error = found
    exact, prefetch = (float(ROWS[n].expected["throughput"]) for n in ("asm_3_3_1", "asm_3_3_1_prefetch"))
    assert error / exact <= 0.0003
    assert abs(mean - exact) < 4 * error
    assert abs(mean - prefetch) > 4 * error


def measured_assembly() -> tuple[float, float]:
    model = model_of(ROWS["asm_3_3_1"])
    end = 1.3e7
    edges = np.linspace(1e4, end, 101)[1:-1].tolist()
    r = run_once(model, end, seed=3, warmup=1e4, edges=edges)
    rate = r.finished[:, 2] / np.diff(r.edges)
    return rate.mean(), rate.std(ddof=1) / 10


@pytest.mark.parametrize("name", [n for n in ROWS if ROWS[n].model == "trace"])
def test_full_kernel_gives_deterministic_trace_exactly(name):
    row = ROWS[name]
    times = np.array(trace(), float)
    before = "BBS" in name
    buffers = (INFINITE, *row.buffers)
    stations = [
        Station(f"s{i}", buffer=buffers[i], blocking="before" if before else "after") for i in range(times.shape[1])
    ]
    r = run_once(line(stations, [Listed(tuple(times[:, i])) for i in range(times.shape[1])]), 150.0)
    departures = r.finish_times["line"][: len(times)]
    assert departures[-1] == float(row.expected["makespan"])
    if not before:
        assert departures.tolist() == [21, 24, 34, 47, 51, 64, 71, 72, 79, 82, 88, 90]


@pytest.mark.parametrize("name", [n for n in ROWS if ROWS[n].model == "learning"])
def test_full_kernel_learns_as_exact_row_says(name):
    row = ROWS[name]
    law = {"learn_crawford85": "crawford", "learn_wright85": "wright"}.get(name, "dejong")
    learning = Learning(law, row.parameters["rate"], incompressible=row.parameters.get("fixed", 0.0))
    model = Model([Station("s")], [Routing("r", [Operation("o", "s", Constant(1.0), learning=learning)])])
    ends = np.array(run_once(model, 300.0).finish_times["r"])
    units = np.diff(ends, prepend=0.0)
    known = {"T100": units[99], "unit100": units[99], "total_1_100": ends[99], "cumavg100": ends[99] / 100}
    if len(ends) >= 1000:
        known["total_1_1000"] = ends[999]
    for quantity, printed in row.expected.items():
        # Each unit time is rounded to a microsecond.
        assert known[quantity] == pytest.approx(float(printed), abs=1e-6 * 500)
