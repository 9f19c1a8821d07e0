"""Whole-body control: joint accelerations and sole forces that do the wanted tasks best within what is possible.

A quadratic programme in the V accelerations and 3 force components at 4 corners of each sole. Six equations of the
root's motion hold exactly; torques, friction cones, forces and joint accelerations stay within limits; tasks are
weighed (Herzog et al., Autonomous Robots 40, 2016, without the hierarchy). A programme without a solution gives none:
what the robot does then is the caller's affair.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import daqp
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.control_model import GRAVITY, ControlModel, PointMotion
from ironworks.robot.control.kernels.programme import bounds, condensed, given, row_of, towards

__all__ = ["Foothold", "Guard", "Posture", "Solution", "Task", "WholeBody"]

Floats = NDArray[np.float64]

#: Weights: root and force regularisation, stance feet.
_ROOT, _FORCES, _STANCE = 1e-4, 2e-5, 2000.0
#: Rate at which what is left of a stance foot's speed is taken off [1/s].
_STICK = 20.0
#: No limit, as the solver takes it; its mark of an equation.
_FAR, _EQUAL = 1e30, 5
#: Seconds within which a joint may come to a stop before its limit.
_HORIZON = 0.04
#: By how much a limit may be missed before its row joins the programme [N m, rad/s2].
_BREAKS = 1e-6
#: Rows that a programme has room for beyond those that are always there, to begin with.
_ROOM = 32
_UP = np.array([0.0, 0.0, GRAVITY])


class Task(NamedTuple):
    """A wanted acceleration: `jacobian` (n, V) qdd = `wanted` (n,), with weights (n,)."""

    jacobian: Floats
    wanted: Floats
    weight: Floats


class Posture(NamedTuple):
    """A wanted acceleration of every joint (J,), with weights (J,): a task whose jacobian is the identity."""

    wanted: Floats
    weight: Floats


class Guard(NamedTuple):
    """What must not be passed: `jacobian` (n, V) qdd is at least `least` (n,), whatever tasks want."""

    jacobian: Floats
    least: Floats


class Foothold(NamedTuple):
    """A sole: its motion, and the most that it may press [N]; 0: it is in the air."""

    motion: PointMotion
    most: float


class Solution(NamedTuple):
    """Torques (J,) [N m], accelerations (V,), and forces of each sole's corners (F, 4, 3) [N] in the world's axes."""

    torque: Floats
    acceleration: Floats
    forces: Floats


class WholeBody:
    """The programme of one robot; `corners` (4, 3) [m] of a sole about the point whose motion a Foothold tells.

    `momentum`: weight [s2/m] of the wanted acceleration of the centre of mass, as tasks have theirs.

    Soles in the air have no forces. Torques and the braking of joints are limits that few joints ever meet: the
    programme is solved with those that were met at last, and again with any others that its solution breaks, so that
    the answer is the whole programme's.
    """

    def __init__(
        self, model: ControlModel, corners: Floats, feet: int = 2, friction: float = 0.5, momentum: float = 10.0
    ) -> None:
        self.model, self.corners, self.feet = model, corners, feet
        self._shapes = [_Shape.of(model, standing, friction, momentum) for standing in range(feet + 1)]
        self._watched = np.zeros(0, dtype=np.int64)
        self._stance = np.full(6 * feet, _STANCE)
        v = model.dofs
        self._limp = Posture(*np.zeros((2, v - 6)))
        self._nothing = np.zeros(0)
        self._soles = np.zeros((feet, 6, v)), np.zeros((feet, 3, 3)), np.zeros((feet, 6, 12))
        self._below, self._above = np.zeros((2, 2 * (v - 6)))
        self._upper = np.zeros((v, v))

    def solve(
        self,
        com: Floats,
        footholds: Sequence[Foothold],
        tasks: Sequence[Task],
        posture: Posture | None = None,
        guards: Sequence[Guard] = (),
    ) -> Solution | None:
        """Torques for a wanted acceleration of the centre of mass (3,) and tasks, after `ControlModel.update`.

        None where no accelerations and forces meet all limits. Raises ValueError for tasks or a posture whose arrays do
        not go together.
        """
        model = self.model
        v = model.dofs
        standing = [foothold.motion for foothold in footholds if foothold.most > 0.0]
        soles = len(standing)
        shape = self._shapes[soles]
        feet, turns, spread = (of[:soles] for of in self._soles)
        for i, foot in enumerate(standing):
            feet[i], turns[i] = foot.jacobian, foot.turn
        stick = [-f.drift - _STICK * f.velocity for f in standing]
        posture = posture or self._limp
        programme, upper, below, above = shape.programme, self._upper, self._below, self._above
        rows, least, most = programme.rows, programme.least, programme.most
        centre, x = np.empty((2, v + 12 * soles))
        stack = np.concatenate([*(task.jacobian for task in tasks), feet.reshape(-1, v)])
        weight = np.concatenate([*(task.weight for task in tasks), self._stance[: 6 * soles]])
        wanted = np.concatenate([*(task.wanted for task in tasks), *stick, self._nothing])
        if not len(stack) == len(weight) == len(wanted):
            raise ValueError(
                f"tasks with {len(stack)} rows have {len(weight)} weights and want {len(wanted)} accelerations"
            )
        if not len(posture.wanted) == len(posture.weight) == v - 6:
            raise ValueError(
                f"a posture of {v - 6} joints wants {len(posture.wanted)}, with {len(posture.weight)} weights"
            )
        # In the variables y = L' x, with L L' the Hessian, the cost is round: the solver has little left to do.
        solvable = condensed(
            stack, weight, wanted, posture.weight, posture.wanted, _ROOT, model.inertia, feet, turns, self.corners,
            shape.factor, shape.pull, com + _UP, upper, spread, centre, rows[:6],
        )  # fmt: skip
        if not solvable:
            return None
        # Joints brake before their stops.
        idle, torque = np.empty((2, v - 6))
        bounds(
            model.bias, model.resistance, *model.torque_range, model.data.qpos, model.data.qvel, model.low, model.high,
            _HORIZON, idle, below, above,
        )  # fmt: skip
        least[:6] = most[:6] = -model.bias[:6]
        at = shape.presses
        for foothold in footholds:
            if foothold.most > 0.0:
                most[at : at + 4] = 0.5 * foothold.most
                at += 4
        first = shape.last
        for guard in guards:
            for jacobian, bound in zip(guard.jacobian, guard.least, strict=True):
                programme.add(first, towards(jacobian, upper, len(centre)), bound, _FAR)
                first += 1
        count = first
        fresh = used = self._watched
        while True:
            for row in fresh.tolist():
                of_torque = row < v - 6
                of = row_of(
                    6 + row if of_torque else 12 + row - v, upper, shape.factor, model.inertia, feet, spread, of_torque
                )
                programme.add(count, of, below[row], above[row])
                count += 1
            # To reduce the six equations first takes longer than to solve with them.
            y, _, status, found = daqp.solve(shape.round, -centre, *programme.first(count), eq_reduction=-1)
            if status <= 0 or not math.isfinite(float(y @ y)):
                self._watched = self._watched[:0]
                return None
            fresh = given(y, upper, shape.factor, model.inertia, feet, spread, below, above, _BREAKS, used, x, torque)
            if not len(fresh):
                break
            used = np.concatenate([used, fresh])
        self._watched = used[found["lam"][first:] != 0.0] if len(used) else used
        pressing = np.zeros((self.feet, 4, 3))
        at = v
        for i, foothold in enumerate(footholds):
            if foothold.most > 0.0:
                pressing[i] = x[at : at + 12].reshape(4, 3)
                at += 12
        return Solution(torque + idle, x[:v], pressing)


@dataclass(eq=False)
class _Rows:
    """Limits of a programme as the solver takes them: `least` <= `rows` y <= `most`, with room for more."""

    rows: Floats
    least: Floats
    most: Floats
    sense: NDArray[np.int32]

    def add(self, at: int, row: Floats, least: float, most: float) -> None:
        """Write a row, behind those that are there."""
        if at == len(self.rows):
            more = len(self.rows)
            self.rows = np.concatenate([self.rows, np.empty_like(self.rows)])
            self.least, self.most = np.resize(self.least, 2 * more), np.resize(self.most, 2 * more)
            self.sense = np.concatenate([self.sense, np.zeros(more, dtype=np.int32)])
        self.rows[at], self.least[at], self.most[at] = row, least, most

    def first(self, count: int) -> tuple[Floats, Floats, Floats, NDArray[np.int32]]:
        """Rows, upper and lower bounds, and kinds of the first ones."""
        return self.rows[:count], self.most[:count], self.least[:count], self.sense[:count]


@dataclass(frozen=True, eq=False)
class _Shape:
    """What programmes with so many standing feet have in common: N variables, and R rows that are always there.

    `factor` (12 S, 12 S): transposed factor of the forces' block of the Hessian; `pull` (12 S, 3): what it wants of
    them; `round` (N, N): the identity.
    """

    factor: Floats
    pull: Floats
    programme: _Rows
    round: Floats
    presses: int
    last: int

    @classmethod
    def of(cls, model: ControlModel, standing: int, friction: float, weight: float) -> _Shape:
        v, forces, points = model.dofs, 12 * standing, 4 * standing
        n, first, last = v + forces, 6 + 4 * points, 6 + 5 * points
        total = np.tile(np.eye(3), points)
        momentum = (weight / model.mass) ** 2
        factor = np.linalg.cholesky(momentum * (total.T @ total) + _FORCES * np.eye(forces)).T
        limits = np.zeros((5 * points, forces))
        for k in range(points):
            for r, (axis, sign) in enumerate(((0, 1.0), (0, -1.0), (1, 1.0), (1, -1.0))):
                limits[4 * k + r, 3 * k + axis] = sign
                limits[4 * k + r, 3 * k + 2] = -friction
            limits[4 * points + k, 3 * k + 2] = 1.0
        room = last + _ROOM
        rows, least, most = np.zeros((room, n)), np.full(room, -_FAR), np.zeros(room)
        rows[6:last, v:] = np.linalg.solve(factor.T, limits.T).T if points else limits
        least[first:last] = 0.0
        sense = np.zeros(room, dtype=np.int32)
        sense[:6] = _EQUAL
        pull = np.ascontiguousarray(momentum * model.mass * total.T)
        return cls(np.ascontiguousarray(factor), pull, _Rows(rows, least, most, sense), np.eye(n), first, last)
