"""Where the robot is and how it moves, from its inertial sensor, its encoders and the cells of its feet.

A right-invariant extended Kalman filter (Hartley et al., International Journal of Robotics Research 39, 2020) of
attitude, velocity and place of the sensor in the root, places of the standing soles, and both biases. Errors are those
of the group SE_4(3): they grow alike wherever the robot is believed to be. Heading and place are dead reckoning.
"""

from __future__ import annotations

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import sensors_of
from ironworks.robot.control.control_model import GRAVITY, ControlModel, sole_of
from ironworks.robot.control.interface import TICK, Observation
from ironworks.robot.encoder_error import EncoderError
from ironworks.robot.rig import ACCELEROMETER_NOISE, GYRO_NOISE, small_turn

__all__ = ["Estimator"]

Floats = NDArray[np.float64]

#: Standard deviations: of biases per root second [rad/s, m/s2], of a standing sole's creep per root second [m], of
#: where the encoders say that a sole is [m]; at the begin: of attitude [rad], velocity [m/s] and of both biases.
_GYRO_WALK, _PULL_WALK, _CREEP, _REACH = 1e-4, 1e-3, 0.02, 0.002
_BEGIN_ATTITUDE, _BEGIN_VELOCITY, _BEGIN_RATE, _BEGIN_PULL = 0.02, 0.02, 0.002, 0.02
#: Vibration of the root that the sensor's noise does not count [rad/s, m/s2].
_SHAKE_RATE, _SHAKE_PULL = 0.01, 0.3
#: A sole stands from this force on, and no longer below that one [N].
_STANDS, _LEAVES = 80.0, 30.0
_WEIGHT = np.array([0.0, 0.0, -GRAVITY])


