"""Where the head's cameras look: the neck turns them to a point or a direction, as far as its joints go.

The reference is a direction to the left of the heading and above the horizon, held in the world whatever the trunk
does; a new goal is reached at a bounded rate. What the neck cannot reach is cut off at its stops, and what is left is
told.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import sensors_of
from ironworks.robot.control.axes import leaning_axes, level_axes
from ironworks.robot.control.control_model import ControlModel, PointMotion
from ironworks.robot.control.glide import Glide
from ironworks.robot.control.interface import TICK, GazeGoal
from ironworks.robot.control.whole_body import Task
from ironworks.robot.rig import small_turn

__all__ = ["GazeAim", "GazeReport", "GazeState", "Neck"]

Floats = NDArray[np.float64]

#: Gains (position [1/s2], velocity [1/s], their integral [1/s3]) and weight of the cameras' axis, and of a neck's roll.
_AIM, _WEIGHT = (600.0, 45.0, 1200.0), 10.0
#: The most that the integral adds [rad/s2]: what friction holds.
_STUCK = 30.0
#: The fastest head [rad/s] and how abruptly it turns [rad/s2]; what a neck keeps from its stops [rad].
_FASTEST, _HURRY, _KEPT = 4.0, 16.0, 0.03
#: Whoever looks less than this off [rad] looks at it; cameras within this of the foremost look where the head does.
_AT, _ALIKE = math.radians(2.0), 0.01


class GazeState(Enum):
    """What becomes of a commanded gaze."""

    NONE = "none commanded"
    TURNING = "turns to it"
    THERE = "looks at it"
    AT_LIMIT = "as near as the neck gets"
    UNSUPPORTED = "no camera of this design sits on a neck that turns and nods"


@dataclass(frozen=True)
class GazeReport:
    """State of the commanded gaze, and by how much the cameras' axis misses it as the robot believes [rad]."""

    state: GazeState = GazeState.NONE
    error: float = 0.0


@dataclass(frozen=True, eq=False)
class Neck:
    """A neck: `link` that carries the cameras, their mean `place` (3,) [m] and `axis` (3,) in it, its `base` link.

    `low` and `high` (2,) [rad]: of the yaw to the left and of the pitch downwards; `rolls`: which of the joints tilt
    the head aside.
    """

    link: str
    base: str
    place: Floats
    axis: Floats
    low: Floats
    high: Floats
    rolls: NDArray[np.int64]

    @classmethod
    def of(cls, model: ControlModel) -> Neck | None:
        """That of a unit whose cameras were identified; None where no camera sits on joints that turn and nod."""
        design, unit = model.built, model.unit
        for link in {sensor.link: None for sensor in sensors_of(model.design) if sensor.kind == "camera"}:
            joints = {}
            base = link
            while (joint := design.by_name[base].joint) is not None and joint.name.startswith("neck"):
                joints[int(np.argmax(np.abs(joint.axis)))] = joint
                base = design.by_name[base].parent
            if not {1, 2} <= set(joints):
                continue
            rows = unit.places.names["camera"]
            cameras = [sensor for sensor in sensors_of(model.design) if sensor.kind == "camera" and sensor.link == link]
            ahead = max(float(camera.turn[0, 0]) for camera in cameras)
            front = [camera for camera in cameras if camera.turn[0, 0] > ahead - _ALIKE]
            at = [rows.index(camera.name) for camera in front]
            axes = [camera.turn @ small_turn(unit["camera_tilt"][i]) for camera, i in zip(front, at, strict=True)]
            axis = np.mean([turn[:, 0] for turn in axes], axis=0)
            place = np.mean([c.place + unit["camera_place"][i] for c, i in zip(front, at, strict=True)], axis=0)
            limits = np.array([[joints[k].low + _KEPT, joints[k].high - _KEPT] for k in (2, 1)])
            rolls = np.array([model.joints.index(joints[0].name)] if 0 in joints else [], dtype=np.int64)
            return cls(link, base, place, axis / np.linalg.norm(axis), limits[:, 0], limits[:, 1], rolls)
        return None

    def angles(self, direction: Floats) -> Floats:
        """Yaw and pitch (2,) [rad] that bring the axis along a direction (3,) in the base's axes, without roll."""
        x, y, z = self.axis.tolist()
        tilt = math.hypot(x, z)
        pitch = math.atan2(z, x) - math.asin(min(max(float(direction[2]) / tilt, -1.0), 1.0))
        level = math.cos(pitch) * x + math.sin(pitch) * z
        yaw = math.atan2(direction[1], direction[0]) - math.atan2(y, level)
        return np.array([math.remainder(yaw, 2.0 * math.pi), pitch])

    def direction(self, angles: Floats) -> Floats:
        """The axis (3,) in the base's axes after a yaw and a pitch (2,) [rad]."""
        return np.asarray(leaning_axes(float(angles[0]), float(angles[1])) @ self.axis)


