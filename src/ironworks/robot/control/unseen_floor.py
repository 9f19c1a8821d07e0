"""A floor that no map shows: a foot that slipped off an edge tells of it, and one that met no floor looks for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["hurried", "misses", "stood_on"]

Floats = NDArray[np.float64]

#: A standing foot that comes so far from its height has left an edge [m]; estimates of a level floor differ by 5 mm.
_SLIPS = 0.008
#: A foot so far below the floor that it was to meet has missed it [m].
_MISSES = 0.003
#: Acceleration [m/s2] and speed [m/s] by which such a foot goes down faster than its way says.
_HURRIES, _FASTER = 12.0, 0.4


def stood_on(ground: float, height: float) -> float:
    """Height of the floor [m] on which the other foot is to land: `ground`, until the standing sole left it."""
    return height if abs(height - ground) > _SLIPS else ground


def misses(height: float, floor: float) -> bool:
    """Whether a sole at a height [m] is below the floor that it was to meet."""
    return height < floor - _MISSES


def hurried(way: Floats, since: float) -> Floats:
    """The way (3, 3) of a sole that missed the floor some time [s] ago; as it was, if not.

    Meanwhile the robot falls over the foot that it stands on.
    """
    if since <= 0.0:
        return way
    grows = min(since, _FASTER / _HURRIES)
    depth = 0.5 * _HURRIES * grows**2 + _FASTER * (since - grows)
    pull = _HURRIES if grows == since else 0.0
    found = way.copy()
    found[:, 2] -= [depth, _HURRIES * grows, pull]
    return found
