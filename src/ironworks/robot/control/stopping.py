"""When a robot that stands has to step, how one that is to stop brakes, and when it may stand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.control_model import PointMotion
from ironworks.robot.control.interface import TICK

__all__ = ["brake", "can_stop", "escapes"]

Floats = NDArray[np.float64]

#: Share of the soles' reach at which a robot that stands takes a step.
_ESCAPE = 0.85
#: Share of the sole's reach that brakes: the rest is kept for balance.
_BRAKE = 0.7
#: Feet stand side by side within this [m].
_BESIDE = 0.05


def escapes(feet: Sequence[PointMotion], divergent: Floats, axes: Floats, reach: Floats) -> int | None:
    """The foot to stand on when the divergent motion (2,) [m] leaves both soles, so that only a step catches it.

    `axes` (2, 2): of the heading; `reach` (2,) [m]: of the pressure from the middle of a sole.
    """
    left, right = (axes.T @ (divergent - foot.place[:2]) for foot in feet)
    length, width = _ESCAPE * reach
    behind, ahead = max(left[0], right[0]), min(left[0], right[0])
    if -length < behind and ahead < length and left[1] < width and right[1] > -width:
        return None
    # The foot on the side to which it moves steps out: the other one stands.
    return 1 if left[1] + right[1] > 0.0 else 0


def brake(away: Floats, left: float, reach: Floats, omega: float) -> Floats:
    """Where a robot that is to stop presses the floor (2,), from the sole: so that the next foot lands beside it.

    `away` (2,): the divergent motion from the sole; it grows for `left` [s] more.
    """
    most = _BRAKE * reach[0]
    beside = float(away[0]) / -math.expm1(-omega * max(left, TICK))
    return np.array([min(max(beside, -most), most), 0.0])


def can_stop(feet: Sequence[PointMotion], divergent: Floats, axes: Floats, reach: Floats, apart: bool) -> bool:
    """Whether the divergent motion ends between both feet, side by side where they need not stand `apart`."""
    between = axes.T @ (feet[0].place[:2] - feet[1].place[:2])
    off = axes.T @ (divergent - 0.5 * (feet[0].place[:2] + feet[1].place[:2]))
    beside = apart or abs(between[0]) < _BESIDE
    return bool(beside and abs(off[0]) < reach[0] and abs(off[1]) < 0.5 * abs(between[1]))
