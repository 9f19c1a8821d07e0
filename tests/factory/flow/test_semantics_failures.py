"""Failure clocks, what an interruption does to the work, crews."""

import pytest
from tests.factory.flow.tiny import ended, op, shifts, started, state_changes, state_seconds, traced

from ironworks.factory.flow import (
    Arrivals,
    Constant,
    Conwip,
    Crew,
    Failures,
    Growth,
    Listed,
    Model,
    Operation,
    Routing,
    Skill,
    State,
    Station,
    line,
)

FITTERS = [Crew("fitters", 1, "day")]


def single(failures: Failures, time: float = 4, arrivals: float | None = None, **kw) -> Model:
    release = Arrivals(Constant(arrivals)) if arrivals else None
    return line([Station("s", failures=failures, **kw)], [Constant(time)], release)


def test_operation_dependent_clock_stands_still_while_idle():
    # Units at 10, 20, 30 work 4 s each; 6 s of work are over at 22: down until 25, done at 27.
    run = traced(single(Failures(Constant(6), Constant(3)), arrivals=10), 40)
    assert ended(run, "s") == [(14, 0), (27, 1), (34, 2)]


def test_time_dependent_clock_runs_while_idle():
    # Fails at 6, idle, until 9; again at 15, 21 (at work since 20, until 24) ...
    run = traced(single(Failures(Constant(6), Constant(3), mode="time"), arrivals=10), 28)
    assert [t for t, state in state_changes(run, "s") if state == State.DOWN] == [6, 15, 24]
    assert ended(run, "s") == [(14, 0), (24, 1)]


def test_time_dependent_clock_stops_off_shift():
    broken = Failures(Constant(6), Constant(1), mode="time")
    model = line([Station("s", calendar="day", failures=broken)], [Constant(100)])
    run = traced(Model(model.stations, model.routings, calendars=[shifts((0, 4), (10, 20))]), 20)
    assert [t for t, state in state_changes(run, "s") if state == State.DOWN] == [12, 19]


def test_failures_are_per_place():
    # Two places; each fails after 6 s of its own work.
    broken = Failures(Constant(6), Constant(10))
    run = traced(line([Station("s", 2, failures=broken)], [Listed((4, 8, 4, 4))]), 15)
    # Place 0: 0-4, then 4-6 and fails; place 1: 0-6 and fails. No place disturbs the other.
    assert [t for t, state in state_changes(run, "s", 0) if state == State.DOWN] == [6]
    assert [t for t, state in state_changes(run, "s", 1) if state == State.DOWN] == [6]
    one = traced(line([Station("s", 2, failures=broken)], [Listed((5, 20))]), 12)
    assert [t for t, state in state_changes(one, "s", 1) if state == State.DOWN] == [6]
    assert state_seconds(one, "s", State.DOWN) == 6 + 6


@pytest.mark.parametrize(
    ("interruption", "done"),
    [("resume", [(12, 0), (21, 1)]), ("restart", [(17, 0), (26, 1)]), ("scrap", [(17, 1), (26, 2)])],
)
def test_what_a_failure_does_to_the_work(interruption, done):
    # 9 s of work; the place fails once, after 5 s, and is repaired at 8.
    broken = Failures(Listed((5, 1000)), Constant(3))
    run = traced(line([Station("s", failures=broken, interruption=interruption)], [Constant(9)]), 27)
    assert ended(run, "s") == done
    assert run.scrapped.sum() == (interruption == "scrap")


def test_scrapped_work_gives_back_operators_and_room():
    broken = Failures(Constant(5), Constant(20))
    stations = [
        Station("a", failures=broken, interruption="scrap", blocking="before"),
        Station("b", buffer=0),
        Station("c"),
    ]
    routings = [
        Routing("r", [op("a", 9, operators=1, skill="hand"), op("b", 1)]),
        Routing("q", [op("c", 3, operators=1, skill="hand"), op("b", 1)]),
    ]
    run = traced(Model(stations, routings, skills=[Skill("hand", [(0, 1)])]), 15)
    # The one pair of hands is with a until it fails at 5, then with c; b's room is free for c's unit at 8.
    assert started(run, "c") == [(5, 0), (8, 1), (11, 2), (14, 3)]
    assert [t for t, _ in started(run, "b")] == [8, 11, 14]
    assert run.scrapped.sum(axis=0).tolist() == [1, 0]


