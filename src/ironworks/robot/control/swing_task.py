"""What the whole-body programme shall do for a swinging foot: follow its way, its sole along the floor it meets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.axes import axes_on
from ironworks.robot.control.control_model import PointMotion
from ironworks.robot.control.footing import Hold
from ironworks.robot.control.kernels.attitude import turn_to, turn_to_level
from ironworks.robot.control.whole_body import Task

__all__ = ["swing_task"]

Floats = NDArray[np.float64]

#: Gains (position [1/s2], velocity [1/s]) and weights of its place and of how it is turned.
_PLACE, _ATTITUDE = (600.0, 45.0), (400.0, 36.0)
_WEIGHTS = np.array([40.0] * 3 + [10.0] * 3)


def swing_task(foot: PointMotion, way: tuple[Floats, Floats, Floats], hold: Hold | None, heading: float) -> Task:
    """A foot along its `way` (place, velocity and acceleration (3,) of now), turned to a heading [rad].

    `hold`: what it will stand on, where the floor is mapped; else it is kept level.
    """
    place, velocity, acceleration = way
    along = acceleration + _PLACE[0] * (place - foot.place) + _PLACE[1] * (velocity - foot.velocity[:3])
    away = turn_to(axes_on(hold.normal, heading), foot.turn) if hold else turn_to_level(heading, foot.turn)
    about = _ATTITUDE[0] * away - _ATTITUDE[1] * foot.velocity[3:]
    return Task(foot.jacobian, np.concatenate([along, about]) - foot.drift, _WEIGHTS)