class Estimator:
    """A filter of one robot; it begins at rest, at the origin, heading along x."""

    def reset(self, model: ControlModel) -> None:
        """Begin anew with a unit's identified model."""
        self._model = model
        sensors = [sensor for sensor in sensors_of(model.design) if sensor.kind == "imu"]
        self._row = next(i for i, sensor in enumerate(sensors) if sensor.link == model.design.links[0].name)
        sensor, unit = sensors[self._row], model.unit
        at = unit.places.names["imu"].index(sensor.name)
        self._mounted = sensor.turn @ small_turn(unit["imu_tilt"][at])
        self._place = sensor.place
        self._offsets = unit["gyro_bias"][at], unit["accelerometer_bias"][at]
        self._encoder = EncoderError.of(unit, model.joints)
        self._soles = [sole_of(model, foot)[0] for foot in model.feet]
        self._begun = False
        self._stands = np.zeros(len(self._soles), dtype=bool)

    def update(self, observation: Observation) -> tuple[Floats, Floats]:
        """Position (7 + J,) and velocity (6 + J,) of the root and the joints; see `ControlModel.update`."""
        gyro = self._mounted @ (observation.rates[self._row] - self._offsets[0])
        pull = self._mounted @ (observation.pulls[self._row] - self._offsets[1])
        # Errors are smooth: those at the angle that the offset alone gives are those at the true one.
        angle = observation.angle - self._encoder.at(observation.angle - self._encoder.offset)
        reach = self._reaches(angle)
        if not self._begun:
            self._begin(pull, reach)
        else:
            self._predict(gyro, pull)
        pressed = observation.soles[:, 2]
        self._stands = np.where(self._stands, pressed > _LEAVES, pressed > _STANDS)
        self._correct(reach)
        turn, velocity, place = self._turn, self._motion[:, 0], self._motion[:, 1]
        rate = gyro - self._bias[:3]
        quaternion = np.empty(4)
        mujoco.mju_mat2Quat(quaternion, turn.ravel())
        root = place - turn @ self._place
        speed = velocity - turn @ np.cross(rate, self._place)
        return (
            np.concatenate([root, quaternion, angle]),
            np.concatenate([speed, rate, observation.speed]),
        )

    def _reaches(self, angle: Floats) -> Floats:
        """Middle of each sole from the sensor, in the root's axes (F, 3)."""
        model = self._model
        data = model.data
        data.qpos[:7] = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]
        data.qpos[7:] = angle
        mujoco.mj_kinematics(model.model, data)
        found = []
        for foot, sole in zip(model.feet, self._soles, strict=True):
            body = data.body(foot)
            found.append(body.xpos + body.xmat.reshape(3, 3) @ sole - self._place)
        return np.array(found)

    def _begin(self, pull: Floats, reach: Floats) -> None:
        up = pull / np.linalg.norm(pull)
        roll, pitch = np.arctan2(up[1], up[2]), np.arcsin(-up[0])
        cr, sr, cp, sp = np.cos(roll), np.sin(roll), np.cos(pitch), np.sin(pitch)
        self._turn = np.array([[cp, sp * sr, sp * cr], [0.0, cr, -sr], [-sp, cp * sr, cp * cr]])
        feet = len(reach)
        # Columns: velocity, place, and each sole: the lowest one is on the floor.
        self._motion = np.zeros((3, 2 + feet))
        below = self._turn @ reach.T
        self._motion[2, 1] = -below[2].min()
        self._motion[:, 2:] = self._motion[:, 1:2] + below
        self._bias = np.zeros(6)
        n = 9 + 3 * feet + 6
        sigma = np.zeros(n)
        sigma[:2], sigma[3:6] = _BEGIN_ATTITUDE, _BEGIN_VELOCITY
        sigma[9 : 9 + 3 * feet] = _REACH
        sigma[-6:-3], sigma[-3:] = _BEGIN_RATE, _BEGIN_PULL
        self._covariance = np.diag(sigma**2)
        self._walk = np.repeat([_GYRO_WALK**2, _PULL_WALK**2], 3) * TICK
        self._steady = np.eye(n)
        self._steady[3:6, :3] = TICK * _crosses(_WEIGHT[:, None])[0]
        self._steady[6:9, 3:6] = TICK * np.eye(3)
        self._begun = True

    def _predict(self, gyro: Floats, pull: Floats) -> None:
        dt, turn, columns = TICK, self._turn, self._motion
        rate, force = gyro - self._bias[:3], pull - self._bias[3:]
        count = columns.shape[1]
        # First order in the tick: errors of attitude turn gravity, those of the biases act through the attitude.
        step = self._steady.copy()
        lever = _crosses(columns) @ turn
        step[:3, -6:-3] = -dt * turn
        step[3 : 3 + 3 * count, -6:-3] = -dt * lever.reshape(3 * count, 3)
        step[3:6, -3:] = -dt * turn
        # Noise of the sensors acts in the root's axes, and moves the columns through their levers.
        rate_noise = (GYRO_NOISE**2 + _SHAKE_RATE**2) * dt**2
        pull_noise = (ACCELEROMETER_NOISE**2 + _SHAKE_PULL**2) * dt**2
        creep = np.where(self._stands, _CREEP**2, 1.0) * dt
        noise = np.zeros_like(step)
        turned = np.concatenate([turn, lever.reshape(3 * count, 3)])
        size = 3 + 3 * count
        noise[:size, :size] = rate_noise * turned @ turned.T
        diagonal = np.concatenate([np.zeros(3), np.full(3, pull_noise), np.zeros(3), np.repeat(creep, 3), self._walk])
        noise.flat[:: len(step) + 1] += diagonal
        self._covariance = step @ self._covariance @ step.T + noise
        acceleration = turn @ force + _WEIGHT
        self._motion[:, 1] += columns[:, 0] * dt + 0.5 * acceleration * dt**2
        self._motion[:, 0] += acceleration * dt
        self._turn = turn @ small_turn(rate * dt)

    def _correct(self, reach: Floats) -> None:
        feet = len(reach)
        n = len(self._covariance)
        here = np.flatnonzero(self._stands)
        below = self._turn @ reach.T
        for i in np.flatnonzero(~self._stands):
            # A sole in the air is where the encoders say; it brings no news.
            self._motion[:, 2 + i] = self._motion[:, 1] + below[:, i]
            own = slice(9 + 3 * i, 12 + 3 * i)
            self._covariance[own] = self._covariance[6:9]
            self._covariance[:, own] = self._covariance[:, 6:9]
            self._covariance[own, own] += np.eye(3) * _REACH**2
        if not len(here):
            return
        rows = np.zeros((3 * len(here), n))
        news = np.empty(3 * len(here))
        for k, i in enumerate(here):
            part = slice(3 * k, 3 * k + 3)
            rows[part, 6:9], rows[part, 9 + 3 * i : 12 + 3 * i] = -np.eye(3), np.eye(3)
            news[part] = below[:, i] - (self._motion[:, 2 + i] - self._motion[:, 1])
        seen = rows @ self._covariance
        total = seen @ rows.T + np.eye(len(news)) * _REACH**2
        gain = np.linalg.solve(total, seen).T
        move = gain @ news
        turn = small_turn(move[:3])
        self._turn = turn @ self._turn
        self._motion = turn @ self._motion + move[3 : 9 + 3 * feet].reshape(-1, 3).T
        self._bias += move[-6:]
        keep = np.eye(n) - gain @ rows
        self._covariance = keep @ self._covariance @ keep.T + _REACH**2 * gain @ gain.T


def _crosses(columns: Floats) -> Floats:
    """Matrices (n, 3, 3) of the cross products with columns (3, n)."""
    found = np.zeros((columns.shape[1], 3, 3))
    found[:, 2, 1], found[:, 0, 2], found[:, 1, 0] = columns
    return found - found.transpose(0, 2, 1)
