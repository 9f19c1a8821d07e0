"""A robot meets a person's chest near people's speed: within the limits, and on its feet."""

from dataclasses import replace
from functools import lru_cache

import pytest
from tests.robot.control.robots import DESIGN, MASSES, PLACES

from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.journey import Journey
from ironworks.robot.acceptance.procedure import Specimen
from ironworks.robot.acceptance.walking import NEAR, SAFETY, ContactTest, Encounter, body_regions, fit_speeds
from ironworks.robot.asbuilt import Unit, population_of
from ironworks.robot.calibration import Calibration
from ironworks.robot.control import ControlModel
from ironworks.scenario import read_scenario

CHEST = body_regions()["chest"]


@lru_cache(maxsize=1)
def nominal() -> Specimen:
    """The nominal unit, which its controller knows."""
    unit = Unit.nominal(PLACES)
    population = population_of(read_scenario("tianhe"), PLACES, seed=5).without_gross()
    specimen = Specimen(DESIGN, MASSES, unit, population, 5)
    found = object.__new__(Calibration)
    object.__setattr__(found, "identified", unit)
    specimen.memo.update(calibration=found, control_model=ControlModel(DESIGN, MASSES, unit))
    return specimen


def test_limits_are_those_of_the_region() -> None:
    calm = Encounter(0.2, True, 0.0, CHEST.transient, CHEST.quasi_static, False)
    assert calm.within(CHEST)
    for worse in (
        Encounter(0.2, True, 0.0, CHEST.transient + 1.0, 0.0, False),
        Encounter(0.2, True, 0.0, 0.0, CHEST.quasi_static + 1.0, False),
        Encounter(0.2, True, 0.0, 0.0, 0.0, True),
        Encounter(0.2, True, 0.0, float("nan"), float("nan"), False),
    ):
        assert not worse.within(CHEST)


def test_each_region_is_met_by_some_procedure() -> None:
    assert {test.region for test in SAFETY} == set(body_regions())
    assert all(test.seconds > 0.0 for test in SAFETY)


class Told(ContactTest):
    """Forces that are known instead of a robot: as fast as it goes, in kN."""

    def meet(self, specimen: Specimen, speed: float, clamped: bool, phase: float = 0.0) -> Encounter:
        """One encounter."""
        return Encounter(speed, clamped, phase, 1e3 * speed * self.height, 0.0, False)


@pytest.mark.parametrize(("slope", "fit"), [(0.5, 0.5), (0.9, 0.3), (1.4, 0.2), (1.5, 0.1), (3.0, 0.0)])
def test_a_robot_is_fit_for_the_greatest_speed_that_passes(slope: float, fit: float) -> None:
    found = Told("told", (), (), height=slope).run(nominal())
    assert found["fit_speed"].true.tolist() == [fit]
    assert found["peak_force"].true == pytest.approx([200.0 * slope] * 2)


def test_a_units_way_tells_what_each_contact_left_it_fit_for() -> None:
    bench = Bench(DESIGN, MASSES, nominal().population, retests=0)
    tests = [replace(Told("told", (), (), height=slope), name=f"told_{slope}") for slope in (0.5, 1.5)]
    trials = tuple(bench.test(test, nominal().unit, memo=dict(nominal().memo)) for test in tests)
    assert fit_speeds(Journey(1.0, nominal().unit.serial, (), trials, ())) == {"told_0.5": 0.5, "told_1.5": 0.1}


@pytest.mark.slow
def test_a_clamped_chest_bears_the_contact_and_is_left() -> None:
    encounter = SAFETY[0].meet(nominal(), NEAR, clamped=True)
    assert encounter.within(CHEST)
    assert encounter.peak > 100.0
    assert encounter.held < 20.0


@pytest.mark.slow
def test_a_moved_hand_yields_to_a_clamped_one() -> None:
    moved = next(test for test in SAFETY if test.moves_hand)
    encounter = moved.meet(nominal(), NEAR, clamped=True)
    assert encounter.within(moved.body)
    assert encounter.peak > 30.0
