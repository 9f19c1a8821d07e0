"""Actuators of a robot's drives in MuJoCo: plain torque, or a torque-speed curve with a driver's delay.

With a bus voltage V a joint gets min(wanted, T, K (V - K w) / R): T by the driver's current, the rest by back-EMF, with
the drive's constant K and winding resistance R seen at the joint. MuJoCo's `dcmotor` does that without a state. Its
thermal state is left off: it is one mass for winding and case, and it makes a hot winding give less torque at the same
command, which a driver that controls current does not. `motor_heat` has both temperatures instead.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Drive

__all__ = ["Motors", "add_motors", "delay_steps"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def add_motors(spec: mujoco.MjSpec, design: Design, voltage: float | None = None, frozen: Collection[str] = ()) -> None:
    """Give every driven joint but those in `frozen` an actuator of its name, controlled by torque [N m] at the joint.

    Without a voltage the torque follows at once, up to the drive's. With the bus voltage [V] it follows the drive's
    torque-speed curve and comes after its delay, in whole steps of the spec's timestep. Raises ValueError for a voltage
    that is not above 0.
    """
    if voltage is not None and not voltage > 0.0:
        raise ValueError(f"a bus needs a voltage above 0 V, is {voltage}")
    for joint in design.joints:
        drive = joint.drive
        if drive is None or joint.name in frozen:
            continue
        actuator = spec.add_actuator(name=joint.name, target=joint.name, trntype=mujoco.mjtTrn.mjTRN_JOINT)
        if voltage is None:
            actuator.set_to_motor()
        else:
            actuator.set_to_dcmotor(
                motorconst=[drive.joint_constant] * 2,
                resistance=drive.resistance,
                saturation=[drive.torque, 0.0, 0.0],
                controller=[0.0, 0.0, 0.0, 0.0, 0.0, voltage],
                ctrlspec=int(mujoco.mjtCtrlInput.mjINPUT_FF),
            )
            actuator.delay = drive.delay
            actuator.nsample = delay_steps(drive.delay, spec.option.timestep)
        actuator.ctrlrange = [-drive.torque, drive.torque]


def delay_steps(delay: float, timestep: float) -> int:
    """Steps by which MuJoCo delays a command [s]: whole ones, rounded up; what sensors say is not delayed."""
    return math.ceil(delay / timestep - 1e-9)


@dataclass(frozen=True, eq=False)
class Motors:
    """The N motors of a robot side by side, in the order of the model's actuators.

    Arrays (N,): joint_constant [N m/A], resistance at 298.15 K [Ohm], torque [N m].
    """

    names: tuple[str, ...]
    drives: tuple[Drive, ...]
    actuators: Ints
    """Indices of the actuators in the model, (N,)"""
    dofs: Ints
    """Indices of their joints' degrees of freedom, (N,)"""
    positions: Ints
    """Indices of their joints' angles in qpos, (N,)"""

    @classmethod
    def of(cls, design: Design, model: mujoco.MjModel) -> Motors:
        """Of every joint that has a drive and, in the model, an actuator of its name."""
        drives = {joint.name: joint.drive for joint in design.joints if joint.drive is not None}
        actuators = [a for a in range(model.nu) if model.actuator(a).name in drives]
        names = tuple(str(model.actuator(a).name) for a in actuators)
        joints = [model.joint(name).id for name in names]
        return cls(
            names,
            tuple(drives[name] for name in names),
            np.array(actuators, dtype=np.int64),
            model.jnt_dofadr[joints].astype(np.int64),
            model.jnt_qposadr[joints].astype(np.int64),
        )

    @cached_property
    def joint_constant(self) -> Floats:
        """Torque at the joint over current [N m/A], (N,)."""
        return _column(self.drives, "joint_constant")

    @cached_property
    def resistance(self) -> Floats:
        """Of the windings at 298.15 K [Ohm], (N,)."""
        return _column(self.drives, "resistance")

    @cached_property
    def torque_limit(self) -> Floats:
        """The most by the drivers' currents [N m], (N,)."""
        return _column(self.drives, "torque")

    def torque(self, data: mujoco.MjData) -> Floats:
        """What the motors give at their joints, before friction [N m], (N,)."""
        return np.asarray(data.actuator_force[self.actuators], dtype=float)

    def speed(self, data: mujoco.MjData) -> Floats:
        """Of their joints [rad/s], (N,)."""
        return np.asarray(data.qvel[self.dofs], dtype=float)

    def angle(self, data: mujoco.MjData) -> Floats:
        """Of their joints [rad], (N,)."""
        return np.asarray(data.qpos[self.positions], dtype=float)

    def current(self, torque: Floats) -> Floats:
        """Of the windings [A], (..., N), at torques [N m], (..., N)."""
        return torque / self.joint_constant


def _column(drives: Sequence[Drive], name: str) -> Floats:
    return np.array([getattr(drive, name) for drive in drives], dtype=float)
