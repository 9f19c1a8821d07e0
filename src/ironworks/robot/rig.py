"""A unit held on a bench: its drives close their loops on what its encoders read, as in the real one.

What a unit deviates by acts where it does in reality: lengths, masses and friction in the physics, torque constants in
the drives, encoder errors in the loop and in the record. Nothing here knows the unit's identified model.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass
from ironworks.robot.asbuilt import Unit, as_built
from ironworks.robot.body import body_spec
from ironworks.robot.encoder_error import EncoderError

__all__ = [
    "ACCELEROMETER_NOISE",
    "CURRENT_NOISE",
    "GYRO_NOISE",
    "Record",
    "Rig",
    "lean_gravity",
    "neighbour",
    "small_turn",
]

Floats = NDArray[np.float64]

#: Servo: deflection under the drive's full torque [rad], share of critical damping, noise of the current over its peak.
_DEFLECTION, _DAMPING, CURRENT_NOISE = 0.03, 0.8, 0.002
GYRO_NOISE, ACCELEROMETER_NOISE = 0.002, 0.02


@dataclass(frozen=True, eq=False)
class Record:
    """What was commanded and read at each tick (T ticks, J driven joints), in the order of `Rig.joints`.

    `time` (T,) [s]; `target`, `angle` [rad]: as encoders read; `torque` [N m]: current times the design's torque
    constant and gear; `true_angle`, `true_speed` are for tests and physics alone: no bench sees them.
    """

    time: Floats
    target: Floats
    angle: Floats
    torque: Floats
    true_angle: Floats
    true_speed: Floats

    @property
    def speed(self) -> Floats:
        """Angles' central differences [rad/s], (T, J)."""
        return np.gradient(self.angle, self.time, axis=0)


