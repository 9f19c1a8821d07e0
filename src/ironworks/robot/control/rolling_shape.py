"""Where a hand takes hold of a rod that it is to turn: so that links still touch it well when it has rolled along them.

Postures before and after the turn are found together. A rod that rolls on a link goes along it by its radius times the
angle by which it turns in the link's own axes, so that a link which turns along saves way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from ironworks.robot.control.grasp_shapes import GraspKind, GraspShape, grasp_shape
from ironworks.robot.control.hand_kinematics import HandKinematics

__all__ = ["LinkOnRod", "RollingShape", "link_on_rod", "rolling_shape"]

Floats = NDArray[np.float64]

#: Weights: contact and rolling [1/m], place along the rod [1/m], force across it, link across it, middle of ranges,
#: contact off the middle of a link [1/m].
_TOUCH, _BESIDE, _ACROSS, _LIES, _MIDDLE, _USED = 400.0, 150.0, 0.5, 0.4, 0.12, 100.0
#: Weights of a link's way while a hand opens, and of how the hand is turned about the rod.
_STRAIGHT, _SQUARE = 5.0, 0.3
#: Weights of how well what presses from both sides meets, and of how near both postures are.
_MEETS, _NEAR = 2.0, 0.3
#: Fingers from each other along the rod [m].
_APART = 0.024
#: A rod's middle and the thumb's last joints stay so far from the palm's middle plane [m]; how far fingers open [m].
_PALM, _CLEAR, _OPEN = 0.05, 0.034, 0.017


@dataclass(frozen=True, eq=False)
class LinkOnRod:
    """A finger's last link beside a rod: `share` [m] from its joint to where it passes, `on` (3,): there, on its axis.

    `apart` (3,): from the rod's axis to that point; `along` (3,): the link's way, level with the rod's cross section.
    """

    share: float
    on: Floats
    apart: Floats
    along: Floats


@dataclass(frozen=True, eq=False)
class RollingShape:
    """A grasp before the turn, and the posture after it (J,) [rad]; `turn` [rad] about across x up.

    `off`: what is left of the solver's cost; small where all that was wished is met.
    """

    grasp: GraspShape
    after: Floats
    turn: float
    off: float


def link_on_rod(hand: HandKinematics, finger: int, centre: Floats, axis: Floats) -> LinkOnRod:
    """How a finger's last link passes a rod about a centre (3,) with an axis (3,), as posed last."""
    place, turn = hand.last(finger)
    along = -turn[:, 2]
    level = along - (along @ axis) * axis
    share = float((centre - place) @ level / (level @ level))
    on = place + share * along
    apart = on - centre
    return LinkOnRod(share, on, apart - (apart @ axis) * axis, level)


