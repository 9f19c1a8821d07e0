"""Floors that are not flat: blocks that a scene is built of, and the height map of the same."""

from __future__ import annotations

import math
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control import HeightMap

__all__ = ["Block", "Ground", "slope", "stairs", "tiles"]

Floats = NDArray[np.float64]

#: Where the robot stands first, it is flat for so long [m]; half the width of a way, and its end's length [m].
_FLAT, _WIDE, _END = 1.0, 1.5, 4.0
#: Cell of a map [m]; thickness of a ramp [m]; friction of what is walked on.
_CELL, _THICK, _FRICTION = 0.01, 0.4, (0.8, 0.02, 0.001)


@dataclass(frozen=True)
class Block:
    """A block over x and y (low, high) [m], whose top rises along x from one height to another [m]."""

    x: tuple[float, float]
    y: tuple[float, float]
    top: tuple[float, float]

    def height(self, x: Floats, y: Floats) -> Floats:
        """Of its top over places, arrays of one shape [m]; nothing beside it."""
        inside = (self.x[0] <= x) & (x < self.x[1]) & (self.y[0] <= y) & (y < self.y[1])
        share = (x - self.x[0]) / (self.x[1] - self.x[0])
        return np.where(inside, self.top[0] + share * (self.top[1] - self.top[0]), 0.0)

    def add(self, spec: mujoco.MjSpec) -> None:
        """Build it, fixed to the world."""
        length, rise = self.x[1] - self.x[0], self.top[1] - self.top[0]
        pitch = math.atan2(rise, length)
        half = 0.5 * max(self.top) if rise == 0.0 else 0.5 * _THICK
        middle = 0.5 * (self.top[0] + self.top[1]) - half * math.cos(pitch)
        spec.worldbody.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=[0.5 * math.hypot(length, rise), 0.5 * (self.y[1] - self.y[0]), half],
            pos=[0.5 * sum(self.x) + half * math.sin(pitch), 0.5 * sum(self.y), middle],
            quat=[math.cos(0.5 * pitch), 0.0, -math.sin(0.5 * pitch), 0.0],
            rgba=[0.62, 0.64, 0.67, 1.0],
            contype=1,
            conaffinity=1,
            friction=_FRICTION,
        )


@dataclass(frozen=True)
class Ground:
    """Blocks on a flat floor; `mapped`: whether the robot's map shows them. `rise` [m]: from begin to end."""

    blocks: tuple[Block, ...]
    mapped: bool = True
    rise: float = 0.0

    def scene(self, spec: mujoco.MjSpec) -> None:
        """Build all blocks."""
        for block in self.blocks:
            block.add(spec)

    def height(self, x: Floats, y: Floats) -> Floats:
        """Of the floor over places, arrays of one shape [m]."""
        found = np.zeros(np.broadcast(x, y).shape)
        for block in self.blocks:
            found = np.maximum(found, block.height(x, y))
        return found

    def map(self) -> HeightMap | None:
        """What the robot's sensor of the floor knows; None where it is to walk blindly."""
        if not self.mapped:
            return None
        # Its last cell lies on the last block.
        far = max(block.x[1] for block in self.blocks) - _CELL
        return HeightMap.of(self.height, (-_FLAT, -_WIDE), (far, _WIDE), _CELL)


def stairs(rise: float, run: float, count: int = 6) -> Ground:
    """Up so many risers [m] with treads between them [m], to a landing."""
    blocks = []
    for k in range(count):
        begin = _FLAT + k * run
        end = begin + (run if k < count - 1 else _END)
        blocks.append(Block((begin, end), (-_WIDE, _WIDE), ((k + 1) * rise, (k + 1) * rise)))
    return Ground(tuple(blocks), rise=count * rise)


def slope(degrees: float, length: float = 3.0) -> Ground:
    """Up a ramp, so long on the plan [m], to a landing."""
    rise = length * math.tan(math.radians(degrees))
    ramp = Block((_FLAT, _FLAT + length), (-_WIDE, _WIDE), (0.0, rise))
    end = Block((_FLAT + length, _FLAT + length + _END), (-_WIDE, _WIDE), (rise, rise))
    return Ground((ramp, end), rise=rise)


def tiles(height: float, side: float = 0.5, seed: int = 1) -> Ground:
    """Half of all tiles stand out by a height [m], which no map shows."""
    rng = np.random.default_rng(seed)
    blocks = []
    for x in np.arange(_FLAT - 0.5 * side, 12.0, side).tolist():
        for y in np.arange(-5.0 * side, 5.0 * side, side).tolist():
            if rng.random() < 0.5:
                blocks.append(Block((x, x + side), (y, y + side), (height, height)))
    return Ground(tuple(blocks), mapped=False)
