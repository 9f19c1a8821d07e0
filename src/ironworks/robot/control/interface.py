"""What passes between a robot and whoever controls it, at every tick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.control_model import ControlModel
from ironworks.robot.control.height_map import FloorView

__all__ = [
    "TICK", "Command", "Controller", "Footstep", "GazeGoal", "HandGoal", "Hands", "JointCommand", "Observation",
]  # fmt: skip

Floats = NDArray[np.float64]

TICK = 0.004
"""Seconds between two ticks of control."""


@dataclass(frozen=True, eq=False)
class Observation:
    """What the sensors of a robot say at one tick: J driven joints, I inertial sensors, F feet.

    `angle` (J,) [rad] and `speed` (J,) [rad/s] as encoders read; `torque` (J,) [N m] from currents; `rates` (I, 3)
    [rad/s] and `pulls` (I, 3) [m/s2] in the axes of each sensor; `soles` (F, 6): force [N] and torque [N m] that the
    floor exerts through the ankle's cell, in the axes of the foot. `floor`: where a sensor of the floor places the root
    on its map, where there is one; the same view until the next registration.
    """

    time: float
    angle: Floats
    speed: Floats
    torque: Floats
    rates: Floats
    pulls: Floats
    soles: Floats
    floor: FloorView | None = None


@dataclass(frozen=True, eq=False)
class JointCommand:
    """What every drive is asked for: torque + kp (angle - measured) + kd (speed - measured), all (J,), at the joint.

    `activation` (M,): of each muscle, 0 to 1, for a robot that has some; what is asked of its joints is in it.
    """

    angle: Floats
    speed: Floats
    kp: Floats
    kd: Floats
    torque: Floats
    activation: Floats | None = None

    def through(self, constant: Floats) -> JointCommand:
        """What drives must be asked for whose torque is `constant` (J,) times what they are asked for."""
        kp, kd, torque = self.kp / constant, self.kd / constant, self.torque / constant
        return JointCommand(self.angle, self.speed, kp, kd, torque, self.activation)


@dataclass(frozen=True)
class HandGoal:
    """Where the middle of a palm is wanted, from the middle between the soles, in the axes of the heading.

    `place` [m]: ahead, to the left, above the soles; `turn` [rad]: rotation vector from those axes to the hand's.
    """

    place: tuple[float, float, float]
    turn: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Hands:
    """What is wanted of the hands; one without a goal hangs as it likes.

    `squeeze` [N]: both palms close along the line between them until they feel something, then press it so hard;
    0: they do not. `speed`: the fastest that a palm moves [m/s].
    """

    left: HandGoal | None = None
    right: HandGoal | None = None
    squeeze: float = 0.0
    speed: float = 0.5

    def __post_init__(self) -> None:
        if self.squeeze < 0.0 or self.speed <= 0.0:
            raise ValueError(f"hands press with 0 N or more and move, not with {self.squeeze} N at {self.speed} m/s")
        if self.squeeze and (self.left is None or self.right is None):
            raise ValueError("both hands need a goal to press something between them")


@dataclass(frozen=True)
class Footstep:
    """Where the middle of one sole is to land: ahead and to the left (2,) [m], turned to the left by `turn` [rad].

    Told from the middle between the soles, in the axes of the mean of where they point, as both stood when the list of
    footsteps was taken on. They stay there: what comes later does not move them.
    """

    side: str
    place: tuple[float, float]
    turn: float = 0.0

    def __post_init__(self) -> None:
        if self.side not in ("left", "right"):
            raise ValueError(f"a footstep is of the left or the right foot, not of `{self.side}`")


@dataclass(frozen=True)
class GazeGoal:
    """What the head's cameras are to look at: a `point` or a `direction`; `speed` [rad/s]: the fastest turn to it.

    `point` [m]: ahead, to the left, above the soles, from the middle between them in the axes of the heading, as they
    were when this goal was first given; it stays there while the robot moves. `direction` [rad]: to the left of the
    heading and above the horizon; it moves with the robot.
    """

    point: tuple[float, float, float] | None = None
    direction: tuple[float, float] | None = None
    speed: float = 2.0

    def __post_init__(self) -> None:
        if (self.point is None) == (self.direction is None):
            raise ValueError("a gaze has either a point or a direction")
        if self.speed <= 0.0:
            raise ValueError(f"a head turns at more than 0 rad/s, not at {self.speed}")


@dataclass(frozen=True)
class Command:
    """What a user or the mind wants of the robot.

    `forward`, `left` [m/s] and `turn` [rad/s] in the axes of the heading; `walk`: to step, else to stand. `height`
    [m]: of the centre of mass over that of standing, below 0 for a squat; None: as it stood at the begin. `hands`:
    where they are wanted; None: they swing as they like. `footsteps`: to be done one after the other, and then to
    stand; while they are given, velocities and `walk` count for nothing. `gaze`: where to look; None: ahead.
    """

    forward: float = 0.0
    left: float = 0.0
    turn: float = 0.0
    walk: bool = False
    height: float | None = None
    hands: Hands | None = None
    footsteps: tuple[Footstep, ...] | None = None
    gaze: GazeGoal | None = None

    def __post_init__(self) -> None:
        if self.footsteps is not None and not self.footsteps:
            raise ValueError("a list of footsteps has at least one; None stands for no list")


class Controller(Protocol):
    """Controls one robot from its observations.

    What of a command it cannot do it does not do silently: it tells in a report of its own, or raises ValueError.
    """

    def reset(self, model: ControlModel) -> None:
        """Begin anew with a unit's identified model."""

    def step(self, observation: Observation, command: Command) -> JointCommand:
        """What the drives are asked for until the next tick."""
        ...
