"""Grasps of simple objects: where the hand goes about an object, and how its fingers open before and close after.

Shapes are in the palm's axes, from the hand's own kinematics and the told size alone. In a pinch the thumb meets the
index finger, in a tripod index and middle finger; a power grasp holds the object against the palm.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from ironworks.robot.control.hand_kinematics import HandKinematics

__all__ = ["GraspKind", "GraspShape", "grasp_shape"]

Floats = NDArray[np.float64]

#: How far the fingers open beyond the told width [m]: three standard errors of the told place and some room.
_ROOM = 0.034
#: How far from the palm's middle plane an object's top stays [m].
_PALM = 0.028
#: Middles of two fingers of a tripod from each other [m].
_BESIDE = 0.024
#: Weights: a pad's place [1/m], its way to look, the links across the line of force, middle of ranges.
_PLACE, _LOOK, _ACROSS, _MIDDLE = 400.0, 1.0, 0.6, 0.12
#: What the finger costs that lies most along the line of force, in the choice among postures.
_END_ON = 0.2
#: A power grasp: joints of a finger and of the thumb open and closed [rad]; the palm's face from its middle plane [m];
#: how far from the wrist an object's middle and its edge by the thumb lie [m].
_OPEN, _CLOSED = np.array([0.0, 0.0, -0.1, 0.15]), np.array([0.1, 0.0, 1.5, 1.75])
_THUMB = np.array([-0.1, 1.2, 0.0, 0.05]), np.array([1.45, 0.3, 0.5, 0.6])
_FACE, _MOST_DEEP, _UNDER_THUMB = 0.018, -0.09, -0.076
#: Postures from which the solver begins, as shares of the ranges.
_STARTS = (0.35, 0.5, 0.65)


class GraspKind(StrEnum):
    """How fingers hold."""

    PINCH = "pinch"
    TRIPOD = "tripod"
    POWER = "power"


@dataclass(frozen=True, eq=False)
class GraspShape:
    """A grasp in the palm's axes, for J driven joints.

    `fingers`: those that hold, thumb first; `open`, `touch` (J,) [rad]: before closing, and as pads would meet the
    told object; `centre` (3,) [m]: where the object's middle is to be; `across` (3,): from the fingers to the thumb;
    `up` (3,): what is to point away from the ground; `miss` [m]: by which the pads miss the told surfaces; `width` [m]:
    as told.
    """

    kind: GraspKind
    fingers: tuple[int, ...]
    open: Floats
    touch: Floats
    centre: Floats
    across: Floats
    up: Floats
    miss: float
    width: float


def grasp_shape(hand: HandKinematics, kind: GraspKind, width: float, height: float = 0.0) -> GraspShape:
    """The grasp of an object of a told `width` [m] where the fingers close, and `height` [m] above the pads.

    Raises ValueError for a hand without a thumb that opposes.
    """
    if hand.hand.thumb is None:
        raise ValueError(f"{hand.hand.name} has no thumb that opposes")
    if kind is GraspKind.POWER:
        return _power(hand, width)
    return _tips(hand, kind, width, height)


def _tips(hand: HandKinematics, kind: GraspKind, width: float, height: float) -> GraspShape:
    thumb = hand.hand.thumb or 0
    others = [k for k in range(len(hand.hand.fingers)) if k != thumb][: 1 if kind is GraspKind.PINCH else 2]
    fingers = (thumb, *others)
    moved = np.concatenate([hand.columns[k] for k in fingers])
    # What does not hold stays straight, out of the way.
    posture = np.zeros(len(hand.joints)).clip(hand.low, hand.high)
    low, high = hand.low[moved] + 0.02, hand.high[moved] - 0.02
    sides = np.array([0.0]) if len(others) == 1 else np.array([0.5, -0.5]) * _BESIDE

    def unpack(x: Floats) -> tuple[Floats, Floats, Floats]:
        tilt, yaw = x[-2:]
        level = np.cos(tilt) * np.array([0.0, 0.0, 1.0]) + np.sin(tilt) * hand.palmar
        across = np.array([np.sin(yaw), 0.0, 0.0]) + np.cos(yaw) * level
        return x[: len(moved)], x[len(moved) : len(moved) + 3], across

    def residuals(x: Floats, opened: float) -> Floats:
        angles, centre, across = unpack(x)
        posture[moved] = angles
        hand.pose(posture)
        beside = np.cross(across, np.cross([1.0, 0.0, 0.0], across))
        beside /= np.linalg.norm(beside)
        found = []
        for n, k in enumerate(fingers):
            pad = hand.pad(k)
            sign = 1.0 if n == 0 else -1.0
            at = centre + sign * (0.5 * width + opened + hand.radius[k]) * across
            if n:
                at = at + sides[n - 1] * beside
            found.append(_PLACE * (pad.place - at))
            # The thumb's side may hold where its pad cannot look; a finger's pad should.
            looks = _LOOK * (1.0 if n else 0.5)
            found.append([looks * (1.0 + sign * (pad.normal @ across)), _ACROSS * (pad.along @ across)])
        clear = max(0.0, _PALM + height - float(centre @ hand.palmar))
        found.append([_PLACE * clear, 0.5 * x[-2], 0.5 * x[-1]])
        found.append(_MIDDLE * (angles - 0.5 * (low + high)) / (high - low))
        return np.concatenate([np.asarray(one, dtype=float) for one in found])

    def end_on(x: Floats) -> float:
        """How much of the force goes along a finger, at most: of postures that fit alike, such a one holds worse."""
        residuals(x, 0.0)
        return max(float(hand.pad(k).along @ unpack(x)[2]) ** 2 for k in fingers)

    bounds = (np.concatenate([low, [-0.1, -0.2, -0.2], [-0.7, -0.7]]),
              np.concatenate([high, [0.1, 0.2, 0.0], [0.7, 0.7]]))  # fmt: skip
    best, least = None, np.inf
    for share in _STARTS:
        start = np.concatenate([low + share * (high - low), 0.08 * hand.palmar + [0.02, 0.0, -0.08], [0.0, 0.0]])
        found = least_squares(residuals, start, bounds=bounds, args=(0.0,), max_nfev=60)
        cost = found.cost + _END_ON * end_on(found.x)
        best, least = (found, cost) if cost < least else (best, least)
    assert best is not None
    touch, centre, across = unpack(best.x)
    wide = least_squares(
        lambda angles: residuals(np.concatenate([angles, best.x[len(moved) :]]), 0.5 * _ROOM),
        touch.clip(low + 1e-6, high - 1e-6), bounds=(low, high), max_nfev=40,
    )  # fmt: skip
    posture[moved] = touch
    touching = posture.copy()
    hand.pose(touching)
    side = [(1.0 if n == 0 else -1.0) for n in range(len(fingers))]
    gaps = [
        side[n] * ((hand.pad(k).place - centre) @ across) - 0.5 * width - hand.radius[k] for n, k in enumerate(fingers)
    ]
    opened = posture.copy()
    opened[moved] = wide.x
    up = -hand.palmar + (hand.palmar @ across) * across
    return GraspShape(
        kind, fingers, opened, touching, centre, across, up / np.linalg.norm(up), float(np.abs(gaps).max()), width
    )


def _power(hand: HandKinematics, width: float) -> GraspShape:
    thumb = hand.hand.thumb or 0
    order = (thumb, *(k for k in range(len(hand.hand.fingers)) if k != thumb))
    opened, closed = np.zeros((2, len(hand.joints)))
    for k in order:
        columns = hand.columns[k]
        finger = _OPEN[-len(columns) :], _CLOSED[-len(columns) :]
        opened[columns], closed[columns] = _THUMB if k == thumb else finger
    centre = hand.palmar * (_FACE + 0.5 * width) + [0.0, 0.0, min(_MOST_DEEP, _UNDER_THUMB - 0.5 * width)]
    opened, closed = opened.clip(hand.low, hand.high), closed.clip(hand.low, hand.high)
    return GraspShape(
        GraspKind.POWER, order, opened, closed, centre, hand.palmar, np.array([1.0, 0.0, 0.0]), 0.0, width
    )
