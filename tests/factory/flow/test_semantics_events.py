"""What happens at one instant, and in which order."""

import pytest
from tests.factory.flow.tiny import FINISHED, STARTED, ended, entries, op, shifts, started, state_seconds, traced

from ironworks.factory.flow import (
    Arrivals,
    Constant,
    Conwip,
    Crew,
    Failures,
    Listed,
    Model,
    Routing,
    State,
    Station,
    Store,
    line,
    run_once,
)


def test_time_is_rounded_once_to_whole_microseconds():
    run = traced(line([Station("s")], [Constant(1 / 3)]), 1.5)
    assert [t for t, _ in ended(run, "s")] == [0.333333, 0.666666, 0.999999, 1.333332]


def test_an_event_at_the_horizon_is_not_in_the_run():
    assert run_once(line([Station("s")], [Constant(5)]), 20).finished.sum() == 3


def test_completion_at_shift_end_still_transfers_but_nothing_starts():
    stations = [Station("a", calendar="day"), Station("b", calendar="day")]
    simple = line(stations, [Constant(5), Constant(2)])
    run = traced(Model(simple.stations, simple.routings, calendars=[shifts((0, 10), (20, 30))]), 40)
    assert ended(run, "a") == [(5, 0), (10, 1), (25, 2), (30, 3)]
    # Unit 1 is handed on at 10, and starts with the next shift.
    assert started(run, "b") == [(5, 0), (20, 1), (25, 2)]


def test_work_starts_at_shift_start_after_the_completions_of_that_instant():
    # The ageing ends as the shift of its successor begins: start at the same instant.
    stations = [Station("age"), Station("pack", calendar="day")]
    simple = line(stations, [Constant(10), Constant(1)])
    run = traced(Model(simple.stations, simple.routings, calendars=[shifts((10, 15))]), 12)
    assert started(run, "pack") == [(10, 0)]


def test_repair_end_comes_before_a_completion_of_the_same_instant():
    # b is repaired at 10, when a completes: the unit goes straight in, a is not blocked for an instant.
    broken = Failures(Constant(7), Constant(3), mode="time")
    run = traced(line([Station("a"), Station("b", buffer=0, failures=broken)], [Listed((10, 1, 50)), Constant(1)]), 12)
    assert started(run, "b") == [(10, 0), (11, 1)]
    assert state_seconds(run, "a", State.BLOCKED) == 0


def test_completion_comes_before_a_failure_of_the_same_instant():
    # The time-dependent clock strikes at 10, as the unit is done: the unit leaves, the repair is of an empty place.
    broken = Failures(Constant(10), Constant(4), mode="time")
    run = traced(line([Station("a", failures=broken)], [Constant(10)]), 30)
    assert ended(run, "a") == [(10, 0), (24, 1)]


def test_failure_comes_before_shift_end():
    # At 10 the place fails and the shift ends: the crew's repair runs while the station is off.
    broken = Failures(Constant(10), Constant(5), mode="time", crew="night")
    model = line([Station("a", calendar="day", failures=broken)], [Constant(100)])
    full = Model(model.stations, model.routings, crews=[Crew("night", 1)], calendars=[shifts((0, 10), (20, 40))])
    run = traced(full, 40)
    # Repaired at 15 off shift; works 20 to 30; fails again when 10 on-shift seconds are over, repaired at 35.
    assert state_seconds(run, "a", State.DOWN) == 5
    assert state_seconds(run, "a", State.OFF_SHIFT) == 10
    assert state_seconds(run, "a", State.WORKING) == 25


def test_transfers_go_downstream_first():
    # Three stations complete at the same instant with no buffers: each unit moves one on, nobody is blocked.
    stations = [Station("a"), Station("b", buffer=0), Station("c", buffer=0)]
    run = traced(line(stations, [Constant(5)] * 3), 20)
    for name in "abc":
        assert state_seconds(run, name, State.BLOCKED) == 0
    at_15 = [row[2] for row in run.log.tolist() if row[1] == FINISHED and row[0] == 15_000_000]
    assert at_15 == [0, 1, 2]


def test_equals_go_by_declared_order():
    # Both stations want the one part that comes at 0; the one that is declared first gets it.
    routings = [Routing(n, [op(n, 5, consumes={"part": 1})], release=Conwip(1)) for n in ("late", "early")]
    model = Model([Station("early"), Station("late")], routings, stores=[Store("part", initial=1)])
    run = traced(model, 10)
    assert run.finished.sum(axis=0).tolist() == [0, 1]
    assert run.names.routings == ("late", "early")


def test_places_that_complete_together_hand_over_in_order_of_start():
    # Places 0 and 1 finish at 5; the room behind is for one: the unit that started first gets it.
    stations = [Station("a", places=2), Station("b", buffer=0)]
    run = traced(line(stations, [Constant(5), Constant(3)]), 9)
    assert started(run, "b") == [(5, 0), (8, 1)]


def test_a_chain_of_zero_times_ends_at_one_instant():
    stations = [Station(n, buffer=0) for n in "abc"]
    run = traced(line(stations, [Constant(0)] * 3, Arrivals(Constant(4))), 9)
    assert run.finish_times["line"].tolist() == [4, 8]
    assert entries(run, STARTED, "c") == [(4, 0), (8, 1)]


def test_the_bins_of_the_result_do_not_change_the_run():
    stations = [Station("a"), Station("b", buffer=1, failures=Failures(Constant(7), Constant(2)))]
    model = line(stations, [Listed((3, 4, 5)), Constant(3.5)])
    whole = run_once(model, 100)
    parts = run_once(model, 100, edges=[1, 2.5, 7, 50, 99])
    assert parts.check() == []
    assert parts.finished.sum() == whole.finished.sum()
    assert parts.states.sum(axis=0) == pytest.approx(whole.states.sum(axis=0), abs=1e-9)
    assert parts.finish_times["line"].tolist() == whole.finish_times["line"].tolist()
