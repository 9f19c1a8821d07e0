"""Hands under whole-body control: palms go where they are wanted, press a thing between them and carry its weight.

The pressing force is a torque of the joints, not a deflection of their servo: along the line between the palms only
their middle has a place, what lies between them decides how far they are apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, sensors_of
from ironworks.robot.control.axes import level_axes
from ironworks.robot.control.control_model import GRAVITY, ControlModel, PointMotion
from ironworks.robot.control.glide import Glide
from ironworks.robot.control.interface import TICK, HandGoal, Hands
from ironworks.robot.control.kernels.attitude import turn_to
from ironworks.robot.control.squeeze import Squeeze
from ironworks.robot.control.whole_body import Task
from ironworks.robot.rig import small_turn

__all__ = ["HandTasks", "palms_of"]

Floats = NDArray[np.float64]

#: Gains (position [1/s2], velocity [1/s]) and weights of a palm's place and of how it is turned.
_PLACE, _TURN = (600.0, 45.0), (400.0, 36.0)
_PLACE_WEIGHT, _TURN_WEIGHT = 40.0, 10.0
#: The fastest palm [m/s] and how abruptly it moves [m/s2]; how fast and abruptly it turns [rad/s, rad/s2].
_FASTEST, _HURRY, _SPIN, _TWIST = 1.0, 2.0, 1.5, 6.0
#: What arms of busy hands prefer [rad], elbows away from what is between them, and how much.
_ELBOWS_OUT = {"shoulder_pitch": 0.2, "shoulder_roll": 0.65, "shoulder_yaw": -0.6, "elbow": 1.3}
_ARM_WEIGHT = 0.1
_ARM = ("girdle", "shoulder", "elbow", "wrist")
#: Time over which the hands' origin goes from the soles to the pelvis when a robot begins to walk, and back [s].
_MOVES_OVER = 0.4
_SIDES = ("left", "right")
_UP = np.array([0.0, 0.0, GRAVITY])


def palms_of(design: Design) -> dict[str, tuple[str, Floats]]:
    """For each side, the link of its hand and the middle of the palm (3,) [m] in that link's axes, where it has one."""
    found = {}
    for sensor in sensors_of(design):
        side = sensor.link.partition("_")[0]
        if sensor.kind == "ball" and "palm" in sensor.name and side in _SIDES:
            found[side] = sensor.link, sensor.place
    return found


@dataclass(eq=False)
class _Way:
    """Of one palm: the reference `place` (3,) and `turn` (3, 3) in the axes of the heading, and how they move."""

    place: Floats
    turn: Floats
    shift: Glide = field(default_factory=lambda: Glide(3, _FASTEST, _HURRY))
    spin: Glide = field(default_factory=lambda: Glide(3, _SPIN, _TWIST))

    def step(self, goal: HandGoal | None, speed: float) -> None:
        """One tick towards a goal; None: to a halt."""
        away, about = np.zeros(3), np.zeros(3)
        if goal is not None:
            away = np.array(goal.place) - self.place
            about = turn_to(small_turn(np.array(goal.turn)), self.turn)
        self.place = self.place + self.shift.step(away, speed)
        self.turn = np.ascontiguousarray(small_turn(self.spin.step(about)) @ self.turn)


@dataclass(frozen=True, eq=False)
class _Frame:
    """Where places of hands are told from: `origin` (3,) [m], its `velocity` (3,) [m/s], and `axes` (3, 3)."""

    origin: Floats
    velocity: Floats
    axes: Floats

    def begin(self, palm: PointMotion) -> _Way:
        """A way that begins where a palm is."""
        turn = np.ascontiguousarray(self.axes.T @ palm.turn)
        return _Way(self.axes.T @ (palm.place - self.origin), turn)


