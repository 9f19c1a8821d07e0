"""Lines drawn at random, with the structures and times that Otto, Otto and Scholl (2013, EJOR 228(1)) vary.

Times: three peaks, with the means and spreads of their published lines of 50 tasks. Order: a share of tasks in chains,
some bottlenecks with many predecessors and followers, or neither; the order strength is met by the reach of an edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ironworks.factory.balance import LineInstance

CYCLE = 1000
TIMES = ("bottom", "middle", "bimodal")
STRUCTURES = ("chains", "bottlenecks", "mixed")
STRENGTHS = (0.2, 0.6, 0.9)
#: Weight, mean and spread of the normal parts of each kind of time, over the cycle; cut to 0.001..1.
_PARTS = {
    "bottom": ((1.0, 0.10, 0.10),),
    "middle": ((1.0, 0.50, 0.12),),
    "bimodal": ((0.8, 0.13, 0.11), (0.2, 0.50, 0.05)),
}
#: Share of tasks in chains, one bottleneck in so many tasks, its predecessors and followers at least.
_CHAINED, _BOTTLENECKS, _WIDTH = 0.4, 50, 8


@dataclass(frozen=True)
class Kind:
    """A class of lines."""

    times: str
    structure: str
    strength: float


def drawn_line(tasks: int, kind: Kind, seed: int) -> LineInstance:
    """One line of a class; the same for the same seed."""
    rng = np.random.default_rng(
        [seed, tasks, TIMES.index(kind.times), STRUCTURES.index(kind.structure), round(10 * kind.strength)]
    )
    times = _times(tasks, kind.times, rng)
    choices = rng.random((tasks, 5))
    low, high = 1.0, float(tasks)
    while high > 1.002 * low:
        reach = (low * high) ** 0.5
        if LineInstance(times, _order(choices, reach, kind.structure)).order_strength > kind.strength:
            low = reach
        else:
            high = reach
    return LineInstance(times, _order(choices, high, kind.structure))


def _times(tasks: int, kind: str, rng: np.random.Generator) -> np.ndarray:
    times = np.zeros(0)
    while len(times) < tasks:
        weight, mean, spread = np.array(_PARTS[kind]).T
        part = rng.choice(len(weight), 4 * tasks, p=weight)
        drawn = rng.normal(mean[part], spread[part])
        times = np.concatenate([times, drawn[(drawn >= 0.001) & (drawn <= 1.0)]])
    return np.rint(CYCLE * times[:tasks]).astype(np.int64)


def _order(choices: np.ndarray, reach: float, structure: str) -> tuple[tuple[int, int], ...]:
    """Pairs of tasks in the order of their numbers: each comes after one or two of those at most `reach` before it."""
    pairs = set()
    for task in range(1, len(choices)):
        chance, first, second, third, share = choices[task]
        back = min(int(reach) + (share < reach % 1.0), task)
        if structure == "chains" and chance < _CHAINED:
            pairs.add((task - 1, task))
            continue
        pairs.add((task - 1 - int(first * back), task))
        if second < 0.5:
            pairs.add((task - 1 - int(third * back), task))
        if structure == "bottlenecks" and task % _BOTTLENECKS == 0:
            pairs |= {(before, task) for before in range(max(0, task - _WIDTH), task)}
            pairs |= {(task, after) for after in range(task + 1, min(len(choices), task + 1 + _WIDTH))}
    return tuple(sorted(pairs))
