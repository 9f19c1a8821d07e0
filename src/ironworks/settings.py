"""scenario.toml: what belongs to no table."""

import datetime as dt
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from ironworks.faults import closest
from ironworks.quantities import CellError, Quantity, read_quantity
from ironworks.rows import Breaks, Measure
from ironworks.units import CURRENCIES

__all__ = ["MOST_SEED", "Acceptance", "Control", "FloorPlan", "General", "LineRules", "Money", "Run", "Settings", "Sop"]

MOST_SEED = 2**63 - 1
"""The largest seed of a run."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, strict=True)


def _currency(value: Any) -> Any:
    names = ("yuan", "USD", "EUR")
    if value not in names:
        mend = closest(str(value), names) or "name the currency in which results are given"
        raise CellError(f"`{str(value)[:60]}` is not a currency", names, mend)
    return value


class General(_Section):
    """[scenario]: name, horizon from `start` to the end of `end`, base currency."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.@-]*$")]
    title: str
    description: str = ""
    start: dt.date
    end: dt.date
    currency: Annotated[Literal["yuan", "USD", "EUR"], BeforeValidator(_currency)]
    timezone: str = "UTC"

    @field_validator("start", "end", mode="before")
    @classmethod
    def _plain_date(cls, value: Any) -> Any:
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            raise CellError("is not a date", mend="write year-month-day without quotes, as 2026-11-30")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, ZoneInfoNotFoundError):
            mend = closest(value, available_timezones()) or "write a name of the IANA database, as Asia/Shanghai"
            raise CellError(f"`{value[:60]}` is not a time zone", mend=mend) from None
        return value

    @model_validator(mode="after")
    def _forward(self) -> "General":
        if self.end <= self.start:
            raise CellError(
                f"the horizon ends on {self.end}, not after its start {self.start}", mend="set `end` after `start`"
            )
        if self.end.year - self.start.year > 50:
            raise CellError("the horizon is longer than 50 years", mend="set `end` nearer to `start`")
        return self

    @property
    def currency_code(self) -> str:
        """The base currency in the form that exchange-rate figures use (`fx_usd_yuan`)."""
        return CURRENCIES[self.currency]


class Run(_Section):
    """[run]: how often and from which seed."""

    replications: Annotated[int, Field(ge=1, le=100_000)] = 60
    seed: Annotated[int, Field(ge=0, lt=MOST_SEED + 1)] = 1


class Control(_Section):
    """[control]: defaults for routes (`wip_cap` in lots) and what a deadlock does."""

    wip_cap: Annotated[int, Field(ge=1)] | None = None
    deadlock: Literal["stop", "swap"] = "stop"


def _sourced(value: Any, dimension: str, key: str) -> Quantity:
    """A formula of figures, which have a source each."""
    if not isinstance(value, str) or not value.strip().startswith("="):
        raise CellError("this is a formula here", mend='add a figure and write `"= its_id"`, so that it has a source')
    return read_quantity(value.strip(), dimension, key)


class Money(_Section):
    """[money]: prices as formulas of figures, so that each has its source."""

    discount: Annotated[Quantity, Measure("rate", low=0.0)] | None = None
    energy_peak: Annotated[Quantity, Measure("money per energy", low=0.0)] | None = None
    energy_flat: Annotated[Quantity, Measure("money per energy", low=0.0)] | None = None
    energy_valley: Annotated[Quantity, Measure("money per energy", low=0.0)] | None = None
    rent: Annotated[Quantity, Measure("money per area and time", low=0.0)] | None = None
    overhead_rate: Annotated[Quantity, Measure("number", low=0.0)] | None = None
    equipment_life: Annotated[Quantity, Measure("time", positive=True)] | None = None
    peak_hours: Annotated[tuple[tuple[int, int], ...], Breaks()] = ()
    valley_hours: Annotated[tuple[tuple[int, int], ...], Breaks()] = ()

    @field_validator(
        "discount",
        "energy_peak",
        "energy_flat",
        "energy_valley",
        "rent",
        "overhead_rate",
        "equipment_life",
        mode="before",
    )
    @classmethod
    def _formula(cls, value: Any) -> Any:
        if not isinstance(value, str) or not value.strip().startswith("="):
            raise CellError(
                "a price here is a formula", mend='add a figure and write `"= its_id"`, so that the price has a source'
            )
        return value

    def quantities(self) -> list[tuple[str, Quantity]]:
        """The prices that are set, by key."""
        values = ((name, getattr(self, name)) for name in type(self).model_fields)
        return [(name, value) for name, value in values if isinstance(value, Quantity)]


class Sop(_Section):
    """[sop]: start of production is the first saleable `item` from a line that then sustains so many weeks."""

    item: str
    sustained_weeks: Annotated[int, Field(ge=0, le=520)] = 4


class Acceptance(_Section):
    """[acceptance]: the robot `design` that the bench tests, and how spreads and fault rates fall with experience.

    `first` is their multiple at the first unit, `mature` in the long run; half the gap is closed after `experience`.
    """

    design: Annotated[str, Field(min_length=1)]
    first: Annotated[Quantity, Measure("number", positive=True)]
    mature: Annotated[Quantity, Measure("number", positive=True)]
    experience: Annotated[Quantity, Measure("number", positive=True)]

    @field_validator("first", "mature", "experience", mode="before")
    @classmethod
    def _formula(cls, value: Any, info: ValidationInfo) -> Any:
        return _sourced(value, "number", f"acceptance.{info.field_name}")

    def quantities(self) -> list[tuple[str, Quantity]]:
        """The three numbers, by key."""
        return [("first", self.first), ("mature", self.mature), ("experience", self.experience)]


class LineRules(_Section):
    """[line]: what a line of work elements keeps. `walk`: from one side of the piece to another, for each unit.

    `most_strain`: share of a worker's time that may be in postures or with loads that tire. `overload`: share by which
    one model of an item may exceed what its station has for a piece.
    """

    walk: Annotated[Quantity, Measure("time", low=0.0)] | None = None
    most_strain: Annotated[Quantity, Measure("number", positive=True)] | None = None
    overload: Annotated[Quantity, Measure("number", low=0.0)] | None = None

    @field_validator("walk", "most_strain", "overload", mode="before")
    @classmethod
    def _formula(cls, value: Any, info: ValidationInfo) -> Any:
        return _sourced(value, "time" if info.field_name == "walk" else "number", f"line.{info.field_name}")

    def quantities(self) -> list[tuple[str, Quantity]]:
        """The rules that are set, by key."""
        rules = (("walk", self.walk), ("most_strain", self.most_strain), ("overload", self.overload))
        return [(name, value) for name, value in rules if value is not None]


class FloorPlan(_Section):
    """[layout]: how stations are placed in the halls of halls.csv, and whether carriers' times follow from it.

    `travel`: `plan` takes distances of the plan where there is one, `tables` the column `travel` of operations.csv.
    """

    travel: Literal["plan", "tables"] = "plan"
    seed: Annotated[int, Field(ge=0, lt=MOST_SEED + 1)] = 1
    iterations: Annotated[int, Field(ge=0, le=100_000_000)] = 20_000


class Settings(_Section):
    """The whole of scenario.toml."""

    scenario: General
    run: Run = Run()
    correlation: dict[str, Annotated[float, Field(ge=0.0, lt=1.0, strict=False)]] = {}
    control: Control = Control()
    layout: FloorPlan = FloorPlan()
    line: LineRules = LineRules()
    money: Money = Money()
    sop: Sop | None = None
    acceptance: Acceptance | None = None
