"""Whole-body control: joint accelerations and sole forces that do the wanted tasks best within what is possible.

A quadratic programme in the V accelerations and 3 force components at 4 corners of each sole. Six equations of the
root's motion hold exactly; torques, friction cones, forces and joint accelerations stay within limits; tasks are
weighed (Herzog et al., Autonomous Robots 40, 2016, without the hierarchy). A programme without a solution gives none:
what the robot does then is the caller's affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import daqp
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.control_model import GRAVITY, ControlModel, PointMotion

__all__ = ["Foothold", "Solution", "Task", "WholeBody"]

Floats = NDArray[np.float64]

#: Weights: force over the mass for the momentum, root and force regularisation, stance feet.
_MOMENTUM, _ROOT, _FORCES, _STANCE = 10.0, 1e-4, 2e-5, 2000.0
#: Rate at which what is left of a stance foot's speed is taken off [1/s].
_STICK = 20.0
#: No limit, as the solver takes it; its mark of an equation.
_FAR, _EQUAL = 1e30, 5
#: Seconds within which a joint may come to a stop before its limit.
_HORIZON = 0.04


@dataclass(frozen=True, eq=False)
class Task:
    """A wanted acceleration: `jacobian` (n, V) qdd = `wanted` (n,), with weights (n,)."""

    jacobian: Floats
    wanted: Floats
    weight: Floats


@dataclass(frozen=True, eq=False)
class Foothold:
    """A sole: its motion, and the most that it may press [N]; 0: it is in the air."""

    motion: PointMotion
    most: float


@dataclass(frozen=True, eq=False)
class Solution:
    """Torques (J,) [N m], accelerations (V,), and forces of each sole's corners (F, 4, 3) [N] in the world's axes."""

    torque: Floats
    acceleration: Floats
    forces: Floats


class WholeBody:
    """The programme of one robot; `corners` (4, 3) [m] of a sole about the point whose motion a Foothold tells."""

    def __init__(self, model: ControlModel, corners: Floats, feet: int = 2, friction: float = 0.5) -> None:
        self.model, self.corners, self.feet = model, corners, feet
        self._points = 4 * feet
        v = model.dofs
        self._size = n = v + 3 * self._points
        joints = v - 6
        self._rows = 4 * self._points + joints
        self._cone = np.zeros((4 * self._points, n))
        for k in range(self._points):
            for r, (axis, sign) in enumerate(((0, 1.0), (0, -1.0), (1, 1.0), (1, -1.0))):
                self._cone[4 * k + r, v + 3 * k + axis] = sign
                self._cone[4 * k + r, v + 3 * k + 2] = -friction
        total = np.tile(np.eye(3), self._points)
        momentum = (_MOMENTUM / model.mass) ** 2
        self._base = np.zeros((n, n))
        self._base[v:, v:] = momentum * (total.T @ total) + _FORCES * np.eye(n - v)
        self._base[:6, :6] = _ROOT * np.eye(6)
        self._pull = momentum * total.T

    def solve(self, com: Floats, footholds: Sequence[Foothold], tasks: Sequence[Task]) -> Solution | None:
        """Torques for a wanted acceleration of the centre of mass (3,) and tasks, after `ControlModel.update`.

        None where no accelerations and forces meet all limits.
        """
        model = self.model
        v, n, points = model.dofs, self._size, self._points
        hessian, gradient = self._base.copy(), np.zeros(n)
        stick = [
            Task(f.motion.jacobian, -f.motion.drift - _STICK * f.motion.velocity, np.full(6, _STANCE))
            for f in footholds
            if f.most > 0.0
        ]
        every = [*tasks, *stick]
        jacobian = np.concatenate([task.jacobian for task in every])
        weight = np.concatenate([task.weight for task in every])
        wanted = np.concatenate([task.wanted for task in every])
        weighed = jacobian * weight[:, None]
        hessian[:v, :v] += jacobian.T @ weighed
        gradient[:v] = -weighed.T @ wanted
        gradient[v:] = -self._pull @ (model.mass * (com + np.array([0.0, 0.0, GRAVITY])))

        contact = np.empty((3 * points, v))
        least, most = np.full(n, -_FAR), np.full(n, _FAR)
        for i, foothold in enumerate(footholds):
            motion = foothold.motion
            arms = self.corners @ motion.turn.T
            cross = np.zeros((4, 3, 3))
            cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = arms[:, 2], -arms[:, 1], arms[:, 0]
            cross -= cross.transpose(0, 2, 1)
            moved = motion.jacobian[:3] + cross @ motion.jacobian[3:]
            contact[12 * i : 12 * i + 12] = moved.reshape(12, v)
            columns = slice(v + 12 * i, v + 12 * i + 12)
            if foothold.most > 0.0:
                least[columns][2::3], most[columns][2::3] = 0.0, 0.5 * foothold.most
            else:
                least[columns] = most[columns] = 0.0
        # Joints brake before their stops.
        angle, speed = model.data.qpos[7:], model.data.qvel[6:]
        least[6:v] = np.maximum(least[6:v], 2.0 * (model.low - angle - speed * _HORIZON) / _HORIZON**2)
        most[6:v] = np.minimum(most[6:v], 2.0 * (model.high - angle - speed * _HORIZON) / _HORIZON**2)
        crossed = least[6:v] > most[6:v]
        least[6:v][crossed] = most[6:v][crossed] = 0.0

        equal = np.concatenate([model.inertia[:6], -contact[:, :6].T], axis=1)
        torque = np.concatenate([model.inertia[6:], -contact[:, 6:].T], axis=1)
        limit = model.torque_limit
        rows = np.concatenate([self._cone, torque])
        below = np.concatenate([np.full(len(self._cone), -_FAR), -limit - model.bias[6:]])
        above = np.concatenate([np.zeros(len(self._cone)), limit - model.bias[6:]])
        sense = np.zeros(n + 6 + len(rows), dtype=np.int32)
        sense[n : n + 6] = _EQUAL
        x, _, status, _ = daqp.solve(
            hessian,
            gradient,
            np.concatenate([equal, rows]),
            np.concatenate([most, -model.bias[:6], above]),
            np.concatenate([least, -model.bias[:6], below]),
            sense,
        )
        if status <= 0 or not np.isfinite(x).all():
            return None
        return Solution(torque @ x + model.bias[6:], x[:v], x[v:].reshape(self.feet, 4, 3))
