"""The way of a swinging sole from where it left the floor to where it lands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels.gait import swing_over, swing_through

__all__ = ["STEEP", "Swing"]

Floats = NDArray[np.float64]

#: Speed at which a foot lands, and goes on downwards where it is late [m/s]: a slow one lands early or late by much.
_SINKS = 0.25
#: Over edges higher than this a foot rises before it goes ahead [m]; shares of the time in which it does both: fast
#: rises are borne by the standing knee, besides the robot.
STEEP = 0.015
_GOES = (0.24, 0.92)
_RISES = 0.57
#: Over an edge above this one [m] it goes ahead later, by so much of the time for each metre, to that share at most.
_NEAR, _LATER, _LATEST = 0.06, 2.0, 0.5


@dataclass(frozen=True, eq=False)
class Swing:
    """From `start` (3,) [m] to a landing place within `time` [s], `lift` [m] above the higher of both in between.

    `edge`: how far the floor rises above the straight way [m], where that is known.
    """

    start: Floats
    lift: float
    edge: float = 0.0

    def at(self, end: Floats, time: float, elapsed: float) -> Floats:
        """Place, velocity and acceleration (3, 3) of the sole; `end` (3,) and `time` may move until it lands."""
        share = min(max(elapsed / time, 0.0), 1.0)
        if self.edge > STEEP:
            # One riser alone, just before the toe, is met lower than the first of two.
            goes = min(_GOES[0] + _LATER * max(self.edge - _NEAR, 0.0), _LATEST), _GOES[1]
            way = swing_over(self.start, end, self.lift, share, time, _SINKS, goes, _RISES)
        else:
            way = swing_through(self.start, end, self.lift, share, time, _SINKS)
        if elapsed >= time:
            way[0, 2] -= _SINKS * (elapsed - time)
            way[1:] = 0.0
            way[1, 2] = -_SINKS
        return way
