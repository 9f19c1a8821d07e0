"""Operators by skill, set-ups between families."""

from tests.factory.flow.tiny import ended, entries, op, shifts, started, state_seconds, traced

from ironworks.factory.flow import (
    Arising,
    Constant,
    Conwip,
    Defect,
    Listed,
    Model,
    Operation,
    Routing,
    Skill,
    State,
    Station,
    Store,
    Supply,
)
from ironworks.factory.flow.kernels.fields import K_INSTALLED


def hands(*steps: tuple[float, float], name: str = "hand") -> Skill:
    return Skill(name, steps)


def manual(station: str, time: float, n: int = 1, skill: str = "hand", **kw) -> Operation:
    return op(station, time, operators=n, skill=skill, **kw)


def test_operators_are_shared_between_stations_in_declared_order():
    routings = [Routing(n, [manual(n, 4)]) for n in "ba"]
    run = traced(Model([Station("a"), Station("b")], routings, skills=[hands((0, 1))]), 12)
    # a is declared first and takes the hands each time that they are free.
    assert started(run, "a") == [(0, 0), (4, 1), (8, 2)]
    assert started(run, "b") == []
    assert state_seconds(run, "b", State.WAITING_SKILL) == 12


def test_operators_kit_and_place_are_seized_all_or_nothing():
    # a needs two hands and has one: it holds neither the hand nor the part, so b works.
    routings = [
        Routing("x", [manual("a", 4, 2, consumes={"part": 1})]),
        Routing("y", [manual("b", 3, 1)], release=Conwip(1)),
    ]
    model = Model([Station("a"), Station("b")], routings, [Store("part", initial=1)], skills=[hands((0, 1), (7, 3))])
    run = traced(model, 12)
    assert started(run, "b")[:3] == [(0, 0), (3, 1), (6, 2)]
    assert started(run, "a") == [(7, 0)]
    assert entries(run, K_INSTALLED) == [(7, 0)]
    assert run.stock[-1].tolist() == [0]


def test_a_missing_part_leaves_the_operators_free():
    supply = Supply(1, Constant(5), [(0, 1)], 100)
    routings = [
        Routing("x", [manual("a", 4, consumes={"part": 1})]),
        Routing("y", [manual("b", 3)], release=Conwip(1)),
    ]
    stores = [Store("part", supply=supply)]
    run = traced(Model([Station("a"), Station("b")], routings, stores, skills=[hands((0, 1))]), 14)
    assert started(run, "b") == [(0, 0), (3, 1), (10, 2), (13, 3)]
    # The part comes at 5, the hand is free at 6.
    assert started(run, "a") == [(6, 0)]
    assert state_seconds(run, "a", State.WAITING_PART) == 5 + 4
    assert state_seconds(run, "a", State.WAITING_SKILL) == 1


def test_operators_are_released_before_blocking():
    routings = [Routing("x", [manual("a", 2), op("b", 10)]), Routing("y", [manual("c", 3)], release=Conwip(1))]
    run = traced(Model([Station("a"), Station("b", buffer=0), Station("c")], routings, skills=[hands((0, 1))]), 11)
    # a is blocked from 4 to 12, and its hands work at c.
    assert started(run, "a") == [(0, 0), (2, 1)]
    assert started(run, "c") == [(4, 0), (7, 1), (10, 2)]


def test_time_of_operators_counts_where_the_operation_ends():
    run = traced(Model([Station("a")], [Routing("x", [manual("a", 4, 2)])], skills=[hands((0, 3))]), 10, edges=[5])
    assert run.operators.tolist() == [[8], [8]]


def test_headcount_steps_start_and_stop_work():
    run = traced(Model([Station("a", 3)], [Routing("x", [manual("a", 4)])], skills=[hands((1, 1), (6, 3), (9, 0))]), 20)
    # Three are there from 6 to 9; those who have begun finish, and nobody follows them.
    assert started(run, "a") == [(1, 0), (5, 1), (6, 2), (6, 3)]
    assert ended(run, "a") == [(5, 0), (9, 1), (10, 2), (10, 3)]


