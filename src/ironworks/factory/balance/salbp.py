"""Fewest stations of a simple assembly line for a cycle time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.balance.bounds import prices, worth_linear
from ironworks.factory.balance.instance import Assignment, BalanceError, LineInstance
from ironworks.factory.balance.layers import beam, relaxed
from ironworks.factory.balance.search import EAGER, Ordered, Remembering, problem_of

__all__ = ["Balanced", "fewest_stations"]

#: Width of the widest beam before anything else, and how much wider the next is where one found nothing.
_FIRST_WIDTH, _WIDER = 8, 1.4
#: What beams take a remaining task to be worth, and what follows it, in stations.
_MEANS, _EAGERS, _POSITIONALS = (False, True, True), (EAGER, 0.02, 0.05), (0.0, 0.03, 0.1, 0.3, 1.0)
#: Seconds by which the searches with a memory go ahead of beams and relaxations.
_HEAD_START = 1.0
_ENDED = object()
#: Loads of a state at first, and by how much more when a search ended without a proof.
_LOADS, _MORE_LOADS, _MOST_LOADS = 40, 30, 1_080_000
#: Seconds of a search before the other direction has its turn.
_SLICE = 0.05


@dataclass(frozen=True, eq=False)
class Balanced:
    """The best assignment found, and the least number of stations that any can have. `interrupted`: by Ctrl-C."""

    assignment: Assignment
    least: int
    seconds: float
    states: int
    interrupted: bool = False

    @property
    def proven(self) -> bool:
        """Whether nobody can do with fewer stations."""
        return self.assignment.stations == self.least

    @property
    def gap(self) -> float:
        """Stations above the bound, over the bound."""
        return self.assignment.stations / self.least - 1.0


def fewest_stations(
    instance: LineInstance, cycle: int, seconds: float = 60.0, memory: int = 2 << 30,
    told: Callable[[int, int], None] | None = None, enough: int | None = None,
) -> Balanced:  # fmt: skip
    """Fewest stations that do all tasks, each within a cycle (SALBP-1), proven if `seconds` and `memory` [bytes] do.

    Interrupted by Ctrl-C it returns what it has. `told(stations, least)` hears of each better line. With `enough` it
    ends as soon as so many stations are known to do, or not to.
    Raises BalanceError for tasks longer than the cycle.
    """
    long = [
        f"task {name} takes {duration}, more than the cycle of {cycle}"
        for name, duration in zip(instance.names, instance.times, strict=True) if duration > cycle
    ]  # fmt: skip
    if long:
        raise BalanceError(long)
    return _Search(instance, cycle, seconds, memory, told, enough).run()


class _Side:
    """One direction of a line: its searches, from few loads to many."""

    def __init__(self, ordered: Ordered, backward: bool, states: int) -> None:
        self.ordered, self.backward, self._states = ordered, backward, states
        self.most, self.stuck, self.expanded = _LOADS, False, 0
        self._tree: Remembering | None = None

    def tree(self, stations: int) -> Remembering:
        """The search with a memory that is under way, for at most so many stations."""
        if self._tree is None:
            self._tree = Remembering(self.ordered, stations, self.most, self._states)
        self._tree.improve(stations)
        return self._tree

    def end(self) -> None:
        """Begin anew with more loads of a state, if there is room for them."""
        assert self._tree is not None
        self.expanded += self._tree.expanded
        self.stuck = self._tree.full or self.most >= _MOST_LOADS
        self._tree, self.most = None, self.most * _MORE_LOADS

    def station(self, found: NDArray[np.int64]) -> NDArray[np.int64]:
        """Stations as the line runs."""
        return found.max() - found if self.backward else found


class _Search:
    """Turns of each way to better lines and bounds, whichever has had the least time."""

    def __init__(
        self, instance: LineInstance, cycle: int, seconds: float, memory: int, told: Callable[[int, int], None] | None,
        enough: int | None,
    ) -> None:  # fmt: skip
        self._instance, self._cycle, self._memory, self._told, self._enough = instance, cycle, memory, told, enough
        self._began = time.monotonic()
        self._until = self._began + seconds
        self._rng = np.random.default_rng(len(instance))
        self._best = Assignment(instance, cycle, np.array(instance.sequence, np.int64).argsort())
        self._least = 1
        self._price(linear=False)

    def _price(self, linear: bool) -> None:
        found = prices(self._instance, self._cycle, linear)
        self._least = max(self._least, found.least)
        states = self._memory // 2 // (16 * -(-len(self._instance) // 64) + 8 * len(found.unit) + 64)
        self._sides = [
            _Side(problem_of(line, self._cycle, found), line is not self._instance, states)
            for line in (self._instance, self._instance.reversed())
        ]

    def run(self) -> Balanced:
        interrupted = False
        try:
            width = 1
            while self._open() and width <= _FIRST_WIDTH:
                better = [self._beam(side, side.ordered, width) for side in self._sides if self._open()]
                width = width if any(better) else 2 * width
            if self._open() and worth_linear(self._instance, self._cycle):
                self._price(linear=True)
            self._take_turns()
        except KeyboardInterrupt:
            # What was found until now is worth telling.
            interrupted = True
        states = sum(side.expanded for side in self._sides)
        return Balanced(self._best, self._least, time.monotonic() - self._began, states, interrupted)

    def _take_turns(self) -> None:
        ways: list[Iterator[None]] = [
            *(self._remembering(side) for side in self._sides),
            self._beams(),
            self._relaxations(),
        ]
        spent = [0.0, 0.0, _HEAD_START, _HEAD_START]
        while ways and self._open():
            turn = int(np.argmin(spent))
            began = time.monotonic()
            if next(ways[turn], _ENDED) is _ENDED:
                del ways[turn], spent[turn]
            else:
                spent[turn] += time.monotonic() - began

    def _open(self) -> bool:
        most = self._best.stations
        if self._enough is not None and (most <= self._enough or self._least > self._enough):
            return False
        return most > self._least and time.monotonic() < self._until

    def _improve(self, side: _Side, found: NDArray[np.int64]) -> None:
        best = Assignment(self._instance, self._cycle, side.station(found))
        best.verify()
        if best.stations < self._best.stations:
            self._best = best
            if self._told:
                self._told(best.stations, self._least)

    def _beam(self, side: _Side, line: Ordered, width: int) -> bool:
        found, complete = beam(line, self._best.stations - 1, width, _LOADS, self._until)
        if found is not None:
            self._improve(side, found)
        elif complete:
            self._least = self._best.stations
        return found is not None

    def _beams(self) -> Iterator[None]:
        """Ever wider beams with values drawn at random, more often from the end that did better."""
        won, width = [1.0, 1.0], float(_FIRST_WIDTH)
        while True:
            at = int(self._rng.choice(2, p=np.array(won) / sum(won)))
            mean, eager, positional = (self._rng.choice(values) for values in (_MEANS, _EAGERS, _POSITIONALS))
            line = self._sides[at].ordered.valued(bool(mean), float(eager), float(positional))
            if self._beam(self._sides[at], line, round(width)):
                won[at] += 1.0
            else:
                width *= _WIDER
            yield

    def _relaxations(self) -> Iterator[None]:
        width = _FIRST_WIDTH
        sides = list(self._sides)
        while sides:
            for side in list(sides):
                least = relaxed(side.ordered, self._best.stations - 1, width, self._until)
                if least is None:
                    sides.remove(side)
                else:
                    self._least = max(self._least, min(least, self._best.stations))
                yield
            width *= 4

    def _remembering(self, side: _Side) -> Iterator[None]:
        """A search with a memory, begun anew with more loads of a state until none is left out."""
        budget, part = 16, _SLICE
        while not side.stuck:
            tree = side.tree(self._best.stations - 1)
            ends = min(time.monotonic() + part, self._until)
            while time.monotonic() < ends and not tree.ended and not tree.full:
                began = time.monotonic()
                found = tree.advance(budget)
                budget = 2 * budget if time.monotonic() - began < 0.01 else max(budget // 2, 1)
                if found is not None:
                    self._improve(side, found)
                    tree.improve(self._best.stations - 1)
                    break
            part *= 1.5
            if tree.complete:
                self._least = self._best.stations
            if tree.ended or tree.full:
                side.end()
            yield
