"""How a body must turn to have the wanted axes."""

import math

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["turn_to", "turn_to_level"]

Floats = NDArray[np.float64]


@kernel
def turn_to_level(heading: float, turn: Floats) -> Floats:
    """Rotation vector (3,) [rad], in the world's axes, that takes axes (3, 3) to level ones that head there [rad]."""
    c, s = math.cos(heading), math.sin(heading)
    by = np.empty((3, 3))
    for k in range(3):
        by[0, k] = c * turn[k, 0] - s * turn[k, 1]
        by[1, k] = s * turn[k, 0] + c * turn[k, 1]
        by[2, k] = turn[k, 2]
    return _vector(by)


@kernel
def turn_to(wanted: Floats, turn: Floats) -> Floats:
    """Rotation vector (3,) [rad], in the world's axes, that takes axes (3, 3) to the wanted ones (3, 3)."""
    return _vector(wanted @ np.ascontiguousarray(turn.T))


@kernel
def _vector(by: Floats) -> Floats:
    """The rotation vector (3,) of a rotation (3, 3)."""
    about = np.array([by[2, 1] - by[1, 2], by[0, 2] - by[2, 0], by[1, 0] - by[0, 1]])
    sine = 0.5 * math.sqrt(about[0] ** 2 + about[1] ** 2 + about[2] ** 2)
    cosine = 0.5 * (by[0, 0] + by[1, 1] + by[2, 2] - 1.0)
    if sine > 1e-9:
        return about * (0.5 * math.atan2(sine, cosine) / sine)
    if cosine > 0.0:
        return 0.5 * about
    # Half a turn: the axis is the largest column of by + 1.
    best = 0
    for k in range(1, 3):
        if by[k, k] > by[best, best]:
            best = k
    axis = by[:, best].copy()
    axis[best] += 1.0
    return axis * (math.pi / math.sqrt(axis[0] ** 2 + axis[1] ** 2 + axis[2] ** 2))
