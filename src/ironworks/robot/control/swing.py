"""The way of a swinging sole from where it left the floor to where it lands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["STEEP", "Swing", "smooth"]

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

    def at(self, end: Floats, time: float, elapsed: float) -> tuple[Floats, Floats, Floats]:
        """Place, velocity and acceleration (3,) of the sole; `end` (3,) and `time` may move until it lands."""
        share = min(max(elapsed / time, 0.0), 1.0)
        way = self._over if self.edge > STEEP else self._even
        place, velocity, acceleration = way(end, share, time)
        if elapsed >= time:
            place[2] -= _SINKS * (elapsed - time)
            velocity, acceleration = np.array([0.0, 0.0, -_SINKS]), np.zeros(3)
        return place, velocity, acceleration

    def _even(self, end: Floats, share: float, time: float) -> tuple[Floats, Floats, Floats]:
        blend, speed, change = smooth(share)
        way = end - self.start
        place, velocity, acceleration = self.start + way * blend, way * (speed / time), way * (change / time**2)
        height = self.lift + 0.6 * abs(float(way[2]))
        place[2] += height * 16.0 * share**2 * (1.0 - share) ** 2
        velocity[2] += height * 16.0 * (2.0 * share * (1.0 - share) ** 2 - 2.0 * share**2 * (1.0 - share)) / time
        acceleration[2] += height * 16.0 * (2.0 - 12.0 * share + 12.0 * share**2) / time**2
        place[2], velocity[2], acceleration[2] = np.array([place[2], velocity[2], acceleration[2]]) + _sunk(share, time)
        return place, velocity, acceleration

    def _over(self, end: Floats, share: float, time: float) -> tuple[Floats, Floats, Floats]:
        """Over an edge: first up, then ahead, then down."""
        top = max(float(self.start[2]), float(end[2])) + self.lift
        found = np.empty((3, 3))
        # One riser alone, just before the toe, is met lower than the first of two.
        goes = min(_GOES[0] + _LATER * max(self.edge - _NEAR, 0.0), _LATEST)
        span = _GOES[1] - goes
        along = np.array(smooth((share - goes) / span)) / (1.0, span * time, (span * time) ** 2)
        found[:, :2] = along[:, None] * (end - self.start)[:2]
        low, begun, lasts = (self.start[2], 0.0, _RISES) if share < _RISES else (end[2], 1.0, 1.0 - _RISES)
        up = np.array(smooth(abs(share - begun) / lasts)) / (1.0, lasts * time, (lasts * time) ** 2)
        found[:, 2] = up * (top - float(low)) * (1.0, 1.0 if share < _RISES else -1.0, 1.0)
        found[0] += [self.start[0], self.start[1], float(low)]
        if share >= _RISES:
            found[:, 2] += _sunk((share - _RISES) / (1.0 - _RISES), (1.0 - _RISES) * time)
        return found[0], found[1], found[2]


def _sunk(share: float, time: float) -> Floats:
    """What makes a way end downwards: height, its rate and its change (3,), all 0 at the begin."""
    values = (share**3 * (1.0 - share), 3.0 * share**2 - 4.0 * share**3, 6.0 * share - 12.0 * share**2)
    return _SINKS * np.array([values[0] * time, values[1], values[2] / time])


def smooth(share: float) -> tuple[float, float, float]:
    """From 0 to 1 at rest at both ends, and its first two derivatives by the share, which is clipped to 0 to 1."""
    share = min(max(share, 0.0), 1.0)
    rest = share * (1.0 - share)
    return share**3 * (10.0 - 15.0 * share + 6.0 * share**2), 30.0 * rest**2, 60.0 * rest * (1.0 - 2.0 * share)
