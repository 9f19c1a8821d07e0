"""A unit as built that moves by itself: its drives, its sensors, and the delays between them and a controller."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass, Muscle, muscles_of, sensors_of
from ironworks.robot.asbuilt import Unit, as_built
from ironworks.robot.body import add_scene, body_spec, bounds
from ironworks.robot.control.control_model import held_joints
from ironworks.robot.control.interface import TICK, JointCommand, Observation
from ironworks.robot.control.kernels.drives import drive_torques, sense
from ironworks.robot.control.kernels.encoders import read_joints
from ironworks.robot.control.squat import Crouch
from ironworks.robot.encoder_error import ORDERS, EncoderError
from ironworks.robot.joint_modules import BUS
from ironworks.robot.muscles import Musculature, activations, add_muscles
from ironworks.robot.rig import ACCELEROMETER_NOISE, CURRENT_NOISE, GYRO_NOISE, small_turn

__all__ = ["SimulatedRobot"]

Floats = NDArray[np.float64]

#: Noise of a drive's speed [rad/s], of a foot's cell [N, N m]; steps by which the bus delays commands
#: (the drives' own delay comes besides) and readings.
_SPEED_NOISE, _FORCE_NOISE, _TORQUE_NOISE = 0.01, 1.0, 0.05
_COMMAND_STEPS, _READING_STEPS = 1, 1
#: Friction of a leg against the other.
_SKIN = [0.6, 0.6, 0.005, 1e-4, 1e-4]
#: Servo of joints that the controller does not command: deflection under full torque [rad], damping over stiffness [s].
_HOLD, _HOLD_DAMPING = 0.15, 0.03
#: The same before a controller takes over.
_STIFF, _STIFF_DAMPING = 0.25, 0.03
#: The gantry's ropes: stiffness sideways [N/m] and against a lean [N m/rad].
_ROPES, _UPRIGHT = 2000.0, 300.0


class SimulatedRobot:
    """One unit on a floor, stepped tick by tick. `joints`: what a JointCommand speaks of, (J) names.

    Every drive gives its torque from what its encoder reads, with its true torque constant, up to its torque-speed
    curve. Feet and toes touch the other leg's, besides the design's pairs. `scene` may change the spec before it is
    compiled (stairs, loads). `muscled`: muscles pull the joints for which the design has them, by activations. `pose`:
    in which it is put down, else the design's standing one. Truth is for tests alone.
    """

    def __init__(
        self,
        design: Design,
        masses: Mapping[str, Mass],
        unit: Unit,
        rng: np.random.Generator,
        *,
        frozen: tuple[str, ...] = (),
        muscled: bool = False,
        scene: Callable[[mujoco.MjSpec], None] | None = None,
        pose: Crouch | None = None,
    ) -> None:
        self.design, self.unit, self.rng = design, unit, rng
        built, weights = as_built(design, masses, unit)
        spec = body_spec(replace(built, pairs=_apart(built, frozen)), weights, voltage=BUS, frozen=frozen)
        add_scene(spec)
        # What no joint moves is one body with its parent: frozen fingers are half of the bodies.
        spec.compiler.fusestatic = bool(frozen)
        _legs_touch(spec, built)
        muscles = muscles_of(design) if muscled else ()
        if muscles:
            _pull(spec, built, muscles)
        if scene is not None:
            scene(spec)
        self.model = model = spec.compile()
        self.data = mujoco.MjData(model)
        held = set(held_joints(design))
        driven = [joint for joint in built.joints if joint.drive is not None and joint.name not in frozen]
        self.joints = tuple(joint.name for joint in driven if joint.name not in held)
        order = [*self.joints, *(joint.name for joint in driven if joint.name in held)]
        self.qpos = np.array([model.joint(name).qposadr[0] for name in order], dtype=np.int64)
        self.dofs = np.array([model.joint(name).dofadr[0] for name in order], dtype=np.int64)
        self._pulls = Musculature(model, muscles) if muscles else None
        pulled = self._pulls.joints if self._pulls else ()
        self._driven = np.array([i for i, name in enumerate(order) if name not in pulled], dtype=np.int64)
        self._pulled = np.array([order.index(name) for name in pulled], dtype=np.int64)
        self.actuators = np.array([model.actuator(order[i]).id for i in self._driven], dtype=np.int64)
        self._muscles = np.array([model.actuator(muscle.name).id for muscle in muscles], dtype=np.int64)
        self._motors = np.array([order.index(muscle.motor) for muscle in muscles], dtype=np.int64)
        drives = {joint.name: joint.drive for joint in driven}
        self._limit = np.array([drives[name].torque for name in order])  # type: ignore[union-attr]
        places = unit.places.names["joint"]
        self._constant = 1.0 + unit["torque_constant"][[places.index(name) for name in order]]
        encoder = EncoderError.of(unit, order)
        self._waves = encoder.offset, encoder.cosine.copy(), encoder.sine.copy(), ORDERS
        self._noises = np.array(
            [encoder.noise, _SPEED_NOISE, CURRENT_NOISE, GYRO_NOISE, ACCELEROMETER_NOISE, _FORCE_NOISE, _TORQUE_NOISE]
        )
        self._count = len(self.joints)
        held_limit = self._limit[self._count :]
        self._hold = (
            np.array([design.stand.get(name, 0.0) for name in order[self._count :]]),
            held_limit / _HOLD,
            np.full(len(held_limit), _HOLD_DAMPING),
        )
        self._read, self._speed, self._given = np.zeros((3, len(order)))
        sensors = sensors_of(design)
        imus = [sensor.name for sensor in sensors if sensor.kind == "imu"]
        soles = [s.name for s in sensors if s.kind == "force" and "foot" in s.link]
        rows = [unit.places.names["imu"].index(name) for name in imus]
        self._tilt = np.array([small_turn(unit["imu_tilt"][row]).T for row in rows])
        self._bias = np.array([unit["gyro_bias"][rows], unit["accelerometer_bias"][rows]])
        #: Where in MuJoCo's readings rates and accelerations are (2, I, 3), and the cells of the feet (F, 6).
        kinds = ("gyro", "accelerometer")
        self._inertial = np.array([[self._reading(f"{name}.{kind}") for name in imus] for kind in kinds])
        self._cells = np.array([self._reading(f"{n}.force") + self._reading(f"{n}.torque") for n in soles])
        self.steps = round(TICK / model.opt.timestep)
        self._commands: deque[JointCommand] = deque()
        self._pose, self._lean = dict(design.stand), 0.0
        if pose is not None:
            self._pose.update(zip(self.joints, pose.angle.tolist(), strict=True))
            self._lean = pose.lean
        self._stand()

    def _reading(self, name: str) -> list[int]:
        first = int(self.model.sensor(name).adr[0])
        return [first, first + 1, first + 2]

    def _stand(self) -> None:
        """Put the robot into its pose, its soles on the floor, whatever its encoders say."""
        model, data = self.model, self.data
        for joint in self.design.joints:
            at = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_JOINT, joint.name)
            if at >= 0:
                leader, gain = (joint.follow.joint, joint.follow.gain) if joint.follow else (joint.name, 1.0)
                data.qpos[model.jnt_qposadr[at]] = gain * self._pose.get(leader, 0.0)
        if self._lean:
            data.qpos[3:7] = math.cos(0.5 * self._lean), 0.0, math.sin(0.5 * self._lean), 0.0
        mujoco.mj_forward(model, data)
        data.qpos[2] -= bounds(model, data, felt=True)[0][2]
        mujoco.mj_forward(model, data)

    @property
    def time(self) -> float:
        """Simulated seconds."""
        return float(self.data.time)

    def begin(self, seconds: float = 1.5) -> Observation:
        """The first observation, after so long in its pose on stiff joints, kept there by the gantry's ropes alone."""
        self._commands.clear()
        zeros = np.zeros(self._count)
        limit = self._limit[: self._count]
        wanted = np.array([self._pose.get(name, 0.0) for name in self.joints])
        up = np.array([math.sin(self._lean), 0.0, math.cos(self._lean)])
        hold = JointCommand(wanted, zeros, limit / _STIFF, _STIFF_DAMPING * limit / _STIFF, zeros)
        self._look()
        observation = self._observe()
        root = self.data.body(1)
        for _ in range(round(seconds / TICK)):
            turn = root.xmat.reshape(3, 3)
            lean = np.cross(turn[:, 2], up)
            velocity = root.cvel
            root.xfrc_applied[:2] = -_ROPES * (root.xpos[:2] + 0.3 * self.data.qvel[:2])
            root.xfrc_applied[3:] = _UPRIGHT * (lean - 0.05 * velocity[:3])
            observation = self.step(hold)
        root.xfrc_applied[:] = 0.0
        return observation

    def step(self, command: JointCommand) -> Observation:
        """One tick with a command; what the sensors said shortly before its end.

        Raises ValueError for a command that is not of every joint, and of these alone.
        """
        asked = command.angle, command.speed, command.kp, command.kd, command.torque
        if any(one.shape != (self._count,) for one in asked):
            shapes = ", ".join(str(one.shape) for one in asked)
            raise ValueError(
                f"a command needs arrays of shape ({self._count},), one for each of `joints`; has {shapes}"
            )
        data = self.data
        seen: Observation | None = None
        given, hold, limit, constant = self._given, self._hold, self._limit, self._constant
        for step in range(self.steps):
            self._look()
            if step == self.steps - _READING_STEPS:
                seen = self._observe()
            self._commands.append(command)
            now = self._commands.popleft() if len(self._commands) > _COMMAND_STEPS else self._commands[0]
            asked = now.angle, now.speed, now.kp, now.kd, now.torque
            drive_torques(self._read, self._speed, *asked, *hold, limit, constant, given)
            data.ctrl[self.actuators] = given[self._driven]
            if self._pulls is not None:
                pull = now.activation if now.activation is not None else self._held(self._pulls, given)
                data.ctrl[self._muscles] = pull * constant[self._motors]
            mujoco.mj_step(self.model, data)
        assert seen is not None
        return seen

    @property
    def torque(self) -> Floats:
        """True torque at each joint (N,) [N m], those of a JointCommand first."""
        if self._pulls is None:
            return np.asarray(self.data.actuator_force[self.actuators])
        found: Floats = self.data.qfrc_actuator[self.dofs]
        return found

    def _held(self, pulls: Musculature, torque: Floats) -> Floats:
        """Activations (M,) for torques (N,) on the gantry, where nobody has made them of a controller's yet."""
        return activations(pulls.at(self.data), torque[self._pulled]).activations

    def _look(self) -> None:
        """Write what the encoders read without noise into `_read`, and the joints' speeds into `_speed`."""
        data = self.data
        read_joints(data.qpos, data.qvel, self.qpos, self.dofs, *self._waves, self._read, self._speed)

    def _observe(self) -> Observation:
        """What the sensors say, after `_look`."""
        data, count, sensors = self.data, self._count, len(self._tilt)
        said = self.rng.standard_normal(3 * count + 6 * sensors + self._cells.size)
        forces, pulled = (
            (data.actuator_force, self.actuators) if self._pulls is None else (data.qfrc_actuator, self.dofs)
        )
        sense(
            said, self._read, self._speed, forces, pulled, self._constant, self._limit, self._noises,
            data.sensordata, self._tilt, self._inertial, self._bias, self._cells,
        )  # fmt: skip
        angle, speed, torque = said[: 3 * count].reshape(3, count)
        inertial = said[3 * count : 3 * count + 6 * sensors].reshape(2, sensors, 3)
        soles = said[3 * count + 6 * sensors :].reshape(self._cells.shape)
        return Observation(self.time, angle, speed, torque, inertial[0], inertial[1], soles)


