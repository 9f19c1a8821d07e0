"""A course for a robot on its legs: a unit as built follows commands by its own controller, and what it truly did."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design
from ironworks.robot.acceptance.procedure import Specimen
from ironworks.robot.acceptance.procedures.calibration import CalibrationTest
from ironworks.robot.acceptance.walking.ground import Ground
from ironworks.robot.acceptance.walking.load import Load
from ironworks.robot.calibration import Calibration
from ironworks.robot.control import (
    TICK,
    Command,
    Controller,
    ControlModel,
    Estimator,
    FallGuard,
    FloorSensor,
    SimulatedRobot,
    Walking,
    held_joints,
)
from ironworks.robot.control.squat import Squat
from ironworks.robot.drives import delay_steps

__all__ = ["BEGIN", "Fell", "Leg", "Prop", "Stage", "Track", "Watcher", "follow", "own_controller"]

Floats = NDArray[np.float64]

BEGIN = 1.0
"""Seconds on the gantry's ropes before each course."""
#: Seconds of a push; share of its standing height below which a root's robot has fallen.
_PUSH, _FALLEN = 0.1, 0.7
#: How fast an operator changes a command [m/s2, rad/s2]; assumptions.
_HURRY, _SPIN = 0.8, 1.6


@dataclass(frozen=True)
class Leg:
    """One part of a course: for `seconds` under one command, judged from `settle` [s] after its begin.

    `push`: change of the whole robot's velocity (forward, left) [m/s] in the axes of its heading, by a force at the
    root over the first 0.1 s. `abrupt`: the command changes at once, as when somebody hits the stop.
    """

    name: str
    seconds: float
    command: Command = field(default_factory=Command)
    settle: float = 0.0
    push: tuple[float, float] = (0.0, 0.0)
    abrupt: bool = False


@dataclass(frozen=True)
class Fell:
    """A fall: in which leg of which procedure, when (seconds of the course), where [m], and what the robot told of it.

    `told` [s] is NaN where the robot did not notice.
    """

    procedure: str
    leg: str
    time: float
    place: tuple[float, float]
    told: float
    cause: str


class Watcher(Protocol):
    """Looks on, tick by tick."""

    def __call__(self, robot: SimulatedRobot, procedure: str, leg: str, fallen: bool) -> None: ...


class Prop(Protocol):
    """Something that the robot handles, told nearly where it is."""

    def scene(self, spec: mujoco.MjSpec, rng: np.random.Generator) -> None:
        """Put it into the scene where it truly is."""
        ...

    def seen(self, robot: SimulatedRobot) -> Floats:
        """What is written down of it at each tick (N,)."""
        ...


def own_controller() -> FallGuard:
    """What every unit is delivered with: walking from its own sensors, and the guard against falls around it."""
    return FallGuard(Walking(Estimator()))


@dataclass(frozen=True)
class Stage:
    """Where and how a course is run.

    `scene` may add to the floor or to the robot before its model is compiled, `ground` is what stands on the floor
    (flat by default), with a sensor that maps it; `load` is what the robot is told that it carries, nearly
    as it does; `control` makes the controller.
    `delay`: how much later than its kind's a unit's commands become torque [s], in whole steps of the physics,
    once it is off the gantry. `crouch`: how far its centre of mass is lowered at the begin [m]; `prop`: what it is to
    handle.
    """

    scene: Callable[[mujoco.MjSpec], None] | None = None
    ground: Ground | None = None
    load: Load | None = None
    control: Callable[[], Controller] = own_controller
    delay: float = 0.0
    watch: Watcher | None = None
    crouch: float = 0.0
    prop: Prop | None = None


@dataclass(frozen=True, eq=False)
class Track:
    """What truly happened: T ticks, J joints that the controller drives.

    `leg` (T,): index of the leg; `place` (T, 3) [m] and `heading` (T,) [rad, unwrapped] of the root, from where it
    stood at the begin; `velocity` (T, 2) [m/s] along and across its heading; `tilt` (T,) [rad]; `torque` (T, J) [N m]
    that the drives' currents speak of. `seen` (T, N): what the prop told, N is 0 where there is none.
    """

    legs: tuple[Leg, ...]
    joints: tuple[str, ...]
    leg: NDArray[np.int64]
    place: Floats
    heading: Floats
    velocity: Floats
    tilt: Floats
    torque: Floats
    fell: Fell | None
    seen: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    def reached(self, leg: int) -> bool:
        """Whether a leg was walked to its end."""
        return int((self.leg == leg).sum()) == round(self.legs[leg].seconds / TICK)

    def judged(self, leg: int) -> NDArray[np.int64]:
        """Ticks of a leg that count; none where it was not walked to its end."""
        if not self.reached(leg):
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.leg == leg)[round(self.legs[leg].settle / TICK) :]


