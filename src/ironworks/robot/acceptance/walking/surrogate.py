"""A part of a person for a robot to meet: a mass that slides, behind a spring through which the force is measured.

The two-body model of ISO/TS 15066: its tables give each region's spring, its mass and the force that it may bear, and
here stand at second hand (`body_regions.csv` says from where). A fixed device is a person who is clamped; one on a rail
with the region's mass is a person who may give way (RIA TR R15.806; Herbster et al., Experimental Robotics, 2021).
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control import TICK, SimulatedRobot
from ironworks.robot.drives import delay_steps

__all__ = ["BodyRegion", "Surrogate", "body_regions"]

Floats = NDArray[np.float64]

#: Mass of the plate on the spring [kg] at most, and as a share of what is behind it; damping of the spring as a share
#: of that which is critical for the plate alone, so that it does not ring; half its thickness [m] and its friction.
_PLATE, _LIGHT, _CALM, _THICK, _FRICTION = 0.4, 1.0 / 6.0, 0.05, 0.01, (0.3, 0.005, 1e-4)
#: A plate is as hard as steps allow (time constant over step, MuJoCo's impedance); steps in half a swing of a region
#: that meets something heavy, and of the plate alone, at least.
_HARD, _IMPEDANCE, _STEPS, _PLATE_STEPS = 2.0, (0.95, 0.99, 1e-4, 0.5, 2.0), 15, 4
_JOINT, _BODY, _FACE = "surrogate.tissue", "surrogate", "surrogate.plate"


@dataclass(frozen=True)
class BodyRegion:
    """A region of the body: forces that it may bear [N], clamped for long and in the first half second of a contact.

    `stiffness` [N/m] and `mass` [kg] of the two-body model.
    """

    name: str
    quasi_static: float
    transient: float
    stiffness: float
    mass: float


@cache
def body_regions() -> dict[str, BodyRegion]:
    """The regions that robots are tested against, by name."""
    text = Path(__file__).with_name("body_regions.csv").read_text(encoding="utf-8")
    return {
        row["region"]: BodyRegion(
            row["region"], float(row["quasi_static_N"]), float(row["transient_N"]),
            1e3 * float(row["stiffness_N_per_mm"]), float(row["mass_kg"]),
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip


@dataclass(frozen=True)
class Surrogate:
    """A region whose plate's face is at `place` [m] and looks against x; `half` its sides [m] across and up.

    `clamped`: it cannot give way; else its whole mass slides along x.
    """

    region: BodyRegion
    place: tuple[float, float, float]
    half: tuple[float, float] = (0.1, 0.1)
    clamped: bool = False

    @property
    def plate(self) -> float:
        """Mass of the plate [kg]; the rest is behind the spring."""
        return min(_PLATE, _LIGHT * self.region.mass)

    @property
    def damping(self) -> float:
        """Of the spring [N s/m]."""
        return 2.0 * _CALM * math.sqrt(self.region.stiffness * self.plate)

    def _swing(self, mass: float) -> float:
        """Half a period [s] of a mass [kg] on the spring."""
        return math.pi * math.sqrt(mass / self.region.stiffness)

    def scene(self, spec: mujoco.MjSpec) -> None:
        """Stand it there; a light region on a stiff spring makes the physics' steps shorter."""
        # An explicit spring gains energy from steps that are long against its plate's swing.
        steps = max(_STEPS / self._swing(self.region.mass), _PLATE_STEPS / self._swing(self.plate))
        _finer(spec, math.ceil(steps * spec.option.timestep))
        slide, along = mujoco.mjtJoint.mjJNT_SLIDE, [1.0, 0.0, 0.0]
        body = spec.worldbody.add_body(name=_BODY, pos=self.place)
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_BOX, size=[0.03, *self.half], pos=[0.12, 0.0, 0.0], contype=0, conaffinity=0,
            mass=self.region.mass - self.plate, rgba=[0.35, 0.42, 0.55, 1.0],
        )  # fmt: skip
        if not self.clamped:
            body.add_joint(name=f"{_BODY}.slide", type=slide, axis=along)
        face = body.add_body(name=_FACE)
        face.add_joint(
            name=_JOINT, type=slide, axis=along, stiffness=[self.region.stiffness, 0.0, 0.0],
            damping=[self.damping, 0.0, 0.0],
        )  # fmt: skip
        face.add_geom(
            name=_FACE, type=mujoco.mjtGeom.mjGEOM_BOX, size=[_THICK, *self.half], pos=[_THICK, 0.0, 0.0],
            mass=self.plate, contype=1, conaffinity=0, friction=_FRICTION, rgba=[0.85, 0.55, 0.40, 1.0],
            priority=1, solref=[_HARD * spec.option.timestep, 1.0], solimp=_IMPEDANCE,
        )  # fmt: skip
        for name, kind in ((f"{_JOINT}.place", mujoco.mjtSensor.mjSENS_JOINTPOS),
                           (f"{_JOINT}.speed", mujoco.mjtSensor.mjSENS_JOINTVEL)):  # fmt: skip
            sensor = spec.add_sensor(name=name, type=kind, objtype=mujoco.mjtObj.mjOBJ_JOINT, objname=_JOINT)
            # A stiff contact has its peak between two ticks.
            sensor.nsample = round(TICK / spec.option.timestep) + 1

    def forces(self, robot: SimulatedRobot) -> Floats:
        """What its spring bore at each step of the last tick (S,) [N]; above 0 where it is pressed."""
        model, data = robot.model, robot.data
        # A sensor keeps what it read at the begin of each step.
        times = data.time - (np.arange(robot.steps)[::-1] + 0.5) * model.opt.timestep
        place, speed = (
            np.array([_then(model, data, f"{_JOINT}.{what}", time) for time in times.tolist()])
            for what in ("place", "speed")
        )
        return np.asarray(self.region.stiffness * place + self.damping * speed)


def _then(model: mujoco.MjModel, data: mujoco.MjData, sensor: str, time: float) -> float:
    """What a sensor of one number said at a time [s] of the last few steps."""
    return float(mujoco.mj_readSensor(model, data, model.sensor(sensor).id, time, np.zeros((1, 1)), 0)[0])


def _finer(spec: mujoco.MjSpec, parts: int) -> None:
    """Divide the physics' steps; commands come as late as before."""
    if parts <= 1:
        return
    whole = spec.option.timestep
    spec.option.timestep = whole / parts
    for actuator in spec.actuators:
        # The bus takes one step, whatever a step is.
        actuator.delay += whole - spec.option.timestep
        actuator.nsample = delay_steps(actuator.delay, spec.option.timestep)
