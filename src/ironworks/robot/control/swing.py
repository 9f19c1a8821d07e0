"""The way of a swinging sole from where it left the floor to where it lands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["HighSwing", "Swing"]

Floats = NDArray[np.float64]

#: Speed at which a late foot goes on downwards [m/s].
_SINKS = 0.25
#: Shares of a high swing: over the first it rises, from there to the end it comes down; ahead it goes in between.
_RISEN, _FALLS, _LEAVES, _OVER, _OVER_DOWN = 0.5, 0.55, 0.22, 0.90, 0.75
#: Share until which its foot may hang, from which it is held level, and how firmly a hanging one is held.
_HANGS, _LEVEL, _LOOSE = 0.4, 0.7, 0.02


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


@dataclass(frozen=True, eq=False)
class HighSwing:
    """From `start` (3,) [m] up to the height `top` [m] first, then ahead, then down: over the edges of stairs."""

    start: Floats
    top: float

    def at(self, end: Floats, time: float, elapsed: float) -> tuple[Floats, Floats, Floats]:
        """Place, velocity and acceleration (3,) of the sole; `end` (3,) and `time` may move until it lands."""
        share = min(max(elapsed / time, 0.0), 1.0)
        found = np.empty((3, 3))
        # Downwards the heel must be past the last edge before it sinks.
        leaves, over = (_LEAVES, _OVER) if end[2] > self.start[2] else (0.5 * _LEAVES, _OVER_DOWN)
        found[:, :2] = _blend(self.start[:2], end[:2], share, leaves, over, time)
        height = np.array([self.top])
        if share < _RISEN:
            found[:, 2:] = _blend(self.start[2:], height, share, 0.0, _RISEN, time)
        else:
            found[:, 2:] = _blend(height, end[2:], share, _FALLS, 1.0, time)
            found[:, 2:] -= _SINKS * _meets(share, _FALLS, time)[:, None]
        if elapsed >= time:
            found[0, 2] -= _SINKS * (elapsed - time)
            found[1:] = 0.0
            found[1, 2] = -_SINKS
        return found[0], found[1], found[2]

    def level(self, share: float) -> float:
        """How firmly the foot is held level at a share of the swing: hardly at first, wholly at last."""
        return min(max((share - _HANGS) / (_LEVEL - _HANGS), _LOOSE), 1.0)


def _blend(start: Floats, end: Floats, share: float, begin: float, over: float, time: float) -> Floats:
    """Place, velocity and acceleration (3, n) of a way that takes part of a `time` [s], at rest at both ends."""
    lasts = over - begin
    s = min(max((share - begin) / lasts, 0.0), 1.0)
    way, lasts = end - start, lasts * time
    return np.stack(
        [
            start + way * (s**3 * (10.0 - 15.0 * s + 6.0 * s**2)),
            way * (s**2 * (30.0 - 60.0 * s + 30.0 * s**2) / lasts),
            way * ((60.0 * s - 180.0 * s**2 + 120.0 * s**3) / lasts**2),
        ]
    )


def _meets(share: float, begin: float, time: float) -> Floats:
    """Place, velocity and acceleration (3,) that end at a speed of 1, at the place 0: a foot that meets its ground."""
    lasts = (1.0 - begin) * time
    s = min(max((share - begin) / (1.0 - begin), 0.0), 1.0)
    return np.array(
        [
            lasts * s**3 * (-4.0 + 7.0 * s - 3.0 * s**2),
            s**2 * (-12.0 + 28.0 * s - 15.0 * s**2),
            s * (-24.0 + 84.0 * s - 60.0 * s**2) / lasts,
        ]
    )
