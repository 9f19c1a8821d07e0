"""The calibration of a unit from end to end: move, touch, look, weigh, identify."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass, Sensor
from ironworks.robot.asbuilt import Population, Unit
from ironworks.robot.calibration.dynamic import Dynamics, identify_dynamics
from ironworks.robot.calibration.finger_programme import FingerProgramme
from ironworks.robot.calibration.fingers import Fingers, identify_fingers
from ironworks.robot.calibration.gantry import Instruments, Measured, go_through
from ironworks.robot.calibration.inertial import Inertial, identify_inertial
from ironworks.robot.calibration.kinematic import Geometry, identify_geometry
from ironworks.robot.calibration.programme import Programme, programme_of
from ironworks.robot.calibration.tree import Motion, Tree

__all__ = ["Calibration", "calibrate", "identify"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Calibration:
    """What a unit was found to be. `identified`: what its controller may believe; `as_built` makes a model of it."""

    tree: Tree
    programme: Programme
    measured: Measured
    geometry: Geometry
    dynamics: Dynamics
    inertial: Inertial
    identified: Unit
    fingers: Fingers = field(default_factory=Fingers)
    """What was found on the bench of the hands; nothing where that was left out."""

    def unseen(self) -> dict[str, list[str]]:
        """For each part of the identification, what this programme cannot tell: least seen directions in words."""
        parts = {"geometry": self.geometry.estimate, "dynamics": self.dynamics.estimate}
        parts |= {hand.name: hand.estimate for hand in self.fingers.hands}
        return {
            name: [
                f"{one.value:.3f}: " + ", ".join(f"{weight:+.2f} {parameter}" for parameter, weight in one.parameters)
                for one in estimate.unseen(0.1)
            ]
            for name, estimate in parts.items()
        }

    def places(self, readings: Floats, points: tuple[Sensor, ...], base: str = "") -> tuple[Floats, Floats]:
        """Where points are, seen from a link (the root by default), for encoder readings (P, J).

        Places (P, K, 3) [m] in the link's axes, and their covariance (P, K, 3, 3) [m2] from all that was identified and
        from the encoders' ripple.
        """
        layout, estimate = self.geometry.layout, self.geometry.estimate
        angles = self.geometry.true_angles(readings)
        motion = self.tree.motion(angles, layout.lengths(estimate.values, len(self.tree.links)))
        found = np.empty((len(readings), len(points), 3))
        covariance = np.empty((len(readings), len(points), 3, 3))
        foot = self.tree.links.index(base) if base else 0
        for k, point in enumerate(points):
            link = self.tree.links.index(point.link)
            at = motion.place[:, link] + motion.turn[:, link] @ point.place
            back = np.swapaxes(motion.turn[:, foot], 1, 2)
            found[:, k] = (back @ (at - motion.place[:, foot])[..., None])[..., 0]
            by_angle = back @ self._by_angle(motion, link, foot, at)
            slope = self._by_parameter(
                by_angle, np.einsum("pij,pjla->pila", back, self._by_length(motion, link, foot)), angles
            )
            shake = by_angle * self.geometry.ripple
            part = estimate.covariance[: slope.shape[-1], : slope.shape[-1]]
            covariance[:, k] = slope @ part @ np.swapaxes(slope, 1, 2) + shake @ np.swapaxes(shake, 1, 2)
        return found, covariance

    def _by_angle(self, motion: Motion, link: int, foot: int, at: Floats) -> Floats:
        # Joints below both links move them together: seen from one the other stays.
        sign = self.tree.above[:, link].astype(float) - self.tree.above[:, foot].astype(float)
        moved = np.cross(motion.axis, at[:, None, :] - motion.hinge) * sign[:, None]
        return np.swapaxes(moved, 1, 2)

    def _by_length(self, motion: Motion, link: int, foot: int) -> Floats:
        return self.tree.by_length(motion, link) - self.tree.by_length(motion, foot)

    def _by_parameter(self, by_angle: Floats, by_length: Floats, angles: Floats) -> Floats:
        layout = self.geometry.layout
        lengths = by_length[:, :, layout.links].reshape(*by_length.shape[:2], -1)
        return np.concatenate([layout.by_encoder(by_angle, angles), lengths], axis=-1)


def calibrate(
    design: Design,
    masses: Mapping[str, Mass],
    unit: Unit,
    population: Population,
    rng: np.random.Generator,
    *,
    programme: Programme | None = None,
    instruments: Instruments | None = None,
    fingers: bool = True,
    finger_programmes: Sequence[FingerProgramme] | None = None,
) -> Calibration:
    """Calibrate a unit; `population` gives the priors, `rng` the noise of sensors and instruments.

    `masses` are those of the design: the true ones are the unit's own affair. Hands follow the gantry on a bench of
    their own, unless `fingers` is false. Programmes are the design's: make them once for many units (`programme_of`,
    `finger_programmes_of`).
    """
    programme = programme or programme_of(design, masses)
    measured = go_through(design, masses, unit, programme).read(rng, instruments)
    found = identify(design, masses, unit, population, programme, measured)
    if not fingers:
        return found
    hands = identify_fingers(design, masses, unit, population, rng, programmes=finger_programmes)
    hands.put_into(found.identified)
    return replace(found, fingers=hands)


def identify(
    design: Design,
    masses: Mapping[str, Mass],
    unit: Unit,
    population: Population,
    programme: Programme,
    measured: Measured,
) -> Calibration:
    """What a unit was measured to be; of the unit itself only its serial number and places are looked at."""
    tree = Tree(design, programme.joints)
    geometry = identify_geometry(design, tree, population, measured)
    dynamics = identify_dynamics(design, masses, tree, population, programme, measured, geometry)
    inertial = identify_inertial(design, tree, population, programme, measured, geometry)
    identified = Unit.nominal(unit.places, unit.serial)
    geometry.put_into(identified)
    dynamics.put_into(identified, masses)
    inertial.put_into(identified)
    return Calibration(tree, programme, measured, geometry, dynamics, inertial, identified)
