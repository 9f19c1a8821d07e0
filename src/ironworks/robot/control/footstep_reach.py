"""What footsteps a robot can do: how far a foot may land from the one that stands, and how it may be turned."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.axes import level_axes
from ironworks.robot.control.control_model import PointMotion
from ironworks.robot.control.interface import Footstep
from ironworks.robot.control.kernels.capsules import nearest

__all__ = ["FootPlace", "FootShape", "Reach", "faults"]

Floats = NDArray[np.float64]

#: How exactly a robot that stands knows how its soles are turned [rad].
_EXACT = 0.01


@dataclass(frozen=True)
class Reach:
    """How far a sole may land from the other one [m], in the axes of the landing foot, and be turned against it [rad].

    `outwards`: with its toes away from the standing foot; `gap`: between the rims of both feet, at least [m].
    """

    ahead: float = 0.35
    back: float = 0.25
    narrowest: float = 0.14
    widest: float = 0.35
    outwards: float = 0.40
    inwards: float = 0.20
    gap: float = 0.02


@dataclass(frozen=True)
class FootShape:
    """From above, a foot is as wide as its sole (half: `half`), from `heel` behind to `toe` ahead of its middle [m]."""

    half: float
    heel: float
    toe: float


@dataclass(frozen=True, eq=False)
class FootPlace:
    """A sole on the floor: its middle (2,) [m] and heading [rad], in the axes in which the robot believes to move."""

    middle: Floats
    heading: float

    @classmethod
    def of(cls, foot: PointMotion) -> FootPlace:
        """Where a sole is."""
        return cls(foot.place[:2].copy(), math.atan2(foot.turn[1, 0], foot.turn[0, 0]))

    def seen(self, place: Floats) -> Floats:
        """Another place (2,) [m] from this one, in its axes."""
        return np.asarray(level_axes(self.heading)[:2, :2].T @ (place - self.middle))

    def spine(self, shape: FootShape) -> Floats:
        """The middle line of the foot, from heel to toe less half its width (2, 3) [m]."""
        ahead = np.array([math.cos(self.heading), math.sin(self.heading), 0.0])
        ends = np.array([shape.half - shape.heel, shape.toe - shape.half])
        return np.asarray(np.array([*self.middle, 0.0]) + ends[:, None] * ahead)


def faults(
    steps: Sequence[Footstep], places: Sequence[FootPlace], feet: Sequence[FootPlace], shape: FootShape, reach: Reach,
    slack: float = 0.0, first: int = 1,
) -> list[str]:  # fmt: skip
    """Why footsteps that land at `places` cannot be done from where both feet stand; empty where they can.

    `slack`: by how much limits of places may be passed [m]; `first`: the number of the first one in what is told.
    """
    found, stands = [], list(feet)
    for number, (step, place) in enumerate(zip(steps, places, strict=True), first):
        foot = 0 if step.side == "left" else 1
        if number > first and step.side == steps[number - first - 1].side:
            found.append(f"footstep {number} moves the {step.side} foot twice in a row")
        for fault in _faults(step.side, place, stands[1 - foot], shape, reach, slack):
            found.append(f"footstep {number} ({step.side}) lands {fault}")
        stands[foot] = place
    return found


def _faults(
    side: str, place: FootPlace, other: FootPlace, shape: FootShape, reach: Reach, slack: float
) -> Iterator[str]:
    sign = 1.0 if side == "left" else -1.0
    ahead, left = (-place.seen(other.middle)).tolist()
    aside = sign * left
    out = sign * math.remainder(place.heading - other.heading, 2.0 * math.pi)
    if ahead > reach.ahead + slack:
        yield f"{ahead:.3f} m ahead of the other foot: at most {reach.ahead:.3f} m"
    if -ahead > reach.back + slack:
        yield f"{-ahead:.3f} m behind the other foot: at most {reach.back:.3f} m"
    if not reach.narrowest - min(slack, reach.gap) <= aside <= reach.widest + slack:
        yield f"{aside:.3f} m to its side of the other foot: {reach.narrowest:.3f} to {reach.widest:.3f} m"
        return
    if not -reach.inwards - _EXACT <= out <= reach.outwards + _EXACT:
        yield f"turned outwards by {out:.2f} rad: {-reach.inwards:.2f} to {reach.outwards:.2f} rad"
    one, two = nearest(place.spine(shape), other.spine(shape))
    gap = float(np.linalg.norm(one - two)) - 2.0 * shape.half
    if gap < reach.gap - slack:
        yield f"{gap:.3f} m from the other foot's rim: at least {reach.gap:.3f} m"
