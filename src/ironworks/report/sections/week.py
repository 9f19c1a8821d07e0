"""One week of one replication, to watch: the event log packed for the page's player."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.flow.result import Replication, State
from ironworks.outcome import Outcome, Traced
from ironworks.report import words
from ironworks.report.blocks import Partial, Section, Text, state_legend
from ironworks.report.plots.theme import STACKING, STATE_COLOURS, STATE_LABELS

Ints = NDArray[np.int64]

CREATED, STARTED, STATE, FINISHED, SCRAPPED, TRANSFER = 0, 1, 10, 11, 12, 13
_NOWHERE = 65_535
MOST_EVENTS = 160_000
"""What a browser takes in its stride; a busier week is cut short, and the page says so."""


@dataclass(frozen=True, slots=True)
class Film:
    """Events for the player, in order of time.

    `times` (n,) tenths of seconds since the window's begin; `codes` (n,): 0..9 a place's new State, 10 an item moves,
    11 an item leaves the queue for a place, 12 a unit is finished, 13 scrapped. `first` (n,): station, or routing
    for 12 and 13; `second` (n,): place for states, station of origin for moves (65535: from outside).
    """

    times: NDArray[np.uint32]
    codes: NDArray[np.uint8]
    first: NDArray[np.uint16]
    second: NDArray[np.uint16]
    queues: Ints
    """(S,) items in front of each station at the begin."""
    places: Ints
    """(S,) places."""
    ends: float
    """Seconds since the window's begin up to which events are kept."""


def film(run: Replication, window: tuple[float, float]) -> Film:
    """The events of a traced window for the player."""
    log = run.log[np.isin(run.log[:, 1], (CREATED, STARTED, STATE, FINISHED, SCRAPPED, TRANSFER))]
    # A unit that waits for its release outside has no station yet.
    log = log[(log[:, 1] != CREATED) | (log[:, 4] >= 0)]
    log = log[np.argsort(log[:, 0], kind="stable")]
    ends = window[1] - window[0]
    if len(log) > MOST_EVENTS:
        ends = float(log[MOST_EVENTS, 0]) * 1e-6 - window[0]
        log = log[:MOST_EVENTS]
    time, kind, station, place, other = (log[:, i] for i in (0, 1, 4, 5, 7))
    leaves = (kind == FINISHED) | (kind == SCRAPPED)
    arrives = (kind == TRANSFER) | (kind == CREATED)
    codes = np.select(
        [kind == STATE, arrives, kind == STARTED, kind == FINISHED],
        [other, np.full_like(kind, 10), np.full_like(kind, 11), np.full_like(kind, 12)],
        13,
    )
    first = np.where(leaves, log[:, 3], station)
    second = np.where(kind == STATE, place, _NOWHERE)
    second[kind == TRANSFER] = _origins(log)[kind == TRANSFER]
    count = len(run.names.stations)
    changes = arrives.astype(np.int64) - (kind == STARTED)
    queues = np.zeros(count, dtype=np.int64)
    places = np.zeros(count, dtype=np.int64)
    for s in np.unique(station[(station >= 0) & ~leaves]):
        mine = station == s
        queues[s] = max(0, -int(np.cumsum(changes[mine]).min(initial=0)))
        places[s] = int(place[mine].max(initial=0)) + 1
    tenths = np.clip(time * 1e-5 - window[0] * 10, 0, 2**32 - 1).astype(np.uint32)
    return Film(tenths, codes.astype(np.uint8), first.astype(np.uint16), second.astype(np.uint16), queues, places, ends)


def _origins(log: Ints) -> Ints:
    """The station where each transferred unit was before, `_NOWHERE` where the window does not tell."""
    origins = np.full(len(log), _NOWHERE, dtype=np.int64)
    at: dict[tuple[int, int], int] = {}
    for row, (_, kind, serial, routing, station, *_rest) in enumerate(log.tolist()):
        if kind == TRANSFER:
            origins[row] = at.get((routing, serial), _NOWHERE)
        if kind in (CREATED, TRANSFER, STARTED):
            at[routing, serial] = station
        elif kind in (FINISHED, SCRAPPED):
            at.pop((routing, serial), None)
    return origins


def week(outcome: Outcome) -> Section:
    """The player with its data."""
    if outcome.traced is None:
        text = "No week of this run was traced, so there is nothing to watch."
        return Section("week", "A week", "Watch one week", (Text(text),))
    traced = outcome.traced
    data = film_data(outcome, traced)
    shown: dict[str, object] = {"film": data, "legend": state_legend(), "replication": traced.run.replication}
    shown["begins"] = words.moment(outcome, traced.window[0])
    shown["events"] = words.number(len(traced.run.log))
    shown["hours"] = words.span(data["ends"])  # type: ignore[arg-type]
    shown["cut"] = data["ends"] != traced.window[1] - traced.window[0]
    return Section("week", "A week", "Watch one week: does the model behave?", (Partial("week.html.j2", shown),))


def film_data(outcome: Outcome, traced: Traced) -> dict[str, object]:
    """What the player reads: names, groups of stations in routing order, colours, and the packed events."""
    names = traced.run.names
    made = film(traced.run, traced.window)
    groups: list[dict[str, object]] = []
    seen: set[int] = set()
    for route in outcome.scenario.routes:
        line = []
        for operation in outcome.scenario.operations:
            if operation.route == route.route and operation.station in names.stations:
                index = names.stations.index(operation.station)
                if index not in seen and made.places[index]:
                    seen.add(index)
                    line.append(index)
        if line:
            groups.append({"label": words.plain(route.route), "stations": line})
    rest = [i for i in range(len(names.stations)) if made.places[i] and i not in seen]
    if rest:
        groups.append({"label": "repair and other stations", "stations": rest})
    return {
        "begins": outcome.date_at(traced.window[0]).isoformat(timespec="seconds"),
        "ends": made.ends,
        "stations": [words.plain(name) for name in names.stations],
        "routings": list(names.routings),
        "queues": made.queues.tolist(),
        "places": made.places.tolist(),
        "groups": groups,
        "colours": [STATE_COLOURS[state] for state in State],
        "labels": [STATE_LABELS[state] for state in State],
        "stacking": [int(state) for state in STACKING],
        "times": _packed(made.times),
        "codes": _packed(made.codes),
        "first": _packed(made.first),
        "second": _packed(made.second),
    }


def _packed(values: NDArray[np.generic]) -> str:
    return base64.b64encode(values.astype(values.dtype.newbyteorder("<")).tobytes()).decode()
