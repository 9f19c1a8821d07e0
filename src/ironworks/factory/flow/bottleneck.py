"""What holds a line back, and when: active periods of a traced window, arrows from blocked and starved shares.

Utilisation is not the measure: on lines with unequal outages the busiest station is often not the one whose
improvement helps. The elasticity of the throughput is the measure; these two explain it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.flow.model import Model
from ironworks.factory.flow.result import Replication, State

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STATION_STATE = 10
_ACTIVE = frozenset({State.DOWN, State.WAITING_REPAIR, State.SETUP, State.WORKING})


@dataclass(frozen=True, slots=True)
class Period:
    """`station` was active without a pause from `begins` to `ends` [s]."""

    station: str
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Bottlenecks:
    """Bottlenecks over one window by the active-period method (Roser, Nakano, Tanaka 2001).

    At each time the bottleneck is the station whose present active period is longest. Where two such periods
    overlap the bottleneck shifts; elsewhere it is sole. Shares are of the window's time.
    """

    stations: tuple[str, ...]
    sole: Floats
    """(S,)"""
    shifting: Floats
    """(S,)"""
    owners: tuple[Period, ...]
    """The periods of the bottleneck in turn; `begins` and `ends` are those of the whole active period."""

    def ranked(self) -> list[str]:
        """Stations by their share as a bottleneck, sole or shifting, largest first."""
        order = np.argsort(-(self.sole + self.shifting), kind="stable")
        return [self.stations[i] for i in order]


def active_periods(log: Ints, stations: Sequence[str], window: tuple[float, float]) -> list[Period]:
    """Spans in which every place of a station that could work was at work, in set-up, down or under repair.

    `log`: (n, 8) as `Replication.log`. Time off shift neither ends nor starts a period: the place keeps its last
    condition. A place that is blocked, starved or waits for a part or a skill ends its station's period.
    """
    changes = log[log[:, 1] == STATION_STATE]
    idle: list[int] = [0] * len(stations)
    active: list[int] = [0] * len(stations)
    since: list[float | None] = [None] * len(stations)
    places: dict[tuple[int, int], str] = {}
    periods = []
    for micros, _, _, _, s, place, _, state in changes.tolist():
        before = places.get((s, place), "")
        after = _condition(state, before)
        if after == before:
            continue
        active[s] += (after == "active") - (before == "active")
        idle[s] += (after == "idle") - (before == "idle")
        places[s, place] = after
        now = micros * 1e-6
        begun = since[s]
        if active[s] and not idle[s]:
            if begun is None:
                since[s] = now
        elif begun is not None:
            if now > begun:
                periods.append(Period(stations[s], begun, now))
            since[s] = None
    periods += [Period(stations[s], begun, window[1]) for s, begun in enumerate(since) if begun is not None]
    return [p for p in periods if p.ends > window[0] and p.begins < window[1]]


def momentary(periods: Iterable[Period], stations: Sequence[str], window: tuple[float, float]) -> Bottlenecks:
    """The bottleneck at each time of the window: who is active longest; with overlaps as shifts."""
    ordered = sorted(periods, key=lambda p: (p.begins, p.ends))
    owners = _owners(ordered)
    sole = np.zeros(len(stations))
    shifting = np.zeros(len(stations))
    index = {name: i for i, name in enumerate(stations)}
    for i, period in enumerate(owners):
        shared_from = owners[i + 1].begins if i + 1 < len(owners) else period.ends
        shared_till = owners[i - 1].ends if i else period.begins
        begins, ends = max(period.begins, window[0]), min(period.ends, window[1])
        own = max(0.0, min(ends, shared_from) - max(begins, shared_till))
        sole[index[period.station]] += own
        shifting[index[period.station]] += max(0.0, ends - begins) - own
    length = window[1] - window[0]
    return Bottlenecks(tuple(stations), sole / length, shifting / length, tuple(owners))


def bottlenecks(run: Replication, window: tuple[float, float]) -> Bottlenecks:
    """Active-period bottlenecks of a replication that was traced over `window` [s]."""
    return momentary(active_periods(run.log, run.names.stations, window), run.names.stations, window)


def links(model: Model) -> list[tuple[int, int, bool]]:
    """Neighbours (upstream station, downstream station, through a store) along routings and through stores."""
    station = {s.name: i for i, s in enumerate(model.stations)}
    found: dict[tuple[int, int], bool] = {}
    makers: dict[str, list[int]] = {}
    for routing in model.routings:
        if routing.output and routing.operations:
            makers.setdefault(routing.output, []).append(station[routing.operations[-1].station])
    for routing in model.routings:
        for i, operation in enumerate(routing.operations):
            here = station[operation.station]
            if i:
                found.setdefault((station[routing.operations[i - 1].station], here), False)
            for part in operation.consumes:
                for maker in makers.get(part, []):
                    found.setdefault((maker, here), True)
    return [(u, v, stored) for (u, v), stored in found.items() if u != v]


def arrows(states: Floats, neighbours: Sequence[tuple[int, int, bool]]) -> Ints:
    """The bottleneck of each bin by the arrow method (Kuo, Lim, Meerkov 1996), -1 where no station is installed.

    states: (B, S, 10). For each pair of neighbours an arrow points to the side that holds the other back:
    downstream if the upstream one is blocked more often than the downstream one is starved. A station that no arrow
    leaves is a bottleneck; of several the most severe counts, with severity the sum of the differences at its arrows.
    """
    bins, stations, _ = states.shape
    on = states.sum(axis=2) - states[:, :, State.NOT_INSTALLED] - states[:, :, State.OFF_SHIFT]
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(on[:, :, None] > 0, states / on[:, :, None], 0.0)
    leaving = np.zeros((bins, stations), dtype=np.int64)
    severity = np.zeros((bins, stations))
    for up, down, stored in neighbours:
        there = (on[:, up] > 0) & (on[:, down] > 0)
        blocked = share[:, up, State.BLOCKED]
        starved = share[:, down, State.WAITING_PART if stored else State.STARVED]
        difference = blocked - starved
        points_down = difference > 0
        leaving[:, up] += there & points_down
        leaving[:, down] += there & ~points_down & (difference != 0)
        severity[:, down] += np.where(there & points_down, difference, 0.0)
        severity[:, up] += np.where(there & ~points_down, -difference, 0.0)
    busy = share[:, :, [State.DOWN, State.WAITING_REPAIR, State.SETUP, State.WORKING]].sum(axis=2)
    # Free of leaving arrows first, then severity; equal ones are decided by how little they wait.
    score = np.where(on > 0, severity + 1e-3 * busy, -np.inf)
    free = (leaving == 0) & (on > 0)
    score = np.where(free.any(axis=1)[:, None] & ~free, -np.inf, score)
    return np.where(on.max(axis=1) > 0, score.argmax(axis=1), -1).astype(np.int64)


def _condition(state: int, before: str) -> str:
    if state == State.OFF_SHIFT:
        return before
    if state == State.NOT_INSTALLED:
        return ""
    return "active" if state in _ACTIVE else "idle"


def _owners(ordered: Sequence[Period]) -> list[Period]:
    """The longest period at each time, in turn."""
    cuts = sorted({p.begins for p in ordered} | {p.ends for p in ordered})
    heap: list[tuple[float, int]] = []
    owners: list[Period] = []
    nxt = 0
    for cut in cuts[:-1]:
        while nxt < len(ordered) and ordered[nxt].begins <= cut:
            heapq.heappush(heap, (ordered[nxt].begins - ordered[nxt].ends, nxt))
            nxt += 1
        while heap and ordered[heap[0][1]].ends <= cut:
            heapq.heappop(heap)
        if heap:
            longest = ordered[heap[0][1]]
            if not owners or owners[-1] is not longest:
                owners.append(longest)
    return owners
