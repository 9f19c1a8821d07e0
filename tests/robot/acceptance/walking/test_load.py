"""A load before the chest: what is told is what is built, up to a stated error, and a robot walks with it."""

import mujoco
import numpy as np
import pytest
from tests.robot.acceptance.walking.test_course import outcome
from tests.robot.control.robots import DESIGN, MASSES, PLACES, model

from ironworks.robot.acceptance.walking import Load, carry, loaded, ramp
from ironworks.robot.asbuilt import Unit
from ironworks.robot.body import body_spec
from ironworks.robot.control import ControlModel
from ironworks.verdicts import PASS


def test_what_is_told_weighs_as_much_and_lies_where_what_is_built_does() -> None:
    load = Load()
    spec = body_spec(DESIGN, MASSES)
    load.scene(spec)
    built = spec.compile()
    data = mujoco.MjData(built)
    mujoco.mj_forward(built, data)
    told = ControlModel(DESIGN, load.told(MASSES), Unit.nominal(PLACES))
    assert told.mass == pytest.approx(model().mass + load.mass)
    chest = built.body("chest").id
    assert built.body_subtreemass[1] == pytest.approx(told.mass)
    mass = load.told(MASSES)["chest"]
    there = data.xpos[chest] + data.xmat[chest].reshape(3, 3) @ mass.centre
    parts = [built.body("chest").id, built.body("load").id]
    weights = built.body_mass[parts]
    assert there == pytest.approx(weights @ data.xipos[parts] / weights.sum(), abs=1e-9)


def test_a_robot_does_not_carry_quite_what_it_is_told() -> None:
    load, rng = Load(), np.random.default_rng(3)
    drawn = [load.drawn(rng) for _ in range(400)]
    assert np.std([one.mass for one in drawn]) == pytest.approx(0.25, rel=0.15)
    assert np.std([one.place for one in drawn], axis=0) == pytest.approx([0.02] * 3, rel=0.15)


def test_a_load_without_mass_is_refused() -> None:
    with pytest.raises(ValueError, match="a mass and three sides above 0"):
        Load(mass=0.0)


def test_a_unit_carries_five_kilograms() -> None:
    trial = outcome(carry())
    assert trial.fell is None
    assert trial.verdict == PASS, trial.cause


@pytest.mark.slow
def test_a_unit_carries_five_kilograms_up_a_slope() -> None:
    assert outcome(loaded(ramp())).fell is None