def follow(specimen: Specimen, name: str, legs: Sequence[Leg], stage: Stage) -> Track:
    """Walk a course until its end or a fall, which is kept in the specimen's memo as `fell/NAME`.

    The controller believes what the unit's own calibration found: in the memo, or made now and kept there.
    """
    model = _believed(specimen)
    load = stage.load
    if load is not None:
        model = ControlModel(specimen.design, load.told(specimen.masses), model.unit)
        load = load.drawn(specimen.rng(f"{name}/load"))
    robot = SimulatedRobot(
        specimen.design,
        specimen.masses,
        specimen.unit,
        specimen.rng(name),
        frozen=_fingers(specimen.design),
        scene=_late(stage, load, specimen.rng(f"{name}/prop")),
        pose=Squat(model).at(stage.crouch) if stage.crouch else None,
    )
    recorder = _Recorder(robot, name, tuple(legs), stage)
    floor = stage.ground.map() if stage.ground is not None else None
    sensor = FloorSensor(floor, specimen.rng(f"{name}/floor")) if floor is not None else None
    control = stage.control()
    control.reset(model)
    # The gantry's stiff joints stand no delay; the controller must.
    late = robot.model.actuator_delay.copy()
    robot.model.actuator_delay[:] -= _whole_steps(stage.delay, robot.model.opt.timestep)
    observation = robot.begin(BEGIN)
    robot.model.actuator_delay[:] = late
    if not recorder.begin():
        return recorder.fallen(specimen, 0, control, "it did not stand on the gantry")
    command = Command()
    for i, leg in enumerate(legs):
        for tick in range(round(leg.seconds / TICK)):
            command = leg.command if leg.abrupt else _towards(command, leg.command)
            recorder.push(leg, tick)
            if sensor is not None:
                observation = replace(observation, floor=sensor.view(robot))
            try:
                asked = control.step(observation, command)
            except (ArithmeticError, ValueError, np.linalg.LinAlgError) as error:
                return recorder.fallen(specimen, i, control, f"its controller failed: {error}")
            observation = robot.step(asked)
            upright = recorder.record(i)
            if stage.watch is not None:
                stage.watch(robot, name, leg.name, not upright)
            if not upright:
                return recorder.fallen(specimen, i, control)
    return recorder.track()


def _believed(specimen: Specimen) -> ControlModel:
    """The unit as its own calibration found it, shared by all procedures of a visit."""
    if "calibration" not in specimen.memo:
        CalibrationTest().run(specimen)
    found = specimen.memo["calibration"]
    assert isinstance(found, Calibration)
    kept = specimen.memo.get("control_model")
    if not isinstance(kept, ControlModel) or kept.unit is not found.identified:
        kept = ControlModel(specimen.design, specimen.masses, found.identified)
        specimen.memo["control_model"] = kept
    return kept


def _fingers(design: Design) -> tuple[str, ...]:
    """Joints of fingers: nothing is grasped here, and physics takes half the time without them."""
    driven = {joint.name for joint in design.joints if joint.drive is not None or joint.follow is not None}
    return tuple(name for name in held_joints(design) if name in driven)


def _late(stage: Stage, load: Load | None, rng: np.random.Generator) -> Callable[[mujoco.MjSpec], None]:
    """What a stage changes in a robot's model before it is compiled: room for later commands, its scene and load."""

    def scene(spec: mujoco.MjSpec) -> None:
        late = _whole_steps(stage.delay, spec.option.timestep)
        if late > 0.0:
            for actuator in spec.actuators:
                actuator.delay += late
                actuator.nsample = delay_steps(actuator.delay, spec.option.timestep)
        if stage.ground is not None:
            stage.ground.scene(spec)
        if load is not None:
            load.scene(spec)
        if stage.prop is not None:
            stage.prop.scene(spec, rng)
        if stage.scene is not None:
            stage.scene(spec)

    return scene


def _whole_steps(seconds: float, timestep: float) -> float:
    return round(seconds / timestep) * timestep


