"""A hand as its controller believes it to be: where the pads of its fingers are, and what moves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Mass
from ironworks.robot.asbuilt import Unit, as_built
from ironworks.robot.body import body_spec
from ironworks.robot.encoder_error import EncoderError
from ironworks.robot.hand_design import Hand

__all__ = ["HandKinematics", "Pad"]

Floats = NDArray[np.float64]

#: Where a pad holds on the last link's rod, as a share of the way from its joint to its tip: short of the round end,
#: so that what lies lower than told still meets the straight part.
_PAD = 0.42


@dataclass(frozen=True, eq=False)
class Pad:
    """A finger's last link: `place` (3,) [m] on its axis under the pad, `normal` (3,) out of the pad, in palm axes.

    `along` (3,): from the joint to the tip; `jacobian` (3, J) of the place by the hand's driven joints.
    """

    place: Floats
    normal: Floats
    along: Floats
    jacobian: Floats


class HandKinematics:
    """A hand with its palm held, posed by the driven joints (`joints`, J names); coupled joints follow.

    `low`, `high` (J,) [rad]: within every stop; `palmar` (3,): out of the palm, where fingers close, in palm axes;
    `radius` (F,) [m] of each finger's last link.
    """

    def __init__(self, hand: Hand, masses: Mapping[str, Mass], unit: Unit) -> None:
        self.hand = hand
        built, weights = as_built(hand.limb, masses, unit)
        self.model = model = body_spec(built, weights, shapes=False).compile()
        self.data = mujoco.MjData(model)
        driven = [joint for joint in built.joints if joint.drive is not None]
        self.joints = tuple(joint.name for joint in driven)
        self._encoder = EncoderError.of(unit, self.joints)
        column = {name: i for i, name in enumerate(self.joints)}
        self.low, self.high = np.array([j.low for j in driven]), np.array([j.high for j in driven])
        self.torque_limit = np.array([joint.drive.torque for joint in driven if joint.drive is not None])
        self._drive = np.zeros((model.nv, len(driven)))
        for joint in built.joints:
            at = model.joint(joint.name).dofadr[0]
            if joint.follow is None:
                self._drive[at, column[joint.name]] = 1.0
                continue
            leader, gain = column[joint.follow.joint], joint.follow.gain
            self._drive[at, leader] = gain
            ends = sorted((joint.low / gain, joint.high / gain))
            self.low[leader], self.high[leader] = max(self.low[leader], ends[0]), min(self.high[leader], ends[1])
        stand = np.array([built.stand.get(name, 0.0) for name in self.joints])
        self.stand = stand.clip(self.low, self.high)
        shapes = [built.by_name[finger.last].shapes[0] for finger in hand.fingers]
        self.radius = np.array([shape.size[0] for shape in shapes])
        self._bodies = [model.body(finger.last).id for finger in hand.fingers]
        #: Columns of each finger's joints, palm outwards.
        self.columns = tuple(np.array([column[n] for n in f.joints], dtype=np.int64) for f in hand.fingers)
        # Where a bent finger goes is out of the palm: the fingers but the thumb tell.
        tip = next(k for k in range(len(hand.fingers)) if k != hand.thumb)
        straight = np.zeros(len(driven)).clip(self.low, self.high)
        self.palmar = np.zeros(3)
        self.pose(straight)
        before = self.pad(tip).place
        bent = straight.copy()
        bent[self.columns[tip][-2:]] += 0.5
        self.pose(bent)
        moved = (self.pad(tip).place - before) * [1.0, 1.0, 0.0]
        self.palmar[int(np.argmax(np.abs(moved)))] = np.sign(moved[int(np.argmax(np.abs(moved)))])

    def angle(self, reading: Floats) -> Floats:
        """Angles (J,) [rad] at encoder readings (J,) [rad]."""
        return reading - self._encoder.at(reading - self._encoder.offset)

    def reading(self, angle: Floats) -> Floats:
        """Encoder readings (J,) [rad] at angles (J,) [rad]."""
        return angle + self._encoder.at(angle)

    def turns(self, links: Sequence[str]) -> Floats:
        """Axes (L, 3, 3) of links, in palm axes."""
        return np.array([self.data.body(link).xmat.reshape(3, 3) for link in links])

    def pose(self, angle: Floats) -> None:
        """Take a posture (J,) [rad]."""
        self.data.qpos[:] = self._drive @ angle
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_comPos(self.model, self.data)

    def last(self, finger: int) -> tuple[Floats, Floats]:
        """Place (3,) [m] and axes (3, 3) of a finger's last link, in palm axes."""
        body = self._bodies[finger]
        return self.data.xpos[body].copy(), self.data.xmat[body].reshape(3, 3).copy()

    def knuckles(self, finger: int) -> Floats:
        """Places (n, 3) [m] of a finger's joints, palm outwards, the coupled ones last."""
        one = self.hand.fingers[finger]
        return np.array([self.data.joint(name).xanchor for name in (*one.joints, *one.coupled)])

    def on(self, finger: int, along: float) -> Floats:
        """The point (3,) on the axis of a finger's last link, so far [m] from its joint."""
        place, turn = self.last(finger)
        return place - along * turn[:, 2]

    def jacobian(self, finger: int, point: Floats) -> Floats:
        """How a point (3,) in the axes of a finger's last link moves with the driven joints (3, J) [m/rad]."""
        place, turn = self.last(finger)
        found = np.empty((3, self.model.nv))
        mujoco.mj_jac(self.model, self.data, found, None, place + turn @ point, self._bodies[finger])
        return found @ self._drive

    def pad(self, finger: int) -> Pad:
        """The pad of a finger in the posture that was taken last."""
        model, data, body = self.model, self.data, self._bodies[finger]
        turn = data.xmat[body].reshape(3, 3)
        place = data.xpos[body] + turn @ (_PAD * self.hand.fingers[finger].tip)
        jacobian = np.empty((3, model.nv))
        mujoco.mj_jac(model, data, jacobian, None, place, body)
        return Pad(place, turn @ self.palmar, -turn[:, 2], jacobian @ self._drive)
