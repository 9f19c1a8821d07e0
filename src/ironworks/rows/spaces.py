"""What stands on the floor: what a place of a station needs of a building, and stores."""

from typing import Annotated, ClassVar

from ironworks.quantities import Quantity, constant
from ironworks.rows._cells import Area, Choice, Id, Mass, Measure, Names, Power, Real, Ref, Text
from ironworks.rows._row import SourcedRow
from ironworks.rows.halls import ROOMS

__all__ = ["Space", "Store"]

Length = Annotated[Quantity, Measure("length", low=0.0)]


class Space(SourcedRow):
    """What one place of a station, or of a type of stations, needs of a building; empty cells take what its type has.

    `width` and `depth` of the footprint, else from the floor that its station takes; `front`, `back` and `side` must be
    free for service.
    """

    KEY: ClassVar = ("of",)
    of: Id
    width: Annotated[Quantity, Measure("length", positive=True)] | None = None
    depth: Annotated[Quantity, Measure("length", positive=True)] | None = None
    front: Length | None = None
    back: Length | None = None
    side: Length | None = None
    height: Annotated[Quantity, Measure("length", positive=True)] | None = None
    mass: Mass | None = None
    heat: Power | None = None
    air: Annotated[Quantity, Measure("flow", low=0.0)] | None = None
    noise: Annotated[float, Real(0.0, 140.0)] | None = None
    room: Annotated[str, Choice(ROOMS)] | None = None
    crane: Mass | None = None


class Store(SourcedRow):
    """A store of a site: places of `footprint` that hold `load` each; `trip` is carried to or from it at once.

    `holds`: parts and items; empty: all bought parts that no other store of the site holds.
    """

    KEY: ClassVar = ("store",)
    store: Id
    description: Text = ""
    site: Annotated[str, Ref("sites")]
    holds: Annotated[tuple[str, ...], Names()] = ()
    footprint: Area
    load: Annotated[Quantity, Measure("mass", positive=True)]
    trip: Annotated[Quantity, Measure("mass", positive=True)]
    power: Power = constant(0.0, "power")