class GazeAim:
    """The gaze of one robot."""

    def __init__(self, model: ControlModel) -> None:
        self._model, self._neck = model, Neck.of(model)
        self._goal: GazeGoal | None = None
        self._point: Floats | None = None
        self._off: Floats | None = None
        self._last, self._stuck = np.zeros(2), np.zeros(3)
        self._glide = Glide(2, _FASTEST, _HURRY)
        self.report = GazeReport()
        self.tasks: list[Task] = []
        """What the whole-body programme shall do for the gaze."""

    def update(self, goal: GazeGoal | None, heading: float, turning: float, feet: Sequence[PointMotion]) -> None:
        """One tick, after `ControlModel.update`, of a robot that heads to `heading` [rad], `turning` [rad/s].

        `feet`: motions of the soles.
        """
        self.tasks = []
        if goal is None and self._off is None:
            self.report = GazeReport()
            return
        neck = self._neck
        if neck is None:
            self.report = GazeReport(GazeState.UNSUPPORTED, math.nan)
            return
        eye = self._model.point(neck.link, neck.place)
        axis = eye.turn @ neck.axis
        fresh = goal != self._goal or self._off is None
        if fresh:
            self._goal = goal
            self._point = _placed(goal, heading, feet)
            if self._off is None:
                self._last = _angles_of(axis, heading)
        wanted, spin = self._wanted(neck, goal, eye, heading, turning)
        far = _angles_of(wanted, heading)
        rest = neck.angles(np.array([1.0, 0.0, 0.0]))[1]
        seen = far.copy()
        seen[0] = min(max(float(far[0]), float(neck.low[0])), float(neck.high[0]))
        seen[1] = min(max(float(far[1]), float(rest - neck.high[1])), float(rest - neck.low[1]))
        speed = goal.speed if goal is not None else GazeGoal(direction=(0.0, 0.0)).speed
        # A new goal, or one that goes round behind, is reached from where the reference was.
        before = self._last - seen
        if fresh or self._off is None or np.abs(before - self._off).max() > speed * TICK:
            self._off = before
        self._off = self._off + self._glide.step(-self._off, speed)
        self._last = seen + self._off
        turns = np.array([-math.sin(heading + self._last[0]), math.cos(heading + self._last[0]), 0.0])
        about = np.array([np.array([0.0, 0.0, 1.0]), -turns]).T
        reference, held = self._held(neck, _direction(self._last, heading))
        rate = about @ self._glide.velocity + (0.0 if held or (seen != far).any() else spin)
        self._add(neck, eye, axis, reference, rate, about @ self._glide.acceleration)
        self._tell(goal, axis, wanted, held or bool((seen != far).any()))

    def _wanted(
        self, neck: Neck, goal: GazeGoal | None, eye: PointMotion, heading: float, turning: float
    ) -> tuple[Floats, Floats]:
        """The direction (3,) in which the goal lies now, and how fast it turns (3,) [rad/s]."""
        around = np.array([0.0, 0.0, turning])
        if goal is None:
            return level_axes(heading) @ neck.direction(np.zeros(2)), around
        if self._point is None:
            assert goal.direction is not None
            return _direction(np.array(goal.direction), heading), around
        away = self._point - eye.place
        distance = max(float(np.linalg.norm(away)), 0.05)
        wanted = away / distance
        return wanted, np.cross(wanted, -eye.velocity[:3] / distance)

    def _held(self, neck: Neck, direction: Floats) -> tuple[Floats, bool]:
        """What of a direction (3,) the neck can take from the trunk as it is, and whether it is cut off."""
        data, base = self._model.data, self._model.link(neck.base)
        turn = data.xmat[base].reshape(3, 3)
        angles = neck.angles(turn.T @ direction)
        kept = np.clip(angles, neck.low, neck.high)
        return (turn @ neck.direction(kept), True) if (kept != angles).any() else (direction, False)

    def _add(self, neck: Neck, eye: PointMotion, axis: Floats, reference: Floats, rate: Floats, change: Floats) -> None:
        away = np.cross(axis, reference)
        sine = float(np.linalg.norm(away))
        if sine > 1e-9:
            away *= math.atan2(sine, float(axis @ reference)) / sine
        self._stuck = np.clip(self._stuck + _AIM[2] * TICK * away, -_STUCK, _STUCK)
        plane = np.linalg.svd(axis[None])[2][1:]
        wanted = change + _AIM[0] * away + _AIM[1] * (rate - eye.velocity[3:]) + self._stuck - eye.drift[3:]
        # About the axis itself nothing is asked but that the neck does not tilt.
        rolls = neck.rolls
        data, count = self._model.data, len(rolls)
        upright = np.zeros((count, self._model.dofs))
        upright[np.arange(count), 6 + rolls] = 1.0
        back = -_AIM[0] * data.qpos[7 + rolls] - _AIM[1] * data.qvel[6 + rolls]
        jacobian = np.concatenate([plane @ eye.jacobian[3:], upright])
        self.tasks = [Task(jacobian, np.concatenate([plane @ wanted, back]), np.full(2 + count, _WEIGHT))]

    def _tell(self, goal: GazeGoal | None, axis: Floats, wanted: Floats, held: bool) -> None:
        assert self._off is not None
        if goal is None:
            self.report = GazeReport()
            if float(np.abs(self._off).max()) < 1e-3:
                self._off = None
            return
        error = math.acos(min(max(float(axis @ wanted), -1.0), 1.0))
        still = float(np.abs(self._off).max()) < _AT
        state = GazeState.THERE if error < _AT else GazeState.AT_LIMIT if held and still else GazeState.TURNING
        self.report = GazeReport(state, error)


def _placed(goal: GazeGoal | None, heading: float, feet: Sequence[PointMotion]) -> Floats | None:
    """A goal's point (3,) [m] in the axes in which the robot believes to move."""
    if goal is None or goal.point is None:
        return None
    origin = 0.5 * (feet[0].place + feet[1].place)
    origin[2] = min(feet[0].place[2], feet[1].place[2])
    return np.asarray(origin + level_axes(heading) @ goal.point)


def _angles_of(direction: Floats, heading: float) -> Floats:
    """To the left of a heading and above the horizon (2,) [rad]."""
    azimuth = math.remainder(math.atan2(direction[1], direction[0]) - heading, 2.0 * math.pi)
    return np.array([azimuth, math.asin(min(max(float(direction[2]), -1.0), 1.0))])


def _direction(angles: Floats, heading: float) -> Floats:
    azimuth, elevation = heading + float(angles[0]), float(angles[1])
    level = math.cos(elevation)
    return np.array([level * math.cos(azimuth), level * math.sin(azimuth), math.sin(elevation)])
