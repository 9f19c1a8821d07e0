"""A touch fixture on every link in several poses: where joints lie in their links, and what gives under a pull."""

from __future__ import annotations

from collections.abc import Mapping

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Mass
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.play_loop import lost_motion, play_loop, triangle
from ironworks.robot.rig import Rig

__all__ = ["Lengths"]

Floats = NDArray[np.float64]

#: The fixture reads to +-0.05 mm; poses, and how far from the standing pose as a share of the range.
_TOUCH, _POSES, _REACH = 5e-5, 2, 0.4
#: Pull on a link: stiffness of a screwed joint [N/m], friction over the force, noise of the dial [m], samples; least
#: and most force [N], between them ten times the link's weight; assumptions.
_STIFFNESS, _STUCK, _DIAL, _SAMPLES = 5e6, 0.1, 1e-5, 200
_LEAST, _MOST = 5.0, 100.0


class Lengths:
    """With its brakes on, a frame of probes touches four studs of each link and the bushing of each joint.

    Studs give a link's axes, so that a joint's place in its parent is seen at any angle of the joints.
    """

    name = "lengths"
    item = "robot"
    minutes = 9.0
    measurements = (
        Measurement("joint_place", Limits(None, 0.65, "mm"), description="of a link's origin in its parent"),
        Measurement("link_play", Limits(None, 0.4, "mm"), description="that a reversed pull takes up at a link"),
    )
    catches = ("wrong_part", "missing_screw")
    sees = ("link_length",)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every link but the root."""
        rng, design, unit = specimen.rng(self.name), specimen.design, specimen.unit
        links = [link for link in design.links if link.parent]
        names = tuple(link.name for link in links)
        rows = np.array([unit.places.names["link"].index(name) for name in names], dtype=np.int64)
        rig = Rig(design, specimen.masses, unit, rng)
        parents = sorted({link.parent for link in links})
        at = {name: k for k, name in enumerate(parents)}
        parent = np.array([at[link.parent] for link in links], dtype=np.int64)
        studs = np.array([_studs(specimen.masses[name]) for name in parents])
        # The same poses for every unit: they belong to the test.
        shares = np.random.default_rng(7).uniform(-_REACH, _REACH, (_POSES, len(rig.joints)))
        offsets = np.zeros((len(links), 3))
        designed = np.array([link.origin for link in links])
        for share in shares:
            width = np.where(np.isfinite(rig.high - rig.low), rig.high - rig.low, 1.0)
            rig.rest(np.clip(rig.stand + share * width, rig.low, rig.high))
            mujoco.mj_kinematics(rig.model, rig.data)
            place = np.array([rig.data.body(name).xpos for name in parents])
            turn = np.array([rig.data.body(name).xmat.reshape(3, 3) for name in parents])
            joints = np.array([rig.data.body(name).xpos for name in names])
            touched = place[:, None, :] + np.einsum("kij,ksj->ksi", turn, studs)
            touched += rng.uniform(-_TOUCH, _TOUCH, touched.shape)
            joints = joints + rng.uniform(-_TOUCH, _TOUCH, joints.shape)
            found_turn, found_place = _fit(studs, touched)
            local = np.einsum("nji,nj->ni", found_turn[parent], joints - found_place[parent])
            offsets += (local - designed) / _POSES
        true = unit["link_length"][rows]
        play, true_play = self._play(specimen, names, rng)
        return {
            "joint_place": Readings(names, 1e3 * np.linalg.norm(offsets, axis=1), 1e3 * np.linalg.norm(true, axis=1)),
            "link_play": Readings(names, 1e3 * play, 1e3 * true_play),
        }

    @staticmethod
    def _play(specimen: Specimen, names: tuple[str, ...], rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Play found and true (L,) [m]: a dial between link and parent while a pull goes there and back."""
        true = np.zeros(len(names))
        for fault in specimen.unit.struck("missing_screw"):
            if fault.place in names:
                true[names.index(fault.place)] = fault.severity
        weight = 9.81 * np.array([specimen.masses[name].mass for name in names])
        force = np.clip(10.0 * weight, _LEAST, _MOST)
        pull = triangle(_SAMPLES)[:, None] * force
        shift = play_loop(pull, np.full(len(names), _STIFFNESS), true, _STUCK * force)
        found, _, _ = lost_motion(pull, shift + _DIAL * rng.normal(size=shift.shape), stiffness=_STIFFNESS)
        return found, true


def _studs(mass: Mass) -> Floats:
    """Four studs (4, 3) [m] at every other corner of the even box that has a link's mass and inertia."""
    moments, axes = np.linalg.eigh(mass.inertia / mass.mass)
    squares = 1.5 * (moments.sum() - 2.0 * moments)
    half = np.sqrt(np.maximum(squares, 1e-6))
    corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]], dtype=float)
    return np.asarray(mass.centre + (corners * half) @ axes.T)


def _fit(points: Floats, seen: Floats) -> tuple[Floats, Floats]:
    """Rotations (K, 3, 3) and places (K, 3) that take points (K, S, 3) nearest to what is seen (Kabsch 1976)."""
    middle, centre = points.mean(axis=1), seen.mean(axis=1)
    u, _, v = np.linalg.svd(np.einsum("ksi,ksj->kij", seen - centre[:, None], points - middle[:, None]))
    flip = np.ones((len(points), 3))
    flip[:, 2] = np.linalg.det(u @ v)
    turn = (u * flip[:, None, :]) @ v
    return turn, centre - np.einsum("kij,kj->ki", turn, middle)
