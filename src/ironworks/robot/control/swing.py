"""The way of a swinging sole from where it left the floor to where it lands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Swing"]

Floats = NDArray[np.float64]

#: Speed at which a late foot goes on downwards [m/s].
_SINKS = 0.25


@dataclass(frozen=True, eq=False)
class Swing:
    """From `start` (3,) [m] to a landing place within `time` [s], `lift` [m] above the higher of both in between."""

    start: Floats
    lift: float

    def at(self, end: Floats, time: float, elapsed: float) -> tuple[Floats, Floats, Floats]:
        """Place, velocity and acceleration (3,) of the sole; `end` (3,) and `time` may move until it lands."""
        share = min(max(elapsed / time, 0.0), 1.0)
        blend = share**3 * (10.0 - 15.0 * share + 6.0 * share**2)
        speed = share**2 * (30.0 - 60.0 * share + 30.0 * share**2) / time
        change = (60.0 * share - 180.0 * share**2 + 120.0 * share**3) / time**2
        way = end - self.start
        place, velocity, acceleration = self.start + way * blend, way * speed, way * change
        height = self.lift + 0.6 * abs(float(way[2]))
        place[2] += height * 16.0 * share**2 * (1.0 - share) ** 2
        velocity[2] += height * 16.0 * (2.0 * share * (1.0 - share) ** 2 - 2.0 * share**2 * (1.0 - share)) / time
        acceleration[2] += height * 16.0 * (2.0 - 12.0 * share + 12.0 * share**2) / time**2
        if elapsed >= time:
            place[2] -= _SINKS * (elapsed - time)
            velocity, acceleration = np.array([0.0, 0.0, -_SINKS]), np.zeros(3)
        return place, velocity, acceleration
