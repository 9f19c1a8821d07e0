"""The kernel's rows, told as events."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from ironworks.factory.flow.result import Names, State
from ironworks.factory.trace import Event, Kind, Thing, simulated_events

NAMES = Names(
    stations=("press", "bench"),
    routings=("arm", "robot"),
    stores=("arm stock", "chips"),
    operations=("arm.press", "robot.fit", "robot.test"),
    defects=("scratch",),
    skills=(),
    crews=(),
    fleets=(),
)
NONE = -1
# time [us], kind, serial, routing, station, place, operation, other
ROWS = [
    (0, 0, 3, 0, NONE, NONE, NONE, NONE),
    (10, 1, 3, 0, 0, 1, 0, NONE),
    (10, 10, NONE, NONE, 0, 1, NONE, int(State.WORKING)),
    (20, 2, 3, 0, 0, 1, 0, NONE),
    (20, 13, 3, 0, 1, NONE, NONE, NONE),
    (30, 3, 7, 1, 0, 0, 1, 3),
    (30, 3, 7, 1, 1, NONE, 1, NONE),
    (40, 5, 7, 1, 1, 0, 2, 0),
    (40, 6, 7, 1, 1, NONE, 2, 0),
    (50, 7, 7, 1, 1, NONE, 2, 0),
    (50, 5, 7, 1, 1, 0, 2, 1),
    (60, 11, 7, 1, NONE, NONE, NONE, NONE),
]


def replication(rows: list[tuple[int, ...]], number: int = 4, seed: int = 1) -> Any:
    log = np.array(rows, dtype=np.int64).reshape(-1, 8)
    return SimpleNamespace(names=NAMES, seed=seed, replication=number, log=log)


def told(rows: list[tuple[int, ...]] = ROWS, **options: Any) -> list[Event]:
    return list(simulated_events(replication(rows), **options))


def test_each_row_of_the_vocabulary_becomes_one_event() -> None:
    assert [event.kind for event in told()] == [
        Kind.UNIT_CREATED,
        Kind.OPERATION_STARTED,
        Kind.STATION_STATE,
        Kind.OPERATION_FINISHED,
        Kind.COMPONENT_INSTALLED,
        Kind.COMPONENT_INSTALLED,
        Kind.MEASURED,
        Kind.NONCONFORMANCE_OPENED,
        Kind.NONCONFORMANCE_CLOSED,
        Kind.MEASURED,
        Kind.UNIT_FINISHED,
    ]


def test_indices_become_names() -> None:
    started = told()[1]
    assert (started.time_us, started.station, started.unit) == (10, "press", Thing("arm", "arm-000003"))
    assert started.details == {"operation": "arm.press", "place": 1}
    assert told()[2].details == {"place": 1, "state": "working"}
    assert [event.details["passed"] for event in told() if event.kind is Kind.MEASURED] == [False, True]
    assert told()[7].details == {"defect": "scratch", "operation": "robot.test"}


def test_a_made_component_is_the_unit_that_was_made() -> None:
    made = next(event for event in told() if event.kind is Kind.COMPONENT_INSTALLED)
    assert made.unit == Thing("robot", "robot-000007")
    assert made.component == told()[0].unit


def test_a_bought_component_is_known_by_whom_it_went_into() -> None:
    assert told()[5].component == Thing("chips", "for-robot-000007-robot.fit")


def test_equal_bought_components_are_one_event_with_a_quantity() -> None:
    kit = told([ROWS[6]] * 12)
    assert [event.details["quantity"] for event in kit] == [12]


def test_routings_of_one_item_share_a_type_but_no_serial() -> None:
    items = {"robot": "humanoid", "arm": "humanoid"}
    units = {event.unit for event in told(items=items) if event.unit}
    assert units == {Thing("humanoid", "arm-000003"), Thing("humanoid", "robot-000007")}


def test_ids_are_the_same_in_overlapping_windows() -> None:
    whole = [event.id for event in told()]
    later = [event.id for event in told(ROWS[3:])]
    assert later == whole[3:]
    assert len(set(whole)) == len(whole)


def test_ids_differ_between_replications_and_seeds() -> None:
    ids = [{e.id for e in simulated_events(replication(ROWS, n, seed))} for n, seed in ((1, 1), (2, 1), (1, 2))]
    assert len(set.union(*ids)) == sum(map(len, ids))


def test_the_same_thing_twice_at_one_time_has_two_ids() -> None:
    twice = told([ROWS[1], ROWS[1]])
    assert twice[0].id != twice[1].id


def test_a_false_reject_has_no_defect_behind_it() -> None:
    assert told([(40, 6, 7, 1, 1, NONE, 2, NONE)])[0].details["defect"] == "none"


def test_an_empty_log_tells_nothing() -> None:
    assert told([]) == []
