"""The ground as a map shows it: heights on a grid, which lies somewhere in the axes of whoever reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

__all__ = ["HeightMap"]

Floats = NDArray[np.float64]

#: A tilted map is read where its ground is, which it tells only once read.
_READS = 3


@dataclass(frozen=True, eq=False)
class HeightMap:
    """`heights` (N, M) [m] at the places `corner` + `cell` (i, j) [m] of its own axes; beyond them, the nearest one's.

    `turn` (3, 3) and `place` (3,) [m]: of those axes in the axes in which it is read.
    """

    heights: Floats
    corner: Floats
    cell: float
    turn: Floats = field(default_factory=lambda: np.eye(3))
    place: Floats = field(default_factory=lambda: np.zeros(3))

    def __post_init__(self) -> None:
        if self.heights.ndim != 2 or min(self.heights.shape) < 2 or self.cell <= 0.0:
            raise ValueError(
                f"a map has at least 2 x 2 heights and a cell's length, not {self.heights.shape}, {self.cell}"
            )

    @classmethod
    def of(
        cls, height: Callable[[Floats, Floats], Floats], low: tuple[float, float], high: tuple[float, float],
        cell: float = 0.01,
    ) -> HeightMap:  # fmt: skip
        """The map of a ground whose `height` [m] is known at all places between two corners [m]."""
        x, y = (np.arange(a, b + 0.5 * cell, cell) for a, b in zip(low, high, strict=True))
        return cls(height(*np.meshgrid(x, y, indexing="ij")), np.array(low), cell)

    def moved(self, turn: Floats, place: Floats) -> HeightMap:
        """The same map in other axes, in which the present ones lie turned by (3, 3) at (3,) [m]."""
        return replace(self, turn=turn @ self.turn, place=place + turn @ self.place)

    def height(self, at: Floats) -> Floats:
        """Height [m] of the ground at places (..., 2) [m]."""
        points = np.empty((*at.shape[:-1], 3))
        points[..., :2] = at
        points[..., 2] = self.place[2]
        for _ in range(_READS):
            within = (points - self.place) @ self.turn
            within[..., 2] = self._read(within[..., :2])
            # Only heights follow: a place is asked for, and stays.
            points[..., 2] = within @ self.turn[2] + self.place[2]
        return points[..., 2]

    def normal(self, at: Floats, span: float = 0.1) -> Floats:
        """Upward normals (..., 3) of the ground at places (..., 2) [m], as its mean slope over a span [m] shows it."""
        slopes = []
        for axis in range(2):
            by = 0.5 * span * np.eye(2)[axis]
            slopes.append((self.height(at + by) - self.height(at - by)) / span)
        up = np.stack([-slopes[0], -slopes[1], np.ones_like(slopes[0])], axis=-1)
        return np.asarray(up / np.linalg.norm(up, axis=-1, keepdims=True))

    def _read(self, within: Floats) -> Floats:
        """Heights at places (..., 2) of the map's own axes, linear between those of the grid."""
        cells = (within - self.corner) / self.cell
        last = np.array(self.heights.shape) - 1.0
        cells = np.minimum(np.maximum(cells, 0.0), last)
        at = np.minimum(cells.astype(np.int64), self.heights.shape - np.array([2, 2]))
        share = cells - at
        width = self.heights.shape[1]
        first = at[..., 0] * width + at[..., 1]
        flat, u, v = self.heights.reshape(-1), share[..., 0], share[..., 1]
        near = flat[first] * (1.0 - v) + flat[first + 1] * v
        far = flat[first + width] * (1.0 - v) + flat[first + width + 1] * v
        return near * (1.0 - u) + far * u
