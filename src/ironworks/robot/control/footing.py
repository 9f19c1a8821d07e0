"""Where on a map of the ground the swinging sole can be set: whole treads and slopes, not edges."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.height_map import HeightMap
from ironworks.robot.control.step_planner import Gait, nominal_step, planned_step

__all__ = ["Footing", "Footings", "choose"]

Floats = NDArray[np.float64]

#: Distance of places that are looked at, and how far behind and ahead of the standing sole [m].
_CELL, _BEHIND, _AHEAD = 0.01, 0.60, 0.70
#: What lies under a sole may be off its plane by so much [m], and differ in height from the standing sole by so much.
_EVEN, _HIGHEST = 0.008, 0.21
#: Room kept at either end of a tread, where there is so much [m].
_ROOM = 0.03
#: What a metre that a landing lies off the wanted one counts, against a metre that the divergent motion will miss; so
#: much better must another stretch be than the one chosen before, while the foot stands and once it swings [m].
_AWAY, _KEEPS, _SWINGS = 0.15, 0.03, 0.15
#: Steeper ways than this rise between two feet [m] are climbed with a swing that rises first; seconds of a step at
#: least, and how many more for each metre of height; and at most.
_STEEP, _SHORTEST, _SLOWER, _LONGEST = 0.03, 0.45, 1.0, 0.75
#: No foot gets over an edge in less [s].
_HURRIED = 0.40


@dataclass(frozen=True, eq=False)
class Footing:
    """A stretch on which the middle of a sole may land, seen from the standing sole in the heading's axes.

    `near` to `far` [m] ahead; heights over the standing sole [m] at `ahead` (n,) [m], there `rise` (n,); `normal` (3,)
    of the ground in those axes; `top` and `edge` [m]: the highest ground on the way of the swinging foot, over the
    standing sole and over the straight line between the places where it leaves and lands.
    """

    near: float
    far: float
    ahead: Floats
    rise: Floats
    normal: Floats
    top: float
    edge: float

    def height(self, ahead: float) -> float:
        """Over the standing sole [m] of a landing so far ahead [m]."""
        return float(np.interp(ahead, self.ahead, self.rise))

    def suited(self, gait: Gait, forward: float) -> tuple[Gait, float]:
        """A gait that lands here, and its speed [m/s], nearest to the one that is wanted."""
        wanted = forward * gait.time
        length = min(max(wanted, self.near), self.far)
        time = gait.time
        climb = abs(self.height(length))
        if length != wanted or climb > _STEEP:
            # A tread longer than the step takes longer too, so that the speed stays.
            time = max(_SHORTEST + _SLOWER * climb, length / forward if length * forward > 0.0 else 0.0)
            time = min(time, _LONGEST)
        shortest = _HURRIED if climb > _STEEP else gait.shortest
        return replace(gait, time=time, shortest=shortest, back=-self.near, ahead=self.far), length / time

    def same(self, other: Footing) -> bool:
        """Whether another one is this stretch, seen again."""
        return other.near - _ROOM <= 0.5 * (self.near + self.far) <= other.far + _ROOM


class Footings:
    """Looks for footings of one kind of sole.

    `half` (2,): half of its length and width; `toe`: how far the foot goes on beyond it [m].
    """

    def __init__(self, half: Floats, toe: float) -> None:
        self._back, self._front = (round(length / _CELL) for length in (float(half[0]), float(half[0]) + toe))
        self._across = np.array([-half[1], 0.0, half[1]])
        # The plane that fits best under a sole: heights, row by row, to its middle's height and both slopes.
        under = np.arange(-self._back, self._front + 1) * _CELL
        x, y = np.meshgrid(under, self._across, indexing="ij")
        self._flat = np.stack([np.ones(x.size), x.ravel(), y.ravel()], axis=1)
        self._fit = np.linalg.pinv(self._flat)
        self._ahead = np.arange(-_BEHIND, _AHEAD + 0.5 * _CELL, _CELL)
        self._middles = self._ahead[self._back : len(self._ahead) - self._front]

    def find(
        self, terrain: HeightMap, under: Floats, axes: Floats, wanted: Floats, start: float
    ) -> list[Footing]:
        """All stretches in reach of the standing sole at `under` (3,), in `axes` (2, 2), near a wanted place (2,) [m].

        `start`: where ahead of the standing sole the swinging one left the ground [m]. At least one is found.
        """
        rows = self._heights(terrain, under, axes, self._ahead, float(wanted[1]))
        own = self._heights(terrain, under, axes, np.arange(-self._back, self._back + 1) * _CELL, 0.0)
        rows -= np.median(own)
        size = (self._back + self._front + 1, 3)
        windows = np.lib.stride_tricks.sliding_window_view(rows, size)[:, 0].reshape(-1, size[0] * 3)
        plane = windows @ self._fit.T
        uneven = np.abs(windows - plane @ self._flat.T).max(axis=1)
        fits = (uneven < _EVEN) & (np.abs(plane[:, 0]) < _HIGHEST)
        if not fits.any():
            fits[int(np.argmin(uneven + np.abs(self._middles - wanted[0])))] = True
        edges = np.flatnonzero(np.diff(np.concatenate([[False], fits, [False]]).astype(np.int8)))
        found = []
        for begin, end in zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True):
            near, far = float(self._middles[begin]), float(self._middles[end])
            room = min(_ROOM, 0.5 * (far - near))
            # The map's range is no edge.
            near += room if begin > 0 else 0.0
            far -= room if end < len(fits) - 1 else 0.0
            found.append(self._footing(near, far, rows, plane, float(wanted[0]), start))
        return found

    def _footing(self, near: float, far: float, rows: Floats, plane: Floats, wanted: float, start: float) -> Footing:
        best = min(max(wanted, near), far)
        _, slope, aslant = plane[int(np.argmin(np.abs(self._middles - best)))]
        normal = np.array([-slope, -aslant, 1.0])
        low, high = min(start, best), max(start, best)
        way = (self._ahead > low - self._back * _CELL) & (self._ahead < high + self._front * _CELL)
        passed = rows[way].max(axis=1)
        ends = np.interp([start, best], self._middles, plane[:, 0])
        line = ends[0] + (self._ahead[way] - start) * (ends[1] - ends[0]) / (best - start if best != start else 1.0)
        edge = float((passed - line).max())
        normal /= math.sqrt(normal @ normal)
        return Footing(near, far, self._middles, plane[:, 0], normal, float(passed.max()), edge)

    def _heights(self, terrain: HeightMap, under: Floats, axes: Floats, ahead: Floats, across: float) -> Floats:
        """Heights (n, 3) at places ahead of a sole, on three lines across."""
        places = np.empty((len(ahead), 3, 2))
        places[..., 0], places[..., 1] = ahead[:, None], across + self._across
        return terrain.height(under[:2] + places @ axes.T)


def choose(
    footings: list[Footing], last: Footing | None, swings: bool, gait: Gait, speed: Floats, turn: float, away: Floats,
    elapsed: float, side: int, omega: float,
) -> Footing:  # fmt: skip
    """The stretch from which the robot goes on best: the motion is caught there, and it is near the wanted landing.

    `last`: what was chosen before in this step; `swings`: its foot is on the way; the others as `planned_step` has them.
    """
    wanted = float(speed[0]) * gait.time

    def cost(footing: Footing) -> float:
        suited, forward = footing.suited(gait, float(speed[0]))
        nominal = nominal_step(suited, forward, float(speed[1]), turn, side, omega)
        missed = planned_step(suited, nominal, away, elapsed, side, omega).offset - nominal.offset
        kept = last is not None and last.same(footing)
        return (
            math.hypot(float(missed[0]), float(missed[1]))
            + _AWAY * abs(float(nominal.place[0]) - wanted)
            - kept * (_SWINGS if swings else _KEEPS)
        )

    return min(footings, key=cost)
