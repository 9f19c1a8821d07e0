"""Mounting and biases of inertial sensors from what they read at rest, in postures and on the tilted gantry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, sensors_of
from ironworks.robot.asbuilt import Population, Unit
from ironworks.robot.calibration.estimate import Estimate, maximum_a_posteriori
from ironworks.robot.calibration.gantry import Measured
from ironworks.robot.calibration.kinematic import Geometry
from ironworks.robot.calibration.programme import Programme
from ironworks.robot.calibration.tree import GRAVITY, Tree
from ironworks.robot.rig import lean_gravity, small_turn

__all__ = ["Inertial", "identify_inertial"]

Floats = NDArray[np.float64]

#: What an averaged reading leaves open: noise of the sensor, and the attitude of the link that carries it [rad].
_READING, _ATTITUDE = 0.005, 4e-4


@dataclass(frozen=True, eq=False)
class Inertial:
    """For each inertial sensor: tilt (3) [rad] and bias of the accelerometer (3) [m/s2]; rates' bias (3) [rad/s]."""

    sensors: tuple[str, ...]
    estimates: tuple[Estimate, ...]
    rates: Floats

    def put_into(self, unit: Unit) -> None:
        """Write what was found into a unit's deviations (of a unit made for it, in place)."""
        for i, name in enumerate(self.sensors):
            row = unit.places.names["imu"].index(name)
            unit.values["imu_tilt"][row] = self.estimates[i].values[:3]
            unit.values["accelerometer_bias"][row] = self.estimates[i].values[3:]
            unit.values["gyro_bias"][row] = self.rates[i]


def identify_inertial(
    design: Design, tree: Tree, population: Population, programme: Programme, measured: Measured, geometry: Geometry
) -> Inertial:
    """Tilt and bias of each sensor: at rest it reads the axes' share of gravity, turned by its tilt, plus its bias."""
    sensors = [sensor for sensor in sensors_of(design) if sensor.kind == "imu"]
    lengths = geometry.layout.lengths(geometry.estimate.values, len(tree.links))
    standing = tree.motion(geometry.true_angles(measured.angles), lengths)
    leaning = tree.motion(geometry.true_angles(measured.lean_angles), lengths)
    ups = [np.array([0.0, 0.0, GRAVITY])] * len(measured.angles)
    ups += [-lean_gravity(roll, pitch) for roll, pitch in programme.leans]
    found = []
    for i, sensor in enumerate(sensors):
        link, row = tree.links.index(sensor.link), population.places.names["imu"].index(sensor.name)
        turns = np.concatenate([standing.turn[:, link], leaning.turn[:, link]]) @ sensor.turn
        wanted = np.einsum("pji,pj->pi", turns, np.array(ups))
        read = np.concatenate([measured.pulls[:, i], measured.leaning[:, i]])
        prior = population.scale * np.repeat(
            [population.spread("imu_tilt")[row], population.spread("accelerometer_bias")[row]], 3
        )
        names = [f"{sensor.name}.{what}_{axis}" for what in ("tilt", "bias") for axis in "xyz"]
        # A link that no joint moves has one attitude error in all postures: it counts once.
        repeats = 1.0 if tree.above[:, link].any() else len(wanted) / (1.0 + len(programme.leans))
        sigma = np.hypot(_READING, _ATTITUDE * GRAVITY) * np.sqrt(repeats)
        found.append(maximum_a_posteriori(names, np.maximum(prior, 1e-12), _Model(wanted, read, sigma)))
    return Inertial(tuple(sensor.name for sensor in sensors), tuple(found), measured.rates)


@dataclass(frozen=True, eq=False)
class _Model:
    wanted: Floats
    read: Floats
    sigma: float

    def __call__(self, values: Floats) -> tuple[Floats, Floats]:
        seen = self.wanted @ small_turn(values[:3])
        residuals = self.read - seen - values[3:]
        slope = np.zeros((*residuals.shape, 6))
        # Turned by -tilt: a small tilt d changes what is seen by seen x d.
        x, y, z = seen.T
        zero = np.zeros_like(x)
        cross = np.stack([[zero, -z, y], [z, zero, -x], [-y, x, zero]]).transpose(2, 0, 1)
        slope[:, :, :3] = -cross
        slope[:, :, 3:] = -np.eye(3)
        return residuals.ravel() / self.sigma, slope.reshape(-1, 6) / self.sigma