class HandTasks:
    """The hands of one robot."""

    def __init__(self, model: ControlModel) -> None:
        self._model = model
        self._palms = palms_of(model.design)
        self._rest: dict[str, tuple[NDArray[np.int64], Floats]] = {}
        for side in self._palms:
            ends = {i: name.removeprefix(f"{side}_") for i, name in enumerate(model.joints) if name.startswith(side)}
            rows = [i for i, end in ends.items() if end.startswith(_ARM)]
            angles = [_ELBOWS_OUT.get(ends[i], float(model.stand[i])) for i in rows]
            self._rest[side] = np.array(rows, dtype=np.int64), np.array(angles)
        self._ways: dict[str, _Way] = {}
        self._last: Floats | None = None
        self._shift, self._walked = np.zeros(3), False
        self._middle = np.zeros((2, 3))
        self.squeeze = Squeeze(model.mass)
        self.tasks: list[Task] = []
        """What the whole-body programme shall do for the hands."""

    @property
    def busy(self) -> bool:
        """Whether a hand has a goal."""
        return bool(self._ways)

    def update(
        self, hands: Hands | None, heading: float, feet: Sequence[PointMotion], soles: Floats, walks: bool
    ) -> None:
        """One tick, after `ControlModel.update`.

        `feet`: motions of the soles; `soles` (F, 6): their cells; `walks`: whether one of them swings.
        """
        self.tasks = []
        if hands is None and not self._ways:
            self._last, self._shift = None, np.zeros(3)
            return
        hands = hands or Hands()
        frame = self._frame(heading, feet, walks)
        palms = {side: self._model.point(*self._palms[side]) for side in self._palms}
        closed = self.squeeze.gap is not None
        # What is not held firmly yet is not moved.
        waits = hands.squeeze > 0.0 and not self.squeeze.is_firm(hands.squeeze)
        for side in self._palms:
            goal = getattr(hands, side)
            if goal is None and not closed:
                self._ways.pop(side, None)
            elif goal is not None:
                way = self._ways.setdefault(side, frame.begin(palms[side]))
                way.step(None if waits else goal, hands.speed)
        if hands.squeeze or closed:
            self._press(hands.squeeze, palms, frame, soles)
        else:
            self.squeeze.weigh(float(soles[:, 2].sum()), float(self._model.com_velocity[2]))
            for side, way in self._ways.items():
                self._add(palms[side], way, frame, np.eye(3))

    def _frame(self, heading: float, feet: Sequence[PointMotion], walks: bool) -> _Frame:
        """Between the soles of a robot that stands, under the pelvis of one that walks; it goes over smoothly."""
        there = 0.5 * (feet[0].place + feet[1].place)
        there[2] = min(feet[0].place[2], feet[1].place[2])
        velocity = np.zeros(3)
        if walks:
            there[:2], velocity[:2] = self._model.data.qpos[:2], self._model.data.qvel[:2]
        if self._last is not None and walks != self._walked:
            self._shift = self._last - there
        self._shift = self._shift * math.exp(-TICK / _MOVES_OVER)
        self._walked, self._last = walks, there + self._shift
        return _Frame(self._last, velocity - self._shift / _MOVES_OVER, level_axes(heading))

    def _press(self, wanted: float, palms: dict[str, PointMotion], frame: _Frame, soles: Floats) -> None:
        """Close on what is between the palms, press and weigh it; count in the model's bias what it does to them."""
        squeeze, model = self.squeeze, self._model
        left, right = (palms[side] for side in _SIDES)
        gap = left.place - right.place
        along = gap / np.linalg.norm(gap)
        parts = float(along @ (left.velocity[:3] - right.velocity[:3]))
        apart = float(np.linalg.norm(gap))
        squeeze.press(wanted, apart, -parts)
        squeeze.weigh(float(soles[:, 2].sum()), float(self._model.com_velocity[2]))
        across = np.cross([0.0, 0.0, 1.0], along)
        across /= np.linalg.norm(across)
        if squeeze.gap is None:
            # Palms part from where they are.
            self._ways = {side: frame.begin(palms[side]) for side in _SIDES}
            for side in _SIDES:
                self._add(palms[side], self._ways[side], frame, np.eye(3))
            return
        plane = np.array([across, np.cross(along, across)])
        wants = [self._add(palms[side], self._ways[side], frame, plane) for side in _SIDES]
        middle = 0.5 * (left.jacobian[:3] + right.jacobian[:3])
        nears = -_PLACE[1] * (squeeze.closing + parts) - along @ (left.drift[:3] - right.drift[:3])
        if not squeeze.feels:
            nears += _PLACE[0] * (squeeze.gap - apart)
        rows = np.array([along @ middle, along @ (left.jacobian[:3] - right.jacobian[:3])])
        self.tasks.append(Task(rows, np.array([0.5 * along @ (wants[0] + wants[1]), nears]), np.full(2, _PLACE_WEIGHT)))
        weight = 0.5 * squeeze.load * _UP
        model.bias -= left.jacobian[:3].T @ (squeeze.force * along - weight)
        model.bias -= right.jacobian[:3].T @ (-squeeze.force * along - weight)
        self._middle = 0.5 * np.array([left.place + right.place, left.velocity[:3] + right.velocity[:3]])

    def _add(self, palm: PointMotion, way: _Way, frame: _Frame, plane: Floats) -> Floats:
        """Let a palm follow its way along the rows of `plane` (n, 3); the whole acceleration (3,) that it wants."""
        axes = frame.axes
        speed = frame.velocity + axes @ way.shift.velocity
        shift = axes @ way.shift.acceleration + _PLACE[0] * (frame.origin + axes @ way.place - palm.place)
        shift += _PLACE[1] * (speed - palm.velocity[:3]) - palm.drift[:3]
        spin = axes @ way.spin.acceleration + _TURN[0] * turn_to(axes @ way.turn, palm.turn)
        spin += _TURN[1] * (axes @ way.spin.velocity - palm.velocity[3:]) - palm.drift[3:]
        jacobian = np.concatenate([plane @ palm.jacobian[:3], palm.jacobian[3:]])
        weight = np.array([_PLACE_WEIGHT] * len(plane) + [_TURN_WEIGHT] * 3)
        self.tasks.append(Task(jacobian, np.concatenate([plane @ shift, spin]), weight))
        return np.asarray(shift)

    def laden(self, com: Floats, velocity: Floats) -> tuple[Floats, Floats]:
        """Centre of mass (3,) [m] and its velocity (3,) [m/s] of robot and load together."""
        if self.squeeze.load == 0.0:
            return com, velocity
        share = self.squeeze.load / (self.squeeze.load + self._model.mass)
        return com + share * (self._middle[0] - com), velocity + share * (self._middle[1] - velocity)

    def pressed(self, wanted: Floats) -> Floats:
        """Acceleration (3,) [m/s2] of the robot alone whose soles press as much as robot and load that do as wanted."""
        if self.squeeze.load == 0.0:
            return wanted
        return np.asarray((1.0 + self.squeeze.load / self._model.mass) * (wanted + _UP) - _UP)

    def posture(self, rest: Floats, weight: Floats) -> tuple[Floats, Floats]:
        """Angles (J,) [rad] and weights (J,) of a posture in which busy arms keep their elbows away."""
        if not self._ways:
            return rest, weight
        rest, weight = rest.copy(), weight.copy()
        for side in self._ways:
            rows, angles = self._rest[side]
            rest[rows], weight[rows] = angles, _ARM_WEIGHT
        return rest, weight
