"""Falls: told early, taken on forearms or back with hands, knees and face kept away from the floor, and reported."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.axes import leaning_axes
from ironworks.robot.control.control_model import GRAVITY, ControlModel
from ironworks.robot.control.interface import TICK, Command, Controller, JointCommand, Observation

__all__ = ["Fall", "FallGuard", "FallState", "MayFail"]

Floats = NDArray[np.float64]

#: Beyond this lean of the pelvis [rad], or with the divergent motion so far ahead of and beside the nearest sole [m],
#: no step of the gait catches the robot any more; and so long [s] must it be so.
_LEAN, _AHEAD, _ASIDE, _SURE = 0.6, 0.8, 0.6, 0.012
_UP = np.array([0.0, 0.0, 1.0])
#: Servo of the guarding posture: torque over deflection [1/rad] and over speed [s/rad], as shares of a drive's most.
_STIFF, _DAMPED, _LIMP = 4.0, 0.15, 0.03
#: The robot lies once it turns more slowly than this [rad/s] for so long [s].
_QUIET, _LIES = 0.3, 0.4
#: Angles [rad] of joints whose names end so, as the standing pose has them where none is given. Forwards and sideways
#: the forearms go ahead of everything, wrists bent back; backwards the chin goes to the chest and the hips sit down.
_FOREARMS: Mapping[str, float] = {
    "hip_pitch": 0.9, "knee": 0.6, "shoulder_pitch": 1.5, "shoulder_roll": 0.3, "shoulder_yaw": 0.6, "elbow": 1.4,
    "wrist_flexion": -0.6, "neck_pitch": -0.4,
}  # fmt: skip
_BACK: Mapping[str, float] = {
    "hip_pitch": 2.0, "knee": 1.4, "ankle_pitch": 0.3, "lumbar_pitch": 0.75, "thoracic_pitch": 0.5, "neck_pitch": 0.75,
    "shoulder_pitch": 0.6, "shoulder_roll": 0.1, "shoulder_yaw": 0.4, "elbow": 2.3, "wrist_flexion": 0.8,
}  # fmt: skip


class FallState(Enum):
    """What a robot on two feet is doing about the floor."""

    UPRIGHT = "upright"
    FALLING = "falling"
    DOWN = "down"


@dataclass(frozen=True)
class Fall:
    """A fall: when it was told [s], where to in the axes of the heading [rad, 0: ahead, to the left], and what told."""

    time: float
    direction: float
    cause: str


class MayFail(Controller, Protocol):
    """A controller that may give up; after each step, the model of its `reset` holds the state that it believes in.

    `lean` [rad]: how far ahead it wants the pelvis to lean.
    """

    failed: bool
    lean: float


class FallGuard:
    """A Controller around another one, which it relieves once the robot can no longer be kept on its feet.

    `state` and `fall` tell what happened; only `reset` makes a robot that fell get up again, once people stood it up.
    """

    def __init__(self, inner: MayFail) -> None:
        self.inner = inner
        self.state, self.fall = FallState.UPRIGHT, None  # type: tuple[FallState, Fall | None]

    def reset(self, model: ControlModel) -> None:
        """Begin anew, standing, with a unit's identified model."""
        self._model = model
        self.inner.reset(model)
        self.state, self.fall = FallState.UPRIGHT, None
        self._suspect, self._still = 0.0, 0.0

    def step(self, observation: Observation, command: Command) -> JointCommand:
        """What the inner controller asks for; in a fall, what guards the robot."""
        model = self._model
        limit = model.torque_limit
        zeros = np.zeros(len(limit))
        if self.fall is None:
            asked = self.inner.step(observation, command)
            direction, cause = self._doubt()
            self._suspect = self._suspect + TICK if cause else 0.0
            if self._suspect < _SURE:
                return asked
            self.state, self.fall = FallState.FALLING, Fall(observation.time, direction, cause)
        quiet = float(np.abs(observation.rates).max()) < _QUIET
        self._still = self._still + TICK if quiet else 0.0
        if self._still >= _LIES:
            self.state = FallState.DOWN
        if self.state is FallState.DOWN:
            asked = JointCommand(model.stand, zeros, zeros, _LIMP * limit, zeros)
        else:
            there = self._posture(self.fall.direction)
            asked = JointCommand(there, zeros, _STIFF * limit, _DAMPED * limit, zeros)
        return asked.through(model.constant)

    def _doubt(self) -> tuple[float, str]:
        """Where the robot goes [rad], and why it cannot be kept up: an empty word where it can."""
        model = self._model
        turn = model.data.xmat[1].reshape(3, 3)
        heading = math.atan2(turn[1, 0], turn[0, 0])
        feet = np.array([model.data.body(foot).xpos for foot in model.feet])
        height = max(float(model.com[2] - feet[:, 2].min()), 0.1)
        divergent = model.com[:2] + model.com_velocity[:2] * math.sqrt(height / GRAVITY)
        away = divergent - feet[:, :2]
        c, s = math.cos(heading), math.sin(heading)
        away = away @ np.array([[c, -s], [s, c]])
        share = np.hypot(away[:, 0] / _AHEAD, away[:, 1] / _ASIDE)
        nearest = int(np.argmin(share))
        wanted = leaning_axes(heading, self.inner.lean)[:, 2] if self.inner.lean else _UP
        lean = math.acos(min(1.0, max(-1.0, float(wanted @ turn[:, 2]))))
        if self.inner.failed:
            cause = "no torques within the limits keep it up"
        elif share[nearest] > 1.0:
            cause = "its motion runs beyond the reach of its legs"
        elif lean > _LEAN:
            cause = "it leans too far"
        else:
            cause = ""
        return math.atan2(away[nearest, 1], away[nearest, 0]), cause

    def _posture(self, direction: float) -> Floats:
        wanted = _BACK if abs(direction) > 0.67 * math.pi else _FOREARMS
        angles = self._model.stand.copy()
        for i, joint in enumerate(self._model.joints):
            for ending, angle in wanted.items():
                if joint.endswith(ending):
                    angles[i] = angle
        return np.asarray(np.clip(angles, self._model.low, self._model.high))
