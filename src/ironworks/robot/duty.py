"""Loads of a robot's battery: what its motors take while it stands in physics, or moves by inverse dynamics.

Joint control alone holds a robot that stands still, but nobody who lifts in front of himself: that takes balance. So a
load with a pose is followed by inverse dynamics, with contact forces that the floor can give.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from ironworks.product.design import Design, Mass
from ironworks.product.design.loads import Load
from ironworks.robot.body import add_scene, body_spec, stand_on_floor
from ironworks.robot.drives import Motors
from ironworks.robot.energy import Electronics, motor_power
from ironworks.robot.motor_heat import REFERENCE, MotorHeat

__all__ = ["Duty", "Fallen", "follow_load", "measure", "run_load"]

Floats = NDArray[np.float64]

#: Joint control: stiffness [1/rad] and damping [s/rad] over the drive's torque. They hold a humanoid upright.
STIFFNESS, DAMPING = 6.0, 0.25
_SETTLE = 2.0
_LONGEST_FALL = 0.2


class Fallen(RuntimeError):
    """The robot did not keep its height under a load: there is nothing to measure."""


@dataclass(frozen=True, eq=False)
class Duty:
    """What a load took, T steps of `timestep` [s], N motors: copper, mechanical and bus power [W], (T, N)."""

    motors: Motors
    electronics: Electronics
    timestep: float
    torque: Floats
    """[N m], (T, N)"""
    speed: Floats
    """[rad/s], (T, N)"""
    copper: Floats
    mechanical: Floats
    bus: Floats

    @classmethod
    def of(
        cls,
        motors: Motors,
        electronics: Electronics,
        timestep: float,
        torque: Floats,
        speed: Floats,
        resistance: Floats | None = None,
    ) -> Duty:
        """From torques and speeds (T, N), with windings of 298.15 K or of a resistance [Ohm], (N,)."""
        power = motor_power(motors, torque, speed, electronics, resistance)
        return cls(motors, electronics, timestep, torque, speed, power.copper, power.mechanical, power.bus)

    def warmed(self, seconds: float, ambient: float = REFERENCE) -> Duty:
        """The same with windings as warm as they are after that long [s]."""
        warm = self.warm(seconds, ambient).resistance
        return Duty.of(self.motors, self.electronics, self.timestep, self.torque, self.speed, warm)

    @property
    def mean(self) -> Floats:
        """Mean power of each motor with its driver, from the bus [W], (N,)."""
        return np.asarray(self.bus.mean(axis=0))

    @property
    def peak(self) -> float:
        """The most that all motors take together, over 20 ms: the bus's capacitors bear what is shorter [W]."""
        total, width = self.bus.sum(axis=1), max(1, round(0.02 / self.timestep))
        return float(np.convolve(total, np.full(width, 1.0 / width), "valid").max())

    @property
    def current(self) -> Floats:
        """RMS of each winding's current [A], (N,)."""
        return np.asarray(np.sqrt(np.square(self.motors.current(self.torque)).mean(axis=0)))

    def warm(self, seconds: float, ambient: float = REFERENCE) -> MotorHeat:
        """The motors after that long under this load [s], from an ambient temperature [K]."""
        heat = MotorHeat(self.motors.drives, ambient)
        heat.advance(self.current, seconds)
        return heat

    def by_group(self) -> Mapping[str, float]:
        """Mean power [W] by group of joints: their names without side and without axis."""
        found: dict[str, float] = {}
        for name, power in zip(self.motors.names, self.mean, strict=True):
            group = _group(name)
            found[group] = found.get(group, 0.0) + float(power)
        return found


def run_load(
    design: Design, masses: Mapping[str, Mass], load: Load, electronics: Electronics, *, seconds: float = 4.0
) -> Duty:
    """Run a simulated load on the floor, after it has settled: one period, or `seconds` [s] of standing.

    Raises ValueError for a load whose power is given, Fallen where the robot sinks.
    """
    if load.power is not None:
        raise ValueError(f"the power of {load.name} is given: there is nothing to simulate")
    spec = body_spec(design, masses, voltage=electronics.voltage)
    add_scene(spec)
    for name in load.links:
        carry(spec, name, load.mass / len(load.links))
    model = spec.compile()
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    motors = Motors.of(design, model)
    stiffness, damping = STIFFNESS * motors.torque_limit, DAMPING * motors.torque_limit
    start = motors.angle(data)
    end = np.array([load.pose.get(name, angle) for name, angle in zip(motors.names, start, strict=True)])
    root = model.body(design.links[0].name).id
    height, dt = float(data.xpos[root][2]), float(model.opt.timestep)
    settling, kept = round(_SETTLE / dt), round((load.period or seconds) / dt)
    torques, speeds = np.empty((kept, len(start))), np.empty((kept, len(start)))
    for k in range(-settling, kept):
        phase = max(0.0, k * dt) / load.period if load.period else 0.0
        wanted = start + (end - start) * 0.5 * (1.0 - math.cos(2.0 * math.pi * phase))
        data.ctrl[motors.actuators] = stiffness * (wanted - motors.angle(data)) - damping * motors.speed(data)
        before = motors.speed(data)
        mujoco.mj_step(model, data)
        if k >= 0:
            torques[k], speeds[k] = motors.torque(data), 0.5 * (before + motors.speed(data))
    if not np.isfinite(data.qpos).all() or height - float(data.xpos[root][2]) > _LONGEST_FALL * height:
        raise Fallen(f"{design.name} does not bear {load.name} under joint control")
    return Duty.of(motors, electronics, dt, torques, speeds)


