"""Transfers: a finished unit leaves its place, or the place is blocked; room that opens is passed upstream."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import internal
from ironworks.factory.flow.kernels.clock import is_on, log, set_state
from ironworks.factory.flow.kernels.queues import (
    enqueue,
    first_waiting,
    free_place,
    look_at,
    pull_later,
    space,
    unlink,
    wait_before,
)
from ironworks.factory.flow.kernels.release import change_wip, feed, release
from ironworks.factory.flow.kernels.resources import push_progress
from ironworks.factory.flow.kernels.stock import draw, free_item, put_in_store
from ironworks.factory.flow.kernels.world import Floats, Ints


@internal
def check_drained(m: Ints, x: Floats, move: int, now: int) -> None:
    """Once the routings of a move are closed and empty, take its places down and start the transport."""
    if m[move + f.MV_STATE] != 1:
        return
    for i in range(m[move + f.MV_RT0], m[move + f.MV_RT0] + m[move + f.MV_RTS]):
        if m[m[i] + f.RT_WIP] > 0:
            return
    m[move + f.MV_STATE] = 2
    for i in range(m[move + f.MV_PL0], m[move + f.MV_PL0] + m[move + f.MV_PLS]):
        remove_place(m, x, m[i], now)
    duration = draw(m, x, m[move + f.MV_LAW], m[move + f.MV_KEY], 0, 0)
    push_progress(m, x, now + duration, f.C_REPAIR, move, f.E_MOVED, move, 0)


@internal
def remove_place(m: Ints, x: Floats, p: int, now: int) -> None:
    """Take a place down, at once if it is free, else when its unit has left."""
    if m[p + f.PL_INSTALLED] != 1:
        return
    if m[p + f.PL_PHASE] != f.FREE:
        m[p + f.PL_INSTALLED] = 2
        return
    m[p + f.PL_INSTALLED] = 0
    m[m[p + f.PL_STATION] + f.ST_SHOWN] = -1
    m[p + f.PL_FSTAMP] += 1
    m[m[p + f.PL_STATION] + f.ST_IDLE] -= 1
    set_state(m, x, p, f.S_ABSENT, now)


@internal
def end_item(m: Ints, x: Floats, item: int, scrapped: bool, now: int) -> None:
    """Count a unit out, note its lead time and what it hides, and let others in."""
    r = m[item + f.IT_ROUTING]
    change_wip(m, x, r, -1, now)
    kind = f.K_SCRAPPED if scrapped else f.K_OUT
    if now >= m[f.G_LOG_FROM]:
        log(m, x, now, kind, m[item + f.IT_SERIAL], r, -1, -1, -1, -1)
    if scrapped:
        m[r + f.RT_SCRAPPED] += 1
        free_item(m, x, item)
    else:
        m[r + f.RT_FINISHED] += 1
        m[r + f.RT_LEAD] += now - m[item + f.IT_BORN]
        if m[r + f.RT_RECORD] == 1:
            n = m[f.G_FIN]
            if n < m[f.G_FIN_END]:
                m[n], m[n + 1] = r, now
                m[f.G_FIN] = n + 2
            else:
                m[f.G_STATUS] = f.ROOM
        if m[item + f.IT_MASK] != 0:
            first = m[f.G_DF0]
            for d in range((m[f.G_SU0] - first) // f.E_WIDTH):
                m[first + d * f.E_WIDTH + f.DF_ESCAPED] += (m[item + f.IT_MASK] >> d) & 1
        k = m[r + f.RT_OUT]
        if k >= 0:
            put_in_store(m, x, k, item, now)
        else:
            free_item(m, x, item)
    release(m, x, r, now)
    if m[r + f.RT_MOVE] >= 0:
        check_drained(m, x, m[r + f.RT_MOVE], now)


@internal
def _hold(m: Ints, x: Floats, item: int, o: int, now: int) -> None:
    time = draw(m, x, m[item + f.IT_HOLD], m[o + f.OP_TEST_KEY], m[item + f.IT_SERIAL], 64 + m[item + f.IT_LOOPS])
    m[item + f.IT_HOLD] = -1
    log(m, x, now, f.K_HELD, m[item + f.IT_SERIAL], m[item + f.IT_ROUTING], -1, -1, o, -1)
    push_progress(m, x, now + time, f.C_REPAIR, 0, f.E_HOLD, item, 0)


@internal
def arrive(m: Ints, x: Floats, item: int, now: int) -> None:
    """Put a unit where its next operation is, or out."""
    o = m[item + f.IT_OP]
    if o < 0:
        end_item(m, x, item, False, now)
        return
    if m[item + f.IT_HOLD] >= 0:
        _hold(m, x, item, o, now)
        return
    s = m[o + f.OP_STATION]
    enqueue(m, x, s, m[item + f.IT_CLASS], item, now)
    if now >= m[f.G_LOG_FROM]:
        log(m, x, now, f.K_MOVED, m[item + f.IT_SERIAL], m[item + f.IT_ROUTING], s, -1, o, -1)
    look_at(m, x, s)


@internal
def vacate(m: Ints, x: Floats, p: int, now: int) -> None:
    """Free a place whose unit has left; room before its station opens."""
    s = m[p + f.PL_STATION]
    m[p + f.PL_PHASE] = f.FREE
    m[p + f.PL_ITEM] = -1
    m[s + f.ST_IDLE] += 1
    free_place(m, x, s, p)
    if m[p + f.PL_DOWN] == f.UP:
        set_state(m, x, p, f.S_STARVED, now)
    if m[p + f.PL_INSTALLED] == 2:
        m[p + f.PL_INSTALLED] = 1
        remove_place(m, x, p, now)
        return
    look_at(m, x, s)
    if m[s + f.Q_HEAD] >= 0 or m[s + f.ST_FEEDS] > 0 or m[s + f.Q_BACKS] > 0:
        pull_later(m, x, s)


@internal
def _travel(m: Ints, x: Floats, p: int, dest: int, now: int) -> None:
    """Move a unit by carrier, or let it wait in its place until one is free; its room is reserved."""
    item, o = m[p + f.PL_ITEM], m[p + f.PL_OP]
    if m[p + f.PL_PHASE] != f.CARRIER and dest >= 0:
        if dest < m[f.G_STORE0]:
            m[dest + f.ST_RESERVED] += m[item + f.IT_CLASS]
        else:
            m[dest + f.SO_RESERVED] += 1
    fleet = m[o + f.OP_FLEET]
    if fleet >= 0:
        if m[fleet + f.FL_FREE] == 0:
            m[p + f.PL_PHASE] = f.CARRIER
            if m[p + f.PL_DOWN] == f.UP:
                set_state(m, x, p, f.S_BLOCKED, now)
            m[p + f.PL_NEXT] = -1
            if m[fleet + f.FL_TAIL] < 0:
                m[fleet + f.FL_HEAD] = p
            else:
                m[m[fleet + f.FL_TAIL] + f.PL_NEXT] = p
            m[fleet + f.FL_TAIL] = p
            return
        m[fleet + f.FL_FREE] -= 1
    law = m[o + f.OP_TRAVEL]
    time = draw(m, x, law, m[o + f.OP_TRAVEL_KEY], m[item + f.IT_SERIAL], m[item + f.IT_LOOPS]) if law >= 0 else 0
    push_progress(m, x, now + time, f.C_COMPLETION, m[p + f.PL_STATION], f.E_TRAVEL, item, dest)
    if fleet >= 0:
        # The carrier comes back empty the same way.
        push_progress(m, x, now + 2 * time, f.C_REPAIR, fleet, f.E_CARRIER, fleet, 0)
    vacate(m, x, p, now)


@internal
def send(m: Ints, x: Floats, p: int, dest: int, now: int) -> None:
    """Let the unit of a place go to a destination that has room for it (-1: out)."""
    o = m[p + f.PL_OP]
    if m[o + f.OP_TRAVEL] >= 0 or m[o + f.OP_FLEET] >= 0:
        _travel(m, x, p, dest, now)
        return
    item = m[p + f.PL_ITEM]
    vacate(m, x, p, now)
    arrive(m, x, item, now)


@internal
def send_carriers(m: Ints, x: Floats, fleet: int, now: int) -> None:
    """Let free carriers fetch from the places that wait longest, where there is somebody to hand over."""
    before, p = -1, m[fleet + f.FL_HEAD]
    while p >= 0 and m[fleet + f.FL_FREE] > 0:
        following = m[p + f.PL_NEXT]
        if not is_on(m, x, m[m[p + f.PL_STATION] + f.ST_CAL]):
            before, p = p, following
            continue
        if before < 0:
            m[fleet + f.FL_HEAD] = following
        else:
            m[before + f.PL_NEXT] = following
        if following < 0:
            m[fleet + f.FL_TAIL] = before
        _travel(m, x, p, m[p + f.PL_DEST], now)
        p = following


@internal
def destination(m: Ints, x: Floats, item: int) -> int:
    """Where a unit goes next: a station, a store, or -1 for out."""
    o = m[item + f.IT_OP]
    if o >= 0:
        return m[o + f.OP_STATION]
    return m[m[item + f.IT_ROUTING] + f.RT_OUT]


@internal
def give_up_room(m: Ints, x: Floats, p: int, dest: int) -> None:
    """Free the room that a place reserved at its destination before it started."""
    m[p + f.PL_RESERVED] = 0
    if dest < m[f.G_STORE0]:
        m[dest + f.ST_RESERVED] -= 1
    else:
        m[dest + f.SO_RESERVED] -= 1


@internal
def hand_over(m: Ints, x: Floats, p: int, now: int) -> None:
    """Send a finished unit on, or block its place behind those that wait for the same room."""
    item = m[p + f.PL_ITEM]
    dest = destination(m, x, item)
    m[p + f.PL_DEST] = dest
    on = is_on(m, x, m[m[p + f.PL_STATION] + f.ST_CAL])
    if on and m[p + f.PL_RESERVED] == 1:
        give_up_room(m, x, p, dest)
        send(m, x, p, dest, now)
        return
    # Repairs and rework have off-line storage; what leaves the plant needs none; some have reserved theirs.
    free = dest < 0 or (dest < m[f.G_STORE0] and m[item + f.IT_CLASS] == 0) or m[p + f.PL_RESERVED] == 1
    if on and (free or (m[dest + f.Q_HEAD] < 0 and space(m, x, dest))):
        send(m, x, p, dest, now)
        return
    m[p + f.PL_PHASE] = f.HOLDING
    if m[p + f.PL_DOWN] == f.UP:
        set_state(m, x, p, f.S_BLOCKED, now)
    # One that is only kept by the shift stands in no line.
    if free:
        return
    wait_before(m, x, p, dest)
    if m[m[p + f.PL_STATION] + f.ST_CYCLIC] == 1:
        m[f.G_KNOT] = 1
    pull_later(m, x, dest)


@internal
def pull_all(m: Ints, x: Floats, now: int) -> None:
    """Let in what waits before every destination where room has opened, upstream as far as it goes."""
    while m[f.G_STACK] > 0:
        n = m[f.G_STACK] - 1
        m[f.G_STACK] = n
        dest = m[m[f.G_STACK0] + n]
        m[dest + f.Q_LOOK] = 0
        while m[dest + f.Q_HEAD] >= 0 and space(m, x, dest):
            p = first_waiting(m, x, dest)
            if p < 0:
                break
            unlink(m, x, dest, p)
            send(m, x, p, dest, now)
        for i in range(m[dest + f.Q_BACK0], m[dest + f.Q_BACK0] + m[dest + f.Q_BACKS]):
            look_at(m, x, m[i])
        feed(m, x, dest, now)


@internal
def shift_transfers(m: Ints, x: Floats, calendar: int, now: int) -> None:
    """At the start of a shift: look at its stations, and move what finished while nobody was there."""
    first = m[calendar + f.CA_ST0]
    for i in range(first, first + m[calendar + f.CA_STS]):
        s = m[i]
        look_at(m, x, s)
        for p in range(m[s + f.ST_PLACE0], m[s + f.ST_PLACE0] + m[s + f.ST_PLACES], f.E_WIDTH):
            if m[p + f.PL_PHASE] == f.CARRIER:
                send_carriers(m, x, m[m[p + f.PL_OP] + f.OP_FLEET], now)
            if m[p + f.PL_PHASE] != f.HOLDING:
                continue
            dest = m[p + f.PL_DEST]
            if m[p + f.PL_RESERVED] == 1:
                give_up_room(m, x, p, dest)
                send(m, x, p, dest, now)
            elif dest < 0 or (dest < m[f.G_STORE0] and m[m[p + f.PL_ITEM] + f.IT_CLASS] == 0):
                send(m, x, p, dest, now)
            else:
                pull_later(m, x, dest)
