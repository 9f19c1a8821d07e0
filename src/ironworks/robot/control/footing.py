"""Where a sole finds a hold on a mapped floor, in the axes in which the robot believes to move.

The map is registered again and again, each time a little off; what is used is the running mean of the registrations,
which are all linear in the place that is asked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.height_map import FloorView

__all__ = ["Footing", "Hold"]

Floats = NDArray[np.float64]

#: Share of a new registration in the mean.
_NEWS = 0.2
#: What the rim of a sole may miss of a plane [m], and by how much more than the sole must be even, ahead and aside [m].
_UNEVEN, _MARGIN = 0.01, np.array([0.01, 0.005])
#: An even stretch shorter than this is a tread [m].
_TREAD = 0.12
#: How far a hold is looked for, ahead and behind [m].
_TRIES = np.arange(-24, 25) * 0.01
#: The way on which edges are looked for [m], and the height of one between every second of its places [m].
_AHEAD, _EDGE = np.arange(-0.2, 1.21, 0.02), 0.03
_ACROSS = np.linspace(-1.0, 1.0, 3)
_ALONG = np.linspace(-1.0, 1.0, 7)


@dataclass(frozen=True, eq=False)
class Hold:
    """A place for the middle of a sole (3,) [m], the floor's normal there (3,), and whether it was moved to find it.

    `behind`, `ahead`: how far it may be moved along the heading [m] and still be even.
    """

    place: Floats
    normal: Floats
    moved: bool
    behind: float
    ahead: float

    def height(self, place: Floats) -> float:
        """Of its plane [m] at a place near it (2,) [m]."""
        away = place - self.place[:2]
        return float(self.place[2] - (self.normal[:2] @ away) / self.normal[2])


class Footing:
    """The floor under one robot.

    `half` (2,) [m]: half the length and width of a sole; `toe` [m]: how far a toe reaches ahead of the sole's middle.
    """

    def __init__(self, half: Floats, toe: float) -> None:
        ahead, across = np.meshgrid(_ALONG, _ACROSS, indexing="ij")
        sole = np.stack([ahead.ravel(), across.ravel()], axis=1) * (half + _MARGIN)
        tip = np.array([[toe + _MARGIN[0], width] for width in _ACROSS * half[1]])
        self._sole, self._rim = len(sole), np.concatenate([sole, tip])
        # Plane through the heights under the sole: mean, and slopes ahead and aside.
        self._fit = np.linalg.pinv(np.column_stack([np.ones(len(sole)), sole]))
        self._view: FloorView | None = None
        self._mean: Floats | None = None

    @property
    def known(self) -> bool:
        """Whether any floor was seen yet."""
        return self._mean is not None

    def register(self, view: FloorView, root: Floats, heading: float) -> None:
        """Take a view, new or not, of a robot whose root is believed at `root` (3,) [m] with a heading [rad]."""
        if view is self._view:
            return
        self._view = view
        turn = view.heading - heading
        c, s = math.cos(turn), math.sin(turn)
        start = view.where[:2] - np.array([[c, -s], [s, c]]) @ root[:2]
        ch, sh = math.cos(heading), math.sin(heading)
        tilt = np.array([[ch, -sh], [sh, ch]]) @ view.tilt
        found = np.array([c, s, *start, *tilt, root[2] - view.where[2] - tilt @ root[:2]])
        self._mean = found if self._mean is None else self._mean + _NEWS * (found - self._mean)

    def heights(self, places: Floats) -> Floats:
        """Of the floor (...) [m] at places (..., 2) [m], as believed. Raises RuntimeError before anything was seen."""
        if self._mean is None or self._view is None:
            raise RuntimeError("no floor was seen yet")
        c, s, x, y, ahead, aside, up = self._mean.tolist()
        on = places @ np.array([[c, s], [-s, c]]) + [x, y]
        found: Floats = self._view.map.at(on) + places @ np.array([ahead, aside]) + up
        return found

    def hold(self, place: Floats, heading: float) -> Hold:
        """The even place nearest to a wished one (2,) [m], ahead or behind, for a sole that heads there [rad].

        Where none is even, the least uneven one.
        """
        c, s = math.cos(heading), math.sin(heading)
        axes = np.array([[c, s], [-s, c]])
        middles = place + _TRIES[:, None] * axes[0]
        heights = self.heights(middles[:, None, :] + self._rim @ axes)
        planes = heights[:, : self._sole] @ self._fit.T
        off = heights - planes[:, :1] - planes[:, 1:] @ self._rim.T
        # A toe may hang over an edge, but not stand in one.
        away = np.maximum(np.abs(off[:, : self._sole]).max(axis=1), off[:, self._sole :].max(axis=1))
        even = away <= _UNEVEN
        best = int(np.argmin(np.where(even, np.abs(_TRIES), 1.0) if even.any() else away))
        first = last = best
        while first > 0 and even[first - 1]:
            first -= 1
        while last < len(_TRIES) - 1 and even[last + 1]:
            last += 1
        if _TRIES[last] - _TRIES[first] < _TREAD:
            # In the middle of a tread neither toe nor heel meets an edge, though the map is off by a centimetre.
            best = (first + last) // 2
            first, last = (first + best + 1) // 2, (last + best) // 2
        slope = planes[best, 1:] @ axes
        normal = np.array([-slope[0], -slope[1], 1.0]) / math.sqrt(1.0 + slope @ slope)
        return Hold(
            np.array([*middles[best], planes[best, 0]]), normal, bool(abs(_TRIES[best]) > 1e-9),
            float(_TRIES[best] - _TRIES[first]), float(_TRIES[last] - _TRIES[best]),
        )  # fmt: skip

    def edge(self, start: Floats, end: Floats) -> float:
        """How far the floor rises above the straight way between two places on it (2,) [m], at most [m]."""
        share = np.linspace(0.0, 1.0, 16)
        heights = self.heights(start + share[:, None] * (end - start))
        return float((heights - heights[0] - share * (heights[-1] - heights[0])).max())

    def stepped(self, place: Floats, heading: float) -> bool:
        """Whether edges lie ahead of a place (2,) [m], or just behind it, on the way along a heading [rad]."""
        way = place + _AHEAD[:, None] * np.array([math.cos(heading), math.sin(heading)])
        heights = self.heights(way)
        return bool(np.abs(heights[2:] - heights[:-2]).max() > _EDGE)