def _towards(now: Command, wanted: Command) -> Command:
    """The command of the next tick on the way to another one."""

    def step(old: float, new: float, most: float) -> float:
        return old + min(max(new - old, -most * TICK), most * TICK)

    return replace(
        wanted,
        forward=step(now.forward, wanted.forward, _HURRY),
        left=step(now.left, wanted.left, _HURRY),
        turn=step(now.turn, wanted.turn, _SPIN),
    )


class _Recorder:
    """Writes down the truth of each tick, and pushes."""

    def __init__(self, robot: SimulatedRobot, name: str, legs: tuple[Leg, ...], stage: Stage) -> None:
        self._robot, self._name, self._legs = robot, name, legs
        self._ground, self._prop = stage.ground, stage.prop
        data = robot.data
        self._root = data.body(1)
        self._mass = float(robot.model.body_subtreemass[1])
        places = robot.unit.places.names["joint"]
        self._constant = 1.0 + robot.unit["torque_constant"][[places.index(joint) for joint in robot.joints]]
        # Its height while it stands as it was put down, before anything moved.
        self._height = float(data.qpos[2])
        self._rows: list[tuple[float, ...]] = []
        self._torque: list[Floats] = []
        self._seen: list[Floats] = []
        self._fell: Fell | None = None

    def begin(self) -> bool:
        """Take the present place for the begin; whether the robot stands there."""
        self._begun, self._facing = self._robot.time, self._heading()
        self._from = self._robot.data.qpos[:3].copy()
        return self._upright()

    def _upright(self) -> bool:
        position = self._robot.data.qpos
        if not np.isfinite(position).all():
            return False
        floor = float(self._ground.height(position[0], position[1])) if self._ground is not None else 0.0
        return bool(position[2] - floor > _FALLEN * self._height)

    def _heading(self) -> float:
        turn = self._root.xmat
        return math.atan2(turn[3], turn[0])

    def push(self, leg: Leg, tick: int) -> None:
        """Push the root during the first moments of a leg that has a push."""
        force = self._root.xfrc_applied
        force[:2] = 0.0
        if any(leg.push) and tick * TICK < _PUSH:
            c, s = math.cos(self._heading()), math.sin(self._heading())
            force[:2] = self._mass / _PUSH * (np.array([[c, -s], [s, c]]) @ leg.push)

    def record(self, leg: int) -> bool:
        """Write a tick down; whether the robot is still on its feet."""
        data = self._robot.data
        heading = self._heading()
        c, s = math.cos(heading), math.sin(heading)
        vx, vy = float(data.qvel[0]), float(data.qvel[1])
        tilt = math.acos(min(1.0, max(-1.0, float(self._root.xmat[8]))))
        self._rows.append((leg, *data.qpos[:3] - self._from, heading, c * vx + s * vy, c * vy - s * vx, tilt))
        self._torque.append(self._robot.torque[: len(self._constant)] / self._constant)
        if self._prop is not None:
            self._seen.append(self._prop.seen(self._robot))
        return self._upright()

    def fallen(self, specimen: Specimen, leg: int, control: Controller, cause: str = "") -> Track:
        """The track of a robot that fell in a leg; `cause`, where another one than its guard told."""
        told = getattr(control, "fall", None)
        place = self._robot.data.qpos[:2] - self._from[:2]
        self._fell = Fell(
            self._name,
            self._legs[leg].name,
            len(self._rows) * TICK,
            (float(place[0]), float(place[1])),
            told.time - self._begun if told else math.nan,
            cause or (told.cause if told else ""),
        )
        specimen.memo[f"fell/{self._name}"] = self._fell
        return self.track()

    def track(self) -> Track:
        """All that was written, in axes that lie along the heading at the begin."""
        rows = np.array(self._rows).reshape(-1, 8)
        c, s = math.cos(self._facing), math.sin(self._facing)
        place = rows[:, 1:4].copy()
        place[:, :2] = rows[:, 1:3] @ np.array([[c, -s], [s, c]])
        heading = np.unwrap(rows[:, 4] - self._facing)
        if len(heading):
            heading -= 2.0 * np.pi * np.round(heading[0] / (2.0 * np.pi))
        torque = np.array(self._torque).reshape(-1, len(self._constant))
        return Track(
            self._legs, self._robot.joints, rows[:, 0].astype(np.int64), place, heading, rows[:, 5:7], rows[:, 7],
            torque, self._fell, np.array(self._seen).reshape(len(rows), -1) if len(rows) else np.zeros((0, 0)),
        )  # fmt: skip
