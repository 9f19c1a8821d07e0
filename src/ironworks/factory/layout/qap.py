"""Which thing goes to which place, so that flow times distance is least: quadratic assignment."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from ironworks.factory.layout.kernels.tabu import Walk, advance, cost, reset
from ironworks.faults import Fault, ScenarioFaults

__all__ = ["Assigned", "LayoutError", "QapInstance", "assign", "read_qap"]

#: Elite assignments that are crossed, and iterations of a search from each child, times n.
_ELITE, _LENGTH = 12, 400
#: Children without a better elite before all of it is stirred, times the elite.
_PATIENCE = 6
#: Iterations between two looks at the clock, times the pairs of things.
_SLICE = 2_000_000


class LayoutError(ValueError):
    """Something that cannot be laid out, or a layout that breaks its rules; `problems` lists all of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True, eq=False)
class QapInstance:
    """n things for n places: `flow` (n, n) between things, `distance` (n, n) between places, of any sign.

    `fixed` (n, n): what a thing costs at a place besides; none if left out. Raises LayoutError for other shapes and for
    what is not finite. Fewer things than places: fill up with things without flow.
    """

    flow: NDArray[np.float64]
    distance: NDArray[np.float64]
    fixed: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        problems = []
        n = len(self.flow)
        for name in ("flow", "distance", "fixed"):
            given = getattr(self, name)
            matrix = np.zeros((n, n)) if given is None else np.ascontiguousarray(given, dtype=np.float64)
            object.__setattr__(self, name, matrix)
            if matrix.shape != (n, n):
                problems.append(f"{name} has shape {matrix.shape}, not ({n}, {n})")
            elif not np.isfinite(matrix).all():
                problems.append(f"{name} is not finite everywhere")
        if n == 0:
            problems.append("there is nothing to place")
        if problems:
            raise LayoutError(problems)

    def __len__(self) -> int:
        return len(self.flow)

    def cost(self, place: NDArray[np.int64]) -> float:
        """Cost of things at places (n,), from its definition."""
        laid = self.distance[np.ix_(place, place)]
        return float((self.flow * laid).sum() + np.asarray(self.fixed)[np.arange(len(place)), place].sum())


@dataclass(frozen=True, eq=False)
class Assigned:
    """The best places found, (n,): `place[i]` is where thing i goes."""

    instance: QapInstance
    place: NDArray[np.int64]
    cost: float
    seconds: float
    iterations: int

    def problems(self) -> list[str]:
        """Every rule that is broken, from the instance alone; empty where it holds."""
        n = len(self.instance)
        if sorted(self.place.tolist()) != list(range(n)):
            return [f"the places are not each of 0 to {n - 1} once"]
        true = self.instance.cost(self.place)
        scale = float(np.abs(self.instance.flow).sum() * np.abs(self.instance.distance).max()) + abs(true) + 1.0
        return [] if abs(true - self.cost) <= 1e-9 * scale else [f"it costs {true:g}, not {self.cost:g} as it says"]

    def verify(self) -> None:
        """Raise LayoutError with every rule that is broken."""
        if broken := self.problems():
            raise LayoutError(broken)


def assign(
    instance: QapInstance, seconds: float = 30.0, seed: int = 0, target: float = -np.inf, iterations: int | None = None,
    told: Callable[[float], None] | None = None,
) -> Assigned:  # fmt: skip
    """Places of least cost found in `seconds` or so many `iterations`, or as soon as they cost at most `target`.

    Robust tabu searches (Taillard 1991) from children of an elite, which is stirred when it brings no more (Benlic and
    Hao 2015). With `iterations` and without running out of seconds, the same seed gives the same places. Interrupted by
    Ctrl-C it returns what it has. `told(cost)` hears of each better assignment.
    """
    search = _Search(instance, seconds, seed, target, iterations, told)
    search.run()
    found = Assigned(instance, search.best, instance.cost(search.best), search.spent(), search.iterations)
    found.verify()
    return found


