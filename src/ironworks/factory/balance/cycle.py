"""Shortest cycle time for a number of stations (SALBP-2), and the number that wastes least (SALBP-E)."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.balance.instance import Assignment, BalanceError, LineInstance
from ironworks.factory.balance.salbp import fewest_stations

__all__ = ["Paced", "most_efficient", "shortest_cycle"]

#: Share of the remaining time that one cycle time is tried for.
_SHARE = 0.3


@dataclass(frozen=True, eq=False)
class Paced:
    """The best assignment found, with the shortest cycle of its loads, and the least cycle that any can have.

    `interrupted`: by Ctrl-C.
    """

    assignment: Assignment
    least: int
    seconds: float
    interrupted: bool = False

    @property
    def proven(self) -> bool:
        """Whether nobody can do with a shorter cycle."""
        return self.assignment.cycle == self.least


def shortest_cycle(instance: LineInstance, stations: int, seconds: float = 60.0) -> Paced:
    """Shortest cycle time in which at most so many stations do all tasks, by bisection over exact searches.

    Interrupted by Ctrl-C it returns what it has. Raises BalanceError without stations or tasks.
    """
    began = time.monotonic()
    if stations < 1 or not len(instance):
        raise BalanceError([f"{len(instance)} tasks at {stations} stations: both must be at least 1"])
    total, longest = int(instance.times.sum()), int(instance.times.max())
    # Stations filled one by one to above total / stations are never more than so many.
    low, high = max(longest, -(-total // stations), 1), max(-(-total // stations) + longest, 1)
    best, proven, interrupted = _filled(instance, high), low, False
    high = best.cycle
    while low < high and not interrupted:
        left = seconds - (time.monotonic() - began)
        if left <= 0.0:
            break
        cycle = (low + high) // 2
        found = fewest_stations(instance, cycle, _SHARE * left, enough=stations)
        interrupted = found.interrupted
        if found.assignment.stations <= stations:
            best = _tightened(instance, found.assignment.station)
            high = best.cycle
        else:
            low = cycle + 1
            if found.least > stations:
                # A longer cycle never needs more stations: this holds for all shorter ones too.
                proven = low
    best.verify()
    return Paced(best, min(proven, best.cycle), time.monotonic() - began, interrupted)


def _filled(instance: LineInstance, cycle: int) -> Assignment:
    """Stations filled one by one in an order that may be followed."""
    station, at, load = np.empty(len(instance), np.int64), 0, 0
    for task in instance.sequence:
        if load + instance.times[task] > cycle:
            at, load = at + 1, 0
        station[task], load = at, load + int(instance.times[task])
    return _tightened(instance, station)


def _tightened(instance: LineInstance, station: NDArray[np.int64]) -> Assignment:
    """An assignment with the shortest cycle that its loads allow."""
    loads = np.bincount(station, weights=instance.times)
    return Assignment(instance, max(int(loads.max()), 1), station)


def most_efficient(instance: LineInstance, stations: tuple[int, int], seconds: float = 60.0) -> Paced:
    """The number of stations, of the range given (both ends in it), whose stations times cycle is least, and its cycle.

    `least` is of the cycle at that number. Raises BalanceError for an empty range.
    """
    low, high = stations
    if not 1 <= low <= high:
        raise BalanceError([f"from {low} to {high} stations: the first must be at least 1, the last no less"])
    began, best = time.monotonic(), None
    total, longest = int(instance.times.sum()), int(instance.times.max())
    # Those that could waste least come first, so that bounds rule out the others.
    counts = sorted(range(low, high + 1), key=lambda count: count * max(-(-total // count), longest))
    for tried, count in enumerate(counts):
        if best is not None:
            product = best.assignment.stations * best.assignment.cycle
            if count * max(-(-total // count), longest) >= product:
                break
        left = seconds - (time.monotonic() - began)
        found = shortest_cycle(instance, count, max(left / (len(counts) - tried), 0.1))
        if best is None or found.assignment.stations * found.assignment.cycle < product:
            best = found
        if found.interrupted:
            break
    assert best is not None
    return Paced(best.assignment, best.least, time.monotonic() - began, found.interrupted)
