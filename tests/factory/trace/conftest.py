"""A small log that holds every kind of event."""

from datetime import UTC, datetime

import pytest

from ironworks.factory.trace import Event, Kind, Ocel, Thing, ocel_log

ORIGIN = datetime(2026, 11, 30, 8, tzinfo=UTC)
ROBOT = Thing("robot", "robot-000017")
LOT = Thing("actuator lot", "actuator-000204")
SPARE = Thing("actuator lot", "actuator-000205")


@pytest.fixture
def events() -> list[Event]:
    at, fit, test = "final assembly", {"operation": "fit arms", "place": 1}, {"operation": "end of line", "place": 0}
    return [
        Event("1", Kind.UNIT_CREATED, 0, unit=LOT, details={"quantity": 12}),
        Event("2", Kind.UNIT_CREATED, 10, unit=ROBOT, actor="planner"),
        Event("3", Kind.STATION_STATE, 20, station=at, details={"place": 1, "state": "working"}),
        Event("4", Kind.OPERATION_STARTED, 20, station=at, unit=ROBOT, details=fit),
        Event("5", Kind.COMPONENT_INSTALLED, 20, unit=ROBOT, component=LOT, details={"quantity": 12}),
        Event("6", Kind.OPERATION_FINISHED, 60_000_001, station=at, unit=ROBOT, details=fit),
        Event("7", Kind.STATION_STATE, 60_000_001, station=at, details={"place": 1, "state": "starved"}),
        Event("8", Kind.OPERATION_STARTED, 61_000_000, station="bench", unit=ROBOT, details=test),
        Event(
            "9",
            Kind.MEASURED,
            62_000_000,
            station="bench",
            unit=ROBOT,
            details={"procedure": "joint friction", "value": 1.25, "measure": "N*m", "passed": False},
        ),
        Event("10", Kind.NONCONFORMANCE_OPENED, 62_000_000, unit=ROBOT, details={"defect": "stiff joint"}),
        Event("11", Kind.HOLD_PLACED, 62_000_000, unit=ROBOT, details={"reason": "MRB"}),
        Event("12", Kind.HOLD_RELEASED, 70_000_000, unit=ROBOT),
        Event("13", Kind.COMPONENT_REMOVED, 71_000_000, unit=ROBOT, component=LOT),
        Event("14", Kind.UNIT_SCRAPPED, 71_000_000, unit=LOT, details={"reason": "stiff joint"}),
        Event("15", Kind.COMPONENT_INSTALLED, 72_000_000, unit=ROBOT, component=SPARE),
        Event("16", Kind.NONCONFORMANCE_CLOSED, 73_000_000, unit=ROBOT, details={"defect": "stiff joint"}),
        Event("17", Kind.UNIT_FINISHED, 80_000_000, unit=ROBOT),
    ]


@pytest.fixture
def log(events: list[Event]) -> Ocel:
    return ocel_log(events, ORIGIN, {ROBOT: {"mass": 70.2, "girdle": True}})
