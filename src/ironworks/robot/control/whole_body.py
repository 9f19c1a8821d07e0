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
from scipy.linalg.lapack import dpotrf, dtrtrs

from ironworks.robot.control.control_model import GRAVITY, ControlModel, PointMotion

__all__ = ["Foothold", "Guard", "Posture", "Solution", "Task", "WholeBody"]

Floats = NDArray[np.float64]

#: Weights: force over the mass for the momentum, root and force regularisation, stance feet.
_MOMENTUM, _ROOT, _FORCES, _STANCE = 10.0, 1e-4, 2e-5, 2000.0
#: Rate at which what is left of a stance foot's speed is taken off [1/s].
_STICK = 20.0
#: No limit, as the solver takes it; its mark of an equation.
_FAR, _EQUAL = 1e30, 5
#: Seconds within which a joint may come to a stop before its limit.
_HORIZON = 0.04
_BRAKE = 2.0 / _HORIZON**2
#: By how much a limit may be missed before its row joins the programme [N m, rad/s2].
_BREAKS = 1e-6
_UP = np.array([0.0, 0.0, GRAVITY])


@dataclass(frozen=True, eq=False)
class Task:
    """A wanted acceleration: `jacobian` (n, V) qdd = `wanted` (n,), with weights (n,)."""

    jacobian: Floats
    wanted: Floats
    weight: Floats


@dataclass(frozen=True, eq=False)
class Posture:
    """A wanted acceleration of every joint (J,), with weights (J,): a task whose jacobian is the identity."""

    wanted: Floats
    weight: Floats


@dataclass(frozen=True, eq=False)
class Guard:
    """What must not be passed: `jacobian` (n, V) qdd is at least `least` (n,), whatever tasks want."""

    jacobian: Floats
    least: Floats


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
    """The programme of one robot; `corners` (4, 3) [m] of a sole about the point whose motion a Foothold tells.

    Soles in the air have no forces. Torques and the braking of joints are limits that few joints ever meet: the
    programme is solved with those that were met at last, and again with any others that its solution breaks, so that
    the answer is the whole programme's.
    """

    def __init__(self, model: ControlModel, corners: Floats, feet: int = 2, friction: float = 0.5) -> None:
        self.model, self.corners, self.feet = model, corners, feet
        v = model.dofs
        self._shapes = [_Shape.of(model, standing, friction) for standing in range(feet + 1)]
        self._watched = np.zeros(0, dtype=np.int64)
        self._stance = np.full(6, _STANCE)
        self._joints = slice(6 * v + 6, v * v, v + 1)

    def solve(
        self,
        com: Floats,
        footholds: Sequence[Foothold],
        tasks: Sequence[Task],
        posture: Posture | None = None,
        guards: Sequence[Guard] = (),
    ) -> Solution | None:
        """Torques for a wanted acceleration of the centre of mass (3,) and tasks, after `ControlModel.update`.

        None where no accelerations and forces meet all limits.
        """
        model = self.model
        v = model.dofs
        standing = [foothold for foothold in footholds if foothold.most > 0.0]
        shape = self._shapes[len(standing)]
        n = len(shape.base)
        stick = [Task(f.motion.jacobian, -f.motion.drift - _STICK * f.motion.velocity, self._stance) for f in standing]
        every = [*tasks, *stick]
        jacobian = np.concatenate([task.jacobian for task in every])
        weighed = (jacobian * np.concatenate([task.weight for task in every])[:, None]).T
        hessian, gradient = shape.base.copy(), np.empty(n)
        within = weighed @ jacobian
        gradient[:v] = weighed @ np.concatenate([task.wanted for task in every])
        if posture is not None:
            within.reshape(-1)[self._joints] += posture.weight
            gradient[6:v] += posture.weight * posture.wanted
        hessian[:v, :v] += within
        gradient[v:] = shape.pull @ (com + _UP)

        # Equations of motion: the root's hold, the joints' give their torques.
        motion = np.empty((v, n))
        motion[:, :v] = model.inertia
        for i, foothold in enumerate(standing):
            motion[:, v + 12 * i : v + 12 * i + 12] = foothold.motion.jacobian.T @ self._spread(foothold.motion.turn)
        # Joints brake before their stops.
        coast = model.data.qpos[7:] + _HORIZON * model.data.qvel[6:]
        idle = model.bias[6:] + model.resistance
        weakest, strongest = model.torque_range
        below = np.concatenate([weakest - idle, _BRAKE * (model.low - coast)])
        above = np.concatenate([strongest - idle, _BRAKE * (model.high - coast)])

        # In the variables y = L' x, with L L' the Hessian, the cost is round: the solver has little left to do.
        factor, fault = dpotrf(hessian.T, lower=1, clean=0)
        if fault:
            return None
        fixed, least, most, sense = shape.fixed, shape.least, shape.most, shape.sense
        fixed[:, 0] = gradient
        fixed[:, 1:7] = motion[:6].T
        least[:6] = most[:6] = -model.bias[:6]
        for i, foothold in enumerate(standing):
            most[shape.presses + 4 * i : shape.presses + 4 * i + 4] = 0.5 * foothold.most
        turned, _ = dtrtrs(factor, fixed, lower=1)
        centre, rows = -turned[:, 0], turned[:, 1:].T
        for guard in guards:
            more = np.zeros((n, len(guard.least)), order="F")
            more[:v] = guard.jacobian.T
            rows = np.concatenate([rows, dtrtrs(factor, more, lower=1)[0].T])
            least = np.concatenate([least, guard.least])
            most = np.concatenate([most, np.full(len(guard.least), _FAR)])
        first = len(rows)
        fresh = used = self._watched
        while True:
            if len(fresh):
                more = np.zeros((n, len(fresh)), order="F")
                for k, row in enumerate(fresh):
                    if row < v - 6:
                        more[:, k] = motion[6 + row]
                    else:
                        more[12 + row - v, k] = 1.0
                rows = np.concatenate([rows, dtrtrs(factor, more, lower=1)[0].T])
                least, most = np.concatenate([least, below[fresh]]), np.concatenate([most, above[fresh]])
            if len(rows) > len(sense):
                sense = np.concatenate([sense, np.zeros(len(rows) - len(sense), dtype=np.int32)])
            y, _, status, found = daqp.solve(shape.round, centre, np.ascontiguousarray(rows), most, least, sense)
            if status <= 0 or not np.isfinite(y).all():
                self._watched = self._watched[:0]
                return None
            x, _ = dtrtrs(factor, y, lower=1, trans=1)
            given = np.concatenate([motion[6:] @ x, x[6:v]])
            broken = np.maximum(given - above, below - given) > _BREAKS
            broken[used] = False
            if not broken.any():
                break
            fresh = np.flatnonzero(broken)
            used = np.concatenate([used, fresh])
        self._watched = used[found["lam"][first:] != 0.0] if len(used) else used
        pressing = np.zeros((self.feet, 4, 3))
        pressing[[foothold.most > 0.0 for foothold in footholds]] = x[v:].reshape(-1, 4, 3)
        return Solution(given[: v - 6] + idle, x[:v], pressing)

    def _spread(self, turn: Floats) -> Floats:
        """What the corners' forces take from the wrench at a sole's middle (6, 12)."""
        spread = np.zeros((6, 12))
        arms = turn @ self.corners.T
        spread[_DIRECT] = -1.0
        spread[3, 2::3], spread[4, 0::3], spread[5, 1::3] = -arms[1], -arms[2], -arms[0]
        spread[4, 2::3], spread[5, 0::3], spread[3, 1::3] = arms[0], arms[1], arms[2]
        return spread


