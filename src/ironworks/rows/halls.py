"""Where stations may stand: halls on column grids, docks at their walls, and ways between them."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ironworks.quantities import Quantity, constant
from ironworks.rows._cells import Choice, Day, Id, Mass, Measure, Names, Power, Real, Ref, Text, Time, Whole
from ironworks.rows._row import Row, SourcedRow

__all__ = ["ROOMS", "Dock", "Hall", "Link"]

ROOMS = ("plain", "dry", "clean")
"""What a room may be: with the hall's own air, with dry air, with filtered air."""

Place = Annotated[Quantity, Measure("length", low=0.0, sourced=False)]


class Hall(SourcedRow):
    """One storey of a building: `bays_x` by `bays_y` bays of `bay_x` by `bay_y` between columns of side `column`.

    Its south-west corner is at (`x`, `y`) of its site. It can be used when the site can, not before `from`. Without
    `heat` its ventilation takes away what its power brings in.
    """

    KEY: ClassVar = ("hall",)
    hall: Id
    site: Annotated[str, Ref("sites")]
    building: Text = ""
    storey: Annotated[int, Whole(-9, 99)] = 1
    from_: Day | None = Field(default=None, alias="from")
    bays_x: Annotated[int, Whole(1, 500)]
    bays_y: Annotated[int, Whole(1, 500)]
    bay_x: Annotated[Quantity, Measure("length", positive=True)]
    bay_y: Annotated[Quantity, Measure("length", positive=True)]
    column: Annotated[Quantity, Measure("length", low=0.0)] = constant(0.6, "length")
    x: Annotated[Quantity, Measure("length", sourced=False)] = constant(0.0, "length")
    y: Annotated[Quantity, Measure("length", sourced=False)] = constant(0.0, "length")
    clear_height: Annotated[Quantity, Measure("length", positive=True)]
    floor_load: Annotated[Quantity, Measure("pressure", positive=True)]
    power: Power
    air: Annotated[Quantity, Measure("flow", low=0.0)] = constant(0.0, "flow")
    heat: Power | None = None
    noise: Annotated[float, Real(0.0, 140.0)] = 85.0
    crane: Mass = constant(0.0, "mass")
    rooms: Annotated[tuple[str, ...], Names()] = ("plain",)


class Dock(Row):
    """A gate for lorries in the wall of a hall, at (`x`, `y`) from its south-west corner, for goods in or out."""

    KEY: ClassVar = ("dock",)
    dock: Id
    hall: Annotated[str, Ref("halls")]
    x: Place
    y: Place
    goods: Annotated[Literal["in", "out", "both"], Choice()] = "both"
    note: Text = ""


class Link(SourcedRow):
    """A way between two halls, from a place in the one to a place in the other: `time` for one load, `capacity` a load.

    Places count from each hall's south-west corner.
    """

    KEY: ClassVar = ("link",)
    link: Id
    means: Annotated[Literal["lift", "door", "ramp", "road", "conveyor"], Choice()] = "lift"
    hall: Annotated[str, Ref("halls")]
    x: Place
    y: Place
    to_hall: Annotated[str, Ref("halls")]
    to_x: Place
    to_y: Place
    time: Time
    capacity: Mass | None = None
