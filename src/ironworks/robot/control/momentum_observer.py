"""Forces on a robot that no sensor feels, told from its momentum: joint torques, encoders, root and foot cells.

The residual of De Luca and Mattone (IEEE Conference on Robotics and Automation, 2003), with a floating root as a
humanoid has it (Vorndamme, Schappler and Haddadin, ibid., 2017): it follows the generalised external force with a lag
of first order. The change of momentum is written as inertia times change of speed: with a residual of one tick's steps,
the rate of change of the inertia cancels.
"""

from __future__ import annotations

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import sensors_of
from ironworks.robot.control.control_model import ControlModel
from ironworks.robot.control.interface import TICK, Observation

__all__ = ["MomentumObserver"]

Floats = NDArray[np.float64]


class MomentumObserver:
    """Watches one robot; `rate` [1/s]: of the lag.

    What its feet weigh is below their cells, and is left out: a cell then tells all that comes to a leg from below.
    """

    def __init__(self, model: ControlModel, rate: float = 100.0) -> None:
        self._believed, self._rate = model, rate
        self.model = mujoco.MjModel.__copy__(model.model)
        self._data = mujoco.MjData(self.model)
        cells = [s for s in sensors_of(model.design) if s.kind == "force" and s.link in model.feet]
        self._feet = [model.link(cell.link) for cell in cells]
        self._cells = [(cell.place, cell.turn) for cell in cells]
        self.model.body_mass[self._feet] = 0.0
        self.model.body_inertia[self._feet] = 0.0
        self._inertia = np.zeros((model.dofs, model.dofs))
        self._bias = np.zeros(model.dofs)
        self._speed: Floats | None = None
        self.residual = np.zeros(model.dofs)

    @property
    def mass(self) -> float:
        """Of what is above the cells [kg]."""
        return float(self.model.body_mass.sum())

    @property
    def force(self) -> Floats:
        """What pushes the robot anywhere (3,) [N], in the axes of the world that its estimator believes in."""
        return np.array(self.residual[:3])

    @property
    def torques(self) -> Floats:
        """What turns each joint from outside (J,) [N m]."""
        return np.array(self.residual[6:])

    def update(self, observation: Observation) -> Floats:
        """The residual (V,) at a tick whose state the controller's model holds; the first call only begins."""
        model, data, believed = self.model, self._data, self._believed
        data.qpos[:], data.qvel[:] = believed.data.qpos, believed.data.qvel
        mujoco.mj_kinematics(model, data)
        mujoco.mj_comPos(model, data)
        mujoco.mj_makeM(model, data)
        mujoco.mj_fullM(model, data, self._inertia)
        mujoco.mj_comVel(model, data)
        mujoco.mj_rne(model, data, 0, self._bias)
        speed = data.qvel.copy()
        if self._speed is not None:
            outside = self._inertia @ ((speed - self._speed) / TICK) + self._bias - self._known(observation)
            share = -np.expm1(-self._rate * TICK)
            self.residual += share * (outside - self.residual)
        self._speed = speed
        return np.array(self.residual)

    def _known(self, observation: Observation) -> Floats:
        """Generalised force (V,) of what the drives give and what the floor presses."""
        believed, model, data = self._believed, self.model, self._data
        known = np.zeros(model.nv)
        known[6:] = observation.torque * believed.constant - believed.resistance
        jacobian = np.empty((6, model.nv))
        for body, (place, turn), pressed in zip(self._feet, self._cells, observation.soles, strict=True):
            axes = data.xmat[body].reshape(3, 3)
            at = data.xpos[body] + axes @ place
            mujoco.mj_jac(model, data, jacobian[:3], jacobian[3:], at, body)
            known += jacobian.T @ np.concatenate([axes @ turn @ pressed[:3], axes @ turn @ pressed[3:]])
        return known
