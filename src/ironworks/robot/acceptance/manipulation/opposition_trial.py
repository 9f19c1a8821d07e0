"""The thumb of a hand goes to each finger's tip until both skins feel it; whether they truly met is judged."""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.acceptance.manipulation.own_hands import OwnHand
from ironworks.robot.control.hand_kinematics import HandKinematics
from ironworks.robot.control.hand_simulation import HandObservation, SimulatedHand
from ironworks.robot.control.interface import TICK, JointCommand
from ironworks.robot.control.opposition import opposition

__all__ = ["Met", "opposition_trial"]

Floats = NDArray[np.float64]

#: Servo [N m/rad, N m s/rad] and its most torque [N m]; seconds of the way; how far beyond the meeting it leads, as a
#: share of the way; seconds of pressing.
_STIFF, _DAMPED, _GENTLE, _WAY, _BEYOND, _PRESS = 2.0, 0.03, 0.15, 1.5, 0.35, 0.3
#: A finger feels from this force on [N].
_FELT = 0.15


@dataclass(frozen=True, eq=False)
class Met:
    """Thumb and `finger` (its last link): whether both `felt` it, whether their last links truly `touched`.

    `miss` [m]: between where the hand believes its pads are to one another and where they are.
    """

    finger: str
    felt: bool
    touched: bool
    miss: float


def opposition_trial(own: OwnHand, rng: np.random.Generator) -> tuple[Met, ...]:
    """Every finger but the thumb, one after another, by a hand that is held palm down with nothing about it."""
    hand = SimulatedHand(own.hand, own.masses, own.unit, rng, own.taxels, lambda spec: None, own.skin)
    true = HandKinematics(own.hand, own.masses, own.unit)
    return tuple(_meet(own, hand, true, k) for k in range(len(own.hand.fingers)) if k != own.hand.thumb)


def _meet(own: OwnHand, hand: SimulatedHand, true: HandKinematics, finger: int) -> Met:
    known, thumb = own.believed, own.hand.thumb or 0
    found = opposition(known, finger)
    seen = hand.put(np.array([0.0, 0.0, 1.0]), np.eye(3), found.open)
    felt, ticks = False, round(_WAY / TICK)
    for tick in range(ticks + round(_PRESS / TICK)):
        share = min(1.0, tick / ticks) * (1.0 + _BEYOND)
        seen = hand.step(_towards(own, seen, found.open + share * (found.touch - found.open)))
        if felt := all(_felt(own, seen, k) > _FELT for k in (thumb, finger)):
            break
    return Met(
        own.hand.fingers[finger].last,
        felt,
        _touch(hand, own.hand.fingers[thumb].last, own.hand.fingers[finger].last),
        float(np.linalg.norm(_between(known, known.angle(seen.angle), thumb, finger)
                             - _between(true, hand.data.qpos[hand.qpos], thumb, finger))),
    )  # fmt: skip


def _towards(own: OwnHand, seen: HandObservation, wanted: Floats) -> JointCommand:
    angle = own.believed.angle(seen.angle)
    lead = _GENTLE / _STIFF
    wanted = np.clip(wanted, angle - lead, angle + lead)
    one, zeros = np.ones(len(angle)), np.zeros(len(angle))
    return JointCommand(own.believed.reading(wanted), zeros, _STIFF * one, _DAMPED * one, zeros)


def _felt(own: OwnHand, seen: HandObservation, finger: int) -> float:
    """What the skin of a finger's last link feels [N]."""
    last = own.hand.fingers[finger].last
    mine = np.array([patch.link == last for patch in own.taxels.patches])[own.taxels.patch]
    return float(seen.felt[mine & (seen.felt > 4.0 * own.taxels.noise)].sum())


def _touch(hand: SimulatedHand, one: str, other: str) -> bool:
    """Whether two links are in contact in the physics."""
    mujoco.mj_forward(hand.model, hand.data)
    pair = {hand.model.body(one).id, hand.model.body(other).id}
    return any({int(hand.model.geom_bodyid[g]) for g in contact.geom} == pair for contact in hand.data.contact)


def _between(hand: HandKinematics, angle: Floats, thumb: int, finger: int) -> Floats:
    """From a finger's pad to the thumb's (3,) [m] in a posture (J,) [rad]."""
    hand.pose(angle)
    return hand.pad(thumb).place - hand.pad(finger).place