#: Forces of four corners add up, component by component.
_DIRECT = np.tile([0, 1, 2], 4), np.arange(12)


@dataclass(frozen=True, eq=False)
class _Shape:
    """What programmes with so many standing feet have in common: N variables, and R rows that are always there."""

    base: Floats
    pull: Floats
    fixed: Floats
    least: Floats
    most: Floats
    sense: NDArray[np.int32]
    round: Floats
    presses: int

    @classmethod
    def of(cls, model: ControlModel, standing: int, friction: float) -> _Shape:
        v, forces, points = model.dofs, 12 * standing, 4 * standing
        n, first, last = v + forces, 6 + 4 * points, 6 + 5 * points
        total = np.tile(np.eye(3), points)
        momentum = (_MOMENTUM / model.mass) ** 2
        base = np.zeros((n, n))
        base[:6, :6] = _ROOT * np.eye(6)
        base[v:, v:] = momentum * (total.T @ total) + _FORCES * np.eye(forces)
        fixed = np.zeros((n, 1 + last), order="F")
        for k in range(points):
            for r, (axis, sign) in enumerate(((0, 1.0), (0, -1.0), (1, 1.0), (1, -1.0))):
                fixed[v + 3 * k + axis, 7 + 4 * k + r] = sign
                fixed[v + 3 * k + 2, 7 + 4 * k + r] = -friction
            fixed[v + 3 * k + 2, 1 + first + k] = 1.0
        least, most = np.full(last, -_FAR), np.zeros(last)
        least[first:] = 0.0
        sense = np.zeros(last, dtype=np.int32)
        sense[:6] = _EQUAL
        return cls(base, momentum * model.mass * total.T, fixed, least, most, sense, np.eye(n), first)
