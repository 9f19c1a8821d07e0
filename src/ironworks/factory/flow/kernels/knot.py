"""Deadlock: places that all wait for one another. Found, and untied by a swap where the stations allow it."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import internal
from ironworks.factory.flow.kernels.queues import unlink
from ironworks.factory.flow.kernels.transfer import send
from ironworks.factory.flow.kernels.world import World


@internal
def _may_move(w: World, s: int) -> bool:
    """Whether some place of a station works, is free, or waits for a place that may itself move (mark 1)."""
    stations = w.g[f.G_STORE0]
    for p in range(w.e[s, f.ST_PLACE0], w.e[s, f.ST_PLACE0] + w.e[s, f.ST_PLACES]):
        if w.e[p, f.PL_INSTALLED] == 0:
            continue
        if w.e[p, f.PL_PHASE] != f.HOLDING:
            return True
        dest = w.e[p, f.PL_DEST]
        if dest < 0 or dest >= stations or w.e[dest, f.ST_RANK] < 0:
            return True
    return False


@internal
def find_knot(w: World) -> int:
    """A station in a set of stations whose places all wait for one another; -1 if there is none.

    ST_RANK is used as a mark while it runs: -1 - rank for stations that may move.
    """
    stations = w.g[f.G_STORE0]
    changed = True
    while changed:
        changed = False
        for s in range(stations):
            if w.e[s, f.ST_RANK] >= 0 and _may_move(w, s):
                w.e[s, f.ST_RANK] = -1 - w.e[s, f.ST_RANK]
                changed = True
    found = -1
    for s in range(stations):
        if w.e[s, f.ST_RANK] < 0:
            w.e[s, f.ST_RANK] = -1 - w.e[s, f.ST_RANK]
        elif found < 0 and w.e[s, f.ST_PLACES] > 0:
            found = s
    return found


@internal
def untie(w: World, s: int, now: int) -> bool:
    """Move the units around one cycle of blocked places at once, if a station of it may swap."""
    places = w.g[f.G_OP0] - w.g[f.G_PLACE0]
    cycle, first_done = w.ci, w.g[f.G_DONE0]
    # Follow first blocked places until one comes again: the cycle is what lies between.
    n = 0
    at = s
    first = -1
    while first < 0 and n < places:
        p = w.e[at, f.ST_PLACE0]
        while w.e[p, f.PL_INSTALLED] == 0 or w.e[p, f.PL_PHASE] != f.HOLDING:
            p += 1
        for i in range(n):
            if cycle[first_done + i] == p:
                first = i
        cycle[first_done + n] = p
        n += 1
        at = w.e[p, f.PL_DEST]
    allowed = False
    for i in range(first, n - 1):
        allowed = allowed or w.e[w.e[cycle[first_done + i], f.PL_STATION], f.ST_SWAP] == 1
    if not allowed:
        return False
    for i in range(first, n - 1):
        p = cycle[first_done + i]
        dest = w.e[p, f.PL_DEST]
        unlink(w, dest, p)
        send(w, p, dest, now)
    return True
