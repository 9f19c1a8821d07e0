"""How items are made: routes, operations, repairs, defects, test coverage, learning curves."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ironworks.quantities import Quantity, constant
from ironworks.rows._cells import (
    Area,
    Choice,
    Day,
    Flag,
    Fraction,
    Id,
    Measure,
    Names,
    Pair,
    Pairs,
    Power,
    Ref,
    Shape,
    Share,
    Text,
    Time,
    Whole,
)
from ironworks.rows._row import Row, SourcedRow

Law = Annotated[Literal["constant", "exponential", "lognormal", "triangular", "pert", "gamma"], Choice()]


class Route(Row):
    """An item made at a site. `wip_cap` and `base_stock` count lots; a lower `priority` number is served first."""

    KEY: ClassVar = ("route",)
    route: Id
    item: Annotated[str, Ref("items")]
    site: Annotated[str, Ref("sites")]
    release: Annotated[Literal["saturated", "conwip", "stock"], Choice()]
    wip_cap: Annotated[int, Whole(1)] | None = None
    base_stock: Annotated[int, Whole(1)] | None = None
    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None
    plan: Annotated[str, Ref("programme")] | None = None
    priority: Annotated[int, Whole()] = 0
    note: Text = ""


class Operation(SourcedRow):
    """One step of a route, run in file order. `time` is the station's time for one lot at experience `at_unit`.

    `consumes` counts pieces per piece of the item. `cv` is the coefficient of variation of the time.
    """

    KEY: ClassVar = ("route", "operation")
    route: Annotated[str, Ref("routes")]
    operation: Id
    after: Annotated[tuple[str, ...], Names()] = ()
    station: Annotated[str, Ref("stations")]
    time: Time
    distribution: Law = "lognormal"
    cv: Shape = constant(0.15)
    operators: Annotated[int, Whole(0, 1000)] = 0
    skill: Annotated[str, Ref("skills")] | None = None
    learning: Annotated[str, Ref("learning")] | None = None
    at_unit: Annotated[Quantity, Measure("number", positive=True, sourced=False)] = constant(1.0)
    consumes: Annotated[tuple[Pair, ...], Pairs()] = ()
    setup: Flag = False
    test: Flag = False
    false_reject: Fraction = constant(0.0)
    travel: Time = constant(0.0, "time")
    fleet: Annotated[str, Ref("fleets")] | None = None
    floor: Area = constant(0.0, "area")
    power: Power = constant(0.0, "power")


class Repair(SourcedRow):
    """What mends a defect on a route; `causes` are new defects with their probability."""

    KEY: ClassVar = ("route", "repair")
    repair: Id
    route: Annotated[str, Ref("routes")]
    station: Annotated[str, Ref("stations")]
    time: Time
    distribution: Law = "lognormal"
    cv: Shape = constant(0.15)
    operators: Annotated[int, Whole(0, 1000)] = 0
    skill: Annotated[str, Ref("skills")] | None = None
    consumes: Annotated[tuple[Pair, ...], Pairs()] = ()
    success: Share = constant(1.0)
    causes: Annotated[tuple[Pair, ...], Pairs(most=1.0)] = ()


class Defect(SourcedRow):
    """A defect that arises at an operation with `probability` at the first unit and `mature` in the long run.

    Half the gap is closed after `experience` units, or it follows the curve `growth`. `test` finds it with
    probability `coverage`; after `repair` the unit returns to `return_to`; after `max_loops` it is scrapped.
    """

    KEY: ClassVar = ("route", "defect")
    defect: Id
    route: Annotated[str, Ref("routes")]
    operation: Id
    probability: Fraction
    mature: Fraction | None = None
    experience: Annotated[Quantity, Measure("number", positive=True)] | None = None
    growth: Annotated[str, Ref("learning")] | None = None
    test: Id | None = None
    coverage: Fraction = constant(1.0)
    repair: Id | None = None
    return_to: Id | None = None
    max_loops: Annotated[int, Whole(0, 100)] = 3
    hold: Fraction = constant(0.0)
    hold_time: Time = constant(0.0, "time")


class Coverage(SourcedRow):
    """A second or later test that finds a defect; without a route, on every route that has both."""

    KEY: ClassVar = ("defect", "test", "route")
    defect: Annotated[str, Ref("defects")]
    test: Id
    route: Annotated[str, Ref("routes")] | None = None
    coverage: Fraction


class Procedure(Row):
    """A procedure of the bench: which test operation of the item's routes runs it, which defect a failure opens.

    Where verdicts of the bench are at hand they replace the defect's probability, coverage and false rejects; its
    repair, return, loops and hold stay. Names of procedures are the bench's own.
    """

    KEY: ClassVar = ("procedure", "item")
    procedure: Id
    item: Annotated[str, Ref("items")]
    operation: Id
    defect: Annotated[str, Ref("defects")]
    note: Text = ""


class Curve(SourcedRow):
    """A learning or growth curve: the value times `rate` at each doubling of experience.

    `incompressible` is DeJong's share that never shrinks; `floor` is the least multiple of the first value.
    """

    KEY: ClassVar = ("curve",)
    curve: Id
    law: Annotated[Literal["crawford", "wright", "dejong"], Choice()]
    rate: Annotated[Quantity, Measure("number", positive=True, high=4.0)]
    incompressible: Fraction = constant(0.0)
    floor: Fraction = constant(0.0)
    group: Text = ""
