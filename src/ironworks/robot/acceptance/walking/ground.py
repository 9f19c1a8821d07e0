"""What robots walk on besides a floor: stairs, slopes, and a floor with steps; as MuJoCo's scene and as a survey."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control import HeightMap

__all__ = ["Ground", "HiddenSteps", "Slope", "Stairs"]

Floats = NDArray[np.float64]

#: Half the width of what is walked on [m], how deep its blocks reach [m], and what is mapped around [m].
_HALF, _DEEP, _AROUND = 1.5, 0.3, 2.0
_FRICTION = [0.8, 0.02, 0.001]
_COLOURS = ([0.78, 0.75, 0.70, 1.0], [0.70, 0.72, 0.76, 1.0])


class Ground(Protocol):
    """What stands on the floor: the robot begins at the origin and goes along x."""

    def scene(self, spec: mujoco.MjSpec) -> None:
        """Add it to a robot's scene."""

    def height(self, x: Floats, y: Floats) -> Floats:
        """Its true height [m] at places [m]."""
        ...

    def survey(self) -> HeightMap:
        """What a map of it shows."""
        ...


@dataclass(frozen=True)
class Stairs:
    """Steps up from `begin` [m] on, each of a `rise` and a `tread` [m]; a landing of so many metres; and down again."""

    rise: float
    tread: float = 0.30
    steps: int = 6
    begin: float = 0.8
    landing: float = 1.5
    down: bool = False

    @property
    def _edges(self) -> list[tuple[float, float]]:
        """Where each stretch begins, and its height [m]."""
        found = [(self.begin + k * self.tread, (k + 1) * self.rise) for k in range(self.steps)]
        if self.down:
            top = found[-1][0] + self.landing
            found += [(top + k * self.tread, (self.steps - 1 - k) * self.rise) for k in range(self.steps)]
        return found

    @property
    def end(self) -> float:
        """Where the last stretch begins [m]."""
        return self._edges[-1][0]

    def scene(self, spec: mujoco.MjSpec) -> None:
        """Add a box for each stretch that lies above the floor."""
        edges = self._edges
        ends = [x for x, _ in edges[1:]] + [edges[-1][0] + self.landing + 2.0]
        for k, ((x, z), far) in enumerate(zip(edges, ends, strict=True)):
            if z > 1e-6:
                _box(spec, f"stair{k}", 0.5 * (x + far), 0.0, z, 0.5 * (far - x), _HALF, k)

    def height(self, x: Floats, y: Floats) -> Floats:
        """Height [m]."""
        found = np.zeros_like(x)
        for begin, z in self._edges:
            found = np.where(x >= begin, z, found)
        return np.where(np.abs(y) <= _HALF, found, 0.0)

    def survey(self) -> HeightMap:
        """All of it."""
        return HeightMap.of(self.height, (-_AROUND, -_AROUND), (self.end + self.landing + _AROUND, _AROUND))


@dataclass(frozen=True)
class Slope:
    """A ramp of an angle [deg] from `begin` on, `length` [m] along x, a landing, and down again."""

    degrees: float
    begin: float = 0.8
    length: float = 4.0
    landing: float = 1.0
    down: bool = False

    def scene(self, spec: mujoco.MjSpec) -> None:
        """Add a tilted box, a landing, and another one down."""
        angle = math.radians(self.degrees)
        top = self.length * math.tan(angle)
        flat = self.landing if self.down else self.landing + 3.0
        _box(spec, "landing", self.begin + self.length + 0.5 * flat, 0.0, top, 0.5 * flat, _HALF, 1)
        ways = [(self.begin + 0.5 * self.length, 1.0)]
        if self.down:
            ways.append((self.begin + 1.5 * self.length + self.landing, -1.0))
        half = 0.5 * self.length / math.cos(angle)
        for k, (x, sign) in enumerate(ways):
            # The middle of the box lies under that of its face, along the normal.
            place = [x + sign * _DEEP * math.sin(angle), 0.0, 0.5 * top - _DEEP * math.cos(angle)]
            spec.worldbody.add_geom(
                name=f"slope{k}", type=mujoco.mjtGeom.mjGEOM_BOX, size=[half, _HALF, _DEEP], pos=place,
                quat=[math.cos(0.5 * angle), 0.0, -sign * math.sin(0.5 * angle), 0.0],
                contype=1, conaffinity=1, friction=_FRICTION, rgba=_COLOURS[0],
            )  # fmt: skip

    def height(self, x: Floats, y: Floats) -> Floats:
        """Height [m]."""
        end = self.begin + self.length
        up = (x - self.begin) * math.tan(math.radians(self.degrees))
        top = self.length * math.tan(math.radians(self.degrees))
        found = np.clip(up, 0.0, top)
        if self.down:
            found = np.minimum(found, np.clip(top - (x - end - self.landing) * top / self.length, 0.0, top))
        return np.where(np.abs(y) <= _HALF, found, 0.0)

    def survey(self) -> HeightMap:
        """All of it."""
        far = self.begin + 2.0 * self.length + self.landing + _AROUND
        return HeightMap.of(self.height, (-_AROUND, -_AROUND), (far, _AROUND))


@dataclass(frozen=True)
class HiddenSteps:
    """Slabs of a side [m] that stand up by 0 or `rise` [m], drawn from a seed; its map shows an even floor."""

    rise: float = 0.02
    side: float = 0.35
    begin: float = 0.4
    length: float = 5.0
    seed: int = 1

    def _slabs(self) -> Sequence[tuple[float, float, bool]]:
        """Middle of each slab [m], and whether it stands up."""
        rng = np.random.default_rng(self.seed)
        along, across = round(self.length / self.side), round(2.0 * _HALF / self.side)
        up = rng.random((along, across)) < 0.5
        return [
            (self.begin + (i + 0.5) * self.side, (j + 0.5 - 0.5 * across) * self.side, bool(up[i, j]))
            for i in range(along)
            for j in range(across)
        ]

    def scene(self, spec: mujoco.MjSpec) -> None:
        """Add the slabs that stand up."""
        for k, (x, y, up) in enumerate(self._slabs()):
            if up:
                _box(spec, f"slab{k}", x, y, self.rise, 0.5 * self.side, 0.5 * self.side, k)

    def height(self, x: Floats, y: Floats) -> Floats:
        """Height [m]."""
        found = np.zeros_like(x)
        for middle, aside, up in self._slabs():
            on = (np.abs(x - middle) <= 0.5 * self.side) & (np.abs(y - aside) <= 0.5 * self.side)
            found = np.where(on & up, self.rise, found)
        return found

    def survey(self) -> HeightMap:
        """An even floor."""
        return HeightMap(np.zeros((2, 2)), np.zeros(2), 1.0)


def _box(spec: mujoco.MjSpec, name: str, x: float, y: float, top: float, half: float, aside: float, colour: int) -> None:
    spec.worldbody.add_geom(
        name=name, type=mujoco.mjtGeom.mjGEOM_BOX, size=[half, aside, 0.5 * (top + _DEEP)],
        pos=[x, y, 0.5 * (top - _DEEP)], contype=1, conaffinity=1, friction=_FRICTION, rgba=_COLOURS[colour % 2],
    )  # fmt: skip
