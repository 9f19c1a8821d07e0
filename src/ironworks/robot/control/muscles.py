"""Joints that muscles pull: the torques that they can make in a posture, and the activations that make wanted ones."""

from __future__ import annotations

from collections.abc import Sequence

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Muscle
from ironworks.robot.muscles import Musculature, activations, torque_box

__all__ = ["Muscles"]

Floats = NDArray[np.float64]

#: Looks after which the limits of torque are found anew: the trunk moves by little in 40 ms.
_LOOKS = 10


class Muscles:
    """The muscles of a controller's model. `rows` (S,): their joints among the model's."""

    def __init__(self, model: mujoco.MjModel, joints: Sequence[str], muscles: Sequence[Muscle]) -> None:
        self._model = model
        self._pulls = Musculature(model, muscles)
        self.rows = np.array([joints.index(name) for name in self._pulls.joints], dtype=np.int64)
        self._looks = 0
        self._limits = np.zeros(0), np.zeros(0)

    def limits(self, data: mujoco.MjData) -> tuple[Floats, Floats]:
        """Least and most torque (S,) [N m], all of which can be made at once, in a posture not long ago."""
        if self._looks % _LOOKS == 0:
            self._look(data)
            box = torque_box(self._pulls.at(data))
            self._limits = box.low, box.high
        self._looks += 1
        return self._limits

    def activations(self, data: mujoco.MjData, torque: Floats) -> Floats:
        """Of all muscles (M,), for torques (S,) [N m]; for the nearest that can be made where these cannot."""
        self._look(data)
        return activations(self._pulls.at(data), torque).activations

    def _look(self, data: mujoco.MjData) -> None:
        """Lengths of tendons and how fast they change, after `mj_kinematics` and `mj_comPos`."""
        mujoco.mj_tendon(self._model, data)
        mujoco.mj_transmission(self._model, data)
        mujoco.mj_fwdVelocity(self._model, data)