class Rig:
    """A unit with its root held by the bench, in MuJoCo; joints in `frozen` are held at zero.

    `joints`: names of the driven joints that move (J). `stand`, `low`, `high` (J,) [rad]: their standing pose and their
    stops by design, infinite where there is none. `spec_hook` may add to the model before it is compiled. `rng`: noise
    of the sensors; None leaves it out.
    """

    def __init__(
        self,
        design: Design,
        masses: Mapping[str, Mass],
        unit: Unit,
        rng: np.random.Generator | None,
        *,
        frozen: Collection[str] = (),
        shapes: bool = False,
        tick: float = 0.004,
        spec_hook: Callable[[mujoco.MjSpec], None] | None = None,
    ) -> None:
        self.design, self.unit, self.rng = design, unit, rng
        self.built, self.masses = as_built(design, masses, unit)
        spec = body_spec(self.built, self.masses, shapes=shapes, frozen=frozen)
        if design.free:
            spec.delete(spec.joint("root"))
        moving = [joint for joint in design.joints if joint.drive is not None and joint.name not in frozen]
        self.joints = tuple(joint.name for joint in moving)
        self.stand = np.array([design.stand.get(name, 0.0) for name in self.joints])
        self.low = np.array([joint.low for joint in moving], dtype=float)
        self.high = np.array([joint.high for joint in moving], dtype=float)
        at = {name: i for i, name in enumerate(unit.places.names["joint"])}
        self.places = np.array([at[name] for name in self.joints], dtype=np.int64)
        self.limit = np.array([joint.drive.torque for joint in moving if joint.drive is not None])
        constant = 1.0 + unit["torque_constant"][self.places]
        for fault in unit.struck("open_phase"):
            constant[self.places == at[fault.place]] *= 1.0 - fault.severity
        self._constant = constant
        self.stiffness = self.limit / _DEFLECTION
        self.damping = _damping(design, masses, self.joints, self.stiffness, frozen)
        for i, name in enumerate(self.joints):
            actuator = spec.actuator(name)
            actuator.set_to_position(kp=self.stiffness[i] * constant[i], kv=self.damping[i] * constant[i])
            actuator.ctrllimited = False
            actuator.forcelimited = True
            actuator.forcerange = [-self.limit[i] * constant[i], self.limit[i] * constant[i]]
        if spec_hook is not None:
            spec_hook(spec)
        self.model = spec.compile()
        self.data = mujoco.MjData(self.model)
        self.encoder = EncoderError.of(unit, self.joints)
        self._cables = _cables(design, unit, self.joints)
        self.steps = max(1, round(tick / self.model.opt.timestep))
        self.tick = self.steps * self.model.opt.timestep
        self.qpos = np.array([self.model.joint(name).qposadr[0] for name in self.joints], dtype=np.int64)
        self.dof = np.array([self.model.joint(name).dofadr[0] for name in self.joints], dtype=np.int64)
        mujoco.mj_forward(self.model, self.data)

    def lean(self, roll: float, pitch: float) -> None:
        """Tilt the bench [rad] about x, then y: gravity turns the other way in the axes of the held link."""
        self.model.opt.gravity[:] = lean_gravity(roll, pitch)

    def rest(self, angles: Floats) -> None:
        """Put the joints (J,) [rad] there at once, at rest: true angles."""
        mujoco.mj_resetData(self.model, self.data)
        self.data.qpos[self.qpos] = angles
        self._couple()
        mujoco.mj_forward(self.model, self.data)

    def _couple(self) -> None:
        for joint in self.design.joints:
            if joint.follow is not None and self._has(joint.name) and self._has(joint.follow.joint):
                model = self.model
                driver = self.data.qpos[model.joint(joint.follow.joint).qposadr[0]]
                self.data.qpos[model.joint(joint.name).qposadr[0]] = joint.follow.gain * driver

    def _has(self, name: str) -> bool:
        return bool(mujoco.mj_name2id(self.model, mujoco.mjtObj.mjOBJ_JOINT, name) >= 0)

    def misread(self, angles: Floats) -> Floats:
        """What drives read without noise, less the true angles (..., J) [rad]: errors, and cables that are swapped."""
        error = self.encoder.at(angles)
        if self._cables is None:
            return error
        # A neighbour that is held at zero is read as zero: it is the column behind the last.
        read = np.concatenate([angles + error, np.zeros((*angles.shape[:-1], 1))], axis=-1)
        return np.asarray(read[..., self._cables] - angles)

    def follow(self, targets: Floats, feedforward: Floats | None = None) -> Record:
        """Run through targets (T, J) [rad], one each tick, as encoder readings; feedforward torques (T, J) [N m]."""
        data, model, steps, dof = self.data, self.model, self.steps, self.dof
        count, qpos, at = len(targets), data.qpos, self.qpos
        ahead = targets if feedforward is None else targets + feedforward / self.stiffness
        angles, speeds, forces = (np.empty((count, len(at))) for _ in range(3))
        error = self.encoder.at if self._cables is None else self.misread
        step, began, more = mujoco.mj_step, data.time, range(steps - 1)
        control, qvel, force = data.ctrl, data.qvel, data.actuator_force
        now, began_speed = qpos[at], qvel[dof]
        for goal, angle, speed, total in zip(ahead, angles, speeds, forces, strict=True):
            np.subtract(goal, error(now), out=control)
            step(model, data)
            total[:] = force
            for _ in more:
                step(model, data)
                total += force
            # Any other mode checks every index, which costs more than taking them.
            qpos.take(at, out=angle, mode="clip")
            qvel.take(dof, out=speed, mode="clip")
            now = angle
        noise = self.noise((2, count, len(at)))
        read = angles + self.misread(angles) + self.encoder.noise * noise[0]
        # The mean over a tick's steps: a target stands still for a tick while the joint moves on. The integrator damps
        # with the speed after a step, where `actuator_force` has that before it.
        forces -= self.damping * self._constant * np.diff(speeds, axis=0, prepend=began_speed[None])
        torque = forces / (steps * self._constant) + CURRENT_NOISE * self.limit * noise[1]
        times = began + self.tick * np.arange(1, count + 1)
        return Record(times, targets, read, torque, angles, speeds)

    def move(
        self, start: Floats, end: Floats, seconds: float, settle: float, feedforward: Floats | None = None
    ) -> Record:
        """Move between two targets (J,) on a quintic course without jerk at its ends, then hold for `settle` [s]."""
        s = np.clip(np.arange(1, round((seconds + settle) / self.tick) + 1) * self.tick / seconds, 0.0, 1.0)
        course = s**3 * (10.0 - 15.0 * s + 6.0 * s**2)
        targets = start + np.outer(course, end - start)
        return self.follow(targets, None if feedforward is None else np.broadcast_to(feedforward, targets.shape))

    def noise(self, shape: tuple[int, ...]) -> Floats:
        """Standard normal numbers for a sensor; zeros in a rig without noise."""
        return np.zeros(shape) if self.rng is None else self.rng.standard_normal(shape)

    def site(self, name: str) -> Floats:
        """Place of a sensor, ball or marker [m], (3,), in the axes of the bench: what is true, not what is read."""
        found: Floats = self.data.site(name).xpos.copy()
        return found

    def inertial(self, imu: str) -> tuple[Floats, Floats]:
        """What an inertial sensor reads now: rates (3,) [rad/s] and accelerations (3,) [m/s2], in its own axes."""
        i = self.unit.places.names["imu"].index(imu)
        turn = small_turn(self.unit["imu_tilt"][i])
        noise = self.noise((2, 3))
        gyro = turn.T @ self.data.sensor(f"{imu}.gyro").data + self.unit["gyro_bias"][i]
        pull = turn.T @ self.data.sensor(f"{imu}.accelerometer").data + self.unit["accelerometer_bias"][i]
        return gyro + GYRO_NOISE * noise[0], pull + ACCELEROMETER_NOISE * noise[1]


