"""A robot as its controller believes it to be: rigid-body dynamics of the identified unit, without fingers and toes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass, muscles_of, sensors_of
from ironworks.robot.asbuilt import Unit, as_built
from ironworks.robot.body import body_spec
from ironworks.robot.control.kernels.motions import motions, resisted
from ironworks.robot.control.muscles import Muscles
from ironworks.robot.joint_modules import BUS
from ironworks.robot.muscles import add_muscles

__all__ = ["GRAVITY", "ControlModel", "Motions", "PointMotion", "Spots", "held_joints", "sole_of", "toe_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRAVITY = 9.81
#: Speed at which a joint has most of its friction [rad/s].
_CREEP = 0.1


def held_joints(design: Design) -> tuple[str, ...]:
    """Joints that whole-body control leaves alone: those of fingers, which grasp by themselves, and passive ones."""
    return tuple(
        joint.name
        for joint in design.joints
        if joint.drive is None or joint.drive.family == "micro_harmonic" or joint.follow is not None
    )


class PointMotion(NamedTuple):
    """A place on a link in the world: `place` (3,), `turn` (3, 3), `velocity` (6,) linear then angular.

    `jacobian` (6, V) of that velocity, `drift` (6,): its rate of change where no joint accelerates.
    """

    place: Floats
    turn: Floats
    velocity: Floats
    jacobian: Floats
    drift: Floats


class Spots(NamedTuple):
    """K places on links that are asked for together: `bodies` (K,) and places `at` (K, 3) [m] in their axes."""

    bodies: Ints
    at: Floats


class Motions(NamedTuple):
    """The motions of K places: what a PointMotion tells, each with K in front."""

    place: Floats
    turn: Floats
    velocity: Floats
    jacobian: Floats
    drift: Floats

    @property
    def points(self) -> list[PointMotion]:
        """One by one."""
        return [PointMotion(*one) for one in zip(*self, strict=True)]

    def parted(self, count: int) -> tuple[Motions, Motions]:
        """The first so many, and the others."""
        return Motions(*(of[:count] for of in self)), Motions(*(of[count:] for of in self))


@dataclass(eq=False)
class ControlModel:
    """V degrees of freedom: six of the root, then J joints; made from a design and a unit's identified deviations.

    `muscled`: muscles pull the joints for which the design has them, and their drives only pull the muscles.
    """

    design: Design
    masses: Mapping[str, Mass]
    unit: Unit
    muscled: bool = False
    model: mujoco.MjModel = field(init=False)
    joints: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        built, masses = as_built(self.design, self.masses, self.unit)
        spec = body_spec(built, masses, shapes=False, frozen=held_joints(self.design))
        spec.option.disableflags |= int(mujoco.mjtDisableBit.mjDSBL_CONSTRAINT)
        # What no joint moves is one body with its parent: half as many bodies for the same dynamics.
        spec.compiler.fusestatic = True
        pulls = muscles_of(self.design) if self.muscled else ()
        if pulls:
            add_muscles(spec, built, pulls)
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
        #: Torque of each joint over what its drive is asked for.
        rows = [self.unit.places.names["joint"].index(name) for name in self.joints]
        self.constant = 1.0 + self.unit["torque_constant"][rows]
        # A drive asks for its current's limit at most, and gives no more than its design's torque.
        most = np.minimum(self.constant, 1.0)
        self.torque_limit = most * np.array([drive.torque if drive else 0.0 for drive in drives])
        # Back-EMF: torque at no speed, and what is lost with speed [N m s/rad].
        self._stall = np.array([drive.joint_constant * BUS / drive.resistance if drive else 0.0 for drive in drives])
        self._fade = np.array([drive.joint_constant**2 / drive.resistance if drive else 0.0 for drive in drives])
        self.speed_limit = np.array([drive.speed if drive else 0.0 for drive in drives])
        self.friction = np.array([drive.friction if drive else 0.0 for drive in drives])
        self.stand = np.array([self.design.stand.get(name, 0.0) for name in self.joints])
        self.mass = float(model.body_subtreemass[1])
        self.inertia = np.zeros((model.nv, model.nv))
        self.bias = np.zeros(model.nv)
        self.resistance = np.zeros(len(self.joints))
        self.torque_range = -self.torque_limit, self.torque_limit.copy()
        self._damping = model.dof_damping[6:].copy()
        data = self.data
        # Looking up by name and making views costs more than the arithmetic of a link.
        self._ids = {model.body(i).name: i for i in range(model.nbody)}
        self._turns = data.xmat.reshape(-1, 3, 3)
        self._com, self._com_velocity = data.subtree_com[1], data.subtree_linvel[1]
        self._moving = data.xpos, data.xmat, data.subtree_com[1], data.cdof, data.cdof_dot, data.qvel
        #: The degree of freedom before each in its chain, and the last one that moves a body, -1 where none does.
        self._before = model.dof_parentid.astype(np.int64)
        self._last = np.full(model.nbody, -1)
        for body in range(1, model.nbody):
            own = int(model.body_dofnum[body])
            parent = self._last[model.body_parentid[body]]
            self._last[body] = model.body_dofadr[body] + own - 1 if own else parent
        names = [sensor.link for sensor in sensors_of(self.design) if sensor.kind == "force" and "foot" in sensor.link]
        self.feet = tuple(names)
        self.muscles = Muscles(model, self.joints, pulls) if pulls else None

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
        # What friction and damping take of a drive's torque, and what its voltage leaves at this speed.
        resisted(
            velocity[6:], self.friction, self._damping, _CREEP, self.torque_limit, self._stall, self._fade,
            self.resistance, *self.torque_range,
        )  # fmt: skip
        if self.muscles is not None:
            for side, bound in zip(self.torque_range, self.muscles.limits(data), strict=True):
                side[self.muscles.rows] = bound * np.minimum(self.constant, 1.0)[self.muscles.rows]

    @property
    def com(self) -> Floats:
        """Centre of mass (3,) [m]."""
        return np.array(self._com)

    @property
    def com_velocity(self) -> Floats:
        """Of the centre of mass (3,) [m/s]."""
        return np.array(self._com_velocity)

    @property
    def heading(self) -> float:
        """Where the root's forward axis points [rad], from the world's x to its y."""
        turn = self._turns[1]
        return math.atan2(turn[1, 0], turn[0, 0])

    def link(self, name: str) -> int:
        """Where a link is among those of `data`."""
        return self._ids[name]

    def point(self, link: str, at: Floats | None = None) -> PointMotion:
        """The motion of a place on a link, `at` (3,) [m] in its axes (its origin by default)."""
        return self.motions(self.spots([(link, at if at is not None else np.zeros(3))])).points[0]

    def spots(self, places: Sequence[tuple[str, Floats]]) -> Spots:
        """Places on links, each (3,) [m] in its link's axes, whose motions are asked for together."""
        return Spots(np.array([self._ids[link] for link, _ in places]), np.array([at for _, at in places]))

    def motions(self, spots: Spots) -> Motions:
        """How places on links move."""
        count = len(spots.bodies)
        found = Motions(
            np.empty((count, 3)), np.empty((count, 3, 3)), np.empty((count, 6)), np.empty((count, 6, self.dofs)),
            np.empty((count, 6)),
        )  # fmt: skip
        motions(
            spots.bodies, spots.at, self._last, self._before, *self._moving,
            found.place, found.turn, found.velocity, found.jacobian, found.drift,
        )  # fmt: skip
        return found


def sole_of(model: ControlModel, foot: str) -> tuple[Floats, Floats]:
    """Middle of a foot's sole (3,) and half its length and width (2,) [m], in the foot's axes."""
    link = model.built.by_name[foot]
    shape = next(shape for shape in link.shapes if shape.collides)
    return shape.centre - np.array([0.0, 0.0, shape.size[2]]), shape.size[:2].copy()


def toe_of(design: Design, foot: str) -> float:
    """How far a foot reaches ahead [m], its toe counted, from its origin."""
    reach = [
        (link.origin if link.parent == foot else np.zeros(3)) + shape.centre + shape.size
        for link in design.links
        if foot in (link.name, link.parent)
        for shape in link.shapes
        if shape.collides
    ]
    return max(float(tip[0]) for tip in reach)
