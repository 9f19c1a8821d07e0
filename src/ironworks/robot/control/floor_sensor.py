"""A sensor that places a robot on a height map ten times a second, a little off each time."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.height_map import FloorView, HeightMap
from ironworks.robot.control.simulation import SimulatedRobot

__all__ = ["FloorSensor"]

Floats = NDArray[np.float64]

#: Seconds between two registrations; standard deviations along and about each axis [m, rad].
_PERIOD, _PLACE, _TURN = 0.1, 0.01, math.radians(0.5)


class FloorSensor:
    """Watches one simulated robot over a floor, whose `map` lies in the world's axes."""

    def __init__(self, floor: HeightMap, rng: np.random.Generator) -> None:
        self._map, self._rng = floor, rng
        self._view: FloorView | None = None
        self._due = -math.inf

    def view(self, robot: SimulatedRobot) -> FloorView:
        """The latest registration: a new one when it is due."""
        if self._view is None or robot.time >= self._due:
            self._due = robot.time + _PERIOD
            root = robot.data.body(1)
            heading = math.atan2(root.xmat[3], root.xmat[0])
            place = root.xpos + _PLACE * self._rng.standard_normal(3)
            yaw, *tilt = (_TURN * self._rng.standard_normal(3)).tolist()
            self._view = FloorView(self._map, place, heading + yaw, np.array(tilt))
        return self._view
