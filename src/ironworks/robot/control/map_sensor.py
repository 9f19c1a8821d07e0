"""How a robot comes by a map of the ground: an ideal survey, registered to what the robot believes, with errors."""

from __future__ import annotations

from dataclasses import dataclass, field

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.height_map import HeightMap
from ironworks.robot.rig import small_turn

__all__ = ["MapSensor"]

Floats = NDArray[np.float64]


@dataclass(eq=False)
class MapSensor:
    """Gives a robot the ground `truth` (in the world's axes) every `period` [s], else the last map once more.

    What sees the ground moves with the robot's body: the map comes in the axes of the robot's own dead reckoning,
    shifted and turned by whatever that is off by now, and by errors of registration, drawn anew each time: `shift` [m]
    along each axis and `turn` [rad] about each axis through the robot. Both poses are known to the simulation alone.
    """

    truth: HeightMap
    rng: np.random.Generator
    period: float = 0.1
    shift: float = 0.01
    turn: float = float(np.radians(0.5))
    _last: HeightMap | None = field(default=None, init=False)
    _next: float = field(default=-np.inf, init=False)

    def look(self, time: float, true: Floats, believed: Floats) -> HeightMap:
        """The map at a time [s] for a root at a `true` pose (7,) that believes in another one: place, quaternion."""
        if self._last is None or time >= self._next:
            self._next = time + self.period - 1e-6
            self._last = self._registered(true, believed)
        return self._last

    def _registered(self, true: Floats, believed: Floats) -> HeightMap:
        drift = _turn(believed[3:7]) @ _turn(true[3:7]).T
        error = small_turn(self.turn * self.rng.standard_normal(3))
        turn = error @ drift
        # The robot's feet stay on its ground: errors turn about a place beneath it.
        below = np.array([*true[:2], self.truth.height(true[:2])])
        there = believed[:3] + drift @ (below - true[:3])
        return self.truth.moved(turn, there + self.shift * self.rng.standard_normal(3) - turn @ below)


def _turn(quaternion: Floats) -> Floats:
    found = np.empty(9)
    mujoco.mju_quat2Mat(found, quaternion)
    return found.reshape(3, 3)
