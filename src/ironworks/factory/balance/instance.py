"""A line to be balanced: tasks with whole times, an order among them, a cycle time; and what fills its stations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["Assignment", "BalanceError", "LineInstance"]


class BalanceError(ValueError):
    """A line that nobody can balance, or an assignment that breaks its rules; `problems` lists all of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True, eq=False)
class LineInstance:
    """Simple assembly line: n tasks with times (n,) in whole units, and pairs (before, after) of their indices.

    `names` (n,) are for messages. Raises BalanceError for times below 0, pairs beyond the tasks, and circles.
    """

    times: NDArray[np.int64]
    order: tuple[tuple[int, int], ...]
    names: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        times = np.asarray(self.times, dtype=np.int64)
        object.__setattr__(self, "times", times)
        n = len(times)
        if not self.names:
            object.__setattr__(self, "names", tuple(str(1 + task) for task in range(n)))
        problems = []
        if len(self.names) != n:
            problems.append(f"{len(self.names)} names for {n} tasks")
        problems += [
            f"task {name} takes {time}: a time is at least 0"
            for name, time in zip(self.names, times, strict=False) if time < 0
        ]  # fmt: skip
        problems += [
            f"{pair} names a task beyond {n}" for pair in self.order if not all(0 <= task < n for task in pair)
        ]
        if not problems and len(self.sequence) < n:
            stuck = [self.names[task] for task in sorted(set(range(n)) - set(self.sequence))]
            problems.append(f"these tasks wait for one another in a circle, or behind one: {', '.join(stuck)}")
        if problems:
            raise BalanceError(problems)

    def __len__(self) -> int:
        return len(self.times)

    @cached_property
    def _followers(self) -> tuple[tuple[int, ...], ...]:
        followers: list[set[int]] = [set() for _ in self.times]
        for before, after in self.order:
            followers[before].add(after)
        return tuple(tuple(sorted(after)) for after in followers)

    @cached_property
    def sequence(self) -> tuple[int, ...]:
        """Tasks in an order that may be followed; those in a circle are left out."""
        waits = np.zeros(len(self.times), dtype=int)
        for after in self._followers:
            waits[list(after)] += 1
        ready = [task for task in range(len(waits)) if waits[task] == 0]
        sequence = []
        while ready:
            task = ready.pop()
            sequence.append(task)
            for follower in self._followers[task]:
                waits[follower] -= 1
                if waits[follower] == 0:
                    ready.append(follower)
        return tuple(sequence)

    @cached_property
    def follows(self) -> NDArray[np.bool_]:
        """(n, n): whether column comes somewhere after row: the order's transitive closure."""
        n = len(self)
        closure = np.zeros((n, n), dtype=bool)
        for task in reversed(self.sequence):
            for after in self._followers[task]:
                closure[task, after] = True
                closure[task] |= closure[after]
        return closure

    @cached_property
    def reduced(self) -> tuple[tuple[int, int], ...]:
        """The fewest pairs that say the same order: its transitive reduction."""
        closure = self.follows
        pairs = []
        for task, followers in enumerate(self._followers):
            beyond = np.zeros(len(self), dtype=bool)
            for after in followers:
                beyond |= closure[after]
            pairs += [(task, after) for after in followers if not beyond[after]]
        return tuple(pairs)

    @property
    def order_strength(self) -> float:
        """Share of pairs of tasks that are ordered, 0 to 1 (Mastor 1970)."""
        n = len(self)
        return float(self.follows.sum()) / (n * (n - 1) / 2) if n > 1 else 0.0

    def reversed(self) -> LineInstance:
        """The same line run backwards: it needs as many stations."""
        return LineInstance(self.times, tuple((after, before) for before, after in self.order), self.names)


@dataclass(frozen=True, eq=False)
class Assignment:
    """Which station does which task: `station` (n,), from 0; `cycle`: what a station may take."""

    instance: LineInstance
    cycle: int
    station: NDArray[np.int64]

    @property
    def stations(self) -> int:
        """How many stations there are."""
        return int(self.station.max()) + 1 if len(self.station) else 0

    @property
    def loads(self) -> NDArray[np.int64]:
        """Time of each station, (stations,)."""
        return np.bincount(self.station, weights=self.instance.times, minlength=self.stations).astype(np.int64)

    @property
    def efficiency(self) -> float:
        """Work content over what the stations could do, 0 to 1."""
        return float(self.instance.times.sum()) / (self.stations * self.cycle)

    def tasks(self, station: int) -> list[str]:
        """Names of what is done there, in an order that may be followed."""
        rank = {task: place for place, task in enumerate(self.instance.sequence)}
        there = np.flatnonzero(self.station == station)
        return [self.instance.names[task] for task in sorted(there, key=lambda task: rank[int(task)])]

    def problems(self) -> list[str]:
        """Every rule that is broken, from the instance alone; empty where it holds."""
        names = self.instance.names
        if len(self.station) != len(self.instance):
            return [f"{len(self.station)} stations are named for {len(self.instance)} tasks"]
        broken = [f"task {name} has no station" for name, at in zip(names, self.station, strict=True) if at < 0]
        if broken:
            return broken
        broken += [
            f"station {1 + at} has nothing to do" for at in set(range(self.stations)) - set(self.station.tolist())
        ]
        broken += [
            f"task {names[after]} is at station {1 + self.station[after]}, "
            f"before {names[before]} at {1 + self.station[before]}"
            for before, after in self.instance.order if self.station[before] > self.station[after]
        ]  # fmt: skip
        broken += [
            f"station {1 + at} is loaded with {load} of {self.cycle}"
            for at, load in enumerate(self.loads) if load > self.cycle
        ]  # fmt: skip
        return broken

    def verify(self) -> None:
        """Raise BalanceError with every rule that is broken."""
        if broken := self.problems():
            raise BalanceError(broken)