def rolling_shape(hand: HandKinematics, width: float, turn: float) -> RollingShape:
    """Thumb and two fingers about a rod of a told width [m] that they are to turn by `turn` [rad]."""
    begin = grasp_shape(hand, GraspKind.TRIPOD, width, 0.5 * width)
    fingers, radius = begin.fingers, 0.5 * width
    moved = np.concatenate([hand.columns[k] for k in fingers])
    count = len(moved)
    low, high = hand.low[moved] + 0.03, hand.high[moved] - 0.03
    posture = begin.touch.copy()
    beside = [0.0, 0.5 * _APART, -0.5 * _APART]
    # Twice the middle of the straight part of a link.
    middles = [float(np.linalg.norm(hand.hand.fingers[k].tip)) for k in fingers]

    def axes(x: Floats) -> tuple[Floats, Floats, Floats]:
        tilt, yaw = x[-2:]
        level = np.cos(tilt) * np.array([0.0, 0.0, 1.0]) + np.sin(tilt) * hand.palmar
        across = np.array([np.sin(yaw), 0.0, 0.0]) + np.cos(yaw) * level
        up = -hand.palmar + (hand.palmar @ across) * across
        up /= np.linalg.norm(up)
        return across, up, np.cross(across, up)

    def residuals(x: Floats) -> Floats:
        across, up, axis = axes(x)
        centre = x[2 * count : 2 * count + 3]
        found: list[float] = []
        passed = []
        for angles in (x[:count], x[count : 2 * count]):
            posture[moved] = angles
            hand.pose(posture)
            lean: list[float] = []
            for n, k in enumerate(fingers):
                link = link_on_rod(hand, k, centre, axis)
                sign = 1.0 if n == 0 else -1.0
                away = float(np.linalg.norm(link.apart))
                side = float(np.sign(sign * (link.apart @ across)))
                found.append(_TOUCH * (side * away - hand.radius[k] - radius))
                found.append(_ACROSS * float(link.apart @ up) / away)
                found.append(_BESIDE * (float((link.on - centre) @ axis) * np.sign(axis[0]) - beside[n]))
                found.append(_LIES * float(hand.pad(k).along @ axis))
                lean.append(float(link.apart @ up) / away)
                size = float(np.linalg.norm(link.along))
                lies = float(np.arctan2(link.along @ up, link.along @ across))
                passed.append((link.share * size, lies, float(np.sign(link.along @ up))))
            # What presses from both sides must meet, or it squeezes the rod out.
            found.append(_MEETS * (lean[0] + float(np.mean(lean[1:]))))
            near = _CLEAR - hand.knuckles(fingers[0])[-2:] @ hand.palmar
            found.extend(_TOUCH * near.clip(0.0))
            found.extend(_MIDDLE * (angles - 0.5 * (low + high)) / (high - low))
        for n in range(len(fingers)):
            found.append(_USED * (passed[n][0] + passed[n + len(fingers)][0] - middles[n]))
            (before, lay, way), (after, lies, _) = passed[n], passed[n + len(fingers)]
            sign = -1.0 if n == 0 else 1.0
            found.append(_TOUCH * (after - before - sign * way * radius * (turn - lies + lay)))
        found.extend(_NEAR * (x[count : 2 * count] - x[:count]))
        found.append(_TOUCH * max(0.0, _PALM - float(centre @ hand.palmar)))
        found.extend(_SQUARE * x[-2:])
        return np.array(found)

    start = np.concatenate([begin.touch[moved], begin.touch[moved]]).clip(
        np.tile(low, 2) + 1e-4, np.tile(high, 2) - 1e-4
    )
    x = np.concatenate([start, begin.centre, [0.0, 0.0]])
    bounds = (np.concatenate([np.tile(low, 2), [-0.1, -0.2, -0.2, -0.7, -0.7]]),
              np.concatenate([np.tile(high, 2), [0.1, 0.2, 0.0, 0.7, 0.7]]))  # fmt: skip
    best = least_squares(residuals, x, bounds=bounds, max_nfev=150)
    across, up, _ = axes(best.x)
    touch, after = posture.copy(), posture.copy()
    touch[moved], after[moved] = best.x[:count], best.x[count : 2 * count]
    centre = best.x[2 * count : 2 * count + 3]
    grasp = GraspShape(
        GraspKind.TRIPOD, fingers, _opened(hand, touch, fingers, across), touch, centre, across, up, 0.0, width
    )
    return RollingShape(grasp, after, turn, float(best.cost))


def _opened(hand: HandKinematics, touch: Floats, fingers: tuple[int, ...], across: Floats) -> Floats:
    """The posture in which every finger has gone away from the rod."""
    opened = touch.copy()
    hand.pose(touch)
    pads = [hand.pad(k) for k in fingers]
    wanted = [(pad.place + (_OPEN if n == 0 else -_OPEN) * across, pad.along) for n, pad in enumerate(pads)]
    for (place, along), k in zip(wanted, fingers, strict=True):
        columns = hand.columns[k]
        low, high = hand.low[columns] + 1e-6, hand.high[columns] - 1e-6

        def miss(
            angles: Floats, place: Floats = place, along: Floats = along, k: int = k,
            columns: NDArray[np.int64] = columns,
        ) -> Floats:  # fmt: skip
            opened[columns] = angles
            hand.pose(opened)
            pad = hand.pad(k)
            return np.concatenate([_TOUCH * (pad.place - place), _STRAIGHT * (pad.along - along)])

        opened[columns] = least_squares(miss, touch[columns].clip(low, high), bounds=(low, high), max_nfev=40).x
    return opened
