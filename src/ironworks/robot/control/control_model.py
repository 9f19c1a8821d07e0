"""A robot as its controller believes it to be: rigid-body dynamics of the identified unit, without fingers and toes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass, sensors_of
from ironworks.robot.asbuilt import Unit, as_built
from ironworks.robot.body import body_spec

__all__ = ["GRAVITY", "ControlModel", "PointMotion", "held_joints", "sole_of"]

Floats = NDArray[np.float64]

GRAVITY = 9.81


def held_joints(design: Design) -> tuple[str, ...]:
    """Joints that whole-body control leaves alone: those of fingers, which grasp by themselves, and passive ones."""
    return tuple(
        joint.name
        for joint in design.joints
        if joint.drive is None or joint.drive.family == "micro_harmonic" or joint.follow is not None
    )


@dataclass(frozen=True, eq=False)
class PointMotion:
    """A place on a link in the world: `place` (3,), `turn` (3, 3), `velocity` (6,) linear then angular.

    `jacobian` (6, V) of that velocity, `drift` (6,): its rate of change where no joint accelerates.
    """

    place: Floats
    turn: Floats
    velocity: Floats
    jacobian: Floats
    drift: Floats


@dataclass(eq=False)
class ControlModel:
    """V degrees of freedom: six of the root, then J joints; made from a design and a unit's identified deviations."""

    design: Design
    masses: Mapping[str, Mass]
    unit: Unit
    model: mujoco.MjModel = field(init=False)
    joints: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        built, masses = as_built(self.design, self.masses, self.unit)
        spec = body_spec(built, masses, shapes=False, frozen=held_joints(self.design))
        spec.option.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_CONSTRAINT)
        self.built = built
        self.model = model = spec.compile()
        self.data = mujoco.MjData(model)
        # The root comes first; joints follow in the order of the design's links.
        self.joints = tuple(model.joint(j).name for j in range(1, model.njnt))
        by_name = {joint.name: joint for joint in built.joints}
        found = [by_name[name] for name in self.joints]
        drives = [joint.drive for joint in found]
        self.low = np.array([joint.low for joint in found])
        self.high = np.array([joint.high for joint in found])
        self.torque_limit = np.array([drive.torque if drive else 0.0 for drive in drives])
        self.speed_limit = np.array([drive.speed if drive else 0.0 for drive in drives])
        self.friction = np.array([drive.friction if drive else 0.0 for drive in drives])
        self.stand = np.array([self.design.stand.get(name, 0.0) for name in self.joints])
        self.mass = float(model.body_subtreemass[1])
        self.inertia = np.zeros((model.nv, model.nv))
        self.bias = np.zeros(model.nv)
        self._jacobians = np.zeros((2, 6, model.nv))
        names = [sensor.link for sensor in sensors_of(self.design) if sensor.kind == "force" and "foot" in sensor.link]
        self.feet = tuple(names)

    @property
    def dofs(self) -> int:
        """V."""
        return int(self.model.nv)

    def update(self, position: Floats, velocity: Floats) -> None:
        """Take a state: `position` (7 + J,) root's place, quaternion (w first) and angles; `velocity` (6 + J,).

        The root's linear velocity is in the world's axes, its angular velocity in the root's own.
        """
        model, data = self.model, self.data
        data.qpos[:] = position
        data.qvel[:] = velocity
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_makeM(model, data)
        mujoco.mj_fullM(model, data, self.inertia)
        mujoco.mj_comVel(model, data)
        mujoco.mj_rne(model, data, 0, self.bias)
        mujoco.mj_subtreeVel(model, data)

    @property
    def com(self) -> Floats:
        """Centre of mass (3,) [m]."""
        return np.array(self.data.subtree_com[1])

    @property
    def com_velocity(self) -> Floats:
        """Of the centre of mass (3,) [m/s]."""
        return np.array(self.data.subtree_linvel[1])

    def point(self, link: str, at: Floats | None = None) -> PointMotion:
        """The motion of a place on a link, `at` (3,) [m] in its axes (its origin by default)."""
        model, data = self.model, self.data
        body = model.body(link).id
        turn = data.xmat[body].reshape(3, 3).copy()
        place = data.xpos[body] + (turn @ at if at is not None else 0.0)
        jacobian, rate = np.zeros((6, model.nv)), np.zeros((6, model.nv))
        mujoco.mj_jac(model, data, jacobian[:3], jacobian[3:], place, body)
        mujoco.mj_jacDot(model, data, rate[:3], rate[3:], place, body)
        speed = data.qvel
        return PointMotion(place, turn, jacobian @ speed, jacobian, rate @ speed)


def sole_of(model: ControlModel, foot: str) -> tuple[Floats, Floats]:
    """Middle of a foot's sole (3,) and half its length and width (2,) [m], in the foot's axes."""
    link = model.built.by_name[foot]
    shape = next(shape for shape in link.shapes if shape.collides)
    return shape.centre - np.array([0.0, 0.0, shape.size[2]]), shape.size[:2].copy()
