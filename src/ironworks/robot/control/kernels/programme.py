"""The whole-body programme of V accelerations and 12 forces of each of S soles, where its cost is round.

The Hessian has two blocks, L L' of the accelerations and M M' of the forces. With y = (L' x, M' f) it is 1, and rows
of limits become rows times the inverse factors.
"""

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["bounds", "condensed", "given", "row_of", "towards"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def condensed(
    stack: Floats, weight: Floats, wanted: Floats, posture_weight: Floats, posture: Floats, root: float,
    inertia: Floats, feet: Floats, turns: Floats, corners: Floats, force_factor: Floats, pull: Floats,
    momentum: Floats, upper: Floats, spread: Floats, centre: Floats, rows: Floats,
) -> bool:  # fmt: skip
    """Write the transposed factor L', `upper` (V, V), the cost's `centre` (N,), and the root's equations `rows` (6, N).

    Tasks: `stack` (m, V) qdd = `wanted` (m,), weighed (m,); `posture` (J,) and its weights; `root`: weight of the
    root's acceleration. `inertia` (V, V); `feet` (S, 6, V): jacobians of the soles, which have `turns` (S, 3, 3) and 4
    `corners` (4, 3) [m] in their axes; `force_factor` M' (12 S, 12 S); `pull` (12 S, 3): what a wanted acceleration of
    the centre of mass and gravity, `momentum` (3,), ask of the forces. `spread` (S, 6, 12) becomes what forces at the
    corners take from the wrench at each sole's middle.

    False where the Hessian has no factor: the cost has no minimum then.
    """
    v, soles = inertia.shape[0], len(feet)
    _spread(turns, corners, spread)
    upper[:] = 0.0
    centre[:] = 0.0
    moves = np.empty(v, dtype=np.int64)
    for i in range(len(weight)):
        # A link is moved by few joints: those before it.
        count = 0
        for j in range(v):
            if stack[i, j] != 0.0:
                moves[count] = j
                count += 1
        for k in range(count):
            share = weight[i] * stack[i, moves[k]]
            centre[moves[k]] += share * wanted[i]
            for n in range(k, count):
                upper[moves[k], moves[n]] += share * stack[i, moves[n]]
    for j in range(6):
        upper[j, j] += root
    for j in range(v - 6):
        upper[6 + j, 6 + j] += posture_weight[j]
        centre[6 + j] += posture_weight[j] * posture[j]
    if not _factor(upper):
        return False
    for i in range(12 * soles):
        centre[v + i] = pull[i, 0] * momentum[0] + pull[i, 1] * momentum[1] + pull[i, 2] * momentum[2]
    rows[:, :v] = inertia[:6]
    for i in range(soles):
        for r in range(6):
            for k in range(12):
                found = 0.0
                for a in range(6):
                    found += feet[i, a, r] * spread[i, a, k]
                rows[r, v + 12 * i + k] = found
    _forward(upper, centre[:v])
    _forward(force_factor, centre[v:])
    for k in range(6):
        _forward(upper, rows[k, :v])
        _forward(force_factor, rows[k, v:])
    return True


@kernel
def _spread(turns: Floats, corners: Floats, spread: Floats) -> None:
    spread[:] = 0.0
    for i in range(len(turns)):
        for k in range(4):
            arm = np.empty(3)
            for a in range(3):
                arm[a] = (
                    turns[i, a, 0] * corners[k, 0] + turns[i, a, 1] * corners[k, 1] + turns[i, a, 2] * corners[k, 2]
                )
                spread[i, a, 3 * k + a] = -1.0
            x, y, z = arm
            spread[i, 3, 3 * k + 2], spread[i, 4, 3 * k], spread[i, 5, 3 * k + 1] = -y, -z, -x
            spread[i, 4, 3 * k + 2], spread[i, 5, 3 * k], spread[i, 3, 3 * k + 1] = x, y, z


@kernel
def bounds(
    bias: Floats, resistance: Floats, weakest: Floats, strongest: Floats, position: Floats, velocity: Floats,
    low: Floats, high: Floats, horizon: float, idle: Floats, below: Floats, above: Floats,
) -> None:  # fmt: skip
    """Write least and most (2 J,) of what joints may do: torques, `idle` (J,) taken off, then accelerations.

    `bias` (V,) and `resistance` (J,): what the joints bear without accelerating, which `idle` becomes; torques are from
    `weakest` to `strongest` (J,); `position` (7 + J,), `velocity` (V,): joints come to rest within a `horizon` [s]
    before they pass `low` and `high` (J,).
    """
    count = len(resistance)
    brake = 2.0 / (horizon * horizon)
    for j in range(count):
        idle[j] = bias[6 + j] + resistance[j]
        below[j], above[j] = weakest[j] - idle[j], strongest[j] - idle[j]
        coast = position[7 + j] + horizon * velocity[6 + j]
        below[count + j], above[count + j] = brake * (low[j] - coast), brake * (high[j] - coast)


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
    y: Floats, upper: Floats, force_factor: Floats, inertia: Floats, feet: Floats, spread: Floats,
    below: Floats, above: Floats, slack: float, used: Ints, x: Floats, torque: Floats,
) -> Ints:  # fmt: skip
    """Indices of those limits that are passed by more than `slack` and are not `used` yet: `below` to `above` (2 J,).

    These are as `bounds` writes them. Writes accelerations and forces `x` (N,), and the joints' `torque` (J,) less bias
    and resistance.
    """
    v, count = inertia.shape[0], len(torque)
    x[:] = y
    _back(upper, x[:v])
    _back(force_factor, x[v:])
    for j in range(count):
        found = 0.0
        for k in range(v):
            found += inertia[6 + j, k] * x[k]
        torque[j] = found
    for i in range(len(feet)):
        for a in range(6):
            wrench = 0.0
            for k in range(12):
                wrench += spread[i, a, k] * x[v + 12 * i + k]
            for j in range(count):
                torque[j] += feet[i, a, 6 + j] * wrench
    broken = np.zeros(2 * count, dtype=np.bool_)
    for j in range(count):
        broken[j] = max(torque[j] - above[j], below[j] - torque[j]) > slack
        broken[count + j] = max(x[6 + j] - above[count + j], below[count + j] - x[6 + j]) > slack
    for row in used:
        broken[row] = False
    return np.flatnonzero(broken)


@kernel
def _factor(upper: Floats) -> bool:
    """Make the upper half of a matrix (V, V) its transposed Cholesky factor, in place; False where it has none."""
    v = len(upper)
    for j in range(v):
        pivot = upper[j, j]
        if not pivot > 0.0:
            return False
        root = np.sqrt(pivot)
        for k in range(j, v):
            upper[j, k] /= root
        for i in range(j + 1, v):
            share = upper[j, i]
            if share != 0.0:
                for k in range(i, v):
                    upper[i, k] -= share * upper[j, k]
    return True


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