def measure(design: Design, masses: Mapping[str, Mass], load: Load, electronics: Electronics) -> Duty:
    """A load with a pose by inverse dynamics, another one in physics. Raises as these do."""
    return (follow_load if load.pose else run_load)(design, masses, load, electronics)


def follow_load(
    design: Design, masses: Mapping[str, Mass], load: Load, electronics: Electronics, *, samples: int = 80
) -> Duty:
    """One period of a load with a pose: torques by inverse dynamics, the rest of the robot still, `samples` steps.

    The floor pushes at the points where the standing robot touches it, never pulls; of such forces the smallest. Raises
    ValueError for a load without a pose, Fallen where no such forces hold the robot.
    """
    if not load.pose:
        raise ValueError(f"{load.name} has no pose to move to")
    spec = body_spec(design, masses)
    add_scene(spec)
    for name in load.links:
        carry(spec, name, load.mass / len(load.links))
    model = spec.compile()
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    motors = Motors.of(design, model)
    feet = _feet(model, data) if design.free else np.zeros((0, model.nv))
    model.opt.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_CONTACT)
    start = data.qpos.copy()
    there = np.array([load.pose.get(name, angle) for name, angle in zip(motors.names, motors.angle(data), strict=True)])
    swing = there - motors.angle(data)
    rate, dt = 2.0 * math.pi / load.period, load.period / samples
    torques, speeds = np.empty((samples, len(swing))), np.empty((samples, len(swing)))
    for k in range(samples):
        phase = rate * (k + 0.5) * dt
        data.qpos[:] = start
        data.qpos[motors.positions] += swing * 0.5 * (1.0 - math.cos(phase))
        data.qvel[:], data.qacc[:] = 0.0, 0.0
        data.qvel[motors.dofs] = swing * 0.5 * rate * math.sin(phase)
        data.qacc[motors.dofs] = swing * 0.5 * rate**2 * math.cos(phase)
        mujoco.mj_inverse(model, data)
        force = data.qfrc_inverse.copy()
        if design.free:
            force -= feet.T @ _push(feet[:, :6].T, force[:6], f"{design.name} does not bear {load.name}")
        torques[k], speeds[k] = force[motors.dofs], motors.speed(data)
    if (np.abs(torques) > motors.torque_limit).any():
        worst = int((np.abs(torques).max(axis=0) / motors.torque_limit).argmax())
        raise Fallen(f"{design.name} does not bear {load.name}: {motors.names[worst]} has not the torque")
    return Duty.of(motors, electronics, dt, torques, speeds)


def _feet(model: mujoco.MjModel, data: mujoco.MjData) -> Floats:
    """Jacobian of the points where the standing robot touches the floor, x, y, z of each in turn, (3 C, nv)."""
    # A millimetre into the floor, so that every sole that stands on it touches.
    data.qpos[2] -= 1e-3
    mujoco.mj_forward(model, data)
    rows = []
    for contact in data.contact:
        one, other = (int(model.geom_bodyid[g]) for g in contact.geom)
        if 0 in (one, other):
            jacobian = np.zeros((3, model.nv))
            mujoco.mj_jac(model, data, jacobian, None, contact.pos, max(one, other))
            rows.append(jacobian)
    data.qpos[2] += 1e-3
    mujoco.mj_forward(model, data)
    return np.concatenate(rows)


def _push(matrix: Floats, wrench: Floats, said: str) -> Floats:
    """The smallest forces at the contacts (3 C,), none of them pulling, that make a wrench (6,) on the root."""
    size = float(np.linalg.norm(wrench)) or 1.0
    least = np.full(matrix.shape[1], -np.inf)
    least[2::3] = 0.0
    small = 1e-4
    stacked = np.concatenate([matrix, small * np.eye(matrix.shape[1])])
    found = lsq_linear(stacked, np.concatenate([wrench, np.zeros(matrix.shape[1])]), (least, np.inf)).x
    if np.linalg.norm(matrix @ found - wrench) > 0.01 * size:
        raise Fallen(f"{said}: no forces of the floor hold it there")
    out: Floats = found
    return out


def carry(spec: mujoco.MjSpec, link: str, mass: float) -> None:
    """Hang a small body of a mass [kg] on a link, at the link's own centre of mass."""
    body = spec.body(link)
    held = body.add_body(name=f"{link}.held", pos=body.ipos)
    held.explicitinertial = True
    held.mass = mass
    # A ball of 5 cm.
    held.inertia = [0.4 * mass * 0.05**2] * 3


def _group(joint: str) -> str:
    words = joint.removeprefix("left_").removeprefix("right_").split("_")
    return " ".join(words[:-1] if len(words) > 1 else words)
