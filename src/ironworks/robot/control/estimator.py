"""Where the robot is and how it moves, from its inertial sensor, its encoders and the cells of its feet.

A right-invariant extended Kalman filter (Hartley et al., International Journal of Robotics Research 39, 2020) of
attitude, velocity and place of the sensor in the root, places of the standing soles, and both biases. Errors are those
of the group SE_4(3): they grow alike wherever the robot is believed to be. Heading and place are dead reckoning.
"""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import sensors_of
from ironworks.robot.control.control_model import GRAVITY, ControlModel, sole_of
from ironworks.robot.control.interface import TICK, Observation
from ironworks.robot.control.kernels.encoders import true_angles
from ironworks.robot.control.kernels.inertial_filter import correct, mounted, place_root, predict, reach_of
from ironworks.robot.encoder_error import ORDERS, EncoderError
from ironworks.robot.rig import ACCELEROMETER_NOISE, GYRO_NOISE, small_turn

__all__ = ["Estimator"]

Floats = NDArray[np.float64]

#: Standard deviations: of biases per root second [rad/s, m/s2], of a standing sole's creep per root second [m], of
#: where the encoders say that a sole is [m]; at the begin: of attitude [rad], velocity [m/s] and of both biases.
_GYRO_WALK, _PULL_WALK, _CREEP, _REACH = 1e-4, 1e-3, 0.02, 0.002
_BEGIN_ATTITUDE, _BEGIN_VELOCITY, _BEGIN_RATE, _BEGIN_PULL = 0.02, 0.02, 0.002, 0.02
#: Vibration of the root that the sensor's noise does not count [rad/s, m/s2].
_SHAKE_RATE, _SHAKE_PULL = 0.01, 0.3
_RATE_VARIANCE = GYRO_NOISE**2 + _SHAKE_RATE**2
#: A sole stands from this force on, and no longer below that one [N].
_STANDS, _LEAVES = 80.0, 30.0
#: A pressed sole that moves by more in a tick was knocked by an edge [m].
_KNOCKED = 0.006
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
        self._place = sensor.place
        self._offsets = np.array([unit["gyro_bias"][at], unit["accelerometer_bias"][at]])
        encoder = EncoderError.of(unit, model.joints)
        self._waves = encoder.offset, encoder.cosine.copy(), encoder.sine.copy(), ORDERS
        self._soles = model.spots([(foot, sole_of(model, foot)[0]) for foot in model.feet])
        self._begun = False
        self._contact = _Contact.of((False,) * len(model.feet))

    def update(self, observation: Observation) -> tuple[Floats, Floats]:
        """Position (7 + J,) and velocity (6 + J,) of the root and the joints; see `ControlModel.update`."""
        row = self._row
        gyro, pull = mounted(self._mounted, self._offsets, observation.rates[row], observation.pulls[row])
        angle = true_angles(observation.angle, *self._waves)
        reach = self._reaches(angle)
        if not self._begun:
            self._begin(pull, reach)
        else:
            predict(
                self._turn, self._motion, self._bias, self._covariance, gyro, pull, self._contact.noise,
                _RATE_VARIANCE, GRAVITY, TICK,
            )  # fmt: skip
        pressed = observation.soles[:, 2].tolist()
        stands = tuple(
            force > (_LEAVES if stood else _STANDS) for force, stood in zip(pressed, self._contact.stands, strict=True)
        )
        if stands != self._contact.stands:
            self._contact = _Contact.of(stands)
        correct(
            self._turn, self._motion, self._bias, self._covariance, reach, self._contact.here,
            _REACH**2, _KNOCKED,
        )  # fmt: skip
        position, velocity = np.empty(7 + len(angle)), np.empty(6 + len(angle))
        position[7:], velocity[6:] = angle, observation.speed
        mujoco.mju_mat2Quat(position[3:7], self._turn.ravel())
        place_root(self._turn, self._motion, self._bias, gyro, self._place, position, velocity)
        return position, velocity

    def _reaches(self, angle: Floats) -> Floats:
        """Middle of each sole from the sensor, in the root's axes (F, 3)."""
        model, data, soles = self._model.model, self._model.data, self._soles
        data.qpos[:7], data.qpos[7:] = _HERE, angle
        mujoco.mj_kinematics(model, data)
        reach = np.empty((len(soles.bodies), 3))
        reach_of(soles.bodies, soles.at, data.xpos, data.xmat, self._place, reach)
        return reach

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
        self._begun = True


@dataclass(frozen=True, eq=False)
class _Contact:
    """Which soles are pressed, their indices, and the noise (N,) that a tick adds to the variance of every state."""

    stands: tuple[bool, ...]
    here: NDArray[np.int64]
    noise: Floats

    @classmethod
    def of(cls, stands: tuple[bool, ...]) -> _Contact:
        noise = np.zeros(15 + 3 * len(stands))
        noise[3:6] = (ACCELEROMETER_NOISE**2 + _SHAKE_PULL**2) * TICK**2
        noise[9:-6] = np.repeat([_CREEP**2 * TICK if stood else TICK for stood in stands], 3)
        noise[-6:-3], noise[-3:] = _GYRO_WALK**2 * TICK, _PULL_WALK**2 * TICK
        return cls(stands, np.flatnonzero(np.array(stands, dtype=np.bool_)), noise)
