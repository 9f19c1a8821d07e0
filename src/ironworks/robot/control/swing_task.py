"""What the whole-body programme shall do for a swinging foot: follow its way, its sole along the floor it meets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.axes import axes_on, level_axes
from ironworks.robot.control.control_model import PointMotion
from ironworks.robot.control.footing import Hold
from ironworks.robot.control.kernels.attitude import follow
from ironworks.robot.control.whole_body import Task

__all__ = ["swing_task"]

Floats = NDArray[np.float64]

#: Gains (position [1/s2], velocity [1/s]) and weights of its place and of how it is turned.
_PLACE, _ATTITUDE = (600.0, 45.0), (400.0, 36.0)
_WEIGHTS = np.array([40.0] * 3 + [10.0] * 3)


def swing_task(foot: PointMotion, way: Floats, hold: Hold | None, heading: float) -> Task:
    """A foot along its `way` (3, 3), place, velocity and acceleration of now, turned to a heading [rad].

    `hold`: what it will stand on, where the floor is mapped; else it is kept level.
    """
    axes = axes_on(hold.normal, heading) if hold else level_axes(heading)
    wanted = np.empty(6)
    follow(way, axes, foot.place, foot.turn, foot.velocity, foot.drift, _PLACE, _ATTITUDE, wanted)
    return Task(foot.jacobian, wanted, _WEIGHTS)
