"""What a plant is to the simulation: stations, routings, stores and resources, without any scenario.

Times are seconds from the start of the run. Every entity has a name, and its random draws are keyed
by that name, so that adding an entity leaves the draws of the others alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.flow.laws import Law

INFINITE = math.inf
Steps = Sequence[tuple[float, float]]
"""Piecewise-constant series: (time [s], value), sorted by time; 0 before the first time."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """On-shift intervals. `intervals`: (n, 2) seconds, sorted, disjoint; touching ones are merged."""

    name: str
    intervals: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Crew:
    """`size` repairers, first come first served, on their own calendar (None: always there)."""

    name: str
    size: int
    calendar: str | None = None


@dataclass(frozen=True, slots=True)
class Skill:
    """A pool of operators; `headcount` present at each time, piecewise constant."""

    name: str
    headcount: Steps


@dataclass(frozen=True, slots=True)
class Fleet:
    """A limited number of carriers that move items between stations."""

    name: str
    carriers: int


@dataclass(frozen=True, slots=True)
class Growth:
    """Power law of a quantity with cumulative count n: factor (max(n, 1) / at_unit) ** exponent.

    `limit` bounds the factor from above (exponent > 0) or below (exponent < 0).
    """

    exponent: float
    at_unit: float = 1.0
    limit: float = INFINITE


@dataclass(frozen=True, slots=True)
class Learning:
    """How the time of an operation falls with its cumulative count n (n = 1 for the first unit).

    crawford: T(n) = T * (n / at_unit) ** b, b = log2(rate). wright: the cumulative average follows
    that law, so T(n) = T * (n**(1+b) - (n-1)**(1+b)) / at_unit**b. dejong: T(n) = T * (M + (1-M) * n**b) /
    (M + (1-M) * at_unit**b) with M = `incompressible`. `experience` pools the count over operations
    that name the same string (default: the operation's own name); `prior` units were made before.
    """

    law: Literal["crawford", "wright", "dejong"]
    rate: float
    at_unit: float = 1.0
    incompressible: float = 0.0
    experience: str | None = None
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Failures:
    """Up and repair times of each place of a station.

    operation: the clock runs while the place works. time: it runs on shift, idle or not.
    """

    uptime: Law
    repair: Law
    mode: Literal["operation", "time"] = "operation"
    crew: str | None = None
    growth: Growth | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Station:
    """Parallel places behind one input buffer.

    `buffer` counts places in front of the station (0 works, INFINITE allowed). `schedule` adds places
    (positive) or removes them (negative) at later times; `places` are there from the start.
    `attended`: work stops off shift; otherwise it goes on once started, but nothing starts or leaves.
    """

    name: str
    places: int = 1
    buffer: float = INFINITE
    calendar: str | None = None
    attended: bool = True
    blocking: Literal["after", "before"] = "after"
    failures: Failures | None = None
    interruption: Literal["resume", "restart", "scrap"] = "resume"
    shift_end: Literal["suspend", "finish"] = "suspend"
    setup: Law | None = None
    setups: Mapping[tuple[str, str], Law] = field(default_factory=dict)
    schedule: Sequence[tuple[float, int]] = ()
    swap: bool = False


@dataclass(frozen=True, slots=True)
class Arising:
    """A defect that an operation puts into a unit, with `probability` at count `growth.at_unit`.

    p(n) = mature + (probability - mature) * growth factor, within 0..1.
    """

    defect: str
    probability: float
    mature: float = 0.0
    growth: Growth | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One step at a station. `time` holds for one item (a lot, if the item is one).

    `consumes`: units taken from stores, all at once, when the operation starts.
    `finds`: defect -> probability that this operation, being a test, detects it when present.
    `stream`: the name that keys its draws (default `routing.operation`).
    """

    name: str
    station: str
    time: Law
    operators: int = 0
    skill: str | None = None
    learning: Learning | None = None
    consumes: Mapping[str, int] = field(default_factory=dict)
    arises: Sequence[Arising] = ()
    finds: Mapping[str, float] = field(default_factory=dict)
    false_reject: float = 0.0
    family: str = ""
    travel: Law | None = None
    fleet: str | None = None
    stream: str | None = None


@dataclass(frozen=True, slots=True)
class Defect:
    """What happens to a unit in which a test finds this defect.

    It visits the operation `repair`, which removes the defect with probability `success`, then goes to the
    operation `return_to`. After `max_loops` repairs the unit is scrapped. With probability `hold` it is
    first held for `hold_time` (MRB). `causes`: defects that the repair may bring.
    """

    name: str
    repair: Operation
    return_to: str
    success: float = 1.0
    max_loops: int = 5
    hold: float = 0.0
    hold_time: Law | None = None
    causes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Supplier:
    """A ceiling on what its stores may order together, in units per second, piecewise constant."""

    name: str
    ceiling: Steps


@dataclass(frozen=True, slots=True)
class Supply:
    """Periodic review: every `review` seconds order whole lots up to the level of that time.

    `order_up_to` is the wanted inventory position (on hand + ordered). A delivery of q units arrives after
    `lead_time`, of which a fraction `yield_` is good. `weight`: supplier units that one unit takes.
    """

    lot: int
    lead_time: Law
    order_up_to: Steps
    review: float
    yield_: float = 1.0
    supplier: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Store:
    """Stock of a part or a made item. `alternate` is taken from when this one is short."""

    name: str
    capacity: float = INFINITE
    initial: int = 0
    supply: Supply | None = None
    alternate: str | None = None


@dataclass(frozen=True, slots=True)
class Saturated:
    """A new unit whenever the first station can start one."""


@dataclass(frozen=True, slots=True)
class Conwip:
    """A new unit while fewer than `cards` are in process."""

    cards: Steps | int


@dataclass(frozen=True, slots=True)
class BaseStock:
    """A new unit while stock in the output store plus units in process are below `level`."""

    level: Steps | int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Units come by themselves, `interarrival` apart; `lost` when the first buffer is full."""

    interarrival: Law
    lost: bool = False


Release = Saturated | Conwip | BaseStock | Arrivals


@dataclass(frozen=True, slots=True)
class Change:
    """An engineering change: effective from unit `serial` of the routing on (counted from 1), or from
    `time` on; the experience n of each operation becomes (1 - setback) n when the first changed unit starts there."""

    name: str
    setback: float
    serial: int | None = None
    time: float | None = None


@dataclass(frozen=True, slots=True)
class Resampled:
    """Defects and times of whole units as a table has them, one row per unit: what fails together stays together.

    A table has L levels, `scales` (L,) rising: multiples of the spreads and fault rates at which the units of a level
    were drawn. `present`: for each level (R, D) whether a row has each of `defects`. `times`: operation -> for each
    level (R, A) factors on its drawn time by attempt, that is by how often it was started on the unit, the last column
    for all later attempts. `mends`: defect -> for each level (R, K) how likely the k-th repair of it succeeds in a unit
    of a row, the last column for all later repairs; without it the repair succeeds as `Defect.success` says. R may
    differ by level, not between `present`, `times` and `mends`.

    When a unit first starts the operation `at` (default: the first of the routing), as its n-th, its scale is
    mature + (first - mature) * growth factor at n. One of the two neighbouring levels is chosen at random, linear in
    the logarithm of the scale (outside them the nearest), then a row of it, each as likely. From then on the unit has
    these defects; operations find them as they find others, so with `finds` of 1 at the first visit.
    """

    defects: Sequence[str]
    scales: Sequence[float]
    present: Sequence[NDArray[np.bool_]]
    times: Mapping[str, Sequence[NDArray[np.float64]]] = field(default_factory=dict)
    mends: Mapping[str, Sequence[NDArray[np.float64]]] = field(default_factory=dict)
    at: str | None = None
    first: float = 1.0
    mature: float = 1.0
    growth: Growth | None = None

    def drawn_at(self, operations: Sequence[Operation]) -> str:
        """The name of the operation at whose first start a unit of these operations draws its row."""
        return operations[0].name if self.at is None else self.at


@dataclass(frozen=True, slots=True)
class Routing:
    """How one item is made: operations in order, release rule, and the store it goes to (None: it leaves).

    `plan`: cumulative units that may have been released by each time, piecewise linear (time [s], units).
    `lot`: pieces that one unit stands for, used in reports alone. `record`: keep each finish time.
    `resampled`: a table of units, of which each unit takes one row.
    """

    name: str
    operations: Sequence[Operation]
    release: Release = Saturated()
    output: str | None = None
    opens: float = 0.0
    closes: float = INFINITE
    plan: Sequence[tuple[float, float]] | None = None
    lot: int = 1
    changes: Sequence[Change] = ()
    record: bool = True
    resampled: Resampled | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Close `routings` at `time`, wait until they are empty, take down all places of `stations`, and
    `duration` later put up `places` at the stations named there, hand over `keep` of the experience of each
    pair in `experience` (from, to), and open `to_routings`."""

    name: str
    time: float
    routings: Sequence[str]
    stations: Sequence[str]
    duration: Law
    places: Mapping[str, int] = field(default_factory=dict)
    to_routings: Sequence[str] = ()
    experience: Sequence[tuple[str, str]] = ()
    keep: float = 1.0


@dataclass(frozen=True, slots=True)
class Model:
    """A plant. Declared order decides between equals: the earlier station starts first."""

    stations: Sequence[Station]
    routings: Sequence[Routing]
    stores: Sequence[Store] = ()
    defects: Sequence[Defect] = ()
    suppliers: Sequence[Supplier] = ()
    skills: Sequence[Skill] = ()
    crews: Sequence[Crew] = ()
    fleets: Sequence[Fleet] = ()
    calendars: Sequence[Calendar] = ()
    moves: Sequence[Move] = ()
