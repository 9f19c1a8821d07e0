"""What a cell may hold: each kind of cell reads its text or raises CellError; pydantic carries it into the row."""

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, get_args

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from ironworks.faults import closest
from ironworks.quantities import CellError, Quantity, read_quantity

ID = re.compile(r"[a-z][a-z0-9_.@-]*", re.ASCII)
FIGURE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WHOLE = re.compile(r"[-+]?\d{1,12}", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)


class Pair(NamedTuple):
    """One `name:number` of a cell such as `motor:6 screw:12`."""

    name: str
    number: float


@dataclass(frozen=True)
class Cell:
    """A kind of cell. `read` turns its text (never empty, stripped) into a value, or raises CellError."""

    def read(self, text: str, key: str) -> Any:
        """The value of a cell; `key` is `table.row.column`."""
        raise NotImplementedError

    def json_schema(self) -> dict[str, Any]:
        """The cell's text in JSON Schema."""
        return {"type": "string"}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def validate(value: Any, info: ValidationInfo) -> Any:
            if not isinstance(value, str):
                return value
            prefix = (info.context or {}).get("prefix", "")
            column = (info.field_name or "").rstrip("_")
            return self.read(value, f"{prefix}.{column}" if prefix else "")

        return core_schema.with_info_plain_validator_function(validate)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return self.json_schema()


@dataclass(frozen=True)
class Words(Cell):
    """Free text of one line."""

    longest: int = 2000

    def read(self, text: str, key: str) -> str:
        if len(text) > self.longest:
            raise CellError(f"a text of more than {self.longest} characters", mend="shorten it")
        return text


@dataclass(frozen=True)
class Named(Cell):
    """An id that this row declares."""

    def read(self, text: str, key: str) -> str:
        if not ID.fullmatch(text):
            raise CellError(
                f"`{text[:60]}` is not a name", mend="begin with a lower-case letter, go on with a-z, 0-9, _ . @ -"
            )
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{ID.pattern}$"}


@dataclass(frozen=True)
class FigureId(Cell):
    """The id of a figure."""

    def read(self, text: str, key: str) -> str:
        if not FIGURE_ID.fullmatch(text) or text in ("min", "max"):
            raise CellError(
                f"`{text[:60]}` is not a figure's id",
                mend="begin with a letter, go on with A-Z, a-z, 0-9, _; not `min` or `max`",
            )
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{FIGURE_ID.pattern}$"}


@dataclass(frozen=True)
class Ref(Cell):
    """The id of a row of another table (its first column, or `column`)."""

    table: str
    column: str = ""

    def read(self, text: str, key: str) -> str:
        return text


@dataclass(frozen=True)
class Refs(Ref):
    """Ids of rows of another table, separated by spaces."""

    def read(self, text: str, key: str) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(text.split())


@dataclass(frozen=True)
class Names(Cell):
    """Ids separated by spaces whose table depends on the row; a check of its own looks them up."""

    def read(self, text: str, key: str) -> tuple[str, ...]:
        return tuple(text.split())


@dataclass(frozen=True)
class Pairs(Cell):
    """`name:number` pairs separated by spaces."""

    most: float = 1e9

    def read(self, text: str, key: str) -> tuple[Pair, ...]:
        pairs = []
        for word in text.split():
            name, _, number = word.rpartition(":")
            value = _float(number)
            if not name or value is None or not 0.0 < value <= self.most:
                limit = f"0 < number <= {self.most:g}"
                raise CellError(
                    f"`{word[:60]}` is not `name:number`", mend=f"write for example `motor:1`, with {limit}"
                )
            pairs.append(Pair(name, value))
        return tuple(pairs)


@dataclass(frozen=True)
class Measure(Cell):
    """A quantity with a dimension (a word of `units.DIMENSIONS`) and bounds in SI.

    `positive` shuts out 0. `sourced=False` lets a bare number stand without kind and source (shape parameters).
    """

    dimension: str
    low: float = -math.inf
    high: float = math.inf
    positive: bool = False
    sourced: bool = True

    def read(self, text: str, key: str) -> Quantity:
        return read_quantity(text, self.dimension, key)

    def allows(self, value: float) -> bool:
        """Whether a value in SI is within the bounds."""
        return self.low <= value <= self.high and not (self.positive and value <= 0.0)

    def bounds(self) -> str:
        """The bounds in words, in SI."""
        low = "more than 0" if self.positive else f"{self.low:g} or more" if self.low > -math.inf else ""
        high = f"at most {self.high:g}" if self.high < math.inf else ""
        return " and ".join(part for part in (low, high) if part)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "description": f"{self.dimension}: literal, literal with [low, high], or `= formula`"}


@dataclass(frozen=True)
class Promise(Cell):
    """What a target wants: a number of pieces or a rate."""

    def read(self, text: str, key: str) -> Quantity:
        try:
            return read_quantity(text, "number", key)
        except CellError:
            return read_quantity(text, "rate", key)