def _pull(spec: mujoco.MjSpec, design: Design, muscles: Sequence[Muscle]) -> None:
    """Put muscles in the place of their joints' motors, with those motors' delay."""
    motors = [spec.actuator(muscle.motor) for muscle in muscles]
    late = [(motor.delay, motor.nsample) for motor in motors]
    add_muscles(spec, design, muscles)
    for muscle, (delay, samples) in zip(muscles, late, strict=True):
        actuator = spec.actuator(muscle.name)
        actuator.delay, actuator.nsample = delay, samples


def _legs_touch(spec: mujoco.MjSpec, design: Design) -> None:
    """Let soles and toes touch those of the other leg, and its shank."""
    below = {
        side: [
            shape.name
            for link in design.links
            if link.name in (f"{side}_foot", f"{side}_toe", f"{side}_shank")
            for shape in link.shapes
            if shape.collides
        ]
        for side in ("left", "right")
    }
    for one in below["left"]:
        for other in below["right"]:
            if (one, other) not in design.pairs and (other, one) not in design.pairs:
                spec.add_pair(name=f"{one}|{other}", geomname1=one, geomname2=other, condim=3, friction=_SKIN)


def _apart(design: Design, frozen: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The design's pairs whose shapes can move against one another while some joints are frozen."""
    rigid: dict[str, str] = {}
    home: dict[str, str] = {}
    for link in design.links:
        moves = link.joint is not None and link.joint.name not in frozen
        rigid[link.name] = rigid[link.parent] if link.parent and not moves else link.name
        home.update((shape.name, rigid[link.name]) for shape in link.shapes)
    return tuple((one, other) for one, other in design.pairs if home[one] != home[other])
