"""What one replication of a plant gave, by time bin, and the checks that it can make on itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class State(IntEnum):
    """States of a place; together they partition the calendar. Lower numbers take precedence."""

    NOT_INSTALLED = 0
    OFF_SHIFT = 1
    DOWN = 2
    WAITING_REPAIR = 3
    SETUP = 4
    WORKING = 5
    BLOCKED = 6
    STARVED = 7
    WAITING_SKILL = 8
    WAITING_PART = 9


class Outcome(IntEnum):
    """How a replication ended."""

    COMPLETED = 0
    DEADLOCK = 1


@dataclass(frozen=True, slots=True)
class Names:
    """The order of entities in the arrays of a result."""

    stations: tuple[str, ...]
    routings: tuple[str, ...]
    stores: tuple[str, ...]
    operations: tuple[str, ...]
    defects: tuple[str, ...]
    skills: tuple[str, ...]
    crews: tuple[str, ...]
    fleets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replication:
    """Results of one replication; B bins, S stations, R routings, K stores, O operations, D defects.

    Counts are per bin (not cumulative). Times are seconds. Operations include repairs, named `routing.operation`.
    """

    names: Names
    seed: int
    replication: int
    outcome: Outcome
    explanation: str
    edges: Floats
    """(B+1,) bin edges [s]."""
    states: Floats
    """(B, S, 10) place-seconds per station and State."""
    released: Ints
    """(B, R) units."""
    finished: Ints
    """(B, R) units."""
    scrapped: Ints
    """(B, R) units."""
    lost: Ints
    """(B, R) arrivals turned away."""
    wip: Ints
    """(B, R) units in process at the end of the bin."""
    wip_start: Ints
    """(R,) units in process at the first edge (after a warm-up)."""
    wip_mean: Floats
    """(B, R) time-average units in process."""
    queue_mean: Floats
    """(B, S) time-average items waiting in front of the station."""
    lead_time: Floats
    """(B, R) mean release-to-finish time of the units finished in the bin [s]; nan if none."""
    starts: Ints
    """(B, O) operations started."""
    rejects: Ints
    """(B, O) tests that failed a unit, first attempts and later ones."""
    first_tests: Ints
    """(B, O) first attempts at a test."""
    first_passes: Ints
    """(B, O) first attempts that passed."""
    found: Ints
    """(B, D) defects found by tests."""
    escaped: Ints
    """(B, D) defects in units when they finished."""
    stock: Ints
    """(B, K) units on hand at the end of the bin."""
    stock_mean: Floats
    """(B, K) time-average units on hand."""
    consumed: Ints
    """(B, K) units taken."""
    delivered: Ints
    """(B, K) good units received from suppliers."""
    ordered: Ints
    """(B, K) units ordered."""
    short: Floats
    """(B, K) seconds in which some start waited for this store."""
    operators: Floats
    """(B, skills) operator-seconds on shift, of the operations that ended in the bin."""
    finish_times: dict[str, Floats]
    """Per recorded routing, (n,) finish times in order [s]."""
    log: Ints
    """(n, 8) event log of the traced window: time [us], kind, serial, routing, station, place, operation, other."""
    events: int
    """Station operations completed in the run, warm-up included."""
    stopped: float
    """When the run ended [s]: the horizon, or the time of a deadlock."""

    def check(self) -> list[str]:
        """Faults in conservation and in the partition of place time; empty when the result is sound."""
        faults = []
        released = self.released.sum(axis=0)
        out = self.finished.sum(axis=0) + self.scrapped.sum(axis=0)
        for r, name in enumerate(self.names.routings):
            inside = int(self.wip[-1, r] - self.wip_start[r]) if len(self.wip) else 0
            if released[r] != out[r] + inside:
                faults.append(f"{name}: released {released[r]} != finished + scrapped {out[r]} + in process {inside}")
        if len(self.wip):
            total = self.states.sum(axis=2) / np.diff(self.edges)[:, None]
            for s, name in enumerate(self.names.stations):
                places = np.round(total[:, s])
                if not np.allclose(total[:, s], places, rtol=0, atol=1e-6) or places.min() != places.max():
                    faults.append(f"{name}: state times do not sum to the calendar ({total[:, s].min():.9f} places)")
        return faults
