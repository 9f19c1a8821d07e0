"""Floors that are not flat: what is built is what the map says, and a robot gets up them by its sensors alone."""

import mujoco
import numpy as np
import pytest
from tests.robot.acceptance.walking.test_course import outcome

from ironworks.robot.acceptance.walking import TERRAIN, Ground, WalkingTest, hidden_steps, staircase
from ironworks.robot.acceptance.walking.ground import slope, stairs, tiles
from ironworks.verdicts import FAIL, PASS


@pytest.mark.parametrize("ground", [stairs(0.15, 0.3), slope(10.0), tiles(0.02)], ids=["stairs", "slope", "tiles"])
def test_a_ray_from_above_meets_the_height_that_the_map_tells(ground: Ground) -> None:
    spec = mujoco.MjSpec()
    spec.worldbody.add_geom(type=mujoco.mjtGeom.mjGEOM_PLANE, size=[0.0, 0.0, 1.0])
    ground.scene(spec)
    model = spec.compile()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    rng, met = np.random.default_rng(4), np.zeros(1, dtype=np.int32)
    for x, y in zip(rng.uniform(0.0, 5.0, 60), rng.uniform(-1.4, 1.4, 60), strict=True):
        far = mujoco.mj_ray(model, data, np.array([x, y, 3.0]), np.array([0.0, 0.0, -1.0]), None, 1, -1, met)
        assert 3.0 - far == pytest.approx(float(ground.height(np.array(x), np.array(y))), abs=1e-6)


def test_what_is_hidden_has_no_map() -> None:
    assert tiles(0.02).map() is None
    shown = stairs(0.1, 0.3).map()
    assert shown is not None
    assert shown.at(np.array([[0.5, 0.0], [1.1, 0.3], [9.0, 0.0]])) == pytest.approx([0.0, 0.1, 0.6])


def test_a_unit_climbs_a_staircase() -> None:
    trial = outcome(staircase(0.17, 0.28))
    assert trial.fell is None
    assert trial.verdict == PASS, trial.cause


def test_a_riser_that_no_leg_is_made_for_fails() -> None:
    trial = outcome(staircase(0.5, 0.30))
    assert trial.verdict == FAIL


@pytest.mark.slow
@pytest.mark.parametrize("test", TERRAIN, ids=lambda test: test.name)
def test_a_unit_gets_over_every_floor(test: WalkingTest) -> None:
    trial = outcome(test)
    assert trial.fell is None
    assert trial.verdict == PASS, trial.cause


def test_hidden_steps_neither_make_it_fall_nor_take_all_that_its_drives_have() -> None:
    trial = outcome(hidden_steps())
    assert trial.fell is None
    assert trial.verdict == PASS, trial.cause
