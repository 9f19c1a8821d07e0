"""Where the robot is and how it moves, from its inertial sensor, its encoders and the cells of its feet.

A right-invariant extended Kalman filter (Hartley et al., International Journal of Robotics Research 39, 2020) of
attitude, velocity and place of the sensor in the root, places of the standing soles, and both biases. Errors are those
of the group SE_4(3): they grow alike wherever the robot is believed to be. Heading and place are dead reckoning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dposv

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
#: Covariance of where the encoders say that a sole is.
_OWN = _REACH**2 * np.eye(3)
#: The root at the origin, in the world's axes.
_HERE = np.array([0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0])


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
        self._place, self._arm = sensor.place, _cross_rows(sensor.place[:, None])
        self._offsets = unit["gyro_bias"][at], unit["accelerometer_bias"][at]
        self._encoder = EncoderError.of(unit, model.joints)
        self._soles = [sole_of(model, foot)[0] for foot in model.feet]
        self._begun = False
        self._contact = _Contact.of((False,) * len(self._soles))

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
        pressed = observation.soles[:, 2].tolist()
        stands = tuple(
            force > (_LEAVES if stood else _STANDS) for force, stood in zip(pressed, self._contact.stands, strict=True)
        )
        if stands != self._contact.stands:
            self._contact = _Contact.of(stands)
        self._correct(reach)
        turn, velocity, place = self._turn, self._motion[:, 0], self._motion[:, 1]
        rate = gyro - self._bias[:3]
        quaternion = np.empty(4)
        mujoco.mju_mat2Quat(quaternion, turn.ravel())
        root = place - turn @ self._place
        speed = velocity + turn @ (self._arm @ rate)
        return (
            np.concatenate([root, quaternion, angle]),
            np.concatenate([speed, rate, observation.speed]),
        )

    def _reaches(self, angle: Floats) -> Floats:
        """Middle of each sole from the sensor, in the root's axes (F, 3)."""
        model = self._model
        data = model.data
        data.qpos[:7], data.qpos[7:] = _HERE, angle
        mujoco.mj_kinematics(model.model, data)
        feet = [model.placed(foot, sole) for foot, sole in zip(model.feet, self._soles, strict=True)]
        return np.array(feet) - self._place

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
        # Only the columns of the biases change from tick to tick: gravity turns with the attitude's error.
        self._steps = np.eye(n)
        self._steps[3:6, :3] = TICK * _cross_rows(_WEIGHT[:, None])
        self._steps[6:9, 3:6] = TICK * np.eye(3)
        self._begun = True

    def _predict(self, gyro: Floats, pull: Floats) -> None:
        dt, turn, columns = TICK, self._turn, self._motion
        rate, force = gyro - self._bias[:3], pull - self._bias[3:]
        size = 3 + 3 * columns.shape[1]
        # Noise of the sensors acts in the root's axes, and moves the columns through their levers.
        turned = np.empty((size, 3))
        turned[:3] = turn
        np.matmul(_cross_rows(columns), turn, out=turned[3:])
        # First order in the tick: errors of the biases act through the attitude.
        step = self._steps
        step[:size, -6:-3] = -dt * turned
        step[3:6, -3:] = -dt * turn
        covariance = step @ self._covariance @ step.T
        covariance[:size, :size] += ((GYRO_NOISE**2 + _SHAKE_RATE**2) * dt**2) * (turned @ turned.T)
        covariance.reshape(-1)[:: len(step) + 1] += self._contact.noise
        self._covariance = covariance
        acceleration = turn @ force + _WEIGHT
        columns[:, 1] += columns[:, 0] * dt + 0.5 * acceleration * dt**2
        columns[:, 0] += acceleration * dt
        self._turn = turn @ _turn_by(rate * dt)

    def _correct(self, reach: Floats) -> None:
        feet = len(reach)
        below = self._turn @ reach.T
        covariance, motion = self._covariance, self._motion
        contact = self._contact
        for i in contact.swings:
            # A sole in the air is where the encoders say; it brings no news.
            motion[:, 2 + i] = motion[:, 1] + below[:, i]
            own = slice(9 + 3 * i, 12 + 3 * i)
            covariance[own] = covariance[6:9]
            covariance[:, own] = covariance[:, 6:9]
            covariance[own, own] += _OWN
        if not len(contact.rows):
            return
        # What the encoders see is a sole's place less the sensor's.
        seen = contact.rows @ covariance
        news = (below - motion[:, 2:] + motion[:, 1:2]).T[contact.here].ravel()
        _, gain, _ = dposv(seen @ contact.rows.T + contact.doubt, seen)
        gain = gain.T
        move = gain @ news
        turn = _turn_by(move[:3])
        self._turn = turn @ self._turn
        self._motion = turn @ motion + move[3 : 9 + 3 * feet].reshape(-1, 3).T
        self._bias += move[-6:]
        covariance = covariance - gain @ seen
        # Rounding alone would let the two halves of it drift apart.
        self._covariance = 0.5 * (covariance + covariance.T)


@dataclass(frozen=True, eq=False)
class _Contact:
    """Which soles stand, and what follows: rows (3 S, N) of what the encoders see of S, their covariance (3 S, 3 S),

    and the noise (N,) that a tick adds to the variance of every state.
    """

    stands: tuple[bool, ...]
    here: Sequence[int]
    swings: Sequence[int]
    rows: Floats
    doubt: Floats
    noise: Floats

    @classmethod
    def of(cls, stands: tuple[bool, ...]) -> _Contact:
        n = 15 + 3 * len(stands)
        here = [i for i, stood in enumerate(stands) if stood]
        rows, noise = np.zeros((3 * len(here), n)), np.zeros(n)
        for k, i in enumerate(here):
            rows[3 * k : 3 * k + 3, 6:9] = -np.eye(3)
            rows[3 * k : 3 * k + 3, 9 + 3 * i : 12 + 3 * i] = np.eye(3)
        noise[3:6] = (ACCELEROMETER_NOISE**2 + _SHAKE_PULL**2) * TICK**2
        noise[9:-6] = np.repeat([_CREEP**2 * TICK if stood else TICK for stood in stands], 3)
        noise[-6:-3], noise[-3:] = _GYRO_WALK**2 * TICK, _PULL_WALK**2 * TICK
        swings = [i for i, stood in enumerate(stands) if not stood]
        return cls(stands, here, swings, rows, _REACH**2 * np.eye(len(rows)), noise)


def _cross_rows(columns: Floats) -> Floats:
    """Matrices of the cross products with columns (3, n), one below the other (3 n, 3)."""
    found = np.zeros((columns.shape[1], 3, 3))
    found[:, 2, 1], found[:, 0, 2], found[:, 1, 0] = columns
    found[:, 1, 2], found[:, 2, 0], found[:, 0, 1] = -columns
    return found.reshape(-1, 3)


def _turn_by(vector: Floats) -> Floats:
    """The rotation (3, 3) about a rotation vector (3,) [rad], as `small_turn`, but at every tick."""
    quaternion, found = np.array([1.0, 0.0, 0.0, 0.0]), np.empty(9)
    mujoco.mju_quatIntegrate(quaternion, vector, 1.0)
    mujoco.mju_quat2Mat(found, quaternion)
    return found.reshape(3, 3)
