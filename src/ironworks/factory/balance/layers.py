"""Searches station by station: a beam that drops states finds lines, one that merges them finds bounds."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.balance.kernels.search import grow_beam
from ironworks.factory.balance.search import Ordered, Scratch

__all__ = ["beam", "relaxed"]

Words = NDArray[np.uint64]

_FULL = np.uint64(0xFFFFFFFFFFFFFFFF)
#: Room for so many states that follow one.
_FOLLOW = 40
#: Loads of a state that a relaxation looks at: it may leave none out.
_RELAXED_LOADS = 4000


class _Room:
    """What follows a layer of at most `width` states."""

    def __init__(self, ordered: Ordered, width: int, most: int) -> None:
        room = min(width * most, _FOLLOW * width + most)
        self.scratch, self.most = Scratch(len(ordered.tasks), most), most
        self.done, self.left = (
            np.empty((room, ordered.words), np.uint64),
            np.empty((room, len(ordered.problem.unit)), np.int64),
        )
        self.keys, self.parent, self.rank = np.empty(room, np.uint64), np.empty(room, np.int32), np.empty(room)
        self.table = np.empty(1 << (2 * room).bit_length(), np.int32)

    def grow(
        self, ordered: Ordered, done: Words, left: NDArray[np.int64], keys: Words, rank: NDArray[np.float64],
        stations: int,
    ) -> tuple[int, bool]:  # fmt: skip
        """One more station: how many states follow, and whether none was left out."""
        self.table.fill(-1)
        scratch = self.scratch
        return grow_beam(
            ordered.problem, done, left, keys, rank, stations, self.most, scratch.first, scratch.tasks, scratch.rests,
            self.done, self.left, self.keys, self.parent, self.rank, self.table,
        )  # fmt: skip


def beam(ordered: Ordered, stations: int, width: int, most: int, until: float) -> tuple[NDArray[np.int64] | None, bool]:
    """A line of at most `stations`, the best `width` states of each number kept, at most `most` loads tried of each.

    Returns stations (n,) of the tasks, None if none was found by `until` (of time.monotonic); and whether nothing was
    left out, so that there is none.
    """
    problem, room = ordered.problem, _Room(ordered, width, most)
    layers, parents = [ordered.none[None, :]], []
    left, keys, rank = problem.price.sum(axis=1)[None, :], np.zeros(1, np.uint64), np.zeros(1)
    complete = True
    for level in range(stations):
        count, whole = room.grow(ordered, layers[-1], left, keys, rank, stations - level)
        complete &= whole
        if count == 0 or time.monotonic() > until:
            return None, complete and count == 0
        best = np.arange(count)
        if count > width:
            complete = False
            best = np.argpartition(room.rank[:count], width)[:width]
        best = best[np.argsort(room.rank[best], kind="stable")]
        layers.append(room.done[best])
        parents.append(room.parent[best])
        left, keys, rank = room.left[best], room.keys[best], room.rank[best]
        ended = np.flatnonzero((layers[-1] == _FULL).all(axis=1))
        if len(ended):
            state, sets = int(ended[0]), []
            for at in range(len(layers) - 1, -1, -1):
                sets.append(layers[at][state])
                state = int(parents[at - 1][state]) if at else 0
            return ordered.stations(sets[::-1]), False
    return None, complete


def relaxed(ordered: Ordered, stations: int, width: int, until: float) -> int | None:
    """Least number of stations that a line may have, at most `stations` + 1; None where loads are too many to tell.

    Of each number of stations `width` states are kept; the rest are merged into the unions of similar ones: whatever a
    state can reach in so many stations, a larger one can (a relaxed decision diagram: Bergman et al. 2016).
    """
    problem, room = ordered.problem, _Room(ordered, width, _RELAXED_LOADS)
    done, left = ordered.none[None, :], problem.price.sum(axis=1)[None, :]
    keys, rank = np.zeros(1, np.uint64), np.zeros(1)
    least = 0
    number = np.arange(len(ordered.tasks))
    for level in range(stations):
        count, whole = room.grow(ordered, done, left, keys, rank, stations - level)
        if not whole or time.monotonic() > until:
            return None
        if count == 0:
            return stations + 1
        done = room.done[:count].copy() if count <= width else _merged(room.done[:count], room.rank[:count], width)
        open_ = done[:, number >> 6] >> (number & 63).astype(np.uint64) & np.uint64(1) == 0
        left = open_.astype(np.int64) @ problem.price.T
        rank = open_ @ problem.value
        keys = np.bitwise_xor.reduce(np.where(open_, problem.key, np.uint64(0)), axis=1)
        needed = int((-(-left // problem.unit)).max(axis=1).min())
        least = max(least, level + 1 + needed)
        if needed == 0 or least > stations:
            return least
    return least


def _merged(done: Words, rank: NDArray[np.float64], width: int) -> Words:
    """The better half as they are, the others in unions of neighbours in the order of their bits."""
    order = np.argsort(rank, kind="stable")
    kept, rest = done[order[: width // 2]], done[order[width // 2 :]]
    rest = rest[np.lexsort(rest.T[::-1])]
    groups = width - width // 2
    apart = np.bitwise_count(rest[1:] ^ rest[:-1]).sum(axis=1, dtype=np.int64)
    starts = np.concatenate([[0], 1 + np.sort(np.argsort(-apart, kind="stable")[: groups - 1])])
    unions = np.bitwise_or.reduceat(rest, starts, axis=0)
    return np.unique(np.concatenate([kept, unions]), axis=0)