def test_headcount_below_what_is_in_use_takes_nobody_away_from_work():
    run = traced(Model([Station("a", 3)], [Routing("x", [manual("a", 4)])], skills=[hands((0, 3), (2, 1))]), 9)
    # Of three who started at 0 one may go on at 4.
    assert started(run, "a") == [(0, 0), (0, 1), (0, 2), (4, 3), (8, 4)]
    assert run.operators.sum() == 3 * 4 + 4


def test_operators_stay_with_suspended_work():
    routings = [Routing("x", [manual("a", 7)]), Routing("y", [manual("b", 3)], release=Conwip(1))]
    days = [shifts((0, 5), (10, 15))]
    model = Model([Station("a", calendar="day"), Station("b")], routings, skills=[hands((0, 1))], calendars=days)
    run = traced(model, 15)
    assert ended(run, "a") == [(12, 0)]
    assert started(run, "b") == []
    assert run.operators.tolist() == [[7]]


def test_a_station_that_waits_for_two_skills_is_woken_by_either():
    # Rework at the desk needs a fitter, new work there a welder; both are away. The fitter is back first.
    defect = Defect("bad", manual("desk", 1, skill="fitter", name="mend"), "r.out")
    routings = [
        Routing(
            "r",
            [op("t", 1, arises=[Arising("bad", 1.0)], finds={"bad": 1.0}), op("out", 1)],
            release=Conwip(1),
            closes=1,
        ),
        Routing("n", [manual("desk", 1, skill="welder", name="new")], release=Conwip(1), closes=1),
        Routing("f", [manual("busy", 5, skill="fitter")], release=Conwip(1), closes=1),
        Routing("w", [manual("busy", 9, skill="welder", name="w")], release=Conwip(1), closes=1),
    ]
    stations = [Station("t"), Station("busy", 2), Station("desk"), Station("out")]
    skills = [hands((0, 1), name="fitter"), hands((0, 1), name="welder")]
    routings = [routings[2], routings[3], routings[0], routings[1]]
    run = traced(Model(stations, routings, defects=[defect], skills=skills), 20)
    assert [t for t, _ in started(run, "desk")] == [5, 9]


def two_families(first: str, second: str, station: Station) -> Model:
    routings = [
        Routing("one", [Operation("o", "s", Constant(3), family=first)], release=Conwip(1)),
        Routing("two", [Operation("o", "s", Constant(3), family=second)], release=Conwip(1)),
    ]
    return Model([station], routings)


def test_set_up_between_families_and_none_within_one():
    run = traced(two_families("x", "y", Station("s", setup=Constant(2))), 14)
    # The first needs none; then each unit follows one of the other family.
    assert [t for t, _ in ended(run, "s")] == [3, 8, 13]
    assert state_seconds(run, "s", State.SETUP) == 2 + 2 + 1
    same = traced(two_families("x", "x", Station("s", setup=Constant(2))), 14)
    assert state_seconds(same, "s", State.SETUP) == 0


def test_set_up_of_a_pair_goes_before_the_general_one():
    station = Station("s", setup=Constant(2), setups={("x", "y"): Constant(5)})
    run = traced(two_families("x", "y", station), 20)
    assert [t for t, _ in ended(run, "s")] == [3, 3 + 5 + 3, 11 + 2 + 3]


def test_a_place_that_is_set_up_for_the_family_is_taken_first():
    routings = [
        Routing("one", [Operation("o", "s", Listed((3, 9)), family="x")], release=Conwip(1)),
        Routing("two", [Operation("o", "s", Constant(4), family="y")], release=Conwip(1)),
    ]
    run = traced(Model([Station("s", 2, setup=Constant(100))], routings), 12)
    assert state_seconds(run, "s", State.SETUP) == 0
    assert run.finished.sum(axis=0).tolist() == [1, 2]
