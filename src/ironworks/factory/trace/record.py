"""The vocabulary of what happens in a plant, simulated or live."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

Value = str | int | float | bool


class Kind(StrEnum):
    """What can happen. The value is the name under which the event is stored."""

    UNIT_CREATED = "unit_created"
    OPERATION_STARTED = "operation_started"
    OPERATION_FINISHED = "operation_finished"
    COMPONENT_INSTALLED = "component_installed"
    COMPONENT_REMOVED = "component_removed"
    MEASURED = "measured"
    NONCONFORMANCE_OPENED = "nonconformance_opened"
    NONCONFORMANCE_CLOSED = "nonconformance_closed"
    HOLD_PLACED = "hold_placed"
    HOLD_RELEASED = "hold_released"
    STATION_STATE = "station_state"
    UNIT_FINISHED = "unit_finished"
    UNIT_SCRAPPED = "unit_scrapped"


# What an event of each kind may say besides its common fields: name -> type.
DETAILS: Mapping[Kind, Mapping[str, type]] = MappingProxyType(
    {
        Kind.UNIT_CREATED: {"quantity": int},
        Kind.OPERATION_STARTED: {"operation": str, "place": int},
        Kind.OPERATION_FINISHED: {"operation": str, "place": int},
        Kind.COMPONENT_INSTALLED: {"operation": str, "quantity": int},
        Kind.COMPONENT_REMOVED: {"operation": str, "quantity": int},
        Kind.MEASURED: {"procedure": str, "value": float, "measure": str, "passed": bool},
        Kind.NONCONFORMANCE_OPENED: {"defect": str, "operation": str},
        Kind.NONCONFORMANCE_CLOSED: {"defect": str, "operation": str},
        Kind.HOLD_PLACED: {"reason": str},
        Kind.HOLD_RELEASED: {"reason": str},
        Kind.STATION_STATE: {"place": int, "state": str},
        Kind.UNIT_FINISHED: {},
        Kind.UNIT_SCRAPPED: {"reason": str},
    }
)

_OF_A_COMPONENT = frozenset({Kind.COMPONENT_INSTALLED, Kind.COMPONENT_REMOVED})


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """A traced object: a unit, or a lot of small parts that moves as one.

    `type` is the product's or part's name, `serial` is unique within the type.
    """

    type: str
    serial: str

    def __str__(self) -> str:
        return f"{self.type}:{self.serial}"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `id` is idempotent: the same event, recorded or sent twice, has the same id. `time_us` is in microseconds since the
    start of the log that the event belongs to. `unit` is what it happened to (nothing where a station changes its
    state), `component` what was built into it or taken out. `actor` is who or what did it. `details` holds what
    `DETAILS` names for the kind.

    Raises ValueError, saying everything that is wrong, where the fields do not make an event of that kind.
    """

    id: str
    kind: Kind
    time_us: int
    station: str = ""
    unit: Thing | None = None
    component: Thing | None = None
    actor: str = ""
    details: Mapping[str, Value] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        faults = self._faults()
        if faults:
            raise ValueError(f"event {self.id!r} of kind {self.kind}: " + "; ".join(faults))

    def _faults(self) -> list[str]:
        faults = []
        if not self.id:
            faults.append("it has no id")
        if self.kind is Kind.STATION_STATE:
            if not self.station:
                faults.append("it names no station")
        elif self.unit is None:
            faults.append("it names no unit")
        if (self.component is not None) != (self.kind in _OF_A_COMPONENT):
            faults.append(
                "it names no component"
                if self.component is None
                else f"a component is not part of it: {self.component}"
            )
        known = DETAILS[self.kind]
        for name, value in self.details.items():
            if name not in known:
                faults.append(f"unknown detail {name!r} (known: {', '.join(known) or 'none'})")
            elif type(value) is not known[name]:
                faults.append(f"detail {name!r} is {value!r}, not of type {known[name].__name__}")
        return faults
