"""A hand finds its own zeros: fingers go to both stops under little torque, and their middle is known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from ironworks.product.design import Mass
from ironworks.robot.asbuilt import Unit
from ironworks.robot.control.hand_kinematics import HandKinematics
from ironworks.robot.hand_bench import stiffen
from ironworks.robot.hand_design import Hand
from ironworks.robot.rig import Rig

__all__ = ["homed_hand"]

#: Seconds of a way to the stops and there, share of torque, how far beyond the stop the target lies [rad].
_WAY, _STAY, _SHARE, _BEYOND = 0.6, 0.25, 0.1, 0.45


def homed_hand(hand: Hand, masses: Mapping[str, Mass], unit: Unit, rng: np.random.Generator) -> HandKinematics:
    """The hand of a unit as it knows itself after homing: the design, with the encoders' offsets that were found."""
    rig = Rig(hand.limb, masses, unit, rng, spec_hook=partial(stiffen, hand=hand))
    rig.model.actuator_forcerange[:] *= _SHARE
    # A coupled joint's stop may come before its driver's own.
    known = HandKinematics(hand, masses, Unit.nominal(unit.places))
    middle = 0.5 * (known.low + known.high)
    rig.rest(middle)
    start, ends = middle + rig.misread(middle), []
    for end in (known.low - _BEYOND, known.high + _BEYOND):
        record = rig.move(start, end, _WAY, _STAY)
        start = end
        ends.append(record.angle[-8:].mean(axis=0))
    believed = Unit.nominal(unit.places, unit.serial)
    rows = [unit.places.names["joint"].index(name) for name in rig.joints]
    believed["zero_offset"][rows] = 0.5 * (ends[0] - known.low + ends[1] - known.high)
    return HandKinematics(hand, masses, believed)
