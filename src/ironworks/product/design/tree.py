"""A robot's design as a tree of links: joints, drives, shapes and what each link weighs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design.solids import Mass, Mesh, box_mass, cylinder_mass, mesh_mass

__all__ = ["Design", "Drive", "Follow", "Joint", "Link", "Material", "Mount", "Shape"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Drive:
    """A size of actuator, as seen at the joint: torque [N m], speed [rad/s], friction [N m], damping [N m s/rad].

    `torque` is the most that its driver's current gives, `speed` what it reaches without load on the nominal voltage.
    The rest as in `rows.DriveRow`.
    """

    name: str
    family: str
    parts: Mapping[str, float]
    torque: float
    speed: float
    ratio: float
    rotor_inertia: float
    friction: float
    damping: float
    radius: float
    length: float
    torque_constant: float
    resistance: float
    stiffness: float
    backlash: float
    encoder_accuracy: float
    encoder_resolution: float
    winding_to_case: float
    case_to_ambient: float
    winding_capacity: float
    case_capacity: float
    winding_limit: float
    delay: float

    @property
    def armature(self) -> float:
        """Inertia of the rotor reflected to the joint, J n^2 [kg m2]."""
        return self.rotor_inertia * self.ratio**2

    @property
    def joint_constant(self) -> float:
        """Torque at the joint over current [N m/A], and voltage over speed of the joint [V s/rad]."""
        return self.torque_constant * self.ratio

    @property
    def peak_current(self) -> float:
        """The driver's limit [A], which gives `torque`."""
        return self.torque / self.joint_constant

    def most_torque(self, speed: float, voltage: float) -> float:
        """The most at the joint along its speed [N m], before friction: by the driver's current, by back-EMF.

        K (V - K w) / R with the joint's constant K; negative where it is driven faster than its voltage turns it.
        """
        free = self.joint_constant * (voltage - self.joint_constant * speed) / self.resistance
        return min(self.torque, max(free, -self.torque))

    def no_load_speed(self, voltage: float) -> float:
        """Speed of the joint where the motor only bears its own friction and damping [rad/s]."""
        k = self.joint_constant
        return max(0.0, (k * voltage / self.resistance - self.friction) / (k * k / self.resistance + self.damping))


@dataclass(frozen=True)
class Follow:
    """A joint that another one drives: its angle is `gain` times that of `joint`."""

    joint: str
    gain: float


@dataclass(frozen=True)
class Joint:
    """A hinge at the origin of its link: unit axis (3,), range [rad] (infinite: it turns freely).

    stiffness [N m/rad], damping [N m s/rad].
    """

    name: str
    axis: Floats
    low: float
    high: float
    drive: Drive | None = None
    carrier: str = ""
    follow: Follow | None = None
    stiffness: float = 0.0
    damping: float = 0.0

    @property
    def is_passive(self) -> bool:
        """Whether nothing moves it but a spring: it is not counted as a degree of freedom of the robot."""
        return self.drive is None and self.follow is None


@dataclass(frozen=True)
class Shape:
    """A body of a link (see `rows.ShapeRow`), at `centre` (3,) [m]; `size` (3,) [m] where it is no loft.

    A loft has `sections` (S, 5) [m] as in `solids.loft`, `along` an axis, of `power`. Of what is spread over the link,
    a share is in it if it `weighs`.
    """

    name: str
    kind: str
    centre: Floats
    size: Floats
    mesh: Mesh | None
    material: str
    collides: bool
    sections: Floats | None = None
    along: str = "z"
    power: float = 2.0
    weighs: bool = True

    @cached_property
    def volume(self) -> Mass:
        """Mass properties at density 1 kg/m3."""
        if self.mesh is not None:
            found = mesh_mass(self.mesh)
            return Mass(found.mass, found.centre + self.centre, found.inertia)
        a, b, c = (float(s) for s in self.size)
        if self.kind == "box":
            return box_mass(8.0 * a * b * c, self.centre, 2.0 * self.size)
        if self.kind == "ellipsoid":
            # (b^2 + c^2) / 5 about each axis.
            squares = self.size**2
            mass = 4.0 / 3.0 * math.pi * a * b * c
            return Mass(mass, self.centre, np.diag(mass / 5.0 * (squares.sum() - squares)))
        axis = np.array([0.0, 0.0, 1.0])
        rod = cylinder_mass(2.0 * math.pi * a * a * b, self.centre, axis, a, 2.0 * b)
        if self.kind == "cylinder":
            return rod
        # The caps: two half balls, each 3/8 of its radius beyond the rod's end.
        ball = 4.0 / 3.0 * math.pi * a**3
        across = ball * (0.4 * a * a + b * b + 0.75 * a * b)
        return rod + Mass(ball, self.centre, np.diag([across, across, 0.4 * ball * a * a]))


@dataclass(frozen=True)
class Mount:
    """Pieces of a part on a link: a box of `sides` (3,) [m] at `centre` (3,), or spread over what `weighs` (None)."""

    part: str
    pieces: float
    centre: Floats
    sides: Floats | None


