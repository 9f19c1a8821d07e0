"""Legs that come near one another: how fast they may still approach, as a limit of the whole-body programme.

Feet and shanks are capsules. Where two of them have a gap h, its acceleration must be at least -k h - d h', so that
they come to rest before they touch (an exponential barrier; Nguyen and Sreenath, American Control Conference 2016).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Shape
from ironworks.robot.control.control_model import ControlModel, Spots, toe_of
from ironworks.robot.control.kernels.capsules import nearest_of
from ironworks.robot.control.whole_body import Guard

__all__ = ["Capsule", "LegGuard"]

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
        front = toe_of(design, foot)
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


class LegGuard:
    """Watches the feet and shanks of one robot."""

    def __init__(self, model: ControlModel) -> None:
        self._model = model
        design = model.built
        capsules: list[Capsule] = []
        for foot in model.feet:
            # Foot and shank hang on one another through the ankle.
            shank = design.by_name[design.by_name[foot].parent].parent
            capsules += [Capsule.of_foot(design, foot), Capsule.of_shank(design, shank)]
        self._links = np.array([model.link(capsule.link) for capsule in capsules])
        self._ends = np.array([[capsule.start, capsule.end] for capsule in capsules])
        self._radii = np.array([capsule.radius for capsule in capsules])
        self._pairs = np.array([[one, other] for one in (0, 1) for other in (2, 3)])

    def gaps(self) -> Floats:
        """What lies between foot and foot, foot and shank, shank and foot, shank and shank (4,) [m]."""
        return self._nearest()[1]

    def _nearest(self) -> tuple[Floats, Floats]:
        data = self._model.data
        return nearest_of(data.xpos, data.xmat, self._links, self._ends, self._radii, self._pairs)

    def limits(self) -> list[Guard]:
        """Limits of what is near now, after `ControlModel.update`."""
        places, gaps = self._nearest()
        if min(gaps.tolist()) >= _NEAR:
            return []
        return [self._limit(near, places[near], float(gaps[near])) for near in np.flatnonzero(gaps < _NEAR).tolist()]

    def _limit(self, pair: int, places: Floats, gap: float) -> Guard:
        model, links = self._model, self._links[self._pairs[pair]]
        turns, origins = model.data.xmat[links].reshape(2, 3, 3), model.data.xpos[links]
        moves = model.motions(Spots(links, np.einsum("iab,ia->ib", turns, places - origins)))
        away = (places[0] - places[1]) / np.linalg.norm(places[0] - places[1])
        speed, drift = (float(away @ (of[0, :3] - of[1, :3])) for of in (moves.velocity, moves.drift))
        jacobian = away @ (moves.jacobian[0, :3] - moves.jacobian[1, :3])
        return Guard(jacobian[None], np.array([-_STIFF * (gap - _KEPT) - _DAMPED * speed - drift]))
