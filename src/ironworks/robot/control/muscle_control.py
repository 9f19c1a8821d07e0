"""A controller for a robot whose spine and shoulder girdle are pulled by muscles."""

from __future__ import annotations

from dataclasses import replace

from ironworks.robot.control.control_model import ControlModel
from ironworks.robot.control.fall import Fall
from ironworks.robot.control.interface import Command, Controller, JointCommand, Observation

__all__ = ["MuscleControl"]


class MuscleControl:
    """A Controller around another one that turns its torques of muscled joints into activations.

    The drives' feedback on these joints is closed here, once a tick. The model of `reset` must have muscles.
    """

    def __init__(self, inner: Controller) -> None:
        self.inner = inner

    def reset(self, model: ControlModel) -> None:
        """Begin anew. Raises ValueError for a model without muscles."""
        if model.muscles is None:
            raise ValueError("this model has no muscles: make it with `ControlModel(..., muscled=True)`")
        self._model, self._muscles = model, model.muscles
        self.inner.reset(model)

    @property
    def fall(self) -> Fall | None:
        """What the inner controller tells of a fall, if it guards against them."""
        return getattr(self.inner, "fall", None)

    def step(self, observation: Observation, command: Command) -> JointCommand:
        """What the inner controller asks for, with activations besides."""
        asked = self.inner.step(observation, command)
        away = asked.kp * (asked.angle - observation.angle) + asked.kd * (asked.speed - observation.speed)
        torque = (asked.torque + away)[self._muscles.rows]
        return replace(asked, activation=self._muscles.activations(self._model.data, torque))
