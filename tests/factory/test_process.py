"""Laws of times, learning and work content against published and hand-computed numbers."""

import math

import numpy as np
import pytest

from ironworks.factory.flow.laws import Constant, Exponential, Gamma, Lognormal, Pert, Triangular
from ironworks.factory.flow.model import Learning
from ironworks.factory.process import Process, half_life_growth, learned_factor, learning, time_law
from ironworks.quantities import constant
from ironworks.rows import Curve
from ironworks.scenario import read_scenario


@pytest.mark.parametrize("distribution", ["constant", "exponential", "lognormal", "gamma", "triangular", "pert"])
def test_every_law_keeps_the_mean(distribution: str) -> None:
    assert time_law(600.0, distribution, 0.2).mean == pytest.approx(600.0)


def test_the_words_name_their_laws() -> None:
    laws = [
        time_law(1.0, word, 0.2) for word in ("constant", "exponential", "lognormal", "gamma", "triangular", "pert")
    ]
    assert [type(law) for law in laws] == [Constant, Exponential, Lognormal, Gamma, Triangular, Pert]


@pytest.mark.parametrize(("distribution", "shape"), [("triangular", 1 / 6), ("pert", 1 / 7)])
def test_symmetric_laws_have_the_spread_asked_for(distribution: str, shape: float) -> None:
    law = time_law(100.0, distribution, 0.1)
    assert isinstance(law, Triangular | Pert)
    half = (law.high - law.low) / 2
    # Variance of the symmetric triangular law is half^2 / 6, of PERT (lambda 4) half^2 / 7.
    assert half * math.sqrt(shape) == pytest.approx(10.0)


def test_pert_of_our_width_has_the_spread_in_a_sample() -> None:
    sample = 2 * math.sqrt(7) * 10 * np.random.default_rng(1).beta(3, 3, 200_000)
    assert sample.std() == pytest.approx(10.0, rel=0.01)


def test_a_law_that_would_go_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="use lognormal"):
        time_law(100.0, "triangular", 0.6)


def test_crawford_at_82_percent_turns_twelve_hours_into_nine_tenths_at_ten_thousand() -> None:
    law = Learning("crawford", 0.82)
    assert 12 * learned_factor(law, 10_000) == pytest.approx(0.86, abs=0.01)
    assert learned_factor(law, 2) == pytest.approx(0.82)


def test_a_time_that_holds_at_unit_100_is_longer_before() -> None:
    law = Learning("crawford", 0.8, at_unit=100)
    assert learned_factor(law, 100) == pytest.approx(1)
    assert learned_factor(law, 50) == pytest.approx(1 / 0.8)


def test_wrights_cumulative_average_follows_the_law() -> None:
    law = Learning("wright", 0.8)
    units = [learned_factor(law, n) for n in range(1, 65)]
    assert np.mean(units) == pytest.approx(64 ** math.log2(0.8))
    assert np.mean(units[:2]) == pytest.approx(0.8)


def test_dejong_never_falls_below_its_machine_part() -> None:
    law = Learning("dejong", 0.8, incompressible=0.3)
    assert learned_factor(law, 1) == pytest.approx(1)
    assert learned_factor(law, 2) == pytest.approx(0.3 + 0.7 * 0.8)
    assert learned_factor(law, 1e12) == pytest.approx(0.3, abs=0.01)


def test_a_floor_is_neared_and_never_crossed() -> None:
    mode = read_scenario("tiny").mode()
    curve = Curve(curve="c", law="crawford", rate=constant(0.8), floor=constant(0.3))
    law = learning(curve, mode, 1.0, "key")
    times = [learned_factor(law, n) for n in (1, 10, 1e3, 1e9)]
    assert times[0] == pytest.approx(1)
    assert times == sorted(times, reverse=True)
    assert 0.3 < times[-1] < 0.31


def test_half_the_gap_is_closed_at_the_half_life() -> None:
    law = half_life_growth(50)
    assert 50**law.exponent == pytest.approx(0.5)
    assert law.limit == 0


def test_work_content_of_the_first_and_the_hundredth_robot() -> None:
    scenario = read_scenario("tiny")
    process, mode = Process(scenario), scenario.mode()
    first = process.work_content("robot", mode)
    assert first.people == pytest.approx(3 * 3600 + 20 * 60)
    assert first.stations == pytest.approx({"bench": 3 * 3600, "stand": 1800, "packing": 1200})
    later = process.work_content("robot", mode, unit=64)
    assert later.people == pytest.approx((3 * 3600 + 20 * 60) * 0.85**6)
    assert later.stations["stand"] == 1800


def test_kits_are_counted_in_whole_units_of_the_store() -> None:
    process = Process(read_scenario("tiny"))
    assert process.consumes("robot@shop", (("motor", 6.0),)) == {"motor": 6}
    process.lots["motor"] = 3
    assert process.consumes("robot@shop", (("motor", 6.0),)) == {"motor": 2}
    process.lots["motor"] = 4
    with pytest.raises(ValueError, match="whole number"):
        process.consumes("robot@shop", (("motor", 6.0),))


def test_precedence_is_the_tables() -> None:
    assert Process(read_scenario("tiny")).precedence("robot@shop") == [("assemble", "test"), ("test", "pack")]
