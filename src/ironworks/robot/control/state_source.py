"""Who tells a controller the state of its robot."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.control_model import ControlModel
from ironworks.robot.control.interface import Observation

__all__ = ["StateSource"]

Floats = NDArray[np.float64]


class StateSource(Protocol):
    """Tells the root's state from observations: an estimator, or the truth in a test."""

    def reset(self, model: ControlModel) -> None:
        """Begin anew."""

    def update(self, observation: Observation) -> tuple[Floats, Floats]:
        """Position (7 + J,) and velocity (6 + J,) as `ControlModel.update` takes them."""
        ...
