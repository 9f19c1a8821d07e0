"""The whole-body programme of V accelerations and 12 forces of each of S soles, where its cost is round.

The Hessian has two blocks, L L' of the accelerations and M M' of the forces. With y = (L' x, M' f) it is 1, and rows
of limits become rows times the inverse factors.
"""

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["condensed", "given", "row_of", "spreads", "towards"]

Floats = NDArray[np.float64]


@kernel
def spreads(turns: Floats, corners: Floats) -> Floats:
    """What 4 corners' forces take from the wrench at each sole's middle (S, 6, 12).

    `turns` (S, 3, 3) of the soles; `corners` (4, 3) [m] in their axes.
    """
    found = np.zeros((len(turns), 6, 12))
    for i in range(len(turns)):
        for k in range(4):
            arm = np.empty(3)
            for a in range(3):
                arm[a] = (
                    turns[i, a, 0] * corners[k, 0] + turns[i, a, 1] * corners[k, 1] + turns[i, a, 2] * corners[k, 2]
                )
                found[i, a, 3 * k + a] = -1.0
            x, y, z = arm
            found[i, 3, 3 * k + 2], found[i, 4, 3 * k], found[i, 5, 3 * k + 1] = -y, -z, -x
            found[i, 4, 3 * k + 2], found[i, 5, 3 * k], found[i, 3, 3 * k + 1] = x, y, z
    return found


@kernel
def condensed(
    stack: Floats, weight: Floats, wanted: Floats, posture_weight: Floats, posture: Floats, root: float,
    inertia: Floats, feet: Floats, spread: Floats, force_factor: Floats, pull: Floats,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """The transposed factor L' (V, V), the cost's centre (N,), and the root's six equations (6, N).

    Tasks: `stack` (m, V) qdd = `wanted` (m,), weighed (m,); `posture` (J,) and its weights; `root`: weight of the
    root's acceleration. `feet` (S, 6, V): jacobians of the soles; `spread` (S, 6, 12); `force_factor` M' (12 S, 12 S);
    `pull` (12 S,): what the momentum wants of the forces.
    """
    v, soles = inertia.shape[0], len(feet)
    n = v + 12 * soles
    weighed = np.empty((v, len(weight)))
    for i in range(len(weight)):
        for j in range(v):
            weighed[j, i] = weight[i] * stack[i, j]
    hessian = weighed @ stack
    gradient = weighed @ wanted
    for j in range(6):
        hessian[j, j] += root
    for j in range(v - 6):
        hessian[6 + j, 6 + j] += posture_weight[j]
        gradient[6 + j] += posture_weight[j] * posture[j]
    upper = np.ascontiguousarray(np.linalg.cholesky(hessian).T)
    rows = np.empty((7, n))
    rows[0, :v] = gradient
    rows[0, v:] = pull
    rows[1:, :v] = inertia[:6]
    for i in range(soles):
        rows[1:, v + 12 * i : v + 12 * i + 12] = np.ascontiguousarray(feet[i, :, :6].T) @ spread[i]
    for k in range(7):
        _forward(upper, rows[k, :v])
        _forward(force_factor, rows[k, v:])
    return upper, rows[0].copy(), rows[1:].copy()


@kernel
def row_of(
    row: int, upper: Floats, force_factor: Floats, inertia: Floats, feet: Floats, spread: Floats, torque: bool
) -> Floats:
    """A limit's row (N,): of the torque of degree of freedom `row`, or of its acceleration."""
    v, soles = inertia.shape[0], len(feet)
    found = np.zeros(v + 12 * soles)
    if torque:
        found[:v] = inertia[row]
        for i in range(soles):
            for a in range(6):
                for k in range(12):
                    found[v + 12 * i + k] += feet[i, a, row] * spread[i, a, k]
        _forward(force_factor, found[v:])
    else:
        found[row] = 1.0
    _forward(upper, found[:v])
    return found


@kernel
def towards(jacobian: Floats, upper: Floats, n: int) -> Floats:
    """A row (N,) of accelerations alone, `jacobian` (V,)."""
    v = len(jacobian)
    found = np.zeros(n)
    found[:v] = jacobian
    _forward(upper, found[:v])
    return found


@kernel
def given(
    y: Floats, upper: Floats, force_factor: Floats, inertia: Floats, feet: Floats, spread: Floats
) -> tuple[Floats, Floats]:
    """Accelerations and forces x (N,), and the joints' torques less bias and resistance (J,)."""
    v = inertia.shape[0]
    x = y.copy()
    _back(upper, x[:v])
    _back(force_factor, x[v:])
    torque = inertia[6:] @ x[:v]
    for i in range(len(feet)):
        wrench = spread[i] @ x[v + 12 * i : v + 12 * i + 12]
        for a in range(6):
            for j in range(v - 6):
                torque[j] += feet[i, a, 6 + j] * wrench[a]
    return x, torque


@kernel
def _forward(upper: Floats, b: Floats) -> None:
    """Solve U' y = b in place."""
    for j in range(len(b)):
        b[j] /= upper[j, j]
        for i in range(j + 1, len(b)):
            b[i] -= b[j] * upper[j, i]


@kernel
def _back(upper: Floats, b: Floats) -> None:
    """Solve U x = b in place."""
    for j in range(len(b) - 1, -1, -1):
        found = b[j]
        for i in range(j + 1, len(b)):
            found -= upper[j, i] * b[i]
        b[j] = found / upper[j, j]
