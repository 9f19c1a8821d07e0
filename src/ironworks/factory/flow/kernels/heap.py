"""The calendar of events: a binary heap of rows (time, tie, kind, index, extra).

The tie puts events of one time in order: class, then the entity's declared order, then order of scheduling.
"""

import numpy as np

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined
from ironworks.factory.flow.kernels.world import World

_CLASS = 1 << 59
_ORDER = 1 << 40


@inlined
def push(w: World, time: int, cls: int, order: int, kind: int, index: int, extra: int) -> None:
    """Schedule an event."""
    heap = w.heap
    seq = w.g[f.G_SEQ]
    w.g[f.G_SEQ] = seq + 1
    tie = cls * _CLASS + order * _ORDER + seq
    i = w.g[f.G_HEAP]
    w.g[f.G_HEAP] = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if heap[up, 0] < time or (heap[up, 0] == time and heap[up, 1] < tie):
            break
        heap[i, 0], heap[i, 1], heap[i, 2] = heap[up, 0], heap[up, 1], heap[up, 2]
        heap[i, 3], heap[i, 4] = heap[up, 3], heap[up, 4]
        i = up
    heap[i, 0], heap[i, 1], heap[i, 2], heap[i, 3], heap[i, 4] = time, tie, kind, index, extra


@inlined
def drop(w: World) -> None:
    """Remove the first event."""
    heap = w.heap
    n = w.g[f.G_HEAP] - 1
    w.g[f.G_HEAP] = n
    if n == 0:
        return
    time, tie = heap[n, 0], heap[n, 1]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        right = child + 1
        if right < n and (
            heap[right, 0] < heap[child, 0] or (heap[right, 0] == heap[child, 0] and heap[right, 1] < heap[child, 1])
        ):
            child = right
        if time < heap[child, 0] or (time == heap[child, 0] and tie < heap[child, 1]):
            break
        heap[i, 0], heap[i, 1], heap[i, 2] = heap[child, 0], heap[child, 1], heap[child, 2]
        heap[i, 3], heap[i, 4] = heap[child, 3], heap[child, 4]
        i = child
    heap[i, 0], heap[i, 1], heap[i, 2], heap[i, 3], heap[i, 4] = time, tie, heap[n, 2], heap[n, 3], heap[n, 4]


@inlined
def event_class(tie: int) -> int:
    """The class of an event from its tie."""
    return np.int64(tie) >> 59
