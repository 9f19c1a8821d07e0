"""Lowered poses keep the weight over the soles, within what joints can do."""

import math

import mujoco
import numpy as np
import pytest
from tests.robot.control.robots import model

from ironworks.robot.control.control_model import sole_of
from ironworks.robot.control.interface import TICK
from ironworks.robot.control.squat import Crouch, Squat


def over_soles(crouch: Crouch) -> tuple[np.ndarray, np.ndarray]:
    """The centre of mass over the soles' middle (3,), and the soles' upward axes (2, 3)."""
    one = model()
    data = mujoco.MjData(one.model)
    data.qpos[3:7] = math.cos(0.5 * crouch.lean), 0.0, math.sin(0.5 * crouch.lean), 0.0
    data.qpos[7:] = crouch.angle
    mujoco.mj_forward(one.model, data)
    turns = [data.body(foot).xmat.reshape(3, 3) for foot in one.feet]
    soles = [data.body(f).xpos + t @ sole_of(one, f)[0] for f, t in zip(one.feet, turns, strict=True)]
    return data.subtree_com[1] - np.mean(soles, axis=0), np.array([turn[:, 2] for turn in turns])


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 1.0])
def test_the_weight_stays_where_it_is_and_the_soles_lie_flat(share: float) -> None:
    squat = Squat(model())
    stands, _ = over_soles(squat.at(0.0))
    crouch = squat.at(share * squat.lowest)
    away, up = over_soles(crouch)
    assert abs(away[0] - stands[0]) < 0.005
    assert stands[2] - away[2] == pytest.approx(share * squat.lowest, abs=0.004)
    assert up[:, 2].min() > 0.9999
    assert ((crouch.angle >= model().low) & (crouch.angle <= model().high)).all()


def test_it_bends_knees_and_leans_the_deeper_the_more() -> None:
    squat = Squat(model())
    knee = model().joints.index("left_knee")
    poses = [squat.at(drop) for drop in (0.0, 0.1, 0.2)]
    assert [poses[0].lean, *poses[0].angle] == [0.0, *model().stand]
    assert np.all(np.diff([pose.lean for pose in poses]) > 0.1)
    assert np.all(np.diff([pose.angle[knee] for pose in poses]) > 0.1)


def test_it_comes_down_slowly_and_no_deeper_than_it_can() -> None:
    squat = Squat(model())
    heights = [squat.step(-1.0)[1] for _ in range(round(4.0 / TICK))]
    assert -heights[-1][0] == pytest.approx(squat.lowest, abs=1e-3)
    assert np.abs(np.array(heights)[:, 1]).max() <= 0.25 + 1e-9
    moved = np.diff([height[0] for height in heights]) / TICK
    assert np.abs(moved - np.array(heights)[1:, 1]).max() < 0.005


def test_a_robot_that_stands_is_asked_for_nothing() -> None:
    crouch, moves = Squat(model()).step(0.0)
    assert crouch.lean == 0.0
    assert moves.tolist() == [0.0, 0.0, 0.0]
