"""Shifts: what is suspended, what goes on, and how states partition the calendar."""

from tests.factory.flow.tiny import ended, op, shifts, started, state_seconds, traced

from ironworks.factory.flow import (
    Calendar,
    Constant,
    Conwip,
    Failures,
    Model,
    Move,
    Routing,
    Skill,
    State,
    Station,
    Store,
    line,
)

DAYS = shifts((0, 10), (20, 30), (40, 50))


def plant(stations: list[Station], times: list[float], calendar: Calendar = DAYS) -> Model:
    simple = line(stations, [Constant(t) for t in times])
    return Model(simple.stations, simple.routings, calendars=[calendar])


def test_manual_work_is_suspended_at_shift_end_and_resumes_with_what_was_left():
    run = traced(plant([Station("s", calendar="day")], [7]), 45)
    assert started(run, "s") == [(0, 0), (7, 1), (24, 2), (41, 3)]
    assert ended(run, "s") == [(7, 0), (24, 1), (41, 2)]


def test_ageing_goes_on_off_shift_but_leaves_at_the_next_shift():
    run = traced(plant([Station("age", calendar="day", attended=False), Station("b", buffer=0)], [13, 1]), 40)
    assert ended(run, "age") == [(13, 0), (33, 1)]
    # No transfers off shift: what ended at 13 and 33 leaves at 20 and 40.
    assert started(run, "b") == [(20, 0)]
    assert started(run, "age") == [(0, 0), (20, 1)]
    assert state_seconds(run, "age", State.WORKING) == 26
    assert state_seconds(run, "age", State.OFF_SHIFT) == 7 + 7


def test_finish_first_ends_the_unit_after_shift_end():
    run = traced(plant([Station("s", calendar="day", shift_end="finish")], [7]), 45)
    assert started(run, "s") == [(0, 0), (7, 1), (20, 2), (27, 3), (40, 4)]
    assert ended(run, "s") == [(7, 0), (14, 1), (27, 2), (34, 3)]


def test_what_finished_off_shift_leaves_the_plant_at_the_next_shift():
    run = traced(plant([Station("s", calendar="day", shift_end="finish")], [7]), 45)
    assert run.finish_times["line"].tolist() == [7, 20, 27, 40]


def test_a_place_kept_by_the_shift_stands_in_no_line():
    # Units of a (done at 12, off shift) and b (done at 14) want the one place of c: b, on shift, goes first.
    routings = [
        Routing("x", [op("a", 12), op("c", 1, "cx")], release=Conwip(1), closes=1),
        Routing("y", [op("b", 14), op("c", 1, "cy")], release=Conwip(1), closes=1),
    ]
    stations = [Station("a", calendar="day", attended=False), Station("b"), Station("c", buffer=0)]
    run = traced(Model(stations, routings, calendars=[DAYS]), 30)
    assert [t for t, _ in started(run, "c")] == [14, 20]
    assert run.finish_times["y"].tolist() == [15]


def test_a_set_up_is_suspended_too():
    routings = [
        Routing("r", [op("s", 8, family="one")], release=Conwip(1), closes=1),
        Routing("q", [op("s", 5, family="two")], release=Conwip(1), closes=1),
    ]
    run = traced(Model([Station("s", calendar="day", setup=Constant(4))], routings, calendars=[DAYS]), 40)
    # 0-8 one, set-up 8-10 and 20-22, two 22-27.
    assert ended(run, "s") == [(8, 0), (27, 0)]
    assert state_seconds(run, "s", State.SETUP) == 4


def test_touching_shifts_are_one():
    run = traced(plant([Station("s", calendar="day")], [7], shifts((0, 5), (5, 10), (20, 30))), 30)
    assert ended(run, "s") == [(7, 0), (24, 1)]


def test_work_that_the_calendar_never_ends_stays_in_process():
    run = traced(plant([Station("s", calendar="day")], [7], shifts((0, 10))), 100)
    assert ended(run, "s") == [(7, 0)]
    assert run.wip[-1].tolist() == [1]


def test_a_clock_that_strikes_work_no_shift_will_end_does_not_lock_the_plant():
    # a fails in its last shift, with work that no shift is left to end; b is blocked for a while and goes on.
    broken = Failures(Constant(5), Constant(1), mode="time")
    stations = [Station("a", calendar="day", failures=broken), Station("b"), Station("c", buffer=0)]
    routings = [Routing("r", [op("a", 50)], release=Conwip(1)), Routing("q", [op("b", 1), op("c", 20)])]
    run = traced(Model(stations, routings, calendars=[shifts((0, 10))]), 90)
    assert run.stopped == 90
    assert len(ended(run, "c")) == 4


def test_every_state_is_seen_and_they_partition_the_calendar():
    routings = [
        Routing("one", [op("s", 3, family="one", consumes={"part": 1}, operators=1, skill="hand"), op("t", 8)]),
        Routing("two", [op("h", 5, operators=1, skill="hand")], release=Conwip(1)),
    ]
    stations = [
        Station("s", calendar="day", setup=Constant(1), failures=Failures(Constant(7), Constant(2))),
        Station("t", places=0, schedule=[(6, 1)], buffer=0),
        Station("h"),
    ]
    model = Model(stations, routings, [Store("part", initial=3)], skills=[Skill("hand", [(0, 1)])], calendars=[DAYS])
    run = traced(model, 50, edges=[1.5, 7.25, 33])
    seconds = run.states.sum(axis=0)
    assert seconds.sum(axis=1).tolist() == [50, 50, 50]
    assert seconds[1, State.NOT_INSTALLED] == 6
    assert seconds[0, State.OFF_SHIFT] == 20
    assert seconds[0, State.DOWN] > 0
    assert seconds[0, State.WAITING_PART] > 0
    assert seconds[0, State.WAITING_SKILL] + seconds[2, State.WAITING_SKILL] > 0


def test_off_shift_takes_precedence_over_down():
    broken = Failures(Constant(8), Constant(10))
    run = traced(plant([Station("s", calendar="day", failures=broken)], [100]), 28)
    # Down from 8 to 18; the plant is closed from 10 to 20; the next failure is at 28.
    assert state_seconds(run, "s", State.DOWN) == 2
    assert state_seconds(run, "s", State.OFF_SHIFT) == 10
    assert state_seconds(run, "s", State.WORKING) == 8 + 8


def test_places_are_installed_and_removed_by_schedule():
    run = traced(line([Station("s", schedule=[(4, 1), (9, -1)])], [Constant(3)]), 15)
    # The second place works from 4; at 9 it is at work and goes when its unit has left, at 10.
    assert len([t for t, _ in started(run, "s") if t < 4]) == 2
    assert state_seconds(run, "s", State.NOT_INSTALLED) == 4 + 5
    assert [t for t, _ in started(run, "s")] == [0, 3, 4, 6, 7, 9, 12]


def test_a_place_removed_while_it_is_blocked_goes_when_its_unit_has_left():
    run = traced(line([Station("a", schedule=[(3, -1)]), Station("b", buffer=0)], [Constant(1), Constant(4)]), 12)
    assert started(run, "a") == [(0, 0), (1, 1)]
    assert state_seconds(run, "a", State.NOT_INSTALLED) == 12 - 5


def test_a_move_needs_no_calendar_to_close_a_station():
    model = line([Station("s")], [Constant(4)])
    move = Move("away", 5, ["line"], ["s"], Constant(1))
    run = traced(Model(model.stations, model.routings, moves=[move]), 20)
    assert ended(run, "s") == [(4, 0), (8, 1)]
    assert state_seconds(run, "s", State.NOT_INSTALLED) == 12
