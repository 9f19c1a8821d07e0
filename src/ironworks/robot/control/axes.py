"""Axes of bodies that head somewhere: level, leaning ahead, or on a slope."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["axes_on", "leaning_axes", "level_axes"]

Floats = NDArray[np.float64]


def level_axes(heading: float) -> Floats:
    """Axes (3, 3) of a level body that heads there [rad]."""
    c, s = math.cos(heading), math.sin(heading)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def leaning_axes(heading: float, lean: float) -> Floats:
    """Axes (3, 3) of a body that heads there [rad] and leans ahead [rad]."""
    c, s = math.cos(lean), math.sin(lean)
    return np.asarray(level_axes(heading) @ np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]]))


def axes_on(normal: Floats, heading: float) -> Floats:
    """Axes (3, 3) of a foot that heads there [rad] on a floor with a normal (3,)."""
    ahead = np.array([math.cos(heading), math.sin(heading), 0.0])
    ahead -= (ahead @ normal) * normal
    ahead /= math.sqrt(ahead @ ahead)
    return np.column_stack([ahead, np.cross(normal, ahead), normal])
