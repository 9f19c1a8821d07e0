"""Mounting and biases of inertial sensors from what they read at rest, in postures and on the tilted gantry."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, sensors_of
from ironworks.robot.asbuilt import Population, Unit
from ironworks.robot.calibration.estimate import Estimate, maximum_a_posteriori
from ironworks.robot.calibration.gantry import Measured
from ironworks.robot.calibration.kinematic import Geometry
from ironworks.robot.calibration.programme import Programme
from ironworks.robot.calibration.tree import GRAVITY, Motion, Tree
from ironworks.robot.rig import lean_gravity, small_turn

__all__ = ["Inertial", "identify_inertial"]

Floats = NDArray[np.float64]

#: Noise of an averaged reading [m/s2].
_READING = 0.005


@dataclass(frozen=True, eq=False)
class Inertial:
    """For each inertial sensor: tilt (3) [rad] and bias of the accelerometer (3) [m/s2]; rates' bias (3) [rad/s].

    The last three parameters of an estimate are the error of its link's attitude [rad] while the gantry leaned.
    """

    sensors: tuple[str, ...]
    estimates: tuple[Estimate, ...]
    rates: Floats

    def put_into(self, unit: Unit) -> None:
        """Write what was found into a unit's deviations (of a unit made for it, in place)."""
        for i, name in enumerate(self.sensors):
            row = unit.places.names["imu"].index(name)
            unit.values["imu_tilt"][row] = self.estimates[i].values[:3]
            unit.values["accelerometer_bias"][row] = self.estimates[i].values[3:6]
            unit.values["gyro_bias"][row] = self.rates[i]


def identify_inertial(
    design: Design, tree: Tree, population: Population, programme: Programme, measured: Measured, geometry: Geometry
) -> Inertial:
    """Tilt and bias of each sensor: at rest it reads the axes' share of gravity, turned by its tilt, plus its bias."""
    sensors = [sensor for sensor in sensors_of(design) if sensor.kind == "imu"]
    lengths = geometry.layout.lengths(geometry.estimate.values, len(tree.links))
    angles = geometry.true_angles(measured.angles)
    standing = tree.motion(angles, lengths)
    leaning = tree.motion(geometry.true_angles(measured.lean_angles), lengths)
    ups = [np.array([0.0, 0.0, GRAVITY])] * len(measured.angles)
    ups += [-lean_gravity(roll, pitch) for roll, pitch in programme.leans]
    found = []
    for i, sensor in enumerate(sensors):
        link, row = tree.links.index(sensor.link), population.places.names["imu"].index(sensor.name)
        turns = np.concatenate([standing.turn[:, link], leaning.turn[:, link]]) @ sensor.turn
        wanted = np.einsum("pji,pj->pi", turns, np.array(ups))
        read = np.concatenate([measured.pulls[:, i], measured.leaning[:, i]])
        below = tree.above[:, link]
        # The ripple of the encoders below turns the link a little: anew in each posture, in all leans of one alike.
        ripple = float(np.sqrt((geometry.ripple[below] ** 2).sum()))
        spreads = [population.spread(name)[row] for name in ("imu_tilt", "accelerometer_bias")]
        prior = np.repeat([*(population.scale * np.array(spreads)), ripple], 3)
        names = [f"{sensor.name}.{what}_{axis}" for what in ("tilt", "bias", "leaning") for axis in "xyz"]
        sigma = np.full(len(wanted), float(np.hypot(_READING, GRAVITY * ripple)))
        sigma[len(standing.turn) :] = _READING
        # A link that no joint moves reads the same in all postures: they count once.
        sigma[: len(standing.turn)] *= 1.0 if below.any() else np.sqrt(len(standing.turn))
        model = _Model(wanted, read, sigma, len(standing.turn))
        estimate = maximum_a_posteriori(names, np.maximum(prior, 1e-12), model)
        found.append(_with_attitude(estimate, tree, geometry, np.swapaxes(turns, 1, 2), standing, angles, link))
    return Inertial(tuple(sensor.name for sensor in sensors), tuple(found), measured.rates)


def _with_attitude(
    estimate: Estimate, tree: Tree, geometry: Geometry, back: Floats, motion: Motion, angles: Floats, link: int
) -> Estimate:
    """The estimate with what the offsets below leave open of the link's attitude: no reading tells it from a tilt."""
    layout, below = geometry.layout, tree.above[:, link]
    if not below[layout.columns].any():
        return estimate
    axes = np.einsum("pij,pkj->pik", back[: len(motion.axis)], motion.axis) * below
    # An offset turns the link in every posture alike, an eccentric ring nearly so: their mean over the postures counts.
    slope = layout.by_encoder(axes, angles).mean(axis=0)
    open_ = slope @ geometry.estimate.covariance[: layout.encoders, : layout.encoders] @ slope.T
    covariance = estimate.covariance.copy()
    covariance[:3, :3] += open_
    return replace(estimate, covariance=covariance)


@dataclass(frozen=True, eq=False)
class _Model:
    wanted: Floats
    read: Floats
    sigma: Floats
    postures: int

    def __call__(self, values: Floats) -> tuple[Floats, Floats]:
        wanted = self.wanted.copy()
        wanted[self.postures :] = wanted[self.postures :] @ small_turn(values[6:])
        seen = wanted @ small_turn(values[:3])
        residuals = self.read - seen - values[3:6]
        slope = np.zeros((*residuals.shape, 9))
        # Turned by -tilt: a small tilt d changes what is seen by seen x d.
        x, y, z = seen.T
        zero = np.zeros_like(x)
        cross = np.stack([[zero, -z, y], [z, zero, -x], [-y, x, zero]]).transpose(2, 0, 1)
        slope[:, :, :3] = -cross
        slope[:, :, 3:6] = -np.eye(3)
        slope[self.postures :, :, 6:] = -cross[self.postures :]
        return (residuals / self.sigma[:, None]).ravel(), (slope / self.sigma[:, None, None]).reshape(-1, 9)
