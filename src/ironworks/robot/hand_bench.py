"""What benches do to a hand's physics: stops and couplings that give way as little as the time step allows."""

from __future__ import annotations

import mujoco

from ironworks.robot.hand_design import Hand

__all__ = ["stiffen"]

#: Time constant of stops, couplings and pins [s], near what the time step allows; inertia put on coupled joints
#: [kg m2]: in MuJoCo what holds a joint is as stiff as the joint is heavy, and here nothing moves fast.
_STIFF, _HEAVY = 0.004, 2e-3


def stiffen(spec: mujoco.MjSpec, hand: Hand, impedance: float | None = None) -> None:
    """Make stops, couplings and pins of a hand stiff, and its coupled joints heavy enough for that.

    With an `impedance` (0 to 1) what holds is a spring of one stiffness; by default it stiffens with depth.
    """
    coupled = {name for finger in hand.fingers for name in finger.coupled}
    for joint in spec.joints:
        joint.solref_limit = [_STIFF, 1.0]
        joint.armature = max(joint.armature, _HEAVY) if joint.name in coupled else joint.armature
        if impedance is not None:
            joint.solimp_limit[:2] = impedance
    for equality in spec.equalities:
        equality.solref = [_STIFF, 1.0]
        if impedance is not None:
            equality.solimp[:2] = impedance
