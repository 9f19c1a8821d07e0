"""The calendar of events: rows (time, tie, kind, index, extra), the near ones in a binary heap, the far ones in a list.

The tie puts events of one time in order: class, then the entity's declared order, then order of scheduling.
Near events are those before `G_NEAR`. Deliveries and dates that are months away would only make every other event
climb over them; when the heap is empty, what comes within the next window is drawn near.
"""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.world import Ints

CLASS_BITS, ORDER_BITS = 59, 35
_CLASS, _ORDER = 1 << CLASS_BITS, 1 << ORDER_BITS
#: Words of an event.
ROW = 5
#: The window [us] to begin with.
FIRST_WINDOW = 3600 * 1_000_000
_LONGEST_WINDOW = 1 << 60


@inlined
def _copy(m: Ints, to: int, of: int) -> None:
    m[to], m[to + 1], m[to + 2], m[to + 3], m[to + 4] = m[of], m[of + 1], m[of + 2], m[of + 3], m[of + 4]


@internal
def push(m: Ints, time: int, cls: int, order: int, kind: int, index: int, extra: int) -> None:
    """Schedule an event."""
    seq = m[f.G_SEQ]
    m[f.G_SEQ] = seq + 1
    tie = cls * _CLASS + order * _ORDER + seq
    if time >= m[f.G_NEAR]:
        at = m[f.G_FAR0] + ROW * m[f.G_FAR]
        m[f.G_FAR] += 1
    else:
        at = _insert(m, time, tie)
    m[at], m[at + 1], m[at + 2], m[at + 3], m[at + 4] = time, tie, kind, index, extra


@inlined
def _insert(m: Ints, time: int, tie: int) -> int:
    """Make room in the heap; where the row belongs."""
    base, i = m[f.G_HEAP0], m[f.G_HEAP]
    m[f.G_HEAP] = i + 1
    while i > 0:
        up = (i - 1) >> 1
        at = base + ROW * up
        if m[at] < time or (m[at] == time and m[at + 1] < tie):
            break
        _copy(m, base + ROW * i, at)
        i = up
    return base + ROW * i


@internal
def draw_near(m: Ints) -> None:
    """Move what comes within the next window from the list to the empty heap."""
    far, n = m[f.G_FAR0], m[f.G_FAR]
    if n == 0:
        return
    end = far + ROW * n
    first = m[far]
    for at in range(far, end, ROW):
        first = min(first, m[at])
    # However events are spaced, between one and sixteen are scheduled for each row of the list that is looked at.
    scheduled = m[f.G_SEQ] - m[f.G_SEQ_NEAR]
    m[f.G_SEQ_NEAR] = m[f.G_SEQ]
    if scheduled < n and m[f.G_WINDOW] < _LONGEST_WINDOW:
        m[f.G_WINDOW] *= 2
    elif scheduled > 16 * n and m[f.G_WINDOW] > 1:
        m[f.G_WINDOW] //= 2
    near = first + m[f.G_WINDOW]
    m[f.G_NEAR] = near
    at = far
    while at < end:
        if m[at] < near:
            _copy(m, _insert(m, m[at], m[at + 1]), at)
            end -= ROW
            _copy(m, at, end)
        else:
            at += ROW
    m[f.G_FAR] = (end - far) // ROW


@internal
def drop(m: Ints) -> None:
    """Remove the first event of the heap."""
    base = m[f.G_HEAP0]
    n = m[f.G_HEAP] - 1
    m[f.G_HEAP] = n
    if n == 0:
        return
    last = base + ROW * n
    time, tie = m[last], m[last + 1]
    i = 0
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        at = base + ROW * child
        if child + 1 < n and (m[at + ROW] < m[at] or (m[at + ROW] == m[at] and m[at + ROW + 1] < m[at + 1])):
            child += 1
            at += ROW
        if time < m[at] or (time == m[at] and tie < m[at + 1]):
            break
        _copy(m, base + ROW * i, at)
        i = child
    _copy(m, base + ROW * i, last)


@inlined
def event_class(tie: int) -> int:
    """The class of an event from its tie."""
    return tie >> CLASS_BITS
