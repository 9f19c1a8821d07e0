"""Learning, engineering changes, moves."""

import itertools

import pytest
from tests.factory.flow.tiny import op, started, state_seconds, traced

from ironworks.factory.flow import (
    Change,
    Constant,
    Conwip,
    Learning,
    Model,
    Move,
    Operation,
    Replication,
    Routing,
    State,
    Station,
    run_once,
)

HOUR = 3600.0


def unit_times(run: Replication, routing: str = "r") -> list[float]:
    """Times between finishes [s], which of one station without waiting are the times of the units."""
    return [b - a for a, b in itertools.pairwise([0.0, *run.finish_times[routing].tolist()])]


def learned(learning: Learning, time: float, units: int, **kw) -> list[float]:
    routing = Routing("r", [op("s", time, learning=learning)], plan=[(0, units)], **kw)
    return unit_times(run_once(Model([Station("s")], [routing]), 1e9))


def test_crawford_is_the_time_of_the_unit():
    times = learned(Learning("crawford", 0.8), 1000, 8)
    assert [times[n - 1] for n in (1, 2, 4, 8)] == pytest.approx([1000, 800, 640, 512], abs=1e-5)


def test_twelve_hours_at_unit_1_with_82_percent_are_0_9_hours_at_unit_10000():
    at_first = Learning("crawford", 0.82, prior=9_999)
    assert learned(at_first, 12 * HOUR, 1)[0] / HOUR == pytest.approx(0.86, abs=0.005)


def test_twelve_hours_at_unit_10000_are_168_hours_at_unit_1():
    at_rate = Learning("crawford", 0.82, at_unit=10_000)
    assert learned(at_rate, 12 * HOUR, 1)[0] / HOUR == pytest.approx(167.7, abs=0.5)


def test_wright_is_the_cumulative_average():
    times = learned(Learning("wright", 0.8), 1000, 4)
    assert sum(times[:2]) / 2 == pytest.approx(800, abs=1e-5)
    assert sum(times) / 4 == pytest.approx(640, abs=1e-5)


def test_dejong_keeps_the_incompressible_part():
    times = learned(Learning("dejong", 0.5, incompressible=0.4), 1000, 4)
    assert times == pytest.approx([1000, 700, 400 + 600 / 3, 550], abs=1e-5)
    # At unit 4 of the same curve 550 s: at unit 1 again 1000 s.
    assert learned(Learning("dejong", 0.5, at_unit=4, incompressible=0.4), 550, 1) == pytest.approx([1000], abs=1e-5)


def test_experience_is_pooled_over_operations_that_share_it():
    halves = Learning("crawford", 0.5, experience="joint")
    routings = [Routing(n, [op(n, 80, learning=halves)], Conwip(1)) for n in "ab"]
    run = traced(Model([Station("a"), Station("b")], routings), 200)
    # Both start at 0 as units 1 and 2 (80 and 40 s); at 40 b begins unit 3, 80 / 3 s.
    assert started(run, "b")[:3] == [(0, 0), (40, 1), (pytest.approx(40 + 80 / 3, abs=1e-6), 2)]


def test_an_engineering_change_sets_experience_back_from_its_serial_number():
    times = learned(Learning("crawford", 0.5), 1000, 6, changes=[Change("eco", 0.5, serial=5)])
    # T(n) = 1000 / n. Four are made; the fifth finds (1 - 0.5) * 4 = 2 and is the third.
    assert times == pytest.approx([1000, 500, 1000 / 3, 250, 1000 / 3, 250], abs=1e-5)


def test_several_changes_act_one_after_the_other():
    changes = [Change("one", 0.5, serial=3), Change("two", 1.0, serial=4)]
    times = learned(Learning("crawford", 0.5), 1000, 5, changes=changes)
    assert times == pytest.approx([1000, 500, 500, 1000, 500], abs=1e-5)
    both = [Change("one", 0.5, serial=3), Change("two", 1.0, serial=3)]
    assert learned(Learning("crawford", 0.5), 1000, 4, changes=both) == pytest.approx([1000, 500, 1000, 500], abs=1e-5)


def test_a_change_may_hold_from_a_date():
    times = learned(Learning("crawford", 0.5), 1000, 4, changes=[Change("eco", 1.0, time=1400)])
    # The third is released at 1500.
    assert times == pytest.approx([1000, 500, 1000, 500], abs=1e-5)


def test_a_change_counts_what_was_made_before_the_run():
    times = learned(Learning("crawford", 0.5, prior=9), 1000, 2, changes=[Change("eco", 0.5, serial=2)])
    assert times == pytest.approx([100, 1000 / 6], abs=1e-5)


def test_a_change_is_effective_by_serial_number_at_release_not_by_date_at_the_station():
    # Units 1 and 2 are released before the date and reach b after it: b changes with unit 3.
    learning = Learning("crawford", 0.5)
    routing = Routing(
        "r", [op("a", 10), op("b", 64, learning=learning)], Conwip(2), changes=[Change("e", 1.0, time=11)]
    )
    run = traced(Model([Station("a"), Station("b")], [routing]), 300)
    times = [b - a for (a, _), (b, _) in itertools.pairwise(started(run, "b"))]
    assert times[:3] == pytest.approx([64, 32, 64], abs=1e-5)


def pilot(keep: float = 0.5, **kw) -> Model:
    learning = [Learning("crawford", 0.5, experience=e) for e in ("here", "there")]
    routings = [
        Routing("pilot", [op("p", 24, learning=learning[0])], Conwip(2), **kw),
        Routing("series", [op("q", 24, learning=learning[1])], Conwip(1)),
    ]
    move = Move(
        "move",
        *(30, ["pilot"], ["p"], Constant(100)),
        places={"q": 2},
        to_routings=["series"],
        experience=[("here", "there")],
        keep=keep,
    )
    return Model([Station("p"), Station("q", places=0)], routings, moves=[move])


def test_a_move_drains_takes_down_transports_and_puts_up():
    run = traced(pilot(), 150)
    # Units of 24, 12, 8 and 6 s end at 24, 36, 44: no release after 30, empty at 44, up again at 144.
    assert started(run, "p") == [(0, 0), (24, 1), (36, 2)]
    assert run.finish_times["pilot"].tolist() == [24, 36, 44]
    assert state_seconds(run, "p", State.NOT_INSTALLED) == 150 - 44
    assert state_seconds(run, "q", State.NOT_INSTALLED) == 2 * 144
    assert started(run, "q")[0] == (144, 0)


@pytest.mark.parametrize(("keep", "unit"), [(0.0, 1), (1 / 3, 2), (1.0, 4)])
def test_a_move_keeps_a_fraction_of_the_experience(keep, unit):
    # Three were made; the first at the new site is number 1 + keep * 3.
    run = run_once(pilot(keep), 400)
    assert run.finish_times["series"][0] == pytest.approx(144 + 24 / unit, abs=1e-5)


def test_an_empty_plant_moves_at_once():
    run = traced(pilot(opens=1e9), 150)
    assert started(run, "q")[0] == (130, 0)


def test_a_move_of_two_routings_waits_for_both():
    routings = [Routing(n, [op(n, t)]) for n, t in (("a", 4), ("b", 50))]
    move = Move("m", 10, ["a", "b"], ["a", "b"], Constant(5), places={"c": 1}, to_routings=["next"])
    routings.append(Routing("next", [Operation("o", "c", Constant(1))]))
    run = traced(Model([Station("a"), Station("b"), Station("c", places=0)], routings, moves=[move]), 60)
    assert started(run, "c")[0] == (55, 0)