def lean_gravity(roll: float, pitch: float) -> Floats:
    """Gravity (3,) [m/s2] in the axes of a bench that leans by angles [rad] about x, then y."""
    return 9.81 * np.array([np.sin(pitch), -np.sin(roll) * np.cos(pitch), -np.cos(roll) * np.cos(pitch)])


def neighbour(design: Design, joint: str) -> str:
    """The driven joint whose encoder cable lies beside a joint's: the next one outwards, at the end of a limb inwards.

    The joint itself where the design drives no other. Raises ValueError for a joint without a drive.
    """
    driven = {link.name: link.joint.name for link in design.links if link.joint is not None and link.joint.drive}
    home = next((link for link, name in driven.items() if name == joint), None)
    if home is None:
        raise ValueError(f"`{joint}` is no driven joint; choose one of: {', '.join(driven.values())}")
    outside = design.below(home)
    beyond = [name for link, name in driven.items() if link in outside and link != home]
    inside = [name for link, name in driven.items() if link != home and home in design.below(link)]
    return beyond[0] if beyond else inside[-1] if inside else joint


def _cables(design: Design, unit: Unit, joints: tuple[str, ...]) -> NDArray[np.int64] | None:
    """Whose encoder each drive reads, (J,); J: of a joint that is held at zero; None where no cable is swapped."""
    driven = {joint.name for joint in design.joints if joint.drive is not None}
    struck = [fault for fault in unit.struck("swapped_cable") if fault.place in driven]
    if not struck:
        return None
    row = {name: i for i, name in enumerate(joints)}
    read = np.arange(len(joints))
    for fault in struck:
        other = neighbour(design, fault.place)
        for one, two in ((fault.place, other), (other, fault.place)):
            if one in row:
                read[row[one]] = row.get(two, len(joints))
    return read


def small_turn(vector: Floats) -> Floats:
    """The rotation (3, 3) about a rotation vector (3,) [rad] (Rodrigues)."""
    angle = float(np.linalg.norm(vector))
    if angle == 0.0:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1.0 - np.cos(angle)) * cross @ cross)


def _damping(
    design: Design, masses: Mapping[str, Mass], joints: tuple[str, ...], stiffness: Floats, frozen: Collection[str]
) -> Floats:
    """Servo damping [N m s/rad] from the inertia that each joint carries in the design's standing pose."""
    spec = body_spec(design, masses, shapes=False, frozen=frozen)
    if design.free:
        spec.delete(spec.joint("root"))
    model = spec.compile()
    data = mujoco.MjData(model)
    for name, angle in design.stand.items():
        if name not in frozen:
            data.qpos[model.joint(name).qposadr[0]] = angle
    mujoco.mj_forward(model, data)
    full = np.zeros((model.nv, model.nv))
    mujoco.mj_fullM(model, data, full)
    inertia = np.diag(full)[[model.joint(name).dofadr[0] for name in joints]]
    return np.asarray(2.0 * _DAMPING * np.sqrt(stiffness * inertia))
