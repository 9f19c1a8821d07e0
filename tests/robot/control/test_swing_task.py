"""What a swinging foot wants of the whole body."""

import math

import numpy as np
import pytest

from ironworks.robot.control.axes import axes_on, level_axes
from ironworks.robot.control.control_model import PointMotion
from ironworks.robot.control.footing import Hold
from ironworks.robot.control.swing_task import swing_task

STILL = np.zeros(3)
SLOPE = np.array([-math.sin(0.1), 0.0, math.cos(0.1)])


def foot(turn: np.ndarray) -> PointMotion:
    return PointMotion(np.zeros(3), turn, np.zeros(6), np.eye(6), np.full(6, 0.5))


def test_a_foot_on_its_way_wants_nothing_but_to_undo_its_drift() -> None:
    task = swing_task(foot(level_axes(0.3)), np.zeros((3, 3)), None, 0.3)
    assert task.wanted == pytest.approx(np.full(6, -0.5))


def test_it_goes_where_its_way_is_and_turns_to_the_floor_that_it_meets() -> None:
    way = np.array([[0.0, 0.01, 0.0], STILL, [1.0, 0.0, 0.0]])
    hold = Hold(STILL, SLOPE, False, 0.1, 0.1)
    wanted = swing_task(foot(np.eye(3)), way, hold, 0.0).wanted + 0.5
    assert wanted[:3] == pytest.approx([1.0, 6.0, 0.0])
    assert wanted[3:] == pytest.approx([0.0, -400.0 * 0.1, 0.0])
    assert swing_task(foot(axes_on(SLOPE, 0.0)), way, hold, 0.0).wanted[3:] == pytest.approx(np.full(3, -0.5))
