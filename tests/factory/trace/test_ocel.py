"""From events to objects with histories."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from ironworks.factory.trace import Event, Kind, Ocel, OcelObject, Thing, ocel_log

ORIGIN = datetime(2026, 11, 30, 8, tzinfo=UTC)


def find(log: Ocel, identifier: str) -> OcelObject:
    return next(thing for thing in log.objects if thing.id == identifier)


def statuses(log: Ocel, identifier: str) -> list[object]:
    return [value for name, value, _ in find(log, identifier).history if name in ("status", "state")]


def test_a_sound_log_has_no_faults(log: Ocel) -> None:
    assert log.faults() == []
    assert len(log.events) == 17


def test_objects_are_units_components_stations_and_places(log: Ocel) -> None:
    assert set(log.object_types) == {"robot", "actuator lot", "station", "place"}
    assert {thing.id for thing in log.objects if thing.type == "place"} == {"place:final assembly/1", "place:bench/0"}


def test_status_follows_the_unit_through_the_plant(log: Ocel) -> None:
    assert statuses(log, "robot:robot-000017") == ["not made yet", "in process", "held", "in process", "finished"]
    assert statuses(log, "actuator lot:actuator-000204") == [
        "not made yet",
        "in process",
        "installed",
        "removed",
        "scrapped",
    ]


def test_a_unit_from_before_the_window_is_in_process_from_the_first() -> None:
    log = ocel_log([Event("a", Kind.HOLD_PLACED, 5, unit=Thing("robot", "1"))], ORIGIN)
    assert statuses(log, "robot:1") == ["in process", "held"]


def test_state_belongs_to_the_place(log: Ocel) -> None:
    assert statuses(log, "place:final assembly/1") == ["unknown", "working", "starved"]
    assert find(log, "place:final assembly/1").objects == [("station:final assembly", "part of")]


def test_genealogy_is_a_relation_between_objects(log: Ocel) -> None:
    held = find(log, "robot:robot-000017").objects
    assert held == [("actuator lot:actuator-000204", "holds"), ("actuator lot:actuator-000205", "holds")]


def test_facts_stand_from_the_first(log: Ocel) -> None:
    history = find(log, "robot:robot-000017").history
    assert ("mass", 70.2, datetime(1970, 1, 1, tzinfo=UTC)) in history
    assert log.object_types["robot"] == {"status": str, "mass": float, "girdle": bool}


def test_times_count_from_the_origin_in_any_zone(events: list[Event]) -> None:
    shanghai = datetime(2026, 11, 30, 16, tzinfo=timezone(timedelta(hours=8)))
    log = ocel_log(events, shanghai)
    assert log.events[5].time == ORIGIN + timedelta(seconds=60, microseconds=1)
    assert log.events[5].time.tzinfo is UTC


def test_an_origin_without_a_zone_is_refused(events: list[Event]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        ocel_log(events, datetime(2026, 11, 30))  # noqa: DTZ001


def test_a_product_named_like_a_station_is_refused() -> None:
    with pytest.raises(ValueError, match="'station'"):
        ocel_log([Event("a", Kind.UNIT_CREATED, 0, unit=Thing("station", "1"))], ORIGIN)


def test_an_event_that_comes_twice_is_taken_once(events: list[Event]) -> None:
    assert ocel_log(events + events, ORIGIN) == ocel_log(events, ORIGIN)


def test_a_log_finds_its_own_faults(log: Ocel) -> None:
    first, second = log.events[0], log.objects[1]
    broken = [
        (replace(log, events=[*log.events, first]), "used 2 times"),
        (replace(log, objects=[*log.objects, second]), "used 2 times"),
        (replace(log, objects=log.objects[:-1]), "which is not there"),
        (replace(log, events=[replace(first, attributes={"colour": "red"})]), "not declared as str"),
        (replace(log, events=[replace(first, attributes={"quantity": 1.5})]), "not declared as float"),
        (replace(log, events=[replace(first, type="sung")]), "'sung' is not declared"),
        (replace(log, events=[replace(first, time=datetime(2026, 1, 1))]), "no zone"),  # noqa: DTZ001
        (replace(log, events=[replace(first, objects=first.objects * 2)]), "related twice"),
        (replace(log, objects=[replace(second, history=second.history[::-1])]), "not in order of time"),
    ]
    for wrong, says in broken:
        assert any(says in fault for fault in wrong.faults()), says