@dataclass(frozen=True)
class Link:
    """A rigid body: its origin (3,) [m] in the parent, the joint there (None: fixed, or the root), what it holds."""

    name: str
    parent: str
    origin: Floats
    joint: Joint | None
    shapes: tuple[Shape, ...] = ()
    mounts: tuple[Mount, ...] = ()


@dataclass(frozen=True)
class Material:
    """How a surface looks: red, green, blue and opacity; specular and shininess from 0 to 1."""

    rgba: tuple[float, float, float, float]
    specular: float = 0.3
    shininess: float = 0.4


@dataclass(frozen=True)
class Design:
    """A robot: links, parents before children.

    `free`: its root floats; `scenario`: whose bill builds it (None: its own); `stand`: joint angles [rad] of the pose;
    `pairs`: shapes that can meet one another; `is_limb`: part of a larger robot (`limb`).
    """

    folder: Path
    title: str
    item: str
    scenario: str | None
    free: bool
    links: tuple[Link, ...]
    materials: Mapping[str, Material]
    parameters: Mapping[str, float]
    stand: Mapping[str, float] = field(default_factory=dict)
    pairs: tuple[tuple[str, str], ...] = ()
    is_limb: bool = False

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @cached_property
    def by_name(self) -> Mapping[str, Link]:
        """Links by name."""
        return {link.name: link for link in self.links}

    @cached_property
    def joints(self) -> tuple[Joint, ...]:
        """All joints in the order of their links."""
        return tuple(link.joint for link in self.links if link.joint is not None)

    @property
    def degrees_of_freedom(self) -> int:
        """Joints that a drive moves, itself or through another joint."""
        return sum(not joint.is_passive for joint in self.joints)

    @cached_property
    def pieces(self) -> Mapping[str, float]:
        """Pieces of each part on the whole robot, those of the drives included."""
        found: dict[str, float] = {}
        for joint in self.joints:
            for part, n in (joint.drive.parts if joint.drive else {}).items():
                found[part] = found.get(part, 0.0) + n
        for link in self.links:
            for mount in link.mounts:
                found[mount.part] = found.get(mount.part, 0.0) + mount.pieces
        return found

    def limb(self, root: str) -> Design:
        """The part of the robot from one link outwards, on a fixed base: what a bench for modules holds.

        Raises KeyError for a name that is no link.
        """
        kept: dict[str, Link] = {root: replace(self.by_name[root], parent="", origin=np.zeros(3), joint=None)}
        for link in self.links:
            if link.parent in kept and link.name not in kept:
                kept[link.name] = link
        joints = {link.joint.name for link in kept.values() if link.joint is not None}
        shapes = {shape.name for link in kept.values() for shape in link.shapes}
        return replace(
            self,
            free=False,
            is_limb=True,
            links=tuple(kept.values()),
            stand={name: angle for name, angle in self.stand.items() if name in joints},
            pairs=tuple(pair for pair in self.pairs if shapes.issuperset(pair)),
        )

    def below(self, root: str) -> frozenset[str]:
        """Names of a link and of all that hangs on it. Raises KeyError for a name that is no link."""
        found = {self.by_name[root].name}
        for link in self.links:
            if link.parent in found:
                found.add(link.name)
        return frozenset(found)

    def weigh(self, masses: Mapping[str, float]) -> dict[str, Mass]:
        """Mass properties of each link from the mass [kg] of one piece of each part.

        Raises KeyError for a part without a mass, ValueError for a link that weighs nothing (parts of mass 0).
        """
        found = {link.name: Mass.nothing() for link in self.links}
        for link in self.links:
            spread = 0.0
            for mount in link.mounts:
                mass = mount.pieces * masses[mount.part]
                if mount.sides is None:
                    spread += mass
                else:
                    found[link.name] += box_mass(mass, mount.centre, mount.sides)
            if spread:
                found[link.name] += self._body(link).scaled(spread)
            joint = link.joint
            if joint is not None and joint.drive is not None:
                mass = sum(n * masses[part] for part, n in joint.drive.parts.items())
                place = self._at_carrier(link)
                found[joint.carrier] += cylinder_mass(mass, place, joint.axis, joint.drive.radius, joint.drive.length)
        for link in self.links:
            if found[link.name].mass <= 0.0:
                raise ValueError(f"link {link.name} of design {self.name} weighs nothing; mount a part on it")
        return found

    def _at_carrier(self, link: Link) -> Floats:
        """Where the actuator of a link's joint sits in its carrier: at the joint, or at the carrier's origin."""
        assert link.joint is not None
        carrier = link.joint.carrier
        return link.origin if carrier == link.parent else np.zeros(3)

    @staticmethod
    def _body(link: Link) -> Mass:
        total = Mass.nothing()
        for shape in link.shapes:
            if shape.weighs:
                total += shape.volume
        return total
