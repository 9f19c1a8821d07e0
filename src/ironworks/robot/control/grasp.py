"""Grasping by feel: fingers close until their skin touches, then hold with a force that weight and friction ask for.

Pads of a pinch or tripod are pulled together along the line from the fingers to the thumb, so that their forces cancel
(after Tahara, Arimoto and Yoshida, ICRA 2010); a power grasp presses with limited torques against the palm. Where skin
feels that something slides over it, the ratio of shear to normal force is its friction, and the grip rises to what that
asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.grasp_shapes import GraspKind, GraspShape
from ironworks.robot.control.hand_kinematics import HandKinematics
from ironworks.robot.control.hand_simulation import FEEL, HandObservation
from ironworks.robot.control.interface import TICK, JointCommand
from ironworks.robot.skin.taxels import Taxels

__all__ = ["Grasp", "GraspPhase"]

Floats = NDArray[np.float64]

#: Servo of a finger [N m/rad, N m s/rad]; the thumb's is stiffer: it is what the fingers press against.
_STIFF, _STIFF_THUMB, _DAMPED = 1.5, 4.0, 0.03
#: Closing: most torque of a joint [N m]; share of the way from open to touch in a second, and at most; that of a power
#: grasp's longer way.
_GENTLE, _RATE, _RATE_POWER, _FAR = 0.12, 1.0, 0.45, 2.6
#: Seconds in which the thumb comes round; share of a power grasp's way in which knuckles wait for the tips.
_ROUND, _CURL = 0.8, 0.4
#: A taxel feels from so many standard deviations of its noise on; a finger from this force on [N]; a joint that stands
#: still under this torque [N m].
_SIGMAS, _TOUCH, _BLOCKED = 4.0, 0.12, 0.1
#: Seconds that a grip takes to build up; least and most force of the thumb [N]; share of the friction that is used.
_BUILD, _LEAST, _MOST, _USED = 0.4, 4.0, 13.0, 0.45
#: The whole hand of a power grasp: least and most normal force [N]; torque for it [N m/N]; how torque is shared.
_LEAST_POWER, _MOST_POWER, _PER_NEWTON = 30.0, 110.0, 0.011
_SHARES, _SHARES_THUMB = np.array([0.6, 0.0, 0.8, 0.8]), np.array([0.0, -1.0, 0.5, 0.35])
_MOST_TORQUE = 1.3
#: Rate at which skin corrects the grip [1/s].
_REGULATED = 4.0
#: A thing slips that slides faster than this over pressed skin [m/s] for so many readings; friction is then what skin
#: felt, and never below this. Share of the friction's use from which the grip rises by itself.
_SLIDES, _READINGS, _SLIPPERY, _NEAR = 0.004, 2, 0.15, 0.8
#: Seconds without slip after which a thing is held.
_STEADY = 0.25
#: Seconds in which a grip settles, at first and after it rose for slip: what slides meanwhile is not called slip.
_SETTLE, _AGAIN = 0.25, 0.12
#: Share of the told width below which, and whole force [N] without which, there is nothing in a grip.
_THIN, _NOTHING = 0.7, 2.0
#: By how much a grip rises at least when it slips.
_RAISE = 1.25


class GraspPhase(StrEnum):
    """What a hand is doing."""

    OPEN = "open"
    OPPOSING = "opposing"
    CLOSING = "closing"
    HOLDING = "holding"


class Grasp:
    """Controls one hand's fingers, tick by tick. `phase`: what it does; `slips`: how often it felt slip;

    `rolls`: what is held is being turned by its surface, so that shear is no sign of slip to come.

    `friction`: as guessed or felt; `grip` [N]: the thumb's force, in a power grasp the whole normal force, that is
    wanted.
    """

    def __init__(self, hand: HandKinematics, taxels: Taxels, shapes: Sequence[str]) -> None:
        self._hand, self._taxels = hand, taxels
        links = {patch.shape: patch.link for patch in taxels.patches}
        self._links = [links[shape] for shape in shapes]
        self._shape_of = np.array([list(shapes).index(taxels.patches[p].shape) for p in taxels.patch])
        limb = hand.hand.limb
        roots = {joint.name: link.name for link in limb.links if (joint := link.joint) is not None}
        below = [limb.below(roots[finger.joints[0]]) for finger in hand.hand.fingers]
        #: Which shapes belong to each finger (F, S).
        self._own = np.array([[link in links for link in self._links] for links in below])
        self._deaf = _SIGMAS * taxels.noise
        self._limit = hand.torque_limit
        self.phase = GraspPhase.OPEN
        self.slips, self.grip, self.friction = 0, 0.0, 0.5
        self.rolls = False
        self._shape: GraspShape | None = None
        self._normal = np.zeros(len(self._links))
        self._felt = np.zeros(len(taxels))
        self._palm = self._links.index(hand.hand.name)
        own = np.array([patch.link for patch in taxels.patches])[taxels.patch]
        #: For each finger's last link: how far its taxels lie from the joint (T,) [m], and which they are (T,).
        self._tips = [
            (-taxels.position[:, 2] * (own == finger.last), (own == finger.last).astype(np.float64))
            for finger in hand.hand.fingers
        ]

    def open(self, shape: GraspShape) -> None:
        """Open for a grasp, or let go."""
        self._shape, self.phase = shape, GraspPhase.OPEN

    def oppose(self) -> None:
        """Bring the thumb round before the fingers close: so does a power grasp. Raises ValueError before `open`."""
        if self._shape is None:
            raise ValueError("a hand opens for a grasp before its thumb comes round")
        self.phase, self._round = GraspPhase.OPPOSING, 0.0

    def close(self, weight: float, friction: float) -> None:
        """Close upon a thing of a told weight [N] and a guessed friction. Raises ValueError before `open`."""
        if self._shape is None:
            raise ValueError("a hand opens for a grasp before it closes")
        fingers = len(self._hand.hand.fingers)
        self.phase, self._weight, self.friction = GraspPhase.CLOSING, weight, friction
        self._way, self._touched = np.zeros(fingers), np.zeros(fingers, dtype=bool)
        self._blocked, self._sliding = np.zeros(fingers), 0
        self._share, self._steady, self._settles, self.slips = 0.0, 0.0, _SETTLE, 0
        self.grip = self._needed()

    @property
    def palm(self) -> float:
        """What the palm feels [N]."""
        return float(self._normal[self._palm])

    @property
    def thumb(self) -> float:
        """What the thumb feels [N]."""
        return float(self._own[self._hand.hand.thumb or 0] @ self._normal)

    @property
    def is_opposed(self) -> bool:
        """Whether the thumb has come round."""
        return self.phase is GraspPhase.OPPOSING and self._round >= 1.0

    @property
    def is_firm(self) -> bool:
        """Whether all fingers hold with the whole grip that is wanted."""
        return self.phase is GraspPhase.HOLDING and self._share >= 1.0

    @property
    def is_steady(self) -> bool:
        """Whether a thing is held of which nothing has slipped for a while."""
        return self.is_firm and self._steady >= _STEADY and not self.is_empty

    @property
    def is_empty(self) -> bool:
        """Whether a firm grip has nothing in it: pads closer together than what was told, or a palm without load."""
        if not self.is_firm or self._shape is None:
            return False
        if self._shape.kind is GraspKind.POWER:
            return float(self._normal.sum()) < _NOTHING
        return self.gap < _THIN * self._shape.width

    @property
    def gap(self) -> float:
        """Room between the thumb's pad and those of the other fingers of a grasp [m], as the joints tell."""
        assert self._shape is not None
        hand, (first, *rest) = self._hand, self._shape.fingers
        others = [hand.pad(k).place for k in rest]
        apart = float(np.linalg.norm(np.mean(others, axis=0) - hand.pad(first).place))
        return apart - float(hand.radius[first]) - float(np.mean(hand.radius[rest]))

    @property
    def shape(self) -> GraspShape:
        """The grasp that was opened for. Raises ValueError before `open`."""
        if self._shape is None:
            raise ValueError("a hand opens for a grasp first")
        return self._shape

    @property
    def force(self) -> float:
        """With what the thumb is pulled now [N]."""
        return self._share * (self._now + self._more)

    def centres(self) -> Floats:
        """How far from its joint the last link of each finger is pressed (F,) [m]: where the skin's force lies."""
        return np.array([float(mine @ self._felt) / max(float(on @ self._felt), 1e-9) for mine, on in self._tips])

    @property
    def palmar(self) -> Floats:
        """Out of the palm, in its axes (3,)."""
        return self._hand.palmar

    def step(self, seen: HandObservation) -> JointCommand:
        """What the hand's drives are asked for."""
        hand, shape = self._hand, self._shape
        angle = hand.angle(seen.angle)
        if seen.fresh:
            felt = np.where(seen.felt > self._deaf, seen.felt, 0.0)
            self._felt = felt
            self._normal = np.bincount(self._shape_of, felt, len(self._links)).astype(np.float64)
        kp = np.full(len(angle), _STIFF)
        kp[hand.columns[hand.hand.thumb or 0]] = _STIFF_THUMB
        kd, zeros = np.full(len(angle), _DAMPED), np.zeros(len(angle))
        if shape is None or self.phase is GraspPhase.OPEN:
            wanted = hand.stand if shape is None else shape.open
            return JointCommand(hand.reading(wanted), zeros, kp, kd, zeros)
        if self.phase is GraspPhase.OPPOSING:
            self._round = min(1.0, self._round + TICK / _ROUND)
            return JointCommand(hand.reading(self._opposed(self._round)), zeros, kp, kd, zeros)
        hand.pose(angle)
        if seen.fresh:
            self._feel(seen)
        if self.phase is GraspPhase.CLOSING:
            return self._closing(seen, angle, kp, kd)
        self._share = min(1.0, self._share + TICK / _BUILD)
        self._now += min(1.0, TICK / 0.1) * (self.grip - self._now)
        torque = self._press(self.force) if shape.kind is GraspKind.POWER else self._pull(self.force)
        return JointCommand(hand.reading(self._kept), zeros, kp, kd, torque)

    def _closing(self, seen: HandObservation, angle: Floats, kp: Floats, kd: Floats) -> JointCommand:
        shape, hand = self._shape, self._hand
        assert shape is not None
        power = shape.kind is GraspKind.POWER
        wanted = self._opposed(1.0) if power else shape.open.copy()
        begin = wanted.copy()
        most = 1.0 if power else _FAR
        for k in shape.fingers:
            columns = hand.columns[k]
            if power or not self._touched[k]:
                self._way[k] = min(most, self._way[k] + TICK * (_RATE_POWER if power else _RATE))
            way = np.full(len(columns), self._way[k])
            if power and k != hand.hand.thumb:
                # Tips curl round before the knuckles bend: they draw in, and do not push out.
                way[-2] = max(0.0, (self._way[k] - _CURL) / (1.0 - _CURL))
                way[-1] = min(1.0, self._way[k] / (1.0 - _CURL))
            wanted[columns] += way * (shape.touch - begin)[columns]
            still = np.abs(seen.torque[columns]).max() > _BLOCKED and np.abs(seen.speed[columns]).max() < 0.1
            self._blocked[k] = self._blocked[k] + 1 if still else 0
            self._touched[k] |= self._blocked[k] > 10
        done = (self._way[list(shape.fingers)] >= most).all()
        if done or (not power and self._touched[list(shape.fingers)].all()):
            self._more = 0.0
            self.phase, self._share, self._now = GraspPhase.HOLDING, 0.0, self.grip
            self._kept = angle.copy()
            self._holds = self._touched.copy()
        # A target runs ahead of a joint by no more than its gentle torque.
        lead = _GENTLE / kp
        wanted = np.clip(wanted, angle - lead, angle + lead)
        return JointCommand(hand.reading(wanted), np.zeros(len(angle)), kp, kd, np.zeros(len(angle)))

    def _opposed(self, share: float) -> Floats:
        """The open hand (J,) [rad] with its thumb on the way round."""
        shape = self._shape
        assert shape is not None
        first = self._hand.columns[shape.fingers[0]][0]
        wanted = shape.open.copy()
        wanted[first] += share * (shape.touch - shape.open)[first]
        return wanted

    def _pull(self, force: float) -> Floats:
        """Torques (J,) that pull the pads together: the thumb with `force` [N], the fingers with as much together."""
        shape, hand = self._shape, self._hand
        assert shape is not None
        thumb, *others = (hand.pad(k) for k in shape.fingers)
        middle = np.mean([pad.place for pad in others], axis=0)
        torque = np.zeros(len(hand.joints))
        line = middle - thumb.place
        line /= np.linalg.norm(line)
        torque += thumb.jacobian.T @ (force * line)
        for pad in others:
            torque += pad.jacobian.T @ (-force / len(others) * line)
        return torque

    def _press(self, force: float) -> Floats:
        hand, shape = self._hand, self._shape
        assert shape is not None
        level = min(_MOST_TORQUE, _PER_NEWTON * force)
        torque = np.zeros(len(hand.joints))
        for n, k in enumerate(shape.fingers):
            shares = _SHARES_THUMB if n == 0 else _SHARES[-len(hand.columns[k]) :]
            torque[hand.columns[k]] = level * shares
        return torque

    def _feel(self, seen: HandObservation) -> None:
        """Touch, load and slip from one reading of the skin."""
        normal = self._normal
        self._touched |= self._own @ normal > _TOUCH
        if self.phase is not GraspPhase.HOLDING:
            return
        self._regulate(normal)
        if not self.is_firm or self._shape is None:
            return
        self._steady += TICK * FEEL
        self._settles = max(0.0, self._settles - TICK * FEEL)
        sheared = np.linalg.norm(seen.shear, axis=1)
        pressed = float(normal.sum())
        slides = pressed > _TOUCH and float(normal @ seen.slide) > _SLIDES * pressed
        self._sliding = self._sliding + 1 if slides else 0
        if self._sliding >= _READINGS:
            # Shear over normal force of what slides is its friction.
            self._sliding = 0
            self._steady = 0.0
            if self._settles > 0.0:
                # What a rising grip moves is no slip.
                return
            self.slips += 1
            used = float(sheared[normal > 0.0].sum()) / pressed
            self.friction = float(np.clip(used, _SLIPPERY, self.friction))
            self._raise(max(self._needed(), _RAISE * self.grip))
            self._now = self.grip
            self._settles = _AGAIN
        elif (
            self._shape.kind is not GraspKind.POWER
            and not self.rolls
            and self._settles == 0.0
            and sheared[normal > 0.0].sum() > _NEAR * self.friction * pressed
        ):
            # Close to what the friction bears, as when it is shaken; in a whole hand shear is mostly its own squeeze.
            self._raise(1.03 * self.grip)

    def _regulate(self, normal: Floats) -> None:
        """Make up for what the joints' friction takes of the grip, as skin feels it."""
        shape = self._shape
        assert shape is not None
        own = self._own @ normal
        if self._share < 1.0 or shape.kind is GraspKind.POWER:
            return
        others = own[list(shape.fingers[1:])].sum()
        # A thumb may hold with a side that does not feel; one that is far round may also press on the palm.
        held = others if self.rolls else max(own[shape.fingers[0]], others)
        step = _REGULATED * TICK * FEEL * (self._now - held)
        self._more = float(np.clip(self._more + step, -0.3 * self._now, 0.6 * self._now + 0.5))

    def _needed(self) -> float:
        """Grip [N] that bears the weight with a share of the friction."""
        assert self._shape is not None
        if self._shape.kind is GraspKind.POWER:
            return float(np.clip(self._weight / (_USED * self.friction), _LEAST_POWER, _MOST_POWER))
        return float(np.clip(self._weight / (2.0 * _USED * self.friction), _LEAST, _MOST))

    def _raise(self, grip: float) -> None:
        assert self._shape is not None
        self.grip = min(grip, _MOST_POWER if self._shape.kind is GraspKind.POWER else _MOST)
