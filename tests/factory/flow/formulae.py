"""Closed forms of queues, closed lines and learning curves that the simulation is held against."""

import math
from collections.abc import Sequence


def erlang_c(arrivals: float, service: float, servers: int) -> dict[str, float]:
    """M/M/c: probability of waiting, mean wait, parts waiting and parts in the system."""
    load = arrivals / service
    rho = load / servers
    waiting = load**servers / math.factorial(servers) / (1 - rho)
    wait_probability = waiting / (sum(load**k / math.factorial(k) for k in range(servers)) + waiting)
    wait = wait_probability / (servers * service - arrivals)
    return {
        "throughput": arrivals,
        "P_wait": wait_probability,
        "Wq": wait,
        "Lq": arrivals * wait,
        "L": arrivals * wait + load,
    }


def pollaczek_khinchine(arrivals: float, mean: float, squared_variation: float) -> dict[str, float]:
    """M/G/1: mean wait and parts waiting."""
    rho = arrivals * mean
    wait = rho * mean * (1 + squared_variation) / (2 * (1 - rho))
    return {"throughput": arrivals, "Wq": wait, "Lq": arrivals * wait}


def loss_queue(arrivals: float, service: float, places: int) -> dict[str, float]:
    """M/M/1/K: throughput, parts in the system, and the share of arrivals that find it full."""
    weights = [(arrivals / service) ** k for k in range(places + 1)]
    share = [weight / sum(weights) for weight in weights]
    wip = sum(k * p for k, p in enumerate(share))
    return {"throughput": arrivals * (1 - share[-1]), "wip": wip, "P_block": share[-1]}


def rework_loop(arrivals: float, rates: Sequence[float], rework: float) -> dict[str, float]:
    """Jackson network of single stations in series; a share of what leaves the last goes back to the first."""
    loads = [arrivals / (1 - rework) / rate for rate in rates]
    wip = sum(load / (1 - load) for load in loads)
    return {"throughput": arrivals, "wip": wip, "W": wip / arrivals}


def mean_value_analysis(rates: Sequence[float], cards: int) -> dict[str, float]:
    """Closed line of exponential stations with infinite buffers; Q is the mean number at the first station."""
    queues, throughput = [0.0] * len(rates), 0.0
    for n in range(1, cards + 1):
        times = [(1 + queue) / rate for queue, rate in zip(queues, rates, strict=True)]
        throughput = n / sum(times)
        queues = [throughput * time for time in times]
    return {"throughput": throughput, "wip": sum(queues), "Q": queues[0]}


def machine_interference(machines: int, fail: float, repair: float, repairers: int) -> dict[str, float]:
    """M/M/R//N: mean number of machines down, and the share of machines that run."""
    weights = [1.0]
    for down in range(machines):
        weights.append(weights[-1] * (machines - down) * fail / (repair * min(down + 1, repairers)))
    mean = sum(k * weight for k, weight in enumerate(weights)) / sum(weights)
    return {"mean_down": mean, "availability": 1 - mean / machines}


def stand_alone(rate: float, fail: float, repair: float) -> dict[str, float]:
    """Throughput of a station that never waits, with operation-dependent failures."""
    return {"throughput": rate * repair / (repair + fail)}


def crawford(first: float, rate: float) -> dict[str, float]:
    """Unit learning: time of unit 100, totals to 100 and 1000, for a learning rate per doubling."""
    units = [first * n ** math.log2(rate) for n in range(1, 1001)]
    return {"T100": units[99], "total_1_100": sum(units[:100]), "total_1_1000": sum(units)}


def wright(first: float, rate: float) -> dict[str, float]:
    """Cumulative-average learning: average and total of 100 units, and the time of unit 100."""
    total = [first * n ** (1 + math.log2(rate)) for n in (99, 100)]
    return {"cumavg100": total[1] / 100, "total_1_100": total[1], "unit100": total[1] - total[0]}


def dejong(first: float, rate: float, fixed: float) -> dict[str, float]:
    """Learning of all but a fixed (machine-paced) share: time of unit 100 and total of 100 units."""
    units = [first * (fixed + (1 - fixed) * n ** math.log2(rate)) for n in range(1, 101)]
    return {"T100": units[99], "total_1_100": sum(units)}


def serial_departures(
    times: Sequence[Sequence[float]], buffers: Sequence[int], before_service: bool
) -> list[list[float]]:
    """Departures of each part from each station, written out from the definition of blocking."""
    departures: list[list[float]] = []
    for part, row in enumerate(times):
        leave: list[float] = []
        for station, time in enumerate(row):
            arrived = leave[station - 1] if station else 0.0
            free = departures[part - 1][station] if part else 0.0
            room = 0.0
            if station < len(buffers) and part > buffers[station]:
                room = departures[part - 1 - buffers[station]][station + 1]
            start = max(arrived, free, room if before_service else 0.0)
            leave.append(max(start + time, room))
        departures.append(leave)
    return departures
