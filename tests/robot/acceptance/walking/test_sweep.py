"""Deviations grown behind the back of the controller."""

import numpy as np
import pytest
from tests.robot.control.robots import DESIGN, MASSES, PLACES

from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.walking import stand, walking_sweep
from ironworks.robot.acceptance.walking.sweep import COMMAND_DELAY, SWEPT, deviated
from ironworks.robot.asbuilt import Population, Unit, population_of
from ironworks.scenario import read_scenario


def drawn() -> tuple[Population, Unit, Unit]:
    """A population, a unit of it, and what its calibration believes: half of its zero offsets."""
    population = population_of(read_scenario("tianhe"), PLACES, seed=3).without_gross()
    unit = population.unit(4)
    believed = Unit.nominal(PLACES)
    values = {**believed.values, "zero_offset": 0.5 * unit.values["zero_offset"]}
    return population, unit, Unit(unit.serial, PLACES, values, believed.gross)


@pytest.mark.parametrize("deviation", ["link_length", "friction"])
def test_one_deviation_grows_and_no_other_one(deviation: str) -> None:
    population, unit, believed = drawn()
    grown = deviated(unit, believed, population, deviation, 5.0)
    assert np.ptp(grown.values[deviation]) > 2.0 * np.ptp(unit.values[deviation])
    others = [name for name in unit.values if name != deviation]
    assert all(np.array_equal(grown.values[name], unit.values[name]) for name in others)


def test_of_zero_offsets_grows_what_calibration_left() -> None:
    population, unit, believed = drawn()
    grown = deviated(unit, believed, population, "zero_offset", 3.0)
    known = believed.values["zero_offset"]
    assert grown.values["zero_offset"] - known == pytest.approx(3.0 * (unit.values["zero_offset"] - known))


def test_no_motor_turns_the_other_way_for_being_weak() -> None:
    population, unit, believed = drawn()
    grown = deviated(unit, believed, population, "torque_constant", 1000.0)
    assert grown.values["torque_constant"].min() == -0.95


@pytest.mark.parametrize("deviation", SWEPT)
def test_factor_one_is_the_unit_as_it_is(deviation: str) -> None:
    population, unit, believed = drawn()
    assert deviated(unit, believed, population, deviation, 1.0) is unit


def test_a_late_command_is_no_deviation_of_a_part() -> None:
    population, unit, believed = drawn()
    assert deviated(unit, believed, population, COMMAND_DELAY, 30.0) is unit


@pytest.mark.slow
def test_a_unit_that_stands_does_not_when_its_commands_come_much_too_late() -> None:
    bench = Bench(DESIGN, MASSES, population_of(read_scenario("tianhe"), PLACES, seed=5).without_gross())
    told: list[tuple[int, int]] = []
    swept = walking_sweep(
        bench, 1, (stand(3.0),), 1, lambda done, of: told.append((done, of)),
        deviations=(COMMAND_DELAY,), factors=(2.0, 300.0),
    )  # fmt: skip
    assert swept.factors == (1.0, 2.0, 300.0)
    assert swept.counts().tolist() == [[1, 1, 0]]
    assert swept.counts("stand").tolist() == [[1, 1, 0]]
    assert swept.runs == 3
    assert told[-1] == (2, 2)
