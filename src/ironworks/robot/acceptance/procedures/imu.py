"""Inertial sensors at rest on a bench that leans: mounting angle and biases, told apart by the attitudes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import sensors_of
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.rig import Rig, small_turn

__all__ = ["Imu"]

Floats = NDArray[np.float64]

#: Roll and pitch of the bench [deg]; samples at each; accuracy of the touched attitude of the sensor's link [rad].
_ATTITUDES, _SAMPLES, _TOUCHED = ((0, 0), (40, 0), (-40, 0), (0, 40), (0, -40)), 40, 3e-4
_REST = 0.6
_GRAVITY = 9.81


class Imu:
    """The link of each sensor is touched for its attitude; what the sensor says beyond that is its own."""

    name = "imu"
    item = "robot"
    minutes = 2.0
    measurements = (
        Measurement("imu_tilt", Limits(None, 1.9, "deg"), description="of the mounting against its link"),
        Measurement("gyro_bias", Limits(None, 3.0, "deg/s"), description="rate at rest on the worst axis"),
        Measurement("accelerometer_bias", Limits(None, 1.7, "m/s^2"), description="on the worst axis"),
    )
    catches = ("knocked_imu",)
    sees = ("imu_tilt", "gyro_bias", "accelerometer_bias")

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every inertial sensor."""
        rng = specimen.rng(self.name)
        sensors = [sensor for sensor in sensors_of(specimen.design) if sensor.kind == "imu"]
        names = tuple(sensor.name for sensor in sensors)
        needed = set()
        for sensor in sensors:
            link = specimen.design.by_name[sensor.link]
            while link.parent:
                needed |= {link.joint.name} if link.joint else set()
                link = specimen.design.by_name[link.parent]
        frozen = {joint.name for joint in specimen.design.joints} - needed
        rig = Rig(specimen.design, specimen.masses, specimen.unit, rng, frozen=frozen)
        hold = np.zeros((round(_REST / rig.tick), len(rig.joints)))
        gyros: list[Floats] = []
        pulls: list[Floats] = []
        ups: list[Floats] = []
        for roll, pitch in np.radians(_ATTITUDES):
            rig.lean(roll, pitch)
            rig.rest(hold[0])
            rig.follow(hold)
            up = -np.asarray(rig.model.opt.gravity)
            for sensor in sensors:
                turn = rig.data.body(sensor.link).xmat.reshape(3, 3) @ small_turn(_TOUCHED * rng.normal(size=3))
                ups.append(sensor.turn.T @ turn.T @ up)
                both = np.array([rig.inertial(sensor.name) for _ in range(_SAMPLES)]).mean(axis=0)
                gyros.append(both[0])
                pulls.append(both[1])
        shape = (len(_ATTITUDES), len(sensors), 3)
        gyro, pull, above = (np.array(rows).reshape(shape) for rows in (gyros, pulls, ups))
        tilts, biases = np.zeros((len(sensors), 3)), np.zeros((len(sensors), 3))
        for i in range(len(sensors)):
            tilts[i], biases[i] = _mounting(pull[:, i], above[:, i])
        at = [specimen.unit.places.names["imu"].index(name) for name in names]
        true = {
            name: specimen.unit[name][at].reshape(-1, 3) for name in ("imu_tilt", "gyro_bias", "accelerometer_bias")
        }

        def worst(rows: Floats) -> Floats:
            return np.asarray(np.abs(rows).max(axis=-1))

        def norm(rows: Floats) -> Floats:
            return np.asarray(np.degrees(np.linalg.norm(rows, axis=-1)))

        return {
            "imu_tilt": Readings(names, norm(tilts), norm(true["imu_tilt"])),
            "gyro_bias": Readings(names, np.degrees(worst(gyro.mean(axis=0))), np.degrees(worst(true["gyro_bias"]))),
            "accelerometer_bias": Readings(names, worst(biases), worst(true["accelerometer_bias"])),
        }


def _mounting(pull: Floats, up: Floats) -> tuple[Floats, Floats]:
    """Rotation vector (3,) and bias (3,) that explain pulls (A, 3) where the design's axes would feel `up` (A, 3)."""
    tilt, bias = np.zeros(3), np.zeros(3)
    for _ in range(4):
        turn = small_turn(tilt)
        felt = up @ turn
        # turn.T u changes by (turn.T u) x d as the mounting turns by d in its own axes.
        columns = np.concatenate([np.concatenate([_cross(row), np.eye(3)], axis=1) for row in felt])
        step = np.linalg.lstsq(columns, (pull - felt).ravel(), rcond=None)[0]
        tilt, bias = tilt + step[:3], step[3:]
    return tilt, bias


def _cross(v: Floats) -> Floats:
    return np.array([[0.0, -v[2], v[1]], [v[2], 0.0, -v[0]], [-v[1], v[0], 0.0]])
