"""What is made and of what: parts, items, bills of materials, suppliers."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ironworks.quantities import Quantity, constant
from ironworks.rows._cells import (
    Choice,
    Day,
    Flag,
    Fraction,
    Id,
    Mass,
    Measure,
    Money,
    Promise,
    Real,
    Ref,
    Refs,
    Share,
    Text,
    Time,
    Whole,
)
from ironworks.rows._row import Row, SourcedRow


class Part(SourcedRow):
    """A part or material. `mass` and `cost` are per piece; of a made part, what its listed children do not hold."""

    KEY: ClassVar = ("part",)
    part: Id
    description: Text = ""
    family: Text = ""
    make_or_buy: Annotated[Literal["make", "buy"], Choice()]
    mass: Mass
    cost: Money
    supplier: Id | None = None
    supplier_units: Annotated[Quantity, Measure("number", positive=True, sourced=False)] = constant(1.0)
    lead_time: Time | None = None
    lot: Annotated[int, Whole(1)] | None = None
    incoming_yield: Share = constant(1.0)
    cover: Time = constant(0.0, "time")
    initial_stock: Annotated[int, Whole()] = 0
    alternate: Annotated[str, Ref("parts")] | None = None
    long_lead: Flag = False


class BomLine(Row):
    """`quantity` pieces of `child` go into one piece of `parent` (a part, or an item outside the parts)."""

    KEY: ClassVar = ("parent", "child")
    parent: Id
    child: Annotated[str, Ref("parts")]
    quantity: Annotated[float, Real(positive=True)]
    note: Text = ""


class SupplyStep(SourcedRow):
    """From a date on, a supplier delivers at most `ceiling` (its units, see Part.supplier_units, per time)."""

    KEY: ClassVar = ("supplier", "from")
    supplier: Annotated[str, Ref("parts", "supplier")]
    from_: Day = Field(alias="from")
    ceiling: Annotated[Quantity, Measure("rate", low=0.0)]


class Item(Row):
    """What the plant makes (a part with make_or_buy = make), or an outside user of parts such as `vehicle`."""

    KEY: ClassVar = ("item",)
    item: Id
    description: Text = ""
    family: Text = ""
    lot: Annotated[int, Whole(1)] = 1
    stock_cap: Annotated[int, Whole(1)] | None = None
    final: Flag = False
    note: Text = ""


class ProgrammeStep(SourcedRow):
    """From a date on, the plan releases (or an outside user takes) `rate` pieces of an item per time."""

    KEY: ClassVar = ("item", "from")
    item: Annotated[str, Ref("items")]
    from_: Day = Field(alias="from")
    rate: Annotated[Quantity, Measure("rate", low=0.0)]


class Ecn(SourcedRow):
    """An engineering change, effective at a date or a serial number at release: experience n becomes (1-setback)n."""

    KEY: ClassVar = ("ecn",)
    ecn: Id
    item: Annotated[str, Ref("items")]
    date: Day | None = None
    serial: Annotated[int, Whole(1)] | None = None
    setback: Fraction
    routes: Annotated[tuple[str, ...], Refs("routes")] = ()


class Target(Row):
    """What the plan promises: `finished` or `shipped` in [from, to], `rate` over 4 weeks before `at`, `sop` by `at`."""

    KEY: ClassVar = ("target",)
    target: Id
    text: Text
    kind: Annotated[Literal["finished", "shipped", "rate", "sop"], Choice()]
    item: Annotated[str, Ref("items")]
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    at: Day | None = None
    quantity: Annotated[Quantity, Promise()] | None = None
    source: Text
    note: Text = ""
