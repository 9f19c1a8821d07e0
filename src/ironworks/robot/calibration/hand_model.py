"""A hand's kinematics with its real shapes: how far the thumb's tip is from another's, and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Mass
from ironworks.robot.body import body_spec
from ironworks.robot.hand_design import Hand

__all__ = ["Gap", "HandModel"]

Floats = NDArray[np.float64]

#: Farther apart than this [m], tips are not looked for; closer than this, other shapes count as touching.
_REACH, _NEAR = 0.3, 0.001
#: Two stops of one way that lie so close by design [rad] may both bear.
_BESIDE = 0.02


@dataclass(frozen=True, eq=False)
class Gap:
    """Distance [m] of two tips' surfaces, below 0 inside each other; derivatives by the driven joints (J,) [m/rad] and
    by the links' lengths (L, 3).
    """

    distance: float
    by_angle: Floats
    by_length: Floats


class HandModel:
    """A hand on a held palm, posed by the angles of its driven joints (`joints`, J); coupled ones follow.

    `links` (L): all but the palm. `low`, `high` (J,) [rad]: between the design's stops, those of coupled joints too.
    `shared` (J, 2): whether, at a joint's lower and upper end, a coupled joint's stop lies beside its own.
    """

    def __init__(self, hand: Hand, masses: Mapping[str, Mass]) -> None:
        self.hand = hand
        limb = hand.limb
        spec = body_spec(limb, masses, pairs=False)
        felt = {link.name: [s.name for s in link.shapes if s.collides] for link in limb.links}
        tips = [felt[finger.last] for finger in hand.fingers]
        meets = {
            (one, other): k
            for k, tip in enumerate(tips)
            if hand.thumb is not None and k != hand.thumb
            for one in tips[hand.thumb]
            for other in tip
        }
        solid = [name for names in felt.values() for name in names]
        for i, one in enumerate(solid):
            for other in solid[i + 1 :]:
                pair = (one, other) if (one, other) in meets else (other, one)
                spec.add_pair(geomname1=pair[0], geomname2=pair[1], margin=_REACH if pair in meets else _NEAR)
        self.model = model = spec.compile()
        self.data = mujoco.MjData(model)
        # Which finger two shapes' contact makes a meeting with, -1: none.
        self._meets = np.full((model.ngeom, model.ngeom), -1)
        for (a, b), k in meets.items():
            self._meets[model.geom(a).id, model.geom(b).id] = k
        self.joints = tuple(joint.name for joint in limb.joints if joint.drive is not None)
        self.links = tuple(link.name for link in limb.links if link.parent)
        column = {name: i for i, name in enumerate(self.joints)}
        # Angles of all joints, and their rates, from those of the driven ones.
        self._drive = np.zeros((model.nv, len(self.joints)))
        self.low, self.high = np.zeros(len(self.joints)), np.zeros(len(self.joints))
        self.shared = np.zeros((len(self.joints), 2), dtype=bool)
        for joint in limb.joints:
            if joint.drive is not None:
                self._drive[model.joint(joint.name).dofadr[0], column[joint.name]] = 1.0
                self.low[column[joint.name]], self.high[column[joint.name]] = joint.low, joint.high
        for joint in limb.joints:
            if joint.follow is not None and joint.follow.joint in column:
                at, gain = column[joint.follow.joint], joint.follow.gain
                self._drive[model.joint(joint.name).dofadr[0], at] = gain
                ends = sorted((joint.low / gain, joint.high / gain))
                self.shared[at] |= np.abs(np.subtract(ends, (self.low[at], self.high[at]))) < _BESIDE
                self.low[at], self.high[at] = max(self.low[at], ends[0]), min(self.high[at], ends[1])
        self._bodies = np.array([model.body(name).id for name in self.links], dtype=np.int64)
        self._up = model.body_parentid[self._bodies]
        self._origins = model.body_pos[self._bodies].copy()
        # hangs[i, b]: body b hangs on link i, or is it.
        self._hangs = np.zeros((len(self.links), model.nbody), dtype=bool)
        for body in range(1, model.nbody):
            at = body
            while at > 0:
                self._hangs[:, body] |= self._bodies == at
                at = model.body_parentid[at]
        self.pose(np.zeros(len(self.joints)))
        self._always: set[tuple[int, int]] = set()
        stand = np.clip(np.array([limb.stand.get(name, 0.0) for name in self.joints]), self.low, self.high)
        self.stand = stand
        # What touches in the standing pose is joined there, as links of one finger are: no collision.
        self.pose(stand)
        self._always = self._touching()

    def pose(self, angles: Floats, lengths: Floats | None = None) -> None:
        """Take a posture (J,) [rad]; with `lengths` (L, 3) [m] added to the places of the links' origins by design."""
        model, data = self.model, self.data
        model.body_pos[self._bodies] = self._origins if lengths is None else self._origins + lengths
        data.qpos[:] = self._drive @ angles
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_collision(model, data)

    def place(self, link: str, point: Floats) -> Floats:
        """Where a point (3,) of a link is, in the palm's axes [m]."""
        body = self.data.body(link)
        return np.asarray(body.xpos + body.xmat.reshape(3, 3) @ point)

    def distance(self, finger: int) -> float:
        """Between the thumb's tip and that of a finger [m]; infinite where they are out of reach of each other."""
        contact = self.data.contact
        ours = self._ours(finger)
        return float(contact.dist[ours].min()) if len(ours) else np.inf

    def gap(self, finger: int) -> Gap | None:
        """The same with derivatives; None where out of reach."""
        contact = self.data.contact
        ours = self._ours(finger)
        if not len(ours):
            return None
        nearest = ours[np.argmin(contact.dist[ours])]
        distance, place, normal = float(contact.dist[nearest]), contact.pos[nearest], contact.frame[nearest, :3]
        half = 0.5 * distance * normal
        bodies = self.model.geom_bodyid[contact.geom[nearest]]
        jacobian, rates = np.zeros((3, self.model.nv)), np.zeros(self.model.nv)
        by_length = np.zeros((len(self.links), 3))
        axes = self.data.xmat[self._up].reshape(-1, 3, 3)
        for body, point, sign in zip(bodies, (place - half, place + half), (-1.0, 1.0), strict=True):
            mujoco.mj_jac(self.model, self.data, jacobian, None, point, body)
            rates += sign * (normal @ jacobian)
            by_length += sign * self._hangs[:, body, None] * (normal @ axes)
        return Gap(distance, rates @ self._drive, by_length)

    def clear(self, meeting: int | None = None) -> bool:
        """Whether nothing touches, the thumb's meeting with one finger aside."""
        return all(self._meets[pair] == meeting for pair in self._touching() - self._always)

    def _ours(self, finger: int) -> NDArray[np.int64]:
        geom = self.data.contact.geom
        return np.flatnonzero(self._meets[geom[:, 0], geom[:, 1]] == finger)

    def _touching(self) -> set[tuple[int, int]]:
        contact = self.data.contact
        return {(int(a), int(b)) for a, b in contact.geom[contact.dist < _NEAR]}
