"""Kinematics and inverse dynamics of a robot's links for many postures at once, in plain arrays.

MuJoCo does one posture at a time; identification wants derivatives of hundreds. Checked against MuJoCo in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass

__all__ = ["Motion", "Tree"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
GRAVITY = 9.81


@dataclass(frozen=True, eq=False)
class Motion:
    """Where links are and how they move: P postures, L links, J joints; world axes, fixed to the held root.

    `turn` (P, L, 3, 3), `place` (P, L, 3) [m] of the links' origins; `axis`, `hinge` (P, J, 3) of the joints; angular
    velocity, its derivative and the acceleration of the origins, (P, L, 3), zero where none were given.
    """

    turn: Floats
    place: Floats
    axis: Floats
    hinge: Floats
    omega: Floats
    alpha: Floats
    acceleration: Floats


class Tree:
    """Links of a design on a fixed root, moved by the joints named; all others are held at zero.

    `above` (J, L): whether a joint is between the root and a link. `hangs` (L, L): whether the second link hangs on the
    first, or is it.
    """

    def __init__(self, design: Design, joints: Sequence[str]) -> None:
        self.links = tuple(link.name for link in design.links)
        self.joints = tuple(joints)
        row = {name: i for i, name in enumerate(self.links)}
        column = {name: i for i, name in enumerate(self.joints)}
        self.parent = np.array([row[link.parent] if link.parent else -1 for link in design.links])
        self.joint = np.array([column.get(link.joint.name, -1) if link.joint else -1 for link in design.links])
        self.axes = np.array([link.joint.axis if link.joint else np.zeros(3) for link in design.links])
        self.origins = np.array([link.origin for link in design.links])
        self.origins[0] = 0.0
        count = len(self.links)
        self.hangs = np.zeros((count, count), dtype=bool)
        self.above = np.zeros((len(self.joints), count), dtype=bool)
        for i in range(count):
            at = i
            while at >= 0:
                self.hangs[at, i] = True
                if self.joint[at] >= 0:
                    self.above[self.joint[at], i] = True
                at = self.parent[at]

    def motion(
        self,
        angles: Floats,
        lengths: Floats | None = None,
        speeds: Floats | None = None,
        accelerations: Floats | None = None,
    ) -> Motion:
        """Motion at angles (P, J) [rad]; `lengths` (L, 3) [m] is added to the links' origins."""
        count, links = len(angles), len(self.links)
        origins = self.origins if lengths is None else self.origins + lengths
        turn = np.empty((count, links, 3, 3))
        place, omega, alpha, acceleration = (np.zeros((count, links, 3)) for _ in range(4))
        axis, hinge = (np.zeros((count, len(self.joints), 3)) for _ in range(2))
        turn[:, 0] = np.eye(3)
        moves = speeds is not None
        for i in range(links):
            up, j = self.parent[i], self.joint[i]
            if up >= 0:
                arm = turn[:, up] @ origins[i]
                turn[:, i], place[:, i] = turn[:, up], place[:, up] + arm
                if moves:
                    w = omega[:, up]
                    omega[:, i], alpha[:, i] = w, alpha[:, up]
                    acceleration[:, i] = (
                        acceleration[:, up] + np.cross(alpha[:, up], arm) + np.cross(w, np.cross(w, arm))
                    )
            if j >= 0:
                axis[:, j] = turn[:, i] @ self.axes[i]
                hinge[:, j] = place[:, i]
                turn[:, i] = turn[:, i] @ _rotations(self.axes[i], angles[:, j])
                if speeds is not None and accelerations is not None:
                    spin = axis[:, j] * speeds[:, j, None]
                    alpha[:, i] = alpha[:, i] + axis[:, j] * accelerations[:, j, None] + np.cross(omega[:, i], spin)
                    omega[:, i] = omega[:, i] + spin
        return Motion(turn, place, axis, hinge, omega, alpha, acceleration)

    def by_angle(self, motion: Motion, link: int, points: Floats) -> Floats:
        """Derivative of points (P, 3) of a link by the angles: (P, 3, J) [m/rad]."""
        moved = np.cross(motion.axis, points[:, None, :] - motion.hinge) * self.above[:, link, None]
        return np.swapaxes(moved, 1, 2)

    def by_length(self, motion: Motion, link: int) -> Floats:
        """Derivative of a link's points by the lengths of all links: (P, 3, L, 3)."""
        found = np.zeros((len(motion.place), 3, len(self.links), 3))
        for i in np.flatnonzero(self.hangs[:, link]):
            if self.parent[i] >= 0:
                found[:, :, i] = motion.turn[:, self.parent[i]]
        return found

    def torques(self, motion: Motion, masses: Mapping[str, Mass], gravity: Floats | None = None) -> Floats:
        """Torque that each link's mass asks of each joint: (P, L, J) [N m]; their sum over links is the whole."""
        down = np.array([0.0, 0.0, -GRAVITY]) if gravity is None else gravity
        found = np.zeros((len(motion.place), len(self.links), len(self.joints)))
        for i, name in enumerate(self.links):
            mass = masses[name]
            force, moment, arm = self._wrench(motion, i, mass, down)
            lever = np.cross(motion.place[:, i, None] + arm[:, None] - motion.hinge, force[:, None])
            found[:, i] = ((lever + moment[:, None]) * motion.axis).sum(axis=-1) * self.above[:, i]
        return found

    def by_centre(self, motion: Motion, masses: Mapping[str, Mass], gravity: Floats | None = None) -> Floats:
        """Derivative of the torques by the place of each link's centre of mass, in its axes: (P, L, 3, J) [N]."""
        down = np.array([0.0, 0.0, -GRAVITY]) if gravity is None else gravity
        found = np.zeros((len(motion.place), len(self.links), 3, len(self.joints)))
        for i, name in enumerate(self.links):
            mass = masses[name]
            force, _, arm = self._wrench(motion, i, mass, down)
            w, a = motion.omega[:, i], motion.alpha[:, i]
            out = motion.place[:, i, None] + arm[:, None] - motion.hinge
            for k in range(3):
                shift = motion.turn[:, i, :, k]
                more = mass.mass * (np.cross(a, shift) + np.cross(w, np.cross(w, shift)))
                turned = np.cross(shift[:, None], force[:, None]) + np.cross(out, more[:, None])
                found[:, i, k] = (turned * motion.axis).sum(axis=-1) * self.above[:, i]
        return found

    def _wrench(self, motion: Motion, i: int, mass: Mass, down: Floats) -> tuple[Floats, Floats, Floats]:
        """Force and moment (P, 3) that keep a link's mass moving, and the arm to its centre (P, 3)."""
        turn, w, a = motion.turn[:, i], motion.omega[:, i], motion.alpha[:, i]
        arm = turn @ mass.centre
        at_centre = motion.acceleration[:, i] + np.cross(a, arm) + np.cross(w, np.cross(w, arm))
        inertia = turn @ mass.inertia @ np.swapaxes(turn, 1, 2)
        spin = (inertia @ w[..., None])[..., 0]
        moment = (inertia @ a[..., None])[..., 0] + np.cross(w, spin)
        return mass.mass * (at_centre - down), moment, arm


def _rotations(axis: Floats, angles: Floats) -> Floats:
    """Rotations (P, 3, 3) about one unit axis (3,) (Rodrigues)."""
    x, y, z = axis
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(
        np.eye(3) + np.sin(angles)[:, None, None] * cross + (1.0 - np.cos(angles))[:, None, None] * (cross @ cross)
    )
