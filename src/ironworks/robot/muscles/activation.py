"""Activations at least effort that make wanted joint torques, with a wanted stiffness; what is out of reach is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import daqp
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear

from ironworks.robot.muscles.posture import MuscleMap

__all__ = ["Activation", "activations"]

Floats = NDArray[np.float64]
#: What costs as much as full activation of one muscle, as a share of what all muscles of the joint make together: a
#: missing torque, missing stiffness. Torque comes first by far, then stiffness, then effort.
_TORQUE, _STIFFNESS = 1e-5, 1e-2
#: How often stiffness that cannot be had is lowered to what was found, so that the torques do not pay for it.
_LOWERED = 3
#: What counts as missing: torque [N m], stiffness [N m/rad].
_SMALL_TORQUE, _SMALL_STIFFNESS = 1e-3, 0.1
_EVERYTHING, _EQUAL = 1e30, 5


@dataclass(frozen=True)
class Activation:
    """Activations (M,) in 0..1, the torques (J,) [N m] that they make, and what is missing.

    missing: wanted less made torque (J,) [N m]. stiffness: of each joint (J,) [N m/rad] and missing_stiffness what it
    falls short; both None where none was asked for.
    """

    joints: tuple[str, ...]
    activations: Floats
    torque: Floats
    missing: Floats
    stiffness: Floats | None = None
    missing_stiffness: Floats | None = None

    @property
    def unreached(self) -> Mapping[str, float]:
        """Joints whose torque is out of reach, and by how much [N m]."""
        return _above(self.joints, self.missing, _SMALL_TORQUE)

    @property
    def too_soft(self) -> Mapping[str, float]:
        """Joints whose stiffness is out of reach beside the torques, and by how much [N m/rad]."""
        return {} if self.missing_stiffness is None else _above(self.joints, self.missing_stiffness, _SMALL_STIFFNESS)

    def __str__(self) -> str:
        lacks = [f"{joint}: {torque:+.4g} N m out of reach" for joint, torque in self.unreached.items()]
        lacks += [f"{joint}: {lack:.4g} N m/rad too soft" for joint, lack in self.too_soft.items()]
        return "; ".join(lacks) or "all reached"


def activations(
    now: MuscleMap, torque: Floats, *, stiffness: Floats | None = None, weights: Floats | None = None
) -> Activation:
    """Minimise sum w a2 over 0 <= a <= 1 with the wanted torques (J,) [N m] and at least the wanted stiffness.

    stiffness: (J,) [N m/rad], of each joint by itself (the diagonal); it needs a map made with stiffness. weights:
    (M,), 1 if not given. Where the torques cannot be made, the nearest are (least squares, each joint in units of
    what its muscles make), and the result says what is missing; then the stiffness nearest from below; then least
    effort. Solved as a strictly convex quadratic programme by the dual active-set method of DAQP (Arnstrom, Bemporad
    and Axehill 2022). Raises ValueError for wrong shapes or numbers that are not finite.
    """
    joints, muscles = now.gain.shape
    wanted = _checked("torque", torque, joints)
    effort = np.ones(muscles) if weights is None else _checked("weights", weights, muscles)
    if (effort <= 0.0).any():
        raise ValueError("weights must be above 0")
    rows, rest, floor = now.gain, now.rest, np.zeros(0)
    if stiffness is not None:
        floor = _checked("stiffness", stiffness, joints)
        if now.stiffening is None or now.stiffness_rest is None:
            raise ValueError("this map was made without stiffness; ask for it: at(data, stiffness=True)")
        diagonal = np.arange(joints)
        rows = np.vstack([rows, now.stiffening[diagonal, diagonal]])
        rest = np.concatenate([rest, now.stiffness_rest[diagonal, diagonal]])
    target = np.concatenate([wanted, floor]) - rest
    solution = _solve(effort, rows, target, joints)
    for _ in range(_LOWERED if floor.size else 0):
        reached = (rows @ solution)[joints:]
        if (target[joints:] - reached <= _SMALL_STIFFNESS).all():
            break
        target[joints:] = np.minimum(target[joints:], reached)
        solution = _solve(effort, rows, target, joints)
    made = now.torque(solution)
    if stiffness is None:
        return Activation(now.joints, solution, made, wanted - made)
    stiff = np.diagonal(now.stiffness(solution))
    return Activation(now.joints, solution, made, wanted - made, stiff, np.maximum(floor - stiff, 0.0))


def _solve(effort: Floats, rows: Floats, target: Floats, equal: int, again: bool = False) -> Floats:
    """Each row has a slack of its own: rows a + slack = target (the first `equal`), >= target (the others)."""
    n, m = len(target), len(effort)
    costs, constraints, upper, lower, sense = (part.copy() for part in _frame(m, equal, n))
    costs[range(m), range(m)] = effort
    constraints[:, :m] = rows
    # Slacks in units that cost as much as effort keep the programme well scaled; a row of nothing is all slack.
    size = np.sqrt(np.einsum("nm,nm->n", rows, rows))
    share = np.where(np.arange(n) < equal, _TORQUE, _STIFFNESS)
    constraints[range(n), range(m, m + n)] = np.where(size > 1e-9 * size.max(), size * share, 1.0)
    upper[m + n : m + n + equal] = target[:equal]
    lower[m + n :] = target
    found, _, flag, _ = daqp.solve(costs, np.zeros(m + n), constraints, upper, lower, sense)
    if flag != 1 and not again:
        # Very far out of reach the multipliers leave the range of numbers: the nearest torques are asked for instead.
        scale = np.maximum(size[:equal], 1e-12)
        nearest = lsq_linear(rows[:equal] / scale[:, None], target[:equal] / scale, (0.0, 1.0), method="bvls")
        return _solve(effort, rows, np.concatenate([rows[:equal] @ nearest.x, target[equal:]]), equal, again=True)
    if flag != 1:
        raise ArithmeticError(f"the quadratic programme of the muscles was not solved (DAQP says {flag})")
    activation: Floats = np.clip(found[:m], 0.0, 1.0)
    return activation


@cache
def _frame(m: int, equal: int, n: int) -> tuple[NDArray[Any], ...]:
    """What all programmes of a size share: costs, constraints, upper and lower bounds, kinds of constraints."""
    upper = np.concatenate([np.ones(m), np.full(2 * n, _EVERYTHING)])
    lower = np.concatenate([np.zeros(m), np.full(2 * n, -_EVERYTHING)])
    sense = np.zeros(m + 2 * n, np.int32)
    sense[m + n : m + n + equal] = _EQUAL
    return np.eye(m + n), np.zeros((n, m + n)), upper, lower, sense


def _checked(name: str, values: Floats, size: int) -> Floats:
    found = np.asarray(values, float)
    if found.shape != (size,) or not np.isfinite(found).all():
        raise ValueError(f"{name} needs {size} finite numbers, not {found.shape}")
    return found


def _above(joints: tuple[str, ...], lacks: Floats, small: float) -> dict[str, float]:
    return {joint: float(lack) for joint, lack in zip(joints, lacks, strict=True) if abs(lack) > small}
