"""Tasks that hold pelvis and chest upright or leaning, with what the style of the gait adds."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ironworks.robot.control.control_model import Motions
from ironworks.robot.control.gait_style import LINKS, LinkStyle
from ironworks.robot.control.kernels.attitude import hold_upright
from ironworks.robot.control.whole_body import Task

__all__ = ["trunk_tasks"]

#: Gains (position [1/s2], velocity [1/s]) and weights.
_UPRIGHT = (120.0, 22.0)
_WEIGHTS: Mapping[str, float] = {"pelvis": 20.0, "chest": 10.0}
_EACH = [np.full(3, _WEIGHTS[link]) for link in LINKS]


def trunk_tasks(trunk: Motions, heading: float, lean: float, turning: float, style: LinkStyle) -> list[Task]:
    """Pelvis and chest on their way to a `heading` [rad], `turning` [rad/s], with a `lean` ahead [rad] and a style.

    `trunk`: motions of any places on `LINKS`.
    """
    wanted = np.empty((len(LINKS), 3))
    hold_upright(trunk.turn, trunk.velocity, trunk.drift, heading, lean, turning, style.motion, *_UPRIGHT, wanted)
    return [Task(trunk.jacobian[i, 3:], wanted[i], weight) for i, weight in enumerate(_EACH)]
