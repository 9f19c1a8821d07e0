"""What units in a row show: exact bounds, falls, and units that the bench turned away."""

import math
from dataclasses import replace

import pytest
from scipy.stats import binomtest
from tests.robot.acceptance.bench_samples import Friction, Zero, population, quadruped

from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.journey import Journey
from ironworks.robot.acceptance.walking import WALKING, clopper_pearson, proven, turn
from ironworks.robot.acceptance.walking.course import Fell
from ironworks.robot.acceptance.walking.sample import Visit, WalkingSample, WalkingTrial, passes_bench


@pytest.mark.parametrize(("passed", "tested"), [(0, 7), (3, 7), (7, 7), (58, 59)])
def test_intervals_are_those_of_scipy(passed: int, tested: int) -> None:
    found = clopper_pearson(passed, tested)
    expected = binomtest(passed, tested).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_fifty_nine_in_a_row_prove_95_percent_and_one_fall_less() -> None:
    assert proven(59, 59) > 0.95 > proven(58, 58)
    assert proven(58, 59) < 0.95
    assert proven(0, 59) == 0.0


def trial(serial: int, fell: bool) -> WalkingTrial:
    bench = quadruped_bench()
    made = bench.test(Friction(limit=9.0), bench.population.unit(serial))
    told = Fell("turn", "turn", 3.0, (0.0, 0.0), math.nan, "") if fell else None
    return replace(WalkingTrial.of(made), fell=told)


def quadruped_bench(limit: float = 9.0) -> Bench:
    design, masses = quadruped()
    return Bench(design, masses, population(design), retests=0)


def visit(serial: int, fell: bool = False) -> Visit:
    return Visit(serial, Journey(1.0, serial, (), (trial(serial, fell),), ()))


def sample(*visits: Visit) -> WalkingSample:
    return WalkingSample((turn(),), visits, 1, 1.0)


def test_a_row_ends_with_the_first_fall_and_skips_who_was_turned_away() -> None:
    one = sample(visit(1), Visit(2, None, "friction: friction@hip"), visit(3), visit(4, fell=True), visit(5))
    assert (one.walked, one.fallen, one.in_a_row) == (4, 1, 2)
    assert one.proven == proven(3, 4)
    assert [serial for serial, _ in one.falls] == [4]
    assert sample(visit(1), visit(2)).in_a_row == 2


def test_the_cause_of_a_fall_is_the_leg_where_it_happened() -> None:
    assert trial(4, fell=True).cause == "falls@turn"


def test_a_unit_that_fails_the_bench_is_turned_away_with_the_reason() -> None:
    bench = quadruped_bench()
    unit = bench.population.unit(1)
    assert passes_bench(bench, (Friction(limit=9.0), Zero(limit=9.0)), unit)[0] == ""
    cause, _ = passes_bench(bench, (Friction(limit=0.1), Zero(limit=9.0)), unit)
    assert cause.startswith("friction: friction@")


def test_the_programme_of_every_unit_is_at_most_three_minutes_long() -> None:
    assert sum(procedure.seconds for procedure in WALKING) <= 180.0
    assert len({procedure.name for procedure in WALKING}) == len(WALKING)
