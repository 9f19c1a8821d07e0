"""What a run of the chain gives: replications, targets with probabilities, causes, costs and order-by dates.

Times are seconds from 00:00 of the scenario's first day unless a name says date. N replications, B weekly bins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.balancing import BayLoad
from ironworks.factory.capacity import CapacityCheck
from ironworks.factory.cost import YearCost
from ironworks.factory.floor_plan import FloorPlan
from ironworks.factory.flow.bottleneck import Bottlenecks
from ironworks.factory.flow.result import Replication
from ironworks.factory.planning import OrderBy, SiteNeed
from ironworks.factory.shortfall import Cause
from ironworks.scenario import Scenario
from ironworks.verdicts import Verdicts

__all__ = [
    "QUANTILES",
    "CapacityCheck",
    "Cause",
    "Draws",
    "Elasticities",
    "FloorPlan",
    "Line",
    "LineTrial",
    "Milestone",
    "Miss",
    "OrderBy",
    "Outcome",
    "SiteNeed",
    "TargetResult",
    "Traced",
    "YearCost",
]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class TargetResult:
    """How often one target was met. `values` has the unit `unit`; for `sop` it is seconds, inf where never reached."""

    name: str
    text: str
    kind: Literal["finished", "shipped", "rate", "sop"]
    item: str
    wanted: float
    """Pieces, pieces per second for `rate`, seconds (the deadline) for `sop`."""
    unit: str
    begins: float
    ends: float
    values: Floats
    """(N,)"""
    met: Bools
    """(N,)"""
    probability: float
    low: float
    high: float
    """Wilson 95 % interval of the probability."""
    quantiles: tuple[float, float, float]
    """P10, P50, P90 of `values`."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """When the Nth final product is finished: `times` (N,) seconds, inf where not within the horizon."""

    count: int
    times: Floats
    quantiles: tuple[float, float, float]
    reached: float
    """Share of replications that reach it within the horizon."""


@dataclass(frozen=True, slots=True)
class Draws:
    """The figures as drawn: `values` (N, F), SI units, for F uncertain figures `ids`."""

    ids: tuple[str, ...]
    values: Floats


@dataclass(frozen=True, slots=True)
class Miss:
    """Why the worst replication fell short of one target, its causes sorted by what they cost."""

    replication: int
    target: str
    shortfall: float
    unit: str
    causes: tuple[Cause, ...]
    text: str
    figures: tuple[tuple[str, float], ...]
    """The uncertain figures that lay farthest out: (id, quantile of the draw within this run, 0..1)."""


@dataclass(frozen=True, slots=True)
class Elasticities:
    """Relative change of output per relative change of all rates of a station, by common random numbers.

    C candidate stations, P periods; (C, P) means and 95 % intervals over `replications` paired runs.
    """

    stations: tuple[str, ...]
    periods: tuple[tuple[float, float], ...]
    labels: tuple[str, ...]
    mean: Floats
    low: Floats
    high: Floats
    overall: Floats
    """(C, 3): mean, low, high over the whole horizon."""
    change: float
    """The relative change of the rates, e.g. 0.05."""
    replications: int


@dataclass(frozen=True, slots=True)
class Traced:
    """One window of one replication with its event log (`run.log`), and the bottlenecks in it."""

    run: Replication
    window: tuple[float, float]
    bottlenecks: Bottlenecks


@dataclass(frozen=True, slots=True)
class LineTrial:
    """Final products of the last year, simulated on the same draws: as planned, and with work divided as balanced.

    `spread`: on the `places` that the regrouped stations have as planned, spread anew; `cheapest`: on the places of the
    cheapest line, tests and all.
    """

    places: int
    planned: Floats
    """(N,)"""
    spread: Floats
    """(N,)"""
    cheapest: Floats
    """(N,)"""


@dataclass(frozen=True, slots=True)
class Line:
    """The route that is planned to make most of the final product at the end, as planned and as balanced.

    `yearly` pieces; `takt` [s] on shift; `cost` and the least that any line costs a year [base currency]. Where no line
    keeps the rules at that rate, `balanced` is empty and `problems` say which. `trial` where elements change stations.
    """

    route: str
    yearly: float
    takt: float
    planned: tuple[BayLoad, ...]
    balanced: tuple[BayLoad, ...]
    cost: float
    least: float
    problems: tuple[str, ...] = ()
    trial: LineTrial | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that a run of the chain found."""

    scenario: Scenario
    variant: str
    overrides: tuple[tuple[str, str], ...]
    seed: int
    start: date
    item: str
    """The final product."""
    routes: tuple[str, ...]
    """Routings that finish it."""
    shipments: tuple[str, ...]
    """Routings that ship it; empty when what is finished counts as shipped."""
    pieces: dict[str, int]
    """Pieces of the final product per unit of `routes` and `shipments`."""
    replications: tuple[Replication, ...]
    targets: tuple[TargetResult, ...]
    milestones: tuple[Milestone, ...]
    draws: Draws
    costs: tuple[tuple[YearCost, ...], ...]
    """Per replication, one entry per calendar year."""
    orders: tuple[OrderBy, ...]
    capacity: tuple[CapacityCheck, ...]
    misses: tuple[Miss, ...]
    """The worst replication of each target that was missed at least once, hardest miss first."""
    assumed: tuple[str, ...]
    """Ids of the figures of kind `assumed` that went in."""
    arrows: Floats
    """(B, S) mean weight of each station as the bottleneck of its week by blocked and starved neighbours, 0..1."""
    traced: Traced | None = None
    elasticities: Elasticities | None = None
    sites: tuple[SiteNeed, ...] = ()
    floors: tuple[FloorPlan, ...] = ()
    """A floor plan for each site that has halls, or why there is none."""
    ways: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Metres that carriers drove after each (route, operation); where it says nothing, `travel` of the tables held."""
    line: Line | None = None
    """The final product's line, where it was balanced."""
    seconds: float = 0.0
    """Wall time of the replications [s]."""
    verdicts: Verdicts | None = None
    """What the bench found, where its units were resampled; None where yields are those assumed."""
    notes: tuple[str, ...] = ()
    """What the verdicts could not tell, or were not used for, in sentences."""
    unit_picture: bytes | None = None
    """A unit on the bench, as PNG."""
    field_trial_picture: bytes | None = None
    """A unit at each procedure of its field trial, as PNG."""

    @property
    def edges(self) -> Floats:
        """(B+1,) edges of the weekly bins [s]."""
        return self.replications[0].edges

    def date_at(self, seconds: float) -> datetime:
        """The local date and time of a moment of the run."""
        return datetime.combine(self.start, datetime.min.time()) + timedelta(seconds=seconds)

    def output(self, shipped: bool = False) -> Floats:
        """(N, B) pieces of the final product finished (or shipped) per week."""
        wanted = self.shipments if shipped and self.shipments else self.routes
        names = self.replications[0].names.routings
        columns = [names.index(route) for route in wanted]
        pieces = np.array([self.pieces[route] for route in wanted], dtype=float)
        return np.stack([run.finished[:, columns] @ pieces for run in self.replications])
