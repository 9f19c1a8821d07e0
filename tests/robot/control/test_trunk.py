"""Pelvis and chest are held level, or as a style has them."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from ironworks.robot.control.axes import leaning_axes, level_axes
from ironworks.robot.control.control_model import ControlModel
from ironworks.robot.control.gait_style import LinkStyle
from ironworks.robot.control.kernels.attitude import turn_to_level
from ironworks.robot.control.trunk import trunk_tasks

HEADING = 0.7
JACOBIAN, DRIFT = np.eye(3, 8), np.array([0.1, -0.2, 0.3])
NONE = LinkStyle(*np.zeros((3, 3)))


def about(axis: int, angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    turn = np.eye(3)
    one, other = [(1, 2), (2, 0), (0, 1)][axis]
    turn[[one, one, other, other], [one, other, one, other]] = c, -s, s, c
    return turn


def wanted(turn: np.ndarray, rate: np.ndarray, style: LinkStyle, turning: float = 0.0, lean: float = 0.0) -> np.ndarray:
    """Of pelvis and chest, the drift taken off (2, 3)."""
    body = cast(ControlModel, SimpleNamespace(spin=lambda _: (turn, rate, JACOBIAN, DRIFT)))
    tasks = trunk_tasks(body, HEADING, lean, turning, {"pelvis": style, "chest": style})
    return np.array([task.wanted for task in tasks]) + DRIFT


@pytest.mark.parametrize("axis", range(3))
def test_a_body_in_style_wants_nothing_but_the_styles_acceleration(axis: int) -> None:
    angle, rate, push = np.zeros((3, 3))
    angle[axis], rate[axis], push[axis] = 0.1, 0.4, -2.0
    turn = level_axes(HEADING) @ about(axis, 0.1)
    spin = level_axes(HEADING) @ rate + [0.0, 0.0, 0.3]
    found = wanted(turn, spin, LinkStyle(angle, rate, push), turning=0.3)
    assert found == pytest.approx(np.tile(level_axes(HEADING) @ push, (2, 1)), abs=1e-9)


def test_a_body_that_leans_as_it_is_to_wants_nothing() -> None:
    assert wanted(leaning_axes(HEADING, 0.4), np.zeros(3), NONE, lean=0.4) == pytest.approx(0.0, abs=1e-9)


def test_without_a_style_it_is_levelled_and_nothing_is_rounded_otherwise() -> None:
    turn, rate = about(0, 0.05) @ about(1, -0.1) @ about(2, 0.5), np.array([0.2, 0.1, -0.4])
    found = wanted(turn, rate, NONE) - DRIFT
    exact = 120.0 * turn_to_level(HEADING, turn) + 22.0 * (np.zeros(3) - rate) - DRIFT
    assert np.array_equal(found, np.tile(exact, (2, 1)))
