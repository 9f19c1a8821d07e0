"""Muscles in a MuJoCo model: spatial tendons in the place of joint motors, with their length ranges given."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Joint, Muscle, Waypoint
from ironworks.product.design.muscles import crossed, way_to_root

__all__ = ["add_muscles", "length_range"]

Floats = NDArray[np.float64]
#: Postures in which a muscle is measured, and at most how many of one joint.
_POSTURES, _MOST_ANGLES = 20_000, 41
_RADIUS, _COLOUR = 0.0035, (0.72, 0.16, 0.14, 1.0)


def add_muscles(spec: mujoco.MjSpec, design: Design, muscles: Sequence[Muscle], *, passive: bool = True) -> None:
    """Replace the motors of the joints that muscles move by tendons with MuJoCo's muscle actuators.

    spec: from `robot.body.body_spec`. Tendon, actuator and muscle have one name; controls are activations 0..1.
    Reflected inertia and friction of the drives stay at the joints. `passive`: whether a muscle stretched beyond the
    length at which it is strongest resists without activation. Raises ValueError for a joint without its motor: one
    that is frozen, or has its muscles already.
    """
    for motor in dict.fromkeys(muscle.motor for muscle in muscles):
        actuator = spec.actuator(motor)
        if actuator is None:
            raise ValueError(f"{motor} has no motor here that muscles could replace")
        spec.delete(actuator)
    for muscle in muscles:
        tendon = spec.add_tendon(name=muscle.name, width=_RADIUS, rgba=_COLOUR)
        for i, waypoint in enumerate(muscle.path):
            site = f"{muscle.name}.{i}"
            spec.body(waypoint.link).add_site(name=site, pos=waypoint.point, size=[0.004] * 3, group=4)
            tendon.wrap_site(site)
        low, high = length_range(design, muscle)
        # The length at which it is strongest, as MuJoCo finds it from the two ranges.
        best = (high - low) / (muscle.longest - muscle.shortest)
        actuator = spec.add_actuator(name=muscle.name, target=muscle.name, trntype=mujoco.mjtTrn.mjTRN_TENDON)
        actuator.set_to_muscle(
            timeconst=[muscle.activation, muscle.deactivation],
            tausmooth=0.0,
            range=[muscle.shortest, muscle.longest],
            force=muscle.force,
            vmax=muscle.speed / best,
            fpmax=muscle.passive or 1.0,
        )
        if not passive or not muscle.passive:
            # MuJoCo wants a passive force above 0, or none at all.
            actuator.biastype = mujoco.mjtBias.mjBIAS_NONE
        actuator.lengthrange = [low, high]
        actuator.ctrlrange = [0.0, 1.0]


def length_range(design: Design, muscle: Muscle) -> tuple[float, float]:
    """Shortest and longest tendon [m] over the ranges of the joints that it crosses, in a grid of postures."""
    joints = {link.name: link.joint for link in crossed(design, muscle.path) if link.joint is not None}
    steps = min(max(int(_POSTURES ** (1.0 / len(joints))), 3), _MOST_ANGLES)
    grid = np.meshgrid(*(_angles(joint, steps) for joint in joints.values()), indexing="ij")
    posture = {name: angle.ravel() for name, angle in zip(joints, grid, strict=True)}
    links = {link.name for link in crossed(design, muscle.path)}
    points = [_places(design, waypoint, posture, links) for waypoint in muscle.path]
    pieces = [np.linalg.norm(b - a, axis=-1) for a, b in itertools.pairwise(points)]
    # A piece within the link that the others hang on has one length for all postures.
    lengths = np.asarray(sum(pieces))
    return float(lengths.min()), float(lengths.max())


def _angles(joint: Joint, steps: int) -> Floats:
    # A joint without ends turns once round.
    low, high = (joint.low, joint.high) if np.isfinite(joint.low) else (-np.pi, np.pi)
    return np.linspace(low, high, steps)


def _places(design: Design, waypoint: Waypoint, posture: Mapping[str, Floats], links: set[str]) -> Floats:
    """A waypoint (N, 3) in N postures, in the frame of the nearest link that the whole path hangs on."""
    found = waypoint.point
    for link in way_to_root(design, waypoint.link):
        if link.name in links:
            turned = found if link.joint is None else _turned(found, link.joint.axis, posture[link.name])
            found = turned + link.origin
    return found


def _turned(points: Floats, axis: Floats, angle: Floats) -> Floats:
    """Rodrigues' rotation of points (3,) or (N, 3) about a unit axis by angles (N,)."""
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    along = np.asarray(points @ axis)[..., None] * axis
    return cos * points + sin * np.cross(axis, points) + (1.0 - cos) * along
