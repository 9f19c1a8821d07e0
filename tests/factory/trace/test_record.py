"""Events say what their kind demands, and nothing else."""

import dataclasses

import pytest

from ironworks.factory.trace import DETAILS, Event, Kind, Thing

ROBOT, HAND = Thing("robot", "1"), Thing("hand", "2")


def test_every_kind_of_the_vocabulary_says_its_details() -> None:
    assert set(DETAILS) == set(Kind)
    assert len(Kind) == 13


def test_events_compare_by_what_they_say() -> None:
    one = Event("a", Kind.UNIT_FINISHED, 5, unit=ROBOT)
    assert one == Event("a", Kind.UNIT_FINISHED, 5, unit=ROBOT)
    assert len({one, Event("a", Kind.UNIT_FINISHED, 5, unit=ROBOT)}) == 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.time_us = 6  # type: ignore[misc]


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        (Kind.UNIT_CREATED, {}, "it names no unit"),
        (Kind.STATION_STATE, {"details": {"place": 0, "state": "down"}}, "it names no station"),
        (Kind.COMPONENT_INSTALLED, {"unit": ROBOT}, "it names no component"),
        (Kind.UNIT_FINISHED, {"unit": ROBOT, "component": HAND}, "hand:2"),
        (
            Kind.MEASURED,
            {"unit": ROBOT, "details": {"torque": 1.0}},
            "unknown detail 'torque' (known: procedure, value",
        ),
        (Kind.UNIT_FINISHED, {"unit": ROBOT, "details": {"torque": 1.0}}, "(known: none)"),
        (Kind.MEASURED, {"unit": ROBOT, "details": {"value": 1}}, "'value' is 1, not of type float"),
        (Kind.UNIT_CREATED, {"unit": ROBOT, "details": {"quantity": True}}, "not of type int"),
    ],
)
def test_an_event_that_is_none_says_what_is_wrong(kind: Kind, fields: dict, says: str) -> None:
    with pytest.raises(ValueError, match="event 'e' of kind") as raised:
        Event("e", kind, 0, **fields)
    assert says in str(raised.value)


def test_all_faults_of_an_event_are_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"no id.*no unit.*unknown detail 'x'.*unknown detail 'y'"):
        Event("", Kind.UNIT_FINISHED, 0, details={"x": 1, "y": 2})
