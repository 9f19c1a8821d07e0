"""Where and when to land: the minimum of a convex cost in the growth of the divergent motion."""

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["best_growth"]

Floats = NDArray[np.float64]
Pair = tuple[float, float]


@kernel
def best_growth(
    start: Floats, place: Floats, offset: Floats, near: Pair, far: Pair, wanted: float, low: float, high: float,
    cost: tuple[float, float, float],
) -> tuple[float, float, float]:  # fmt: skip
    """Growth tau in `low` to `high` nearest to `wanted`, and the landing place [m] of the motion `start` (2,) tau.

    `place` and `offset` (2,): the nominal ones [m]; `near` and `far` (2,): bounds of the place; `cost` of a square
    metre of place, of offset, and of a squared unit of growth.
    """
    meets = np.empty(5)
    count = 0
    for i in range(2):
        if abs(start[i]) <= 1e-9:
            continue
        for bound in (near[i], far[i]):
            meet = (((bound * (cost[0] + cost[1])) - cost[0] * place[i]) / cost[1] + offset[i]) / start[i]
            if low < meet < high:
                meets[count] = meet
                count += 1
    meets[:count].sort()
    meets[count] = high
    # The slope is linear between the growths where a component of the place meets a bound.
    tau, before = low, _slope(low, start, place, offset, near, far, wanted, cost)
    for k in range(count + 1):
        if before >= 0.0:
            break
        there = meets[k]
        after = _slope(there, start, place, offset, near, far, wanted, cost)
        tau = there if after <= 0.0 else tau - before * (there - tau) / (after - before)
        before = after
    return (
        tau,
        _landing(tau, start[0], place[0], offset[0], near[0], far[0], cost),
        _landing(tau, start[1], place[1], offset[1], near[1], far[1], cost),
    )


@kernel
def _landing(
    tau: float, start: float, place: float, offset: float, near: float, far: float, cost: tuple[float, float, float]
) -> float:
    best = (cost[0] * place + cost[1] * (start * tau - offset)) / (cost[0] + cost[1])
    return min(max(best, near), far)


@kernel
def _slope(
    tau: float, start: Floats, place: Floats, offset: Floats, near: Pair, far: Pair, wanted: float,
    cost: tuple[float, float, float],
) -> float:  # fmt: skip
    found = 2.0 * cost[2] * (tau - wanted)
    for i in range(2):
        there = _landing(tau, start[i], place[i], offset[i], near[i], far[i], cost)
        found += 2.0 * cost[1] * (start[i] * tau - there - offset[i]) * start[i]
    return found
