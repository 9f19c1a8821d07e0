"""Where a thumb meets another finger: pads that look at one another, found from the hand's own kinematics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from ironworks.robot.control.hand_kinematics import HandKinematics

__all__ = ["Opposition", "opposition"]

Floats = NDArray[np.float64]

#: Weights: distance of pads [1/m], their way to look, middle of ranges, an open posture's nearness to the meeting.
_APART, _LOOK, _MIDDLE, _NEAR = 400.0, 1.0, 0.15, 0.6
#: How far the thumb's last joints and the meeting stay from the palm's middle plane [m].
_CLEAR, _PALM = 0.034, 0.055
#: How far pads are apart before they meet [m]; postures from which the solver begins.
_OPEN, _STARTS = 0.015, 8


@dataclass(frozen=True, eq=False)
class Opposition:
    """Postures (J,) [rad] before pads meet and as they meet; `miss` [m]: what the solver leaves between them."""

    open: Floats
    touch: Floats
    miss: float


def opposition(hand: HandKinematics, finger: int) -> Opposition:
    """The thumb's pad on that of a finger; others stay straight. Raises ValueError for a hand without such a thumb."""
    thumb = hand.hand.thumb
    if thumb is None:
        raise ValueError(f"{hand.hand.name} has no thumb that opposes")
    moved = np.concatenate([hand.columns[thumb], hand.columns[finger]])
    low, high = hand.low[moved] + 0.05, hand.high[moved] - 0.05
    posture = np.zeros(len(hand.joints)).clip(hand.low, hand.high)
    surfaces = float(hand.radius[thumb] + hand.radius[finger])

    def residuals(angles: Floats, apart: float, near: Floats) -> Floats:
        posture[moved] = angles
        hand.pose(posture)
        one, other = hand.pad(thumb), hand.pad(finger)
        line = one.place - other.place
        away = float(np.linalg.norm(line))
        line = line / max(away, 1e-9)
        looks = [_LOOK * (1.0 - float(line @ other.normal)), _LOOK * (1.0 + float(line @ one.normal))]
        clear = np.array([*(_CLEAR - hand.knuckles(thumb)[-2:] @ hand.palmar), _PALM - other.place @ hand.palmar])
        home = _NEAR * (angles - near) if apart else _MIDDLE * (angles - 0.5 * (low + high)) / (high - low)
        return np.concatenate([[_APART * (away - surfaces - apart)], looks, _APART * clear.clip(0.0), home])

    best = None
    for share in np.random.default_rng(4).uniform(0.1, 0.9, (_STARTS, len(moved))):
        found = least_squares(residuals, low + share * (high - low), bounds=(low, high), args=(0.0, low), max_nfev=60)
        best = found if best is None or found.cost < best.cost else best
    assert best is not None
    posture[moved] = best.x
    touch = posture.copy()
    wide = least_squares(residuals, best.x, bounds=(low, high), args=(_OPEN, best.x), max_nfev=60)
    posture[moved] = wide.x
    return Opposition(posture.copy(), touch, abs(float(best.fun[0])) / _APART)