class _Search:
    """An elite of assignments and the walks that better it."""

    def __init__(
        self, instance: QapInstance, seconds: float, seed: int, target: float, most: int | None,
        told: Callable[[float], None] | None,
    ) -> None:  # fmt: skip
        self._instance, self._target, self._told = instance, target, told
        self._began = time.monotonic()
        self._until = self._began + seconds
        self._rng = np.random.default_rng(seed)
        self._most = np.iinfo(np.int64).max if most is None else most
        flow, distance, n = instance.flow, instance.distance, len(instance)
        # Where one matrix is symmetric, of the other only the mean of both directions counts.
        if np.array_equal(flow, flow.T):
            distance = (distance + distance.T) / 2.0
        elif np.array_equal(distance, distance.T):
            flow = (flow + flow.T) / 2.0
        self._fixed = np.asarray(instance.fixed)
        self._flow, self._distance = np.ascontiguousarray(flow), np.ascontiguousarray(distance)
        self._symmetric = np.array_equal(flow, flow.T) and np.array_equal(distance, distance.T)
        idle = (flow == 0.0).all(axis=0) & (flow == 0.0).all(axis=1) & (self._fixed == 0.0).all(axis=1)
        self._busy = 1 + int(np.flatnonzero(~idle).max(initial=0))
        self._slice = max(1, _SLICE // max(1, n * (n - 1) // 2))
        self._walk = Walk(
            np.arange(n), np.empty((n, n)), np.zeros((n, n)), np.empty((n, n), np.int64), np.arange(n), np.empty(2),
            np.zeros(2, np.int64), self._rng.integers(1, 2**64, 1, dtype=np.uint64, endpoint=False),
        )  # fmt: skip
        self.iterations = 0
        #: Where things that belong to certain places are there already.
        self.best = linear_sum_assignment(self._fixed)[1].astype(np.int64)
        self._cost = cost(self._flow, self._distance, self._fixed, self.best)

    def spent(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self._began

    def run(self) -> None:
        """Breed until time, iterations or the target end it."""
        try:
            while self._open():
                self._generation()
        except KeyboardInterrupt:
            # What was found until now is worth having.
            pass

    def _open(self) -> bool:
        return (
            len(self.best) > 1
            and self._cost > self._target
            and self.iterations < self._most
            and time.monotonic() < self._until
        )

    def _generation(self) -> None:
        """Breed from a fresh elite until it is stirred and no better for it."""
        n = len(self._instance)
        elite: list[tuple[float, NDArray[np.int64]]] = []
        while len(elite) < _ELITE and self._open():
            start = self._rng.permutation(n) if self.iterations else self.best.copy()
            _take_in(elite, self._search(start))
        idle, stirs, height = 0, 0, np.inf
        while self._open():
            child = self._child(elite)
            idle = 0 if _take_in(elite, self._search(child)) else idle + 1
            if idle < _PATIENCE * _ELITE:
                continue
            if stirs == 3 and elite[0][0] >= height:
                return
            stirs = stirs + 1 if elite[0][0] >= height else 0
            height, idle = elite[0][0], 0
            stirred: list[tuple[float, NDArray[np.int64]]] = [elite[0]]
            for _, place in elite[1:]:
                _take_in(stirred, self._search(self._stirred(place)))
            elite = stirred

    def _child(self, elite: list[tuple[float, NDArray[np.int64]]]) -> NDArray[np.int64]:
        """Keeps what two parents share; the rest is from either, or at random."""
        n, count = len(self._instance), len(elite)
        if count < 2:
            return self._stirred(elite[0][1])
        first, second = self._rng.choice(count, 2, replace=False)
        one, other = elite[first][1], elite[second][1]
        child = np.full(n, -1)
        free = np.ones(n, bool)
        for parent in (np.where(one == other, one, -1), np.where(self._rng.random(n) < 0.5, one, other)):
            for thing in self._rng.permutation(n):
                at = parent[thing]
                if at >= 0 and child[thing] < 0 and free[at]:
                    child[thing], free[at] = at, False
        child[child < 0] = self._rng.permutation(np.flatnonzero(free))
        return child

    def _stirred(self, place: NDArray[np.int64]) -> NDArray[np.int64]:
        """The same, with some of the things moved round in a circle."""
        n = len(place)
        moved = self._rng.choice(n, min(n, int(self._rng.integers(max(2, n // 3), n + 1))), replace=False)
        fresh = place.copy()
        fresh[moved] = place[np.roll(moved, 1)]
        return fresh

    def _search(self, place: NDArray[np.int64]) -> tuple[float, NDArray[np.int64]]:
        """The best of a tabu search from there."""
        walk, fixed = self._walk, self._fixed
        walk.place[:] = place
        reset(self._flow, self._distance, fixed, walk)
        left = min(_LENGTH * len(place), self._most - self.iterations)
        while left > 0 and time.monotonic() < self._until and walk.now[1] > self._target:
            before = int(walk.clock[0])
            advance(self._flow, fixed, self._symmetric, self._busy, walk, min(left, self._slice), self._target)
            done = int(walk.clock[0]) - before
            self.iterations += done
            left -= max(done, 1)
        if walk.now[1] < self._cost:
            self.best, self._cost = walk.best.copy(), float(walk.now[1])
            if self._told:
                self._told(self._cost)
        return float(walk.now[1]), walk.best.copy()


def _take_in(elite: list[tuple[float, NDArray[np.int64]]], found: tuple[float, NDArray[np.int64]]) -> bool:
    """Whether the elite, best first, is better with it: twins are left out, the worst goes."""
    if any(found[0] == kept[0] and np.array_equal(found[1], kept[1]) for kept in elite):
        return False
    if len(elite) >= _ELITE:
        if found[0] >= elite[-1][0]:
            return False
        elite.pop()
    elite.append(found)
    elite.sort(key=lambda kept: kept[0])
    return True


def read_qap(path: Path) -> tuple[QapInstance, float | None]:
    """An instance as QAPLIB writes them, and the best known cost where the first line tells it behind n.

    Raises ScenarioFaults for a file that is none, OSError where it cannot be read.
    """
    words = path.read_text(encoding="utf-8", errors="replace").splitlines()
    try:
        head = [float(word) for word in words[0].split()]
        n = int(head[0])
        numbers = np.array([float(word) for line in words[1:] for word in line.split()])
        first, second = numbers.reshape(2, n, n)
        return QapInstance(first, second), head[1] if len(head) > 1 else None
    except (IndexError, ValueError, LayoutError):
        problem = "is no quadratic assignment: a line with n, then two n x n matrices of numbers"
        raise ScenarioFaults([Fault(str(path), 0, "", problem)]) from None
