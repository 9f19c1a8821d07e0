"""Where a map of the ground lies, by what many registrations of it say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.height_map import HeightMap
from ironworks.robot.rig import small_turn

__all__ = ["Registration"]

Floats = NDArray[np.float64]

#: Share of a new registration that is believed: at 10 Hz half a second, in which dead reckoning is good to millimetres.
_BELIEVED = 0.25


class Registration:
    """A running mean of the poses in which one map came; each has its own error, and dead reckoning drifts slowly."""

    def __init__(self) -> None:
        self._last: HeightMap | None = None
        self._mean: HeightMap | None = None
        self._count = 0

    @property
    def map(self) -> HeightMap:
        """The map in its mean pose. Raises ValueError before the first one came."""
        if self._mean is None:
            raise ValueError("no map has come yet")
        return self._mean

    def take(self, terrain: HeightMap, here: Floats) -> None:
        """Take a map, new or once more the last; shifts and turns are averaged about the robot's place `here` (3,)."""
        if terrain is self._last:
            return
        self._last = terrain
        if self._mean is None or terrain.heights is not self._mean.heights:
            self._mean, self._count = terrain, 1
            return
        self._count += 1
        share = max(_BELIEVED, 1.0 / self._count)
        mean = self._mean
        by = terrain.turn @ mean.turn.T
        # Between two registrations turns are small: the vector of the rotation's odd part is that of the rotation.
        vector = 0.5 * np.array([by[2, 1] - by[1, 2], by[0, 2] - by[2, 0], by[1, 0] - by[0, 1]])
        turn = small_turn(share * vector) @ mean.turn
        within = (here - mean.place) @ mean.turn
        there = terrain.place + terrain.turn @ within
        self._mean = replace(mean, turn=turn, place=here + share * (there - here) - turn @ within)
