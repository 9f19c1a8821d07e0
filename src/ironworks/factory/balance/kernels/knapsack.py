"""Fullest loads of one station, as a knapsack over whole times."""

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.balance.kernels._jit import kernel

__all__ = ["best_load"]


@kernel
def best_load(times: NDArray[np.int64], values: NDArray[np.float64], cycle: int) -> tuple[float, NDArray[np.bool_]]:
    """Greatest sum of values of tasks whose times fit into a cycle, each at most once, and which tasks they are.

    `times` (n,) and `values` (n,); exact dynamic programme over 0..cycle, O(n cycle).
    """
    n = len(times)
    best = np.zeros(cycle + 1)
    taken = np.zeros((n, cycle + 1), np.bool_)
    for task in range(n):
        time, value = times[task], values[task]
        if value <= 0.0:
            continue
        for room in range(cycle, time - 1, -1):
            other = best[room - time] + value
            if other > best[room]:
                best[room] = other
                taken[task, room] = True
    load = np.zeros(n, np.bool_)
    room = cycle
    for task in range(n - 1, -1, -1):
        if taken[task, room]:
            load[task] = True
            room -= times[task]
    return best[cycle], load
