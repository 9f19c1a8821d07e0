"""Who waits where: items before stations, places before what is full, stations that have to be looked at."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, kernel
from ironworks.factory.flow.kernels.clock import is_on
from ironworks.factory.flow.kernels.world import World


@inlined
def queue_length(w: World, s: int) -> int:
    """Items that wait before a station, rework included."""
    return w.st[s, f.ST_LEN0] + w.st[s, f.ST_LEN1]


@inlined
def _integrate_queue(w: World, s: int, now: int) -> None:
    w.st[s, f.ST_AREA] += queue_length(w, s) * (now - w.st[s, f.ST_SINCE])
    w.st[s, f.ST_SINCE] = now


@inlined
def enqueue(w: World, s: int, cls: int, item: int, now: int) -> None:
    """Put an item behind the others of its class (0 rework, 1 new work)."""
    _integrate_queue(w, s, now)
    st, it = w.st, w.it
    head, tail, length = (f.ST_HEAD0, f.ST_TAIL0, f.ST_LEN0) if cls == 0 else (f.ST_HEAD1, f.ST_TAIL1, f.ST_LEN1)
    it[item, f.IT_NEXT] = -1
    if st[s, tail] < 0:
        st[s, head] = item
    else:
        it[st[s, tail], f.IT_NEXT] = item
    st[s, tail] = item
    st[s, length] += 1


@inlined
def dequeue(w: World, s: int, cls: int, now: int) -> int:
    """Take the first item of a class."""
    _integrate_queue(w, s, now)
    st, it = w.st, w.it
    head, tail, length = (f.ST_HEAD0, f.ST_TAIL0, f.ST_LEN0) if cls == 0 else (f.ST_HEAD1, f.ST_TAIL1, f.ST_LEN1)
    item = st[s, head]
    st[s, head] = it[item, f.IT_NEXT]
    if st[s, head] < 0:
        st[s, tail] = -1
    st[s, length] -= 1
    return item


@inlined
def space(w: World, dest: int) -> bool:
    """Whether a station (with its idle places) or a store takes one more."""
    stations = w.st.shape[0]
    if dest < stations:
        st = w.st
        if st[dest, f.ST_CAP] < 0:
            return True
        idle = max(st[dest, f.ST_IDLE] - st[dest, f.ST_LEN0], 0)
        return st[dest, f.ST_LEN1] + st[dest, f.ST_RESERVED] < st[dest, f.ST_CAP] + idle
    so = w.so
    k = dest - stations
    return so[k, f.SO_CAP] < 0 or so[k, f.SO_LEVEL] + so[k, f.SO_RESERVED] < so[k, f.SO_CAP]


@inlined
def wait_before(w: World, p: int, dest: int) -> None:
    """Let a place wait, blocked, until the destination has room: first blocked, first released."""
    w.pl[p, f.PL_NEXT] = -1
    if w.bq[dest, 1] < 0:
        w.bq[dest, 0] = p
    else:
        w.pl[w.bq[dest, 1], f.PL_NEXT] = p
    w.bq[dest, 1] = p
    w.g[f.G_BLOCKED] += 1


@kernel
def unlink(w: World, dest: int, p: int) -> None:
    """Take a place out of the line of those that wait before a destination."""
    before, at = -1, w.bq[dest, 0]
    while at >= 0 and at != p:
        before, at = at, w.pl[at, f.PL_NEXT]
    if at < 0:
        return
    if before < 0:
        w.bq[dest, 0] = w.pl[p, f.PL_NEXT]
    else:
        w.pl[before, f.PL_NEXT] = w.pl[p, f.PL_NEXT]
    if w.bq[dest, 1] == p:
        w.bq[dest, 1] = before
    w.g[f.G_BLOCKED] -= 1


@inlined
def first_waiting(w: World, dest: int) -> int:
    """The first blocked place before a destination whose own station is on shift; -1 if none."""
    p = w.bq[dest, 0]
    while p >= 0:
        if is_on(w, w.st[w.pl[p, f.PL_STATION], f.ST_CAL]):
            return p
        p = w.pl[p, f.PL_NEXT]
    return -1


@inlined
def look_at(w: World, s: int) -> None:
    """Ask for an attempt to start at a station; kept in declared order."""
    if w.st[s, f.ST_DIRTY] == 1:
        return
    w.st[s, f.ST_DIRTY] = 1
    n = w.g[f.G_DIRTY]
    i = n
    while i > 0 and w.dirty[i - 1] < s:
        w.dirty[i] = w.dirty[i - 1]
        i -= 1
    w.dirty[i] = s
    w.g[f.G_DIRTY] = n + 1


@inlined
def pull_later(w: World, dest: int) -> None:
    """Ask whether something that waits before a destination can now go in."""
    if w.bq[dest, 2] == 1:
        return
    w.bq[dest, 2] = 1
    n = w.g[f.G_STACK]
    w.stack[n] = dest
    w.g[f.G_STACK] = n + 1
