"""Who waits where: items before stations, places before what is full, stations that have to be looked at."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import is_on
from ironworks.factory.flow.kernels.world import Floats, Ints


@inlined
def queue_length(m: Ints, x: Floats, s: int) -> int:
    """Items that wait before a station, rework included."""
    return m[s + f.ST_LEN0] + m[s + f.ST_LEN1]


@inlined
def _integrate_queue(m: Ints, x: Floats, s: int, now: int) -> None:
    m[s + f.ST_AREA] += queue_length(m, x, s) * (now - m[s + f.ST_SINCE])
    m[s + f.ST_SINCE] = now


@internal
def enqueue(m: Ints, x: Floats, s: int, cls: int, item: int, now: int) -> None:
    """Put an item behind the others of its class (0 rework, 1 new work)."""
    _integrate_queue(m, x, s, now)
    head, tail, length = (f.ST_HEAD0, f.ST_TAIL0, f.ST_LEN0) if cls == 0 else (f.ST_HEAD1, f.ST_TAIL1, f.ST_LEN1)
    m[item + f.IT_NEXT] = -1
    if m[s + tail] < 0:
        m[s + head] = item
    else:
        m[m[s + tail] + f.IT_NEXT] = item
    m[s + tail] = item
    m[s + length] += 1


@internal
def dequeue(m: Ints, x: Floats, s: int, cls: int, now: int) -> int:
    """Take the first item of a class."""
    _integrate_queue(m, x, s, now)
    head, tail, length = (f.ST_HEAD0, f.ST_TAIL0, f.ST_LEN0) if cls == 0 else (f.ST_HEAD1, f.ST_TAIL1, f.ST_LEN1)
    item = m[s + head]
    m[s + head] = m[item + f.IT_NEXT]
    if m[s + head] < 0:
        m[s + tail] = -1
    m[s + length] -= 1
    return item


@inlined
def space(m: Ints, x: Floats, dest: int) -> bool:
    """Whether a station (with its idle places) or a store takes one more."""
    if dest < m[f.G_STORE0]:
        if m[dest + f.ST_CAP] < 0:
            return True
        idle = max(m[dest + f.ST_IDLE] - m[dest + f.ST_LEN0], 0)
        return m[dest + f.ST_LEN1] + m[dest + f.ST_RESERVED] < m[dest + f.ST_CAP] + idle
    return m[dest + f.SO_CAP] < 0 or m[dest + f.SO_LEVEL] + m[dest + f.SO_RESERVED] < m[dest + f.SO_CAP]


@internal
def wait_before(m: Ints, x: Floats, p: int, dest: int) -> None:
    """Let a place wait, blocked, until the destination has room: first blocked, first released."""
    m[p + f.PL_NEXT] = -1
    if m[dest + f.Q_TAIL] < 0:
        m[dest + f.Q_HEAD] = p
    else:
        m[m[dest + f.Q_TAIL] + f.PL_NEXT] = p
    m[dest + f.Q_TAIL] = p
    m[f.G_BLOCKED] += 1


@internal
def unlink(m: Ints, x: Floats, dest: int, p: int) -> None:
    """Take a place out of the line of those that wait before a destination."""
    before, at = -1, m[dest + f.Q_HEAD]
    while at >= 0 and at != p:
        before, at = at, m[at + f.PL_NEXT]
    if at < 0:
        return
    if before < 0:
        m[dest + f.Q_HEAD] = m[p + f.PL_NEXT]
    else:
        m[before + f.PL_NEXT] = m[p + f.PL_NEXT]
    if m[dest + f.Q_TAIL] == p:
        m[dest + f.Q_TAIL] = before
    m[f.G_BLOCKED] -= 1


@internal
def first_waiting(m: Ints, x: Floats, dest: int) -> int:
    """The first blocked place before a destination whose own station is on shift; -1 if none."""
    p = m[dest + f.Q_HEAD]
    while p >= 0:
        if is_on(m, x, m[m[p + f.PL_STATION] + f.ST_CAL]):
            return p
        p = m[p + f.PL_NEXT]
    return -1


@internal
def look_at(m: Ints, x: Floats, s: int) -> None:
    """Ask for an attempt to start at a station; kept in declared order."""
    dirty = m[s + f.ST_DIRTY]
    m[s + f.ST_DIRTY] = f.D_ANY
    if dirty == f.D_NOT:
        _note(m, x, s)


@internal
def look_for_people(m: Ints, x: Floats, s: int) -> None:
    """Ask for an attempt that is worth it only if, when its turn comes, the skill that it lacks is still free."""
    if m[s + f.ST_DIRTY] == f.D_NOT:
        m[s + f.ST_DIRTY] = f.D_PEOPLE
        _note(m, x, s)


@internal
def _note(m: Ints, x: Floats, s: int) -> None:
    first, n = m[f.G_DIRTY0], m[f.G_DIRTY]
    i = first + n
    while i > first and m[i - 1] < s:
        m[i] = m[i - 1]
        i -= 1
    m[i] = s
    m[f.G_DIRTY] = n + 1


@inlined
def pull_later(m: Ints, x: Floats, dest: int) -> None:
    """Ask whether something that waits before a destination can now go in."""
    if m[dest + f.Q_LOOK] == 1:
        return
    m[dest + f.Q_LOOK] = 1
    n = m[f.G_STACK]
    m[m[f.G_STACK0] + n] = dest
    m[f.G_STACK] = n + 1


@inlined
def free_place(m: Ints, x: Floats, s: int, p: int) -> None:
    """Note that a place can take work again: the search for one begins no later than there."""
    m[s + f.ST_FREE0] = min(m[s + f.ST_FREE0], p)
    m[s + f.ST_SHOWN] = -1


@inlined
def drawn_from(m: Ints, x: Floats, k: int) -> None:
    """Ask whether something can now go into a store, if anything waits for that."""
    if m[k + f.Q_HEAD] >= 0 or m[k + f.SO_FEEDS] > 0 or m[k + f.Q_BACKS] > 0:
        pull_later(m, x, k)
