"""The calendar of events: a binary heap of rows (time, tie, kind, index, extra).

The tie puts events of one time in order: class, then the entity's declared order, then order of scheduling.
"""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.world import Ints

CLASS_BITS, ORDER_BITS = 59, 35
_CLASS, _ORDER = 1 << CLASS_BITS, 1 << ORDER_BITS


@inlined
def _copy(m: Ints, to: int, of: int) -> None:
    m[to], m[to + 1], m[to + 2], m[to + 3], m[to + 4] = m[of], m[of + 1], m[of + 2], m[of + 3], m[of + 4]


@internal
def push(m: Ints, time: int, cls: int, order: int, kind: int, index: int, extra: int) -> None:
    """Schedule an event."""
    seq = m[f.G_SEQ]
    m[f.G_SEQ] = seq + 1
    tie = cls * _CLASS + order * _ORDER + seq
    base, i = m[f.G_HEAP0], m[f.G_HEAP]
    m[f.G_HEAP] = i + 1
    while i > 0:
        up = (i - 1) >> 1
        at = base + 5 * up
        if m[at] < time or (m[at] == time and m[at + 1] < tie):
            break
        _copy(m, base + 5 * i, at)
        i = up
    at = base + 5 * i
    m[at], m[at + 1], m[at + 2], m[at + 3], m[at + 4] = time, tie, kind, index, extra


@internal
def drop(m: Ints) -> None:
    """Remove the first event."""
    base = m[f.G_HEAP0]
    n = m[f.G_HEAP] - 1
    m[f.G_HEAP] = n
    if n == 0:
        return
    last = base + 5 * n
    time, tie = m[last], m[last + 1]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        at = base + 5 * child
        if child + 1 < n and (m[at + 5] < m[at] or (m[at + 5] == m[at] and m[at + 6] < m[at + 1])):
            child += 1
            at += 5
        if time < m[at] or (time == m[at] and tie < m[at + 1]):
            break
        _copy(m, base + 5 * i, at)
        i = child
    _copy(m, base + 5 * i, last)


@inlined
def event_class(tie: int) -> int:
    """The class of an event from its tie."""
    return tie >> CLASS_BITS
