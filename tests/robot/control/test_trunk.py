"""Pelvis and chest are held level, or as a style has them."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from ironworks.robot.control.axes import leaning_axes, level_axes
from ironworks.robot.control.control_model import Motions
from ironworks.robot.control.gait_style import LinkStyle
from ironworks.robot.control.trunk import trunk_tasks

HEADING = 0.7
DRIFT = np.array([0.1, -0.2, 0.3])
NONE = np.zeros((3, 3))


def about(axis: int, angle: float) -> np.ndarray:
    return np.asarray(Rotation.from_euler("xyz"[axis], angle).as_matrix())


def wanted(
    turn: np.ndarray, rate: np.ndarray, style: np.ndarray, turning: float = 0.0, lean: float = 0.0
) -> np.ndarray:
    """Of pelvis and chest, the drift taken off (2, 3); `style` (3, 3) is of both: angle, rate, acceleration."""
    linear = np.full(3, 9.0)
    both = (np.zeros(3), turn, np.concatenate([linear, rate]), np.eye(6, 8), np.concatenate([linear, DRIFT]))
    trunk = Motions(*(np.array([one, one]) for one in both))
    tasks = trunk_tasks(trunk, HEADING, lean, turning, LinkStyle(np.repeat(style[:, None], 2, axis=1)))
    assert all(np.array_equal(task.jacobian, np.eye(6, 8)[3:]) for task in tasks)
    return np.array([task.wanted for task in tasks]) + DRIFT


@pytest.mark.parametrize("axis", range(3))
def test_a_body_in_style_wants_nothing_but_the_styles_acceleration(axis: int) -> None:
    angle, rate, push = np.zeros((3, 3))
    angle[axis], rate[axis], push[axis] = 0.1, 0.4, -2.0
    turn = level_axes(HEADING) @ about(axis, 0.1)
    spin = level_axes(HEADING) @ rate + [0.0, 0.0, 0.3]
    found = wanted(turn, spin, np.array([angle, rate, push]), turning=0.3)
    assert found == pytest.approx(np.tile(level_axes(HEADING) @ push, (2, 1)), abs=1e-9)


def test_a_body_that_leans_as_it_is_to_wants_nothing() -> None:
    assert wanted(leaning_axes(HEADING, 0.4), np.zeros(3), NONE, lean=0.4) == pytest.approx(0.0, abs=1e-9)


def test_without_a_style_it_is_levelled() -> None:
    turn, rate = about(0, 0.05) @ about(1, -0.1) @ about(2, 0.5), np.array([0.2, 0.1, -0.4])
    away = (Rotation.from_euler("z", HEADING) * Rotation.from_matrix(turn).inv()).as_rotvec()
    assert wanted(turn, rate, NONE) == pytest.approx(np.tile(120.0 * away - 22.0 * rate, (2, 1)))


def test_roll_comes_before_pitch_and_pitch_before_yaw() -> None:
    angle = np.array([0.3, -0.2, 0.5])
    turn = level_axes(HEADING) @ Rotation.from_euler("xyz", angle).as_matrix()
    assert wanted(turn, np.zeros(3), np.array([angle, *NONE[:2]])) == pytest.approx(0.0, abs=1e-9)
