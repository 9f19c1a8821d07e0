"""Deadlock: places that all wait for one another. Found, and untied by a swap where the stations allow it."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import internal
from ironworks.factory.flow.kernels.queues import space, unlink
from ironworks.factory.flow.kernels.transfer import send
from ironworks.factory.flow.kernels.world import Floats, Ints


@internal
def _may_move(m: Ints, x: Floats, s: int) -> bool:
    """Whether some place of a station works, is free, or waits for a place that may itself move (mark 1)."""
    stations = m[f.G_STORE0]
    # A station without a place may get one; what only the shift keeps will go when it begins.
    may = True
    for p in range(m[s + f.ST_PLACE0], m[s + f.ST_PLACE0] + m[s + f.ST_PLACES], f.E_WIDTH):
        if m[p + f.PL_INSTALLED] == 0:
            continue
        if m[p + f.PL_PHASE] != f.HOLDING or m[p + f.PL_RESERVED] == 1 or m[m[p + f.PL_ITEM] + f.IT_CLASS] == 0:
            return True
        dest = m[p + f.PL_DEST]
        if dest < 0 or dest >= stations or m[dest + f.ST_RANK] < 0 or space(m, x, dest):
            return True
        may = False
    return may


@internal
def find_knot(m: Ints, x: Floats) -> int:
    """A station in a set of stations whose places all wait for one another; -1 if there is none.

    ST_RANK is used as a mark while it runs: -1 - rank for stations that may move.
    """
    stations = m[f.G_STORE0]
    changed = True
    while changed:
        changed = False
        for s in range(m[f.G_ST0], stations, f.E_WIDTH):
            if m[s + f.ST_RANK] >= 0 and _may_move(m, x, s):
                m[s + f.ST_RANK] = -1 - m[s + f.ST_RANK]
                changed = True
    found = -1
    for s in range(m[f.G_ST0], stations, f.E_WIDTH):
        if m[s + f.ST_RANK] < 0:
            m[s + f.ST_RANK] = -1 - m[s + f.ST_RANK]
        elif found < 0:
            found = s
    return found


@internal
def untie(m: Ints, x: Floats, s: int, now: int) -> bool:
    """Move the units around one cycle of blocked places at once, if a station of it may swap."""
    places = m[f.G_OP0] - m[f.G_PLACE0]
    done = m[f.G_DONE0]
    # Follow first blocked places until one comes again: the cycle is what lies between.
    n = 0
    at = s
    first = -1
    while first < 0 and n < places:
        p = m[at + f.ST_PLACE0]
        while m[p + f.PL_INSTALLED] == 0 or m[p + f.PL_PHASE] != f.HOLDING:
            p += f.E_WIDTH
        for i in range(n):
            if m[done + i] == p:
                first = i
        m[done + n] = p
        n += 1
        at = m[p + f.PL_DEST]
    allowed = False
    for i in range(first, n - 1):
        allowed = allowed or m[m[m[done + i] + f.PL_STATION] + f.ST_SWAP] == 1
    if not allowed:
        return False
    for i in range(first, n - 1):
        p = m[done + i]
        dest = m[p + f.PL_DEST]
        unlink(m, x, dest, p)
        send(m, x, p, dest, now)
    return True
