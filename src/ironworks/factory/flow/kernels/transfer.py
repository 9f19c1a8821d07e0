"""Transfers: a finished unit leaves its place, or the place is blocked; room that opens is passed upstream."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import is_on, log, set_state
from ironworks.factory.flow.kernels.queues import (
    enqueue,
    first_waiting,
    look_at,
    pull_later,
    space,
    unlink,
    wait_before,
)
from ironworks.factory.flow.kernels.release import change_wip, feed, release
from ironworks.factory.flow.kernels.resources import push_progress
from ironworks.factory.flow.kernels.stock import draw, free_item, put_in_store
from ironworks.factory.flow.kernels.world import World


@internal
def check_drained(w: World, move: int, now: int) -> None:
    """Once the routings of a move are closed and empty, take its places down and start the transport."""
    e = w.e
    if e[move, f.MV_STATE] != 1:
        return
    for i in range(e[move, f.MV_RT0], e[move, f.MV_RT0] + e[move, f.MV_RTS]):
        if w.e[w.ci[i], f.RT_WIP] > 0:
            return
    e[move, f.MV_STATE] = 2
    for i in range(e[move, f.MV_PL0], e[move, f.MV_PL0] + e[move, f.MV_PLS]):
        remove_place(w, w.ci[i], now)
    duration = draw(w, e[move, f.MV_LAW], e[move, f.MV_KEY], 0, 0)
    push_progress(w, now + duration, f.C_REPAIR, move, f.E_MOVED, move, 0)


@internal
def remove_place(w: World, p: int, now: int) -> None:
    """Take a place down, at once if it is free, else when its unit has left."""
    e = w.e
    if e[p, f.PL_INSTALLED] != 1:
        return
    if e[p, f.PL_PHASE] != f.FREE:
        e[p, f.PL_INSTALLED] = 2
        return
    e[p, f.PL_INSTALLED] = 0
    e[p, f.PL_FSTAMP] += 1
    w.e[e[p, f.PL_STATION], f.ST_IDLE] -= 1
    set_state(w, p, f.S_ABSENT, now)


@internal
def end_item(w: World, item: int, scrapped: bool, now: int) -> None:
    """Count a unit out, note its lead time and what it hides, and let others in."""
    e, it = w.e, w.it
    r = it[item, f.IT_ROUTING]
    change_wip(w, r, -1, now)
    kind = f.K_SCRAPPED if scrapped else f.K_OUT
    if now >= w.g[f.G_LOG_FROM]:
        log(w, now, kind, it[item, f.IT_SERIAL], r, -1, -1, -1, -1)
    if scrapped:
        e[r, f.RT_SCRAPPED] += 1
        free_item(w, item)
    else:
        e[r, f.RT_FINISHED] += 1
        e[r, f.RT_LEAD] += now - it[item, f.IT_BORN]
        if e[r, f.RT_RECORD] == 1:
            n = w.g[f.G_FIN]
            if n < w.fin.shape[0]:
                w.fin[n, 0], w.fin[n, 1] = r, now
                w.g[f.G_FIN] = n + 1
            else:
                w.g[f.G_STATUS] = f.ROOM
        if it[item, f.IT_MASK] != 0:
            first = w.g[f.G_DF0]
            for d in range(w.g[f.G_SU0] - first):
                e[first + d, f.DF_ESCAPED] += (it[item, f.IT_MASK] >> d) & 1
        k = e[r, f.RT_OUT]
        if k >= 0:
            put_in_store(w, k, item, now)
        else:
            free_item(w, item)
    release(w, r, now)
    if e[r, f.RT_MOVE] >= 0:
        check_drained(w, e[r, f.RT_MOVE], now)


@internal
def _hold(w: World, item: int, o: int, now: int) -> None:
    it = w.it
    time = draw(w, it[item, f.IT_HOLD], w.e[o, f.OP_TEST_KEY], it[item, f.IT_SERIAL], 64 + it[item, f.IT_LOOPS])
    it[item, f.IT_HOLD] = -1
    log(w, now, f.K_HELD, it[item, f.IT_SERIAL], it[item, f.IT_ROUTING], -1, -1, o, -1)
    push_progress(w, now + time, f.C_REPAIR, 0, f.E_HOLD, item, 0)


@inlined
def arrive(w: World, item: int, now: int) -> None:
    """Put a unit where its next operation is, or out."""
    o = w.it[item, f.IT_OP]
    if o < 0:
        end_item(w, item, False, now)
        return
    if w.it[item, f.IT_HOLD] >= 0:
        _hold(w, item, o, now)
        return
    s = w.e[o, f.OP_STATION]
    enqueue(w, s, w.it[item, f.IT_CLASS], item, now)
    if now >= w.g[f.G_LOG_FROM]:
        log(w, now, f.K_MOVED, w.it[item, f.IT_SERIAL], w.it[item, f.IT_ROUTING], s, -1, o, -1)
    look_at(w, s)


@inlined
def vacate(w: World, p: int, now: int) -> None:
    """Free a place whose unit has left; room before its station opens."""
    e = w.e
    s = e[p, f.PL_STATION]
    e[p, f.PL_PHASE] = f.FREE
    e[p, f.PL_ITEM] = -1
    w.e[s, f.ST_IDLE] += 1
    if e[p, f.PL_DOWN] == f.UP:
        set_state(w, p, f.S_STARVED, now)
    if e[p, f.PL_INSTALLED] == 2:
        e[p, f.PL_INSTALLED] = 1
        remove_place(w, p, now)
        return
    look_at(w, s)
    if w.e[s, f.Q_HEAD] >= 0 or w.e[s, f.ST_FEEDS] > 0:
        pull_later(w, s)


@internal
def _travel(w: World, p: int, dest: int, now: int) -> None:
    """Move a unit by carrier, or let it wait in its place until one is free; its room is reserved."""
    e = w.e
    item, o = e[p, f.PL_ITEM], e[p, f.PL_OP]
    if e[p, f.PL_PHASE] != f.CARRIER and dest >= 0:
        if dest < w.g[f.G_STORE0]:
            w.e[dest, f.ST_RESERVED] += w.it[item, f.IT_CLASS]
        else:
            w.e[dest, f.SO_RESERVED] += 1
    fleet = e[o, f.OP_FLEET]
    if fleet >= 0:
        if e[fleet, f.FL_FREE] == 0:
            e[p, f.PL_PHASE] = f.CARRIER
            if e[p, f.PL_DOWN] == f.UP:
                set_state(w, p, f.S_BLOCKED, now)
            e[p, f.PL_NEXT] = -1
            if e[fleet, f.FL_TAIL] < 0:
                e[fleet, f.FL_HEAD] = p
            else:
                e[e[fleet, f.FL_TAIL], f.PL_NEXT] = p
            e[fleet, f.FL_TAIL] = p
            return
        e[fleet, f.FL_FREE] -= 1
    law = e[o, f.OP_TRAVEL]
    time = draw(w, law, e[o, f.OP_TRAVEL_KEY], w.it[item, f.IT_SERIAL], w.it[item, f.IT_LOOPS]) if law >= 0 else 0
    push_progress(w, now + time, f.C_COMPLETION, e[p, f.PL_STATION], f.E_TRAVEL, item, dest)
    if fleet >= 0:
        # The carrier comes back empty the same way.
        push_progress(w, now + 2 * time, f.C_REPAIR, fleet, f.E_CARRIER, fleet, 0)
    vacate(w, p, now)


@inlined
def send(w: World, p: int, dest: int, now: int) -> None:
    """Let the unit of a place go to a destination that has room for it (-1: out)."""
    o = w.e[p, f.PL_OP]
    if w.e[o, f.OP_TRAVEL] >= 0 or w.e[o, f.OP_FLEET] >= 0:
        _travel(w, p, dest, now)
        return
    item = w.e[p, f.PL_ITEM]
    vacate(w, p, now)
    arrive(w, item, now)


@internal
def next_carrier(w: World, fleet: int, now: int) -> None:
    """A carrier is free: the place that waits longest uses it."""
    e = w.e
    e[fleet, f.FL_FREE] += 1
    p = e[fleet, f.FL_HEAD]
    if p < 0:
        return
    e[fleet, f.FL_HEAD] = w.e[p, f.PL_NEXT]
    if e[fleet, f.FL_HEAD] < 0:
        e[fleet, f.FL_TAIL] = -1
    _travel(w, p, w.e[p, f.PL_DEST], now)


@inlined
def destination(w: World, item: int) -> int:
    """Where a unit goes next: a station, a store, or -1 for out."""
    o = w.it[item, f.IT_OP]
    if o >= 0:
        return w.e[o, f.OP_STATION]
    k = w.e[w.it[item, f.IT_ROUTING], f.RT_OUT]
    return k


@inlined
def hand_over(w: World, p: int, now: int) -> None:
    """Send a finished unit on, or block its place behind those that wait for the same room."""
    e = w.e
    item = e[p, f.PL_ITEM]
    dest = destination(w, item)
    e[p, f.PL_DEST] = dest
    if e[p, f.PL_RESERVED] == 1:
        e[p, f.PL_RESERVED] = 0
        if dest < w.g[f.G_STORE0]:
            w.e[dest, f.ST_RESERVED] -= 1
        else:
            w.e[dest, f.SO_RESERVED] -= 1
        send(w, p, dest, now)
        return
    on = is_on(w, w.e[e[p, f.PL_STATION], f.ST_CAL])
    # Repairs and rework have off-line storage; what leaves the plant needs none.
    free = dest < 0 or (dest < w.g[f.G_STORE0] and w.it[item, f.IT_CLASS] == 0)
    if on and (free or (w.e[dest, f.Q_HEAD] < 0 and space(w, dest))):
        send(w, p, dest, now)
        return
    e[p, f.PL_PHASE] = f.HOLDING
    if e[p, f.PL_DOWN] == f.UP:
        set_state(w, p, f.S_BLOCKED, now)
    # One that is only kept by the shift stands in no line.
    if free:
        return
    wait_before(w, p, dest)
    if w.e[e[p, f.PL_STATION], f.ST_CYCLIC] == 1:
        w.g[f.G_KNOT] = 1
    pull_later(w, dest)


@internal
def pull_all(w: World, now: int) -> None:
    """Let in what waits before every destination where room has opened, upstream as far as it goes."""
    g = w.g
    while g[f.G_STACK] > 0:
        n = g[f.G_STACK] - 1
        g[f.G_STACK] = n
        dest = w.ci[g[f.G_STACK0] + n]
        w.e[dest, f.Q_LOOK] = 0
        while w.e[dest, f.Q_HEAD] >= 0 and space(w, dest):
            p = first_waiting(w, dest)
            if p < 0:
                break
            unlink(w, dest, p)
            send(w, p, dest, now)
        feed(w, dest, now)


@internal
def shift_transfers(w: World, calendar: int, now: int) -> None:
    """At the start of a shift: look at its stations, and move what finished while nobody was there."""
    first = w.e[calendar, f.CA_ST0]
    for i in range(first, first + w.e[calendar, f.CA_STS]):
        s = w.ci[i]
        look_at(w, s)
        for p in range(w.e[s, f.ST_PLACE0], w.e[s, f.ST_PLACE0] + w.e[s, f.ST_PLACES]):
            if w.e[p, f.PL_PHASE] != f.HOLDING:
                continue
            dest = w.e[p, f.PL_DEST]
            if dest < 0 or (dest < w.g[f.G_STORE0] and w.it[w.e[p, f.PL_ITEM], f.IT_CLASS] == 0):
                send(w, p, dest, now)
            else:
                pull_later(w, dest)
