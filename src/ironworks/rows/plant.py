"""Where items are made: sites, stations, their expansions and moves, carriers."""

from typing import Annotated, ClassVar, Literal

from ironworks.quantities import Quantity, constant
from ironworks.rows._cells import (
    Area,
    Choice,
    Day,
    Flag,
    Fraction,
    Id,
    Measure,
    Money,
    Power,
    Real,
    Ref,
    Refs,
    Span,
    Text,
    Time,
    Whole,
)
from ironworks.rows._row import Row, SourcedRow
from ironworks.rows.station_types import STATION_TYPES


class Site(SourcedRow):
    """A site that can be used from `available` + `delay` on; `longitude` and `latitude` [degrees] of its corner."""

    KEY: ClassVar = ("site",)
    site: Id
    description: Text = ""
    available: Day
    delay: Time = constant(0.0, "time")
    area: Area
    longitude: Annotated[float, Real(-180.0, 180.0)] | None = None
    latitude: Annotated[float, Real(-90.0, 90.0)] | None = None


class Station(SourcedRow):
    """A station with `places` side by side and `buffer` input places (None: unlimited). `price` is per place.

    `footprint` is per place, `power` per working place, `idle_power` per idle place; empty cells take the default of
    the station's type. `order_lead` is from order to delivery; installation and qualification follow.
    """

    KEY: ClassVar = ("station",)
    station: Id
    site: Annotated[str, Ref("sites")]
    type: Annotated[str, Choice(lambda: tuple(STATION_TYPES))]
    places: Annotated[int, Whole(0, 100_000)]
    buffer: Annotated[int | None, Whole(0, endless=True)]
    calendar: Annotated[str, Ref("calendars")]
    attended: Flag = True
    blocking: Annotated[Literal["after", "before"], Choice()] = "after"
    interruption: Annotated[Literal["resume", "restart", "scrap"], Choice()] = "resume"
    shift_end: Annotated[Literal["suspend", "finish"], Choice()] = "suspend"
    failure: Annotated[Literal["operation", "time", "none"], Choice()] = "none"
    mtbf: Span | None = None
    mttr: Span | None = None
    repair_distribution: Annotated[
        Literal["constant", "exponential", "lognormal", "triangular", "pert", "gamma"], Choice()
    ] = "exponential"
    crew: Annotated[str, Ref("crews")] | None = None
    mtbf_growth: Annotated[str, Ref("learning")] | None = None
    setup_time: Time = constant(0.0, "time")
    footprint: Area | None = None
    power: Power | None = None
    idle_power: Power | None = None
    price: Money
    order_lead: Time
    installation: Time
    qualification: Time


class Expansion(Row):
    """At `date` a station gets `places` more (or fewer) places; equipment is ordered its lead times earlier."""

    KEY: ClassVar = ("station", "date")
    station: Annotated[str, Ref("stations")]
    date: Day
    places: Annotated[int, Whole(-100_000, 100_000)]
    note: Text = ""


class Move(SourcedRow):
    """Routes close at `date`; when drained, stations are taken out, carried, and appear as places of `to_stations`."""

    KEY: ClassVar = ("move",)
    move: Id
    routes: Annotated[tuple[str, ...], Refs("routes")]
    stations: Annotated[tuple[str, ...], Refs("stations")]
    to_stations: Annotated[tuple[str, ...], Refs("stations")]
    date: Day
    duration: Time
    requalification: Time
    keep: Fraction
    to_routes: Annotated[tuple[str, ...], Refs("routes")]


class Fleet(SourcedRow):
    """Carriers that move parts between stations, as far as a floor plan says, else for `travel` of the operations.

    `handling` is what loading and unloading take in one trip.
    """

    KEY: ClassVar = ("fleet",)
    fleet: Id
    carriers: Annotated[int, Whole(1)]
    speed: Annotated[Quantity, Measure("speed", positive=True)] | None = None
    handling: Time = constant(0.0, "time")
    calendar: Annotated[str, Ref("calendars")] | None = None
