"""The floor as a robot knows it: heights on a grid, and where on it the robot believes to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FloorView", "HeightMap"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class HeightMap:
    """Heights (X, Y) [m] at `origin` (2,) [m] + `cell` [m] times their index; beyond its rim the nearest one holds."""

    origin: Floats
    cell: float
    heights: Floats

    @classmethod
    def of(
        cls,
        height: Callable[[Floats, Floats], Floats],
        low: tuple[float, float],
        high: tuple[float, float],
        cell: float,
    ) -> HeightMap:
        """From a function of x and y (arrays of one shape) over a rectangle."""
        x, y = (np.arange(a, b + 0.5 * cell, cell) for a, b in zip(low, high, strict=True))
        return cls(np.array(low, dtype=float), cell, np.asarray(height(*np.meshgrid(x, y, indexing="ij")), dtype=float))

    def at(self, places: Floats) -> Floats:
        """Heights (...) [m] at places (..., 2) [m]: those of the nearest cells."""
        index = np.rint((places - self.origin) * (1.0 / self.cell)).astype(np.int64)
        i, j = (np.clip(index[..., k], 0, self.heights.shape[k] - 1) for k in (0, 1))
        found: Floats = self.heights[i, j]
        return found


@dataclass(frozen=True, eq=False)
class FloorView:
    """How a sensor places a robot on a map: the root at `where` (3,) [m], heading along `heading` [rad] in its axes.

    `tilt` (2,) [rad]: by how much the map rises ahead and to the left of the root, besides its heights.
    """

    map: HeightMap
    where: Floats
    heading: float
    tilt: Floats
