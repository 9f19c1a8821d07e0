"""Who waits where: items before stations, places before what is full, stations that have to be looked at."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import is_on
from ironworks.factory.flow.kernels.world import World


@inlined
def queue_length(w: World, s: int) -> int:
    """Items that wait before a station, rework included."""
    return w.e[s, f.ST_LEN0] + w.e[s, f.ST_LEN1]


@inlined
def _integrate_queue(w: World, s: int, now: int) -> None:
    w.e[s, f.ST_AREA] += queue_length(w, s) * (now - w.e[s, f.ST_SINCE])
    w.e[s, f.ST_SINCE] = now


@inlined
def enqueue(w: World, s: int, cls: int, item: int, now: int) -> None:
    """Put an item behind the others of its class (0 rework, 1 new work)."""
    _integrate_queue(w, s, now)
    e, it = w.e, w.it
    head, tail, length = (f.ST_HEAD0, f.ST_TAIL0, f.ST_LEN0) if cls == 0 else (f.ST_HEAD1, f.ST_TAIL1, f.ST_LEN1)
    it[item, f.IT_NEXT] = -1
    if e[s, tail] < 0:
        e[s, head] = item
    else:
        it[e[s, tail], f.IT_NEXT] = item
    e[s, tail] = item
    e[s, length] += 1


@inlined
def dequeue(w: World, s: int, cls: int, now: int) -> int:
    """Take the first item of a class."""
    _integrate_queue(w, s, now)
    e, it = w.e, w.it
    head, tail, length = (f.ST_HEAD0, f.ST_TAIL0, f.ST_LEN0) if cls == 0 else (f.ST_HEAD1, f.ST_TAIL1, f.ST_LEN1)
    item = e[s, head]
    e[s, head] = it[item, f.IT_NEXT]
    if e[s, head] < 0:
        e[s, tail] = -1
    e[s, length] -= 1
    return item


@inlined
def space(w: World, dest: int) -> bool:
    """Whether a station (with its idle places) or a store takes one more."""
    if dest < w.g[f.G_STORE0]:
        e = w.e
        if e[dest, f.ST_CAP] < 0:
            return True
        idle = max(e[dest, f.ST_IDLE] - e[dest, f.ST_LEN0], 0)
        return e[dest, f.ST_LEN1] + e[dest, f.ST_RESERVED] < e[dest, f.ST_CAP] + idle
    e = w.e
    return e[dest, f.SO_CAP] < 0 or e[dest, f.SO_LEVEL] + e[dest, f.SO_RESERVED] < e[dest, f.SO_CAP]


@inlined
def wait_before(w: World, p: int, dest: int) -> None:
    """Let a place wait, blocked, until the destination has room: first blocked, first released."""
    w.e[p, f.PL_NEXT] = -1
    if w.e[dest, f.Q_TAIL] < 0:
        w.e[dest, f.Q_HEAD] = p
    else:
        w.e[w.e[dest, f.Q_TAIL], f.PL_NEXT] = p
    w.e[dest, f.Q_TAIL] = p
    w.g[f.G_BLOCKED] += 1


@internal
def unlink(w: World, dest: int, p: int) -> None:
    """Take a place out of the line of those that wait before a destination."""
    before, at = -1, w.e[dest, f.Q_HEAD]
    while at >= 0 and at != p:
        before, at = at, w.e[at, f.PL_NEXT]
    if at < 0:
        return
    if before < 0:
        w.e[dest, f.Q_HEAD] = w.e[p, f.PL_NEXT]
    else:
        w.e[before, f.PL_NEXT] = w.e[p, f.PL_NEXT]
    if w.e[dest, f.Q_TAIL] == p:
        w.e[dest, f.Q_TAIL] = before
    w.g[f.G_BLOCKED] -= 1


@inlined
def first_waiting(w: World, dest: int) -> int:
    """The first blocked place before a destination whose own station is on shift; -1 if none."""
    p = w.e[dest, f.Q_HEAD]
    while p >= 0:
        if is_on(w, w.e[w.e[p, f.PL_STATION], f.ST_CAL]):
            return p
        p = w.e[p, f.PL_NEXT]
    return -1


@inlined
def look_at(w: World, s: int) -> None:
    """Ask for an attempt to start at a station; kept in declared order."""
    if w.e[s, f.ST_DIRTY] == 1:
        return
    w.e[s, f.ST_DIRTY] = 1
    first, n = w.g[f.G_DIRTY0], w.g[f.G_DIRTY]
    i = first + n
    while i > first and w.ci[i - 1] < s:
        w.ci[i] = w.ci[i - 1]
        i -= 1
    w.ci[i] = s
    w.g[f.G_DIRTY] = n + 1


@inlined
def pull_later(w: World, dest: int) -> None:
    """Ask whether something that waits before a destination can now go in."""
    if w.e[dest, f.Q_LOOK] == 1:
        return
    w.e[dest, f.Q_LOOK] = 1
    n = w.g[f.G_STACK]
    w.ci[w.g[f.G_STACK0] + n] = dest
    w.g[f.G_STACK] = n + 1
