"""Contacts with people: told from what no command and no floor explains, and answered by a step back and soft arms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.control_model import ControlModel
from ironworks.robot.control.fall import Fall
from ironworks.robot.control.interface import TICK, Command, Controller, JointCommand, Observation
from ironworks.robot.control.momentum_observer import MomentumObserver

__all__ = ["Contact", "ContactGuard", "MayFall"]

Floats = NDArray[np.float64]

#: Lag of the observer [1/s].
_RATE = 60.0
#: What is a contact: a force along and across the heading [N], and a torque of an arm's joint over its drive's most
#: (with a least one [N m]); and so long [s] must it be so.
_ALONG, _ACROSS, _SHARE, _LEAST, _SURE = 60.0, 100.0, 0.2, 8.0, 0.006
#: Steps lead away at this speed [m/s] for so long [s]; then the robot stands.
_AWAY, _RETREAT = 0.3, 1.5
#: Damping of a soft arm over its torque [s/rad].
_SOFT = 0.03
#: Seconds after its begin in which the filters settle.
_BEGINS = 0.3
_ARMS = ("girdle", "shoulder", "elbow", "wrist")


@dataclass(frozen=True)
class Contact:
    """A contact: when it was told [s], force (ahead, left) on the robot [N], and the joint of an arm that told it."""

    time: float
    force: tuple[float, float]
    joint: str = ""


class MayFall(Controller, Protocol):
    """A controller that tells of falls; after each step, the model of its `reset` holds the state it believes in."""

    @property
    def fall(self) -> Fall | None:
        """The fall that it guards against."""


class ContactGuard:
    """A Controller around another one: upon a contact the robot steps away from it with soft arms, and stands.

    It stays so, whatever it is told, until somebody releases it. `contacts`: all that it told.
    """

    def __init__(self, inner: MayFall) -> None:
        self.inner = inner

    @property
    def fall(self) -> Fall | None:
        """The inner controller's."""
        return self.inner.fall

    @property
    def touched(self) -> Contact | None:
        """The contact that it answers now."""
        return self._contact

    def reset(self, model: ControlModel) -> None:
        """Begin anew, standing, with a unit's identified model."""
        self.inner.reset(model)
        self._model = model
        self.observer = MomentumObserver(model, _RATE)
        self._arms = np.array([any(part in name for part in _ARMS) for name in model.joints])
        self._most = np.where(self._arms, np.maximum(_SHARE * model.torque_limit, _LEAST), np.inf)
        self.contacts: list[Contact] = []
        self._contact: Contact | None = None
        self._suspect, self._begun = 0.0, math.nan

    def release(self) -> None:
        """Let the robot go on: who does so has seen that nobody is hurt or held."""
        self._contact, self._suspect = None, 0.0

    def step(self, observation: Observation, command: Command) -> JointCommand:
        """What the inner controller asks for, told to step away while there is a contact."""
        now = observation.time
        if math.isnan(self._begun):
            self._begun = now
        asked = self.inner.step(observation, self._answered(now, command))
        self.observer.update(observation)
        if self.inner.fall is not None:
            return asked
        told = self._told(now)
        self._suspect = self._suspect + TICK if told is not None and now > self._begun + _BEGINS else 0.0
        if self._contact is None and self._suspect >= _SURE:
            assert told is not None
            self._contact = told
            self.contacts.append(told)
        return asked if self._contact is None else self._softened(asked)

    def _told(self, now: float) -> Contact | None:
        """The contact that the residual tells of, if any."""
        c, s = math.cos(self._model.heading), math.sin(self._model.heading)
        x, y, _ = self.observer.force.tolist()
        ahead, left = c * x + s * y, c * y - s * x
        share = np.abs(self.observer.torques) / self._most
        arm = int(np.argmax(share))
        if share[arm] > 1.0:
            return Contact(now, (ahead, left), self._model.joints[arm])
        if math.hypot(ahead / _ALONG, left / _ACROSS) > 1.0:
            return Contact(now, (ahead, left))
        return None

    def _answered(self, now: float, command: Command) -> Command:
        """The command of a robot that was touched."""
        if self._contact is None:
            return command
        if now > self._contact.time + _RETREAT or (self._contact.joint and not command.walk):
            return Command(height=command.height, gaze=command.gaze)
        ahead, left = self._contact.force
        # Arms reach ahead: what touches one without moving the robot is taken to be there.
        strong = math.hypot(ahead, left)
        along, across = (ahead / strong, left / strong) if strong > 0.5 * _ALONG else (-1.0, 0.0)
        return Command(_AWAY * along, _AWAY * across, walk=True, height=command.height, gaze=command.gaze)

    def _softened(self, asked: JointCommand) -> JointCommand:
        """A command whose arms bear their own weight alone."""
        model = self._model
        own = model.bias[6:] / model.constant
        return JointCommand(
            asked.angle,
            np.where(self._arms, 0.0, asked.speed),
            np.where(self._arms, 0.0, asked.kp),
            np.where(self._arms, _SOFT * model.torque_limit / model.constant, asked.kd),
            np.where(self._arms, own, asked.torque),
            asked.activation,
        )