def test_a_blocked_place_may_fail_by_the_clock_and_still_be_relieved():
    # Done at 1, blocked; down from 3 to 7; the room behind opens at 5: the unit goes, the place stays down.
    broken = Failures(Constant(3), Constant(4), mode="time")
    model = line([Station("a", failures=broken), Station("b", buffer=0)], [Constant(1), Constant(4)])
    run = traced(model, 9)
    assert started(run, "b") == [(1, 0), (5, 1)]
    assert started(run, "a") == [(0, 0), (1, 1), (7, 2)]
    assert state_seconds(run, "a", State.DOWN) == 4
    assert state_seconds(run, "a", State.BLOCKED) == 1 + 1


def test_crew_is_first_come_first_served():
    order = (("x", 3), ("y", 1), ("z", 2))
    stations = [Station(n, failures=Failures(Constant(up), Constant(10), crew="c")) for n, up in order]
    routings = [Routing(n, [op(n, 100)]) for n in "xyz"]
    run = traced(Model(stations, routings, crews=[Crew("c", 1)]), 25)
    downs = {n: [t for t, s in state_changes(run, n) if s == State.DOWN] for n in "xyz"}
    assert downs == {"y": [1], "z": [11], "x": [21]}
    assert state_seconds(run, "x", State.WAITING_REPAIR) == 18


def test_crew_takes_the_higher_priority_first_and_does_not_preempt():
    order = (("x", 1, 0), ("y", 2, 0), ("z", 3, 5))
    stations = [Station(n, failures=Failures(Constant(up), Constant(10), crew="c", priority=p)) for n, up, p in order]
    run = traced(Model(stations, [Routing(n, [op(n, 100)]) for n in "xyz"], crews=[Crew("c", 1)]), 22)
    downs = {n: [t for t, s in state_changes(run, n) if s == State.DOWN] for n in "xyz"}
    # x's repair is not interrupted; then z before y.
    assert downs == {"x": [1], "z": [11], "y": [21]}


def test_repairs_follow_the_calendar_of_the_crew():
    # Fails at 8; the crew is there from 0 to 10 and from 20 on: 2 s today, 3 s tomorrow.
    broken = Failures(Constant(8), Constant(5), crew="fitters")
    model = single(broken, time=10)
    full = Model(model.stations, model.routings, crews=FITTERS, calendars=[shifts((0, 10), (20, 99))])
    run = traced(full, 30)
    assert ended(run, "s") == [(25, 0)]
    assert state_seconds(run, "s", State.DOWN) == 15


def test_a_place_that_fails_at_night_waits_for_the_crew():
    broken = Failures(Constant(12), Constant(5), crew="fitters")
    model = single(broken, time=20)
    full = Model(model.stations, model.routings, crews=FITTERS, calendars=[shifts((0, 10), (20, 99))])
    run = traced(full, 30)
    assert state_changes(run, "s")[-3:] == [(12, State.WAITING_REPAIR), (20, State.DOWN), (25, State.WORKING)]


def test_uptime_grows_with_what_the_station_has_done():
    # Up for 2 s at the first unit and 2 * n ** 1 later: after 4 units, 8 s.
    broken = Failures(Constant(2), Constant(1), growth=Growth(1.0))
    run = traced(line([Station("s", failures=broken)], [Constant(1)]), 20)
    # Fails at 2 (2 units done), at 3 + 4 (6 done), at 8 + 12.
    assert [t for t, s in state_changes(run, "s") if s == State.DOWN] == [2, 7]


def test_a_down_place_accepts_a_part_that_waits_in_it():
    broken = Failures(Constant(3), Constant(10), mode="time")
    run = traced(line([Station("a"), Station("b", buffer=0, failures=broken)], [Constant(5), Constant(1)]), 16)
    # b is down from 3 to 13; the unit of 5 moves into it and a works on; the next one blocks a from 10 to 14.
    assert started(run, "a") == [(0, 0), (5, 1), (14, 2)]
    assert started(run, "b") == [(13, 0), (14, 1)]


def test_set_up_is_resumed_after_a_failure():
    broken = Failures(Constant(7), Constant(2), mode="time")
    routings = [
        Routing("r", [Operation("o", "s", Constant(5), family="one")], release=Conwip(1), closes=1),
        Routing("q", [Operation("o", "s", Constant(5), family="two")], release=Conwip(1), closes=1),
    ]
    run = traced(Model([Station("s", setup=Constant(4), failures=broken)], routings), 20)
    # 0-5 one; set-up 5-7, down until 9, 9-11; two 11-16, down at 16 when it is done.
    assert ended(run, "s") == [(5, 0), (16, 0)]