@dataclass(frozen=True)
class Real(Cell):
    """A plain number."""

    low: float = -math.inf
    high: float = math.inf
    positive: bool = False

    def read(self, text: str, key: str) -> float:
        value = _float(text)
        if value is None:
            raise CellError(f"`{text[:60]}` is not a number", mend="write a plain number such as 6 or 0.25")
        if not self.low <= value <= self.high or (self.positive and value <= 0.0):
            least = "more than 0" if self.positive else f"at least {self.low:g}"
            most = f" and at most {self.high:g}" if self.high < math.inf else ""
            raise CellError(f"{text} is out of range", mend=f"write a number of {least}{most}")
        return value


@dataclass(frozen=True)
class Whole(Cell):
    """A whole number in [low, high]; `endless` also takes `inf`, read as None."""

    low: int = 0
    high: int = 10**9
    endless: bool = False

    def read(self, text: str, key: str) -> int | None:
        if self.endless and text.lower() in ("inf", "unlimited"):
            return None
        also = " or inf" if self.endless else ""
        if not _WHOLE.fullmatch(text):
            raise CellError(f"`{text[:60]}` is not a whole number", mend=f"write a whole number{also}")
        if not self.low <= int(text) <= self.high:
            raise CellError(
                f"{text} is out of range", mend=f"write a whole number from {self.low} to {self.high}{also}"
            )
        return int(text)


@dataclass(frozen=True)
class Date(Cell):
    """A date."""

    def read(self, text: str, key: str) -> dt.date:
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
                raise ValueError
            return dt.date.fromisoformat(text)
        except ValueError:
            raise CellError(f"`{text[:60]}` is not a date", mend="write year-month-day, as 2026-11-30") from None

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class YesNo(Cell):
    """yes or no."""

    def read(self, text: str, key: str) -> bool:
        if text.lower() in ("yes", "true"):
            return True
        if text.lower() in ("no", "false"):
            return False
        raise CellError(f"`{text[:60]}` is not an answer", choices=("yes", "no"))

    def json_schema(self) -> dict[str, Any]:
        return {"enum": ["yes", "no"]}


@dataclass(frozen=True)
class Choice(Cell):
    """One of the words of the field's Literal (given by pydantic) or of a registry."""

    words: tuple[str, ...] | Callable[[], tuple[str, ...]] = ()

    def choices(self) -> tuple[str, ...]:
        """The valid words."""
        return self.words() if callable(self.words) else self.words

    def read(self, text: str, key: str) -> str:
        if text not in self.choices():
            raise CellError(f"`{text[:60]}` is not a choice", self.choices(), closest(text, self.choices()))
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(self.choices())}

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if not self.words:
            return Choice(get_args(source)).__get_pydantic_core_schema__(source, handler)
        return super().__get_pydantic_core_schema__(source, handler)


@dataclass(frozen=True)
class Clock(Cell):
    """A time of day, as seconds after midnight; 24:00 is the end of the day."""

    def read(self, text: str, key: str) -> int:
        match = _CLOCK.fullmatch(text)
        seconds = int(match[1]) * 3600 + int(match[2]) * 60 if match else -1
        if match is None or int(match[2]) > 59 or seconds > 86400:
            raise CellError(
                f"`{text[:60]}` is not a time of day", mend="write hours:minutes, as 08:00 (24:00 ends a day)"
            )
        return seconds


@dataclass(frozen=True)
class Breaks(Cell):
    """Breaks `12:00-12:30 20:00-20:15`, as pairs of seconds after midnight."""

    def read(self, text: str, key: str) -> tuple[tuple[int, int], ...]:
        breaks = []
        for word in text.split():
            start, _, end = word.partition("-")
            breaks.append((Clock().read(start, key), Clock().read(end, key)))
        return tuple(breaks)


@dataclass(frozen=True)
class Weekdays(Cell):
    """Days of the week `mon-fri` or `mon wed sat`, as numbers from 0 (Monday)."""

    def read(self, text: str, key: str) -> tuple[int, ...]:
        days: set[int] = set()
        for word in text.lower().split():
            first, _, last = word.partition("-")
            if first not in DAYS or (last or first) not in DAYS:
                raise CellError(
                    f"`{word[:60]}` is not a day", DAYS, "write days or a span, as `mon-fri` or `mon wed sat`"
                )
            span = (DAYS.index(last or first) - DAYS.index(first)) % 7
            days |= {(DAYS.index(first) + step) % 7 for step in range(span + 1)}
        return tuple(sorted(days))


def _float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


Text = Annotated[str, Words()]
Id = Annotated[str, Named()]
Day = Annotated[dt.date, Date()]
Flag = Annotated[bool, YesNo()]
Time = Annotated[Quantity, Measure("time", low=0.0)]
Span = Annotated[Quantity, Measure("time", positive=True)]
Fraction = Annotated[Quantity, Measure("number", low=0.0, high=1.0)]
Share = Annotated[Quantity, Measure("number", positive=True, high=1.0)]
Amount = Annotated[Quantity, Measure("number", positive=True)]
Shape = Annotated[Quantity, Measure("number", low=0.0, high=10.0, sourced=False)]
Mass = Annotated[Quantity, Measure("mass", low=0.0)]
Area = Annotated[Quantity, Measure("area", low=0.0)]
Power = Annotated[Quantity, Measure("power", low=0.0)]
Money = Annotated[Quantity, Measure("money", low=0.0)]
