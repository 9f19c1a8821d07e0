"""A rod is taken off its stand, lifted, and turned about its axis in the hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.acceptance.manipulation.grasp_trial import prepared
from ironworks.robot.acceptance.manipulation.objects import Thing
from ironworks.robot.acceptance.manipulation.own_hands import OwnHand
from ironworks.robot.control.grasp_shapes import GraspKind
from ironworks.robot.control.hand_simulation import SimulatedHand
from ironworks.robot.control.interface import TICK
from ironworks.robot.control.rolling import Rolling
from ironworks.robot.control.rolling_shape import rolling_shape

__all__ = ["TURN", "RotationResult", "rotation_trial"]

Floats = NDArray[np.float64]

TURN = np.radians(60.0)
"""By how much a rod is turned [rad]."""
#: Seconds after which a turn that has not come to its end is broken off; for which the rod is held after it.
_PATIENCE, _HOLD = 8.0, 1.0


@dataclass(frozen=True, eq=False)
class RotationResult:
    """What truly happened: `turned` [rad] about the rod's axis, `tilted` [rad] its axis; `told` [rad] by the hand.

    NaN where the rod was `lost`, for the reason `why`; `taken` [s] for the turn.
    """

    lost: bool
    turned: float
    tilted: float
    told: float
    taken: float
    why: str


def rotation_trial(
    own: OwnHand,
    rod: Thing,
    rng: np.random.Generator,
    *,
    turn: float = TURN,
    watch: Callable[[SimulatedHand, str], None] | None = None,
) -> RotationResult:
    """Take a rod, told where it is with the usual errors, lift it and turn it by `turn` [rad] with the fingers."""
    shape = rolling_shape(own.believed, rod.width, turn)
    trial = prepared(own, rod, GraspKind.TRIPOD, rng, shape=shape.grasp, watch=watch)
    if why := trial.take():
        return _lost(why)
    trial.lift()
    if trial.dropped():
        return _lost("dropped: lift")
    hand, rolling = trial.hand, Rolling(trial.grasp, own.believed, 0.5 * rod.width)
    rolling.begin(turn)
    before, begun = _within(hand), hand.time
    while not rolling.is_done and hand.time < begun + _PATIENCE:
        trial.tick("turn", rolling.step)
    taken = hand.time - begun
    for _ in range(round(_HOLD / TICK)):
        trial.tick("hold", rolling.step)
    if trial.dropped():
        return _lost("dropped: turn")
    after = _within(hand)
    sense = float(np.sign(rolling.axis @ before[:, 1]))
    tilted = float(np.arccos(np.clip(before[:, 1] @ after[:, 1], -1.0, 1.0)))
    return RotationResult(False, sense * _turn_about_y(before.T @ after), tilted, rolling.turned, taken, "")


def _lost(why: str) -> RotationResult:
    return RotationResult(True, np.nan, np.nan, np.nan, np.nan, why)


def _within(hand: SimulatedHand) -> Floats:
    """The rod's axes (3, 3) in those of the palm; it lies along its y."""
    palm = hand.data.body(hand.hand.name).xmat.reshape(3, 3)
    return np.asarray(palm.T @ hand.data.body("thing").xmat.reshape(3, 3))


def _turn_about_y(turn: Floats) -> float:
    """The part of a rotation (3, 3) that is about y [rad]: its twist."""
    quaternion = np.empty(4)
    mujoco.mju_mat2Quat(quaternion, np.ascontiguousarray(turn).ravel())
    angle = 2.0 * float(np.arctan2(quaternion[2], quaternion[0]))
    return (angle + np.pi) % (2.0 * np.pi) - np.pi
