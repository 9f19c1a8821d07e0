"""A hand that moves straight ahead at a given speed, while another controller keeps the robot standing."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.contact_guard import MayFall
from ironworks.robot.control.control_model import ControlModel
from ironworks.robot.control.fall import Fall
from ironworks.robot.control.interface import TICK, Command, JointCommand, Observation
from ironworks.robot.control.kernels.gait import smooth

__all__ = ["HandAhead"]

Floats = NDArray[np.float64]

#: Joints of an arm that move the hand in a vertical plane, and how they bend first [rad]: the forearm level.
_ARM, _JOINTS, _BENT = ("girdle", "shoulder", "elbow", "wrist"), ("shoulder_pitch", "elbow"), np.array([-0.35, 1.75])
#: Servo of the arm: deflection under full torque [rad], damping over stiffness [s]; how fast the hand gathers
#: speed [m/s2]; how far it goes [m]; seconds in which the arm bends, and in all before the hand moves ahead.
_DEFLECTION, _DAMPING, _HURRY, _REACH, _BENDS, _WAITS = 0.25, 0.05, 4.0, 0.3, 1.5, 2.0


class HandAhead:
    """A Controller around another one: once its arm is bent, a hand moves ahead at `speed` [m/s] for 0.3 m, and stays.

    The other joints of the arm are held.
    """

    def __init__(self, inner: MayFall, speed: float, hand: str = "right_hand") -> None:
        self.inner, self.speed, self.hand = inner, speed, hand

    @property
    def fall(self) -> Fall | None:
        """The inner controller's."""
        return self.inner.fall

    def reset(self, model: ControlModel) -> None:
        """Begin anew, standing, with a unit's identified model."""
        self.inner.reset(model)
        self._model = model
        side = self.hand.split("_")[0]
        arm = [i for i, name in enumerate(model.joints) if name.startswith(side) and any(p in name for p in _ARM)]
        self._rows = np.array(arm)
        self._moves = np.array([arm.index(model.joints.index(f"{side}_{joint}")) for joint in _JOINTS])
        self._begun = math.nan
        self._speed = self._gone = 0.0

    def step(self, observation: Observation, command: Command) -> JointCommand:
        """What the inner controller asks for, the hand's arm apart."""
        model, rows = self._model, self._rows
        asked = self.inner.step(observation, command)
        if self.inner.fall is not None:
            return asked
        if math.isnan(self._begun):
            self._begun = observation.time
            self._wanted = model.data.qpos[7:][rows]
            self._from = self._wanted[self._moves]
        since = observation.time - self._begun
        rate = np.zeros(len(rows))
        if since < _WAITS:
            way, pace, _ = smooth(since / _BENDS)
            self._wanted[self._moves] = self._from + way * (_BENT - self._from)
            rate[self._moves] = pace / _BENDS * (_BENT - self._from)
        else:
            rate[self._moves] = self._ahead()
            self._wanted = np.clip(self._wanted + rate * TICK, model.low[rows], model.high[rows])
        parts = (asked.angle, asked.speed, asked.kp, asked.kd, asked.torque)
        angle, speed, kp, kd, torque = (part.copy() for part in parts)
        angle[rows], speed[rows] = self._wanted, rate
        stiff = model.torque_limit[rows] / _DEFLECTION / model.constant[rows]
        kp[rows], kd[rows] = stiff, _DAMPING * stiff
        torque[rows] = model.bias[6:][rows] / model.constant[rows]
        return JointCommand(angle, speed, kp, kd, torque, asked.activation)

    def _ahead(self) -> Floats:
        """Speeds of the two joints [rad/s] that move the hand ahead and keep its height."""
        model = self._model
        self._speed = min(self._speed + _HURRY * TICK, self.speed) if self._gone < _REACH else 0.0
        self._gone += self._speed * TICK
        plane = np.array([[math.cos(model.heading), math.sin(model.heading), 0.0], [0.0, 0.0, 1.0]])
        jacobian = plane @ model.point(self.hand).jacobian[:3, 6 + self._rows[self._moves]]
        return np.asarray(np.linalg.solve(jacobian, [self._speed, 0.0]))
