"""Branch, bound and remember on one line, from either end (Sewell and Jacobson 2012)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.balance.bounds import Prices
from ironworks.factory.balance.instance import LineInstance
from ironworks.factory.balance.kernels.search import (
    DONE,
    FULL,
    SOLVED,
    Problem,
    Tree,
    advance,
    jackson_rows,
    refill,
)  # fmt: skip

__all__ = ["EAGER", "Ordered", "Remembering", "Scratch", "problem_of"]

EAGER = 2e-5
"""What a task that remains is worth in stations: small tasks are kept for later."""
#: Loads of one state fill at most so many places.
_PLACES = 8


@dataclass(frozen=True, eq=False)
class Ordered:
    """A line for the kernels, the task that each of their tasks is (n,), the mean of its prices (n,), and what
    share of all time follows it (n,)."""

    problem: Problem
    tasks: NDArray[np.int64]
    mean: NDArray[np.float64]
    behind: NDArray[np.float64]

    @property
    def words(self) -> int:
        """Words of 64 bits that a set of tasks takes."""
        return -(-len(self.tasks) // 64)

    @property
    def none(self) -> NDArray[np.uint64]:
        """Bits (words,) of the empty set; those beyond the tasks count as done."""
        bits = np.zeros(self.words, np.uint64)
        for beyond in range(len(self.tasks), 64 * self.words):
            bits[beyond >> 6] |= np.uint64(1 << (beyond & 63))
        return bits

    def valued(self, mean: bool, eager: float, positional: float) -> Ordered:
        """The same line with other values of tasks: of one price or the mean of many, less for each task, more for what
        follows it (Helgeson and Birnie 1961)."""
        value = (self.mean if mean else self.problem.value + EAGER) - eager + positional * self.behind
        return replace(self, problem=self.problem._replace(value=value))

    def stations(self, sets: list[NDArray[np.uint64]]) -> NDArray[np.int64]:
        """Stations (n,) of an instance's tasks from what was done before the first station and after each."""
        station = np.empty(len(self.tasks), np.int64)
        number = np.arange(len(self.tasks))
        for level in range(len(sets) - 1, 0, -1):
            done = sets[level][number >> 6] >> (number & 63).astype(np.uint64) & np.uint64(1) > 0
            station[self.tasks[done]] = level - 1
        return station


def problem_of(instance: LineInstance, cycle: int, prices: Prices) -> Ordered:
    """A line for the kernels: long tasks first, then those with many followers."""
    n = len(instance)
    follows = instance.follows
    tasks = np.lexsort((-follows.sum(axis=1), -instance.times))
    place = np.empty(n, np.int64)
    place[tasks] = np.arange(n)
    waits = np.zeros(n, np.int64)
    after: list[list[int]] = [[] for _ in range(n)]
    for before, then in instance.reduced:
        after[place[before]].append(int(place[then]))
        waits[place[then]] += 1
    first = np.concatenate([[0], np.cumsum([len(one) for one in after])]).astype(np.int64)
    flat = np.array([task for one in after for task in sorted(one)], np.int64)
    times = np.ascontiguousarray(instance.times[tasks])
    better_first, better = jackson_rows(times, np.ascontiguousarray(follows[np.ix_(tasks, tasks)]))
    key = np.random.default_rng(n).integers(1, 2**64, n, dtype=np.uint64, endpoint=False)
    price = np.ascontiguousarray(prices.price[:, tasks])
    behind = (follows @ instance.times)[tasks] / max(int(times.sum()), 1)
    problem = Problem(
        times, cycle, first, flat, waits, better_first, better, price, prices.unit, prices.best[tasks] - EAGER, key
    )
    return Ordered(problem, tasks, prices.mean[tasks], behind)


class Scratch:
    """Room for the loads of one state."""

    def __init__(self, n: int, most: int) -> None:
        self.first = np.empty(most + 1, np.int64)
        self.tasks = np.empty(most * min(n, _PLACES) + n, np.int64)
        self.rests = np.empty(most, np.int64)


class Remembering:
    """A cyclic best-first search with a memory of sets: at most `most` loads from each, at most so many `states`."""

    def __init__(self, ordered: Ordered, stations: int, most: int, states: int) -> None:
        self._ordered, self._most, self._states = ordered, most, states
        self._scratch = Scratch(len(ordered.tasks), most)
        self._tree = self._grown(None, min(states, max(4 * most, 4096)), stations + 1)
        tree, problem = self._tree, ordered.problem
        tree.done[0], tree.level[0], tree.remains[0] = ordered.none, 0, len(ordered.tasks)
        tree.left[0], tree.parent[0], tree.hash[0], tree.open[0] = problem.price.sum(axis=1), -1, 0, True
        tree.rank[0], tree.child[0], tree.sibling[0] = 0.0, -1, -1
        tree.root[0], tree.size[0], tree.control[1] = 0, 1, stations
        refill(tree)
        #: Whether no state is left; whether none was left out either; whether no room was left.
        self.ended, self.complete, self.full = False, False, False

    @property
    def expanded(self) -> int:
        """States whose loads were looked at."""
        return int(self._tree.control[4])

    def improve(self, stations: int) -> None:
        """Look for at most so many stations from now on."""
        self._tree.control[1] = stations

    def advance(self, budget: int) -> NDArray[np.int64] | None:
        """Expand at most so many states; stations (n,) of the tasks where a better line was found."""
        if self.ended or self.full:
            return None
        scratch = self._scratch
        how = advance(
            self._ordered.problem, self._tree, self._most, budget, scratch.first, scratch.tasks, scratch.rests
        )
        if how == SOLVED:
            return self._path(int(self._tree.control[3]))
        if how == DONE:
            self.ended, self.complete = True, not self._tree.control[2]
        elif how == FULL:
            room = len(self._tree.level)
            if room >= self._states:
                self.full = True
            else:
                self._tree = self._grown(self._tree, min(3 * room, self._states), len(self._tree.root))
                refill(self._tree)
        return None

    def _path(self, state: int) -> NDArray[np.int64]:
        loads = []
        while state >= 0:
            loads.append(self._tree.done[state])
            state = int(self._tree.parent[state])
        return self._ordered.stations(loads[::-1])

    def _grown(self, old: Tree | None, room: int, levels: int) -> Tree:
        words, count = self._ordered.words, self._ordered.problem.price.shape[0]
        new = Tree(
            np.zeros(1, np.int64), np.empty((room, words), np.uint64), np.empty((room, count), np.int64),
            np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.uint64),
            np.empty(room), np.empty(room, np.int32), np.empty(room, np.int32), np.zeros(room, np.bool_),
            np.full(levels, -1, np.int32), np.full(1 << (2 * room).bit_length(), -1, np.int32), np.zeros(5, np.int64),
        )  # fmt: skip
        if old is not None:
            # The table is filled anew for its new size.
            for name in set(Tree._fields) - {"table"}:
                kept = getattr(old, name)
                getattr(new, name)[: len(kept)] = kept
        return new
