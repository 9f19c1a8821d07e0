"""Legs that come near one another: how fast they may still approach, as a limit of the whole-body programme.

Feet and shanks are capsules. Where two of them have a gap h, its acceleration must be at least -k h - d h', so that
they come to rest before they touch (an exponential barrier; Nguyen and Sreenath, American Control Conference 2016).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Shape
from ironworks.robot.control.control_model import ControlModel
from ironworks.robot.control.whole_body import Guard

__all__ = ["Capsule", "LegGuard", "nearest"]

Floats = NDArray[np.float64]

#: Gap from which on two capsules are watched, and what is kept of it [m]; barrier [1/s2, 1/s].
_NEAR, _KEPT = 0.05, 0.004
_STIFF, _DAMPED = 400.0, 40.0


@dataclass(frozen=True, eq=False)
class Capsule:
    """A segment between `start` and `end` (3,) [m] in the axes of a link, and a radius [m]."""

    link: str
    start: Floats
    end: Floats
    radius: float

    @classmethod
    def of_foot(cls, design: Design, foot: str) -> Capsule:
        """From heel to the tip of the toe, as wide as the sole; over its top in height."""
        link = design.by_name[foot]
        sole = _felt(design, foot)
        front = sole.centre[0] + sole.size[0]
        for toe in design.links:
            if toe.parent == foot:
                tip = _felt(design, toe.name)
                front = max(front, float((toe.origin + tip.centre + tip.size)[0]))
        radius = float(sole.size[1])
        height = sole.centre[2]
        start = np.array([sole.centre[0] - sole.size[0] + radius, sole.centre[1], height])
        return cls(link.name, start, np.array([front - radius, sole.centre[1], height]), radius)

    @classmethod
    def of_shank(cls, design: Design, shank: str) -> Capsule:
        """From the knee down, as wide as its shell."""
        shape = _felt(design, shank)
        if shape.mesh is None:
            raise ValueError(f"`{shank}` has no mesh that could tell its width")
        low, high = shape.mesh.vertices.min(axis=0), shape.mesh.vertices.max(axis=0)
        return cls(shank, np.zeros(3), np.array([0.0, 0.0, float(low[2])]), float(high[1]))


def _felt(design: Design, link: str) -> Shape:
    return next(shape for shape in design.by_name[link].shapes if shape.collides)


def nearest(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """The places (3,) on two segments that are nearest to one another (Ericson, Real-Time Collision Detection, 5.1.9).

    Each segment is its two ends (3,), which differ.
    """
    # Plain numbers: arrays of three cost ten times as much, at every tick.
    (ox, oy, oz), (px, py, pz) = one[0].tolist(), one[1].tolist()
    (qx, qy, qz), (rx, ry, rz) = other[0].tolist(), other[1].tolist()
    ux, uy, uz = px - ox, py - oy, pz - oz
    vx, vy, vz = rx - qx, ry - qy, rz - qz
    wx, wy, wz = ox - qx, oy - qy, oz - qz
    a, e, f = ux * ux + uy * uy + uz * uz, vx * vx + vy * vy + vz * vz, vx * wx + vy * wy + vz * wz
    b, c = ux * vx + uy * vy + uz * vz, ux * wx + uy * wy + uz * wz
    span = a * e - b * b
    s = min(max((b * f - c * e) / span, 0.0), 1.0) if span > 1e-12 else 0.5
    t = (b * s + f) / e
    if t < 0.0:
        t, s = 0.0, min(max(-c / a, 0.0), 1.0)
    elif t > 1.0:
        t, s = 1.0, min(max((b - c) / a, 0.0), 1.0)
    here = np.array([ox + s * ux, oy + s * uy, oz + s * uz])
    return here, np.array([qx + t * vx, qy + t * vy, qz + t * vz])


class LegGuard:
    """Watches the feet and shanks of one robot."""

    def __init__(self, model: ControlModel) -> None:
        self._model = model
        design = model.built
        self._legs: list[list[Capsule]] = []
        for foot in model.feet:
            # Foot and shank hang on one another through the ankle.
            shank = design.by_name[design.by_name[foot].parent].parent
            self._legs.append([Capsule.of_foot(design, foot), Capsule.of_shank(design, shank)])

    def _ends(self, capsule: Capsule) -> tuple[Floats, Floats]:
        placed = self._model.placed
        return placed(capsule.link, capsule.start), placed(capsule.link, capsule.end)

    def gap(self, one: Capsule, other: Capsule) -> float:
        """What lies between two capsules [m], after `ControlModel.update`."""
        here, there = nearest(self._ends(one), self._ends(other))
        return float(np.linalg.norm(here - there)) - one.radius - other.radius

    def limits(self) -> list[Guard]:
        """Limits of what is near now, after `ControlModel.update`."""
        left, right = ([(capsule, self._ends(capsule)) for capsule in leg] for leg in self._legs)
        found = []
        for one, ends in left:
            for other, others in right:
                here, there = nearest(ends, others)
                apart = here - there
                distance = math.sqrt(apart @ apart)
                gap = distance - one.radius - other.radius
                if gap < _NEAR:
                    found.append(self._limit(one, other, here, there, gap))
        return found

    def _limit(self, one: Capsule, other: Capsule, here: Floats, there: Floats, gap: float) -> Guard:
        model = self._model
        away = (here - there) / np.linalg.norm(here - there)
        near, far = (
            model.point(capsule.link, model.within(capsule.link, place))
            for capsule, place in ((one, here), (other, there))
        )
        speed = float(away @ (near.velocity[:3] - far.velocity[:3]))
        drift = float(away @ (near.drift[:3] - far.drift[:3]))
        jacobian = away @ (near.jacobian[:3] - far.jacobian[:3])
        return Guard(jacobian[None], np.array([-_STIFF * (gap - _KEPT) - _DAMPED * speed - drift]))
