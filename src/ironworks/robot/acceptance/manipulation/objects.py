"""The things that hands are tested with, from objects.csv: simple shapes of different size, mass and friction."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.grasp_shapes import GraspKind

__all__ = ["Thing", "things"]

Floats = NDArray[np.float64]

#: Radius of a soft pad's contact [m], over which it resists turning; rolling friction [m] on the mat of the stand.
_PATCH, _ROLL = 0.004, 3e-3
#: How far an axis may lean, as a sine, or a cosine's rest, of a thing that still stands.
_LEANS = 0.1
#: Contact of skin with a thing: a layer that gives way softly, in MuJoCo's implicit form. Springs as the layer has them
#: (`skin.layer`) act explicitly: each is stable alone, and eight on one light thing shake it at every step.
_SKIN, _FIRM = [0.006, 1.0], [0.9, 0.97, 0.001, 0.5, 2.0]


@dataclass(frozen=True)
class Thing:
    """`kind`: box, sphere, cylinder (upright) or rod (a cylinder that lies); `width` [m] is what fingers close on.

    `depth` and `height` [m]; `mass` [kg]; `friction` against skin; `grasps`: those that it is tested with.
    """

    name: str
    kind: str
    width: float
    depth: float
    height: float
    mass: float
    friction: float
    grasps: tuple[GraspKind, ...]

    def add(self, spec: mujoco.MjSpec, place: Floats, turn: Floats, skin: tuple[str, ...]) -> None:
        """Put it into a scene as the body `thing` at a place (3,) [m] with axes (3, 3), to be touched by geoms."""
        quaternion = np.empty(4)
        mujoco.mju_mat2Quat(quaternion, np.ascontiguousarray(turn).ravel())
        body = spec.worldbody.add_body(name="thing", pos=place, quat=quaternion)
        body.add_freejoint(name="thing")
        kind, size, own = self._geom()
        body.add_geom(
            name="thing", type=kind, size=size, quat=own, mass=self.mass, contype=2, conaffinity=2, condim=6,
            friction=[0.6, 0.005, _ROLL], rgba=[0.85, 0.45, 0.2, 1.0],
        )  # fmt: skip
        mu = self.friction
        for name in skin:
            spec.add_pair(
                name=f"{name}|thing", geomname1=name, geomname2="thing", condim=4,
                friction=[mu, mu, mu * _PATCH * 2.0 / 3.0, 1e-4, 1e-4], solref=_SKIN, solimp=_FIRM,
            )  # fmt: skip

    def stands(self, axes: Floats) -> bool:
        """Whether it stands or lies as it was put, by its axes (3, 3)."""
        if self.kind == "sphere":
            return True
        return abs(float(axes[2, 1])) < _LEANS if self.kind == "rod" else float(axes[2, 2]) > 1.0 - _LEANS

    def turned(self, axes: Floats) -> float:
        """By what angle about z [rad] a grasp of it must be turned, by its axes (3, 3): the least that does."""
        if self.kind in ("sphere", "cylinder"):
            return 0.0
        whole = 0.5 * np.pi if self.kind == "box" and self.width == self.depth else np.pi
        angle = float(np.arctan2(-axes[0, 1], axes[1, 1]))
        return float(angle - whole * np.round(angle / whole))

    def _geom(self) -> tuple[mujoco.mjtGeom, list[float], list[float]]:
        upright = [1.0, 0.0, 0.0, 0.0]
        if self.kind == "box":
            return mujoco.mjtGeom.mjGEOM_BOX, [self.width / 2, self.depth / 2, self.height / 2], upright
        if self.kind == "sphere":
            return mujoco.mjtGeom.mjGEOM_SPHERE, [self.width / 2, 0.0, 0.0], upright
        if self.kind == "cylinder":
            return mujoco.mjtGeom.mjGEOM_CYLINDER, [self.width / 2, self.height / 2, 0.0], upright
        # It lies along its y.
        lying = [np.sqrt(0.5), np.sqrt(0.5), 0.0, 0.0]
        return mujoco.mjtGeom.mjGEOM_CYLINDER, [self.width / 2, self.depth / 2, 0.0], lying


@lru_cache(maxsize=1)
def things() -> tuple[Thing, ...]:
    """All of them, in the order of the table."""
    text = files(__package__).joinpath("objects.csv").read_text(encoding="utf-8")
    return tuple(
        Thing(
            row["object"], row["kind"], float(row["width"]), float(row["depth"]), float(row["height"]),
            float(row["mass"]), float(row["friction"]), tuple(GraspKind(word) for word in row["grasps"].split()),
        )
        for row in csv.DictReader(text.splitlines())
    )  # fmt: skip
