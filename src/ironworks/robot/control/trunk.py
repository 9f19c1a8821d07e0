"""Tasks that hold pelvis and chest upright or leaning, with what the style of the gait adds."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.axes import leaning_axes, level_axes
from ironworks.robot.control.control_model import ControlModel
from ironworks.robot.control.gait_style import LinkStyle
from ironworks.robot.control.kernels.attitude import turn_to, turn_to_level
from ironworks.robot.control.whole_body import Task

__all__ = ["trunk_tasks"]

Floats = NDArray[np.float64]

#: Gains (position [1/s2], velocity [1/s]) and weights.
_UPRIGHT = (120.0, 22.0)
_WEIGHTS: Mapping[str, float] = {"pelvis": 20.0, "chest": 10.0}


def trunk_tasks(
    model: ControlModel, heading: float, lean: float, turning: float, style: Mapping[str, LinkStyle]
) -> list[Task]:
    """Pelvis and chest on their way to a `heading` [rad], `turning` [rad/s], with a `lean` ahead [rad] and a style."""
    axes, leaning = level_axes(heading), leaning_axes(heading, lean)
    tasks = []
    for link, weight in _WEIGHTS.items():
        turn, rate, jacobian, drift = model.spin(link)
        wish = style[link]
        spin = np.array([0.0, 0.0, turning]) + axes @ wish.rate
        bare = turn @ _turned(wish.angle).T
        away = turn_to(leaning, bare) if lean else turn_to_level(heading, bare)
        wanted = _UPRIGHT[0] * away + _UPRIGHT[1] * (spin - rate) + axes @ wish.acceleration
        tasks.append(Task(jacobian, wanted - drift, np.full(3, weight)))
    return tasks


def _turned(angle: Floats) -> Floats:
    """Axes (3, 3) after a roll, a pitch and a yaw (3,) [rad], in this order about fixed axes."""
    a, b, _ = angle
    roll = np.array([[1.0, 0.0, 0.0], [0.0, math.cos(a), -math.sin(a)], [0.0, math.sin(a), math.cos(a)]])
    pitch = np.array([[math.cos(b), 0.0, math.sin(b)], [0.0, 1.0, 0.0], [-math.sin(b), 0.0, math.cos(b)]])
    return np.asarray(level_axes(angle[2]) @ pitch @ roll)
