"""The event kernel with the full semantics of a plant (see `model` for what the words mean).

At one time: shift starts and ends of repair, completions, transfers (downstream first), failures, shift ends, starts.
"""

import os

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal, kernel
from ironworks.factory.flow.kernels.clock import NEVER, add_work, log, set_state, settle_all
from ironworks.factory.flow.kernels.finish import SCRAP, judge
from ironworks.factory.flow.kernels.heap import drop, event_class, push
from ironworks.factory.flow.kernels.knot import find_knot, untie
from ironworks.factory.flow.kernels.queues import enqueue, look_at, pull_later, space
from ironworks.factory.flow.kernels.release import advance_plan, change_limit, create, may_release, release
from ironworks.factory.flow.kernels.resources import (
    call_crew,
    offer_operators,
    push_progress,
    send_crews,
    use_operators,
)
from ironworks.factory.flow.kernels.start import begin_work, draw_uptime, elapsed, try_start
from ironworks.factory.flow.kernels.stock import deliver_order, draw, review
from ironworks.factory.flow.kernels.transfer import (
    arrive,
    check_drained,
    end_item,
    hand_over,
    next_carrier,
    pull_all,
    remove_place,
    shift_transfers,
    vacate,
)
from ironworks.factory.flow.kernels.world import World

_MARGIN = 4096
_WEEK = 7 * 24 * 3600 * 1_000_000


@inlined
def _done(w: World, p: int, now: int) -> None:
    """An operation is complete: the unit waits in `done` for the transfers of this time."""
    e, g = w.e, w.g
    o, s = e[p, f.PL_OP], e[p, f.PL_STATION]
    g[f.G_OPS] += 1
    w.e[s, f.ST_OPS] += 1
    if w.e[s, f.ST_FAIL] == f.F_OPERATION:
        e[p, f.PL_TO_FAIL] -= e[p, f.PL_WORK]
    e[p, f.PL_WORK] = 0
    e[p, f.PL_STAMP] += 1
    if e[o, f.OP_OPERATORS] > 0:
        use_operators(w, e[o, f.OP_SKILL], -e[o, f.OP_OPERATORS], now)
        offer_operators(w, e[o, f.OP_SKILL])
    first = g[f.G_DONE0]
    i = first + g[f.G_DONE]
    rank = w.e[s, f.ST_RANK]
    while i > first and w.e[e[w.ci[i - 1], f.PL_STATION], f.ST_RANK] > rank:
        w.ci[i] = w.ci[i - 1]
        i -= 1
    w.ci[i] = p
    g[f.G_DONE] += 1


@inlined
def _transfers(w: World, now: int) -> None:
    g = w.g
    while g[f.G_DONE] > 0:
        n = g[f.G_DONE] - 1
        g[f.G_DONE] = n
        p = w.ci[g[f.G_DONE0] + n]
        item, o = w.e[p, f.PL_ITEM], w.e[p, f.PL_OP]
        if now >= g[f.G_LOG_FROM]:
            s = w.e[p, f.PL_STATION]
            serial, r = w.it[item, f.IT_SERIAL], w.it[item, f.IT_ROUTING]
            log(w, now, f.K_FINISHED, serial, r, s, p - w.e[s, f.ST_PLACE0], o, -1)
        if judge(w, o, item, now) == SCRAP:
            vacate(w, p, now)
            end_item(w, item, True, now)
        else:
            hand_over(w, p, now)
        pull_all(w, now)
    pull_all(w, now)


@internal
def _fail(w: World, p: int, now: int) -> None:
    """A place breaks down, in operation or, with a time-dependent clock, at any time on shift."""
    e = w.e
    s = e[p, f.PL_STATION]
    phase = e[p, f.PL_PHASE]
    if phase == f.WORKING_PHASE or phase == f.SETTING:
        done = elapsed(w, p, now)
        e[p, f.PL_WORK] = max(e[p, f.PL_WORK] - done, 0)
        e[p, f.PL_STAMP] += 1
        g = w.g
        if e[s, f.ST_FAIL] == f.F_TIME:
            # The completion that was scheduled will be passed over.
            g[f.G_PROGRESS] -= 1
        if phase == f.WORKING_PHASE and e[s, f.ST_INTERRUPT] == f.I_RESTART:
            e[p, f.PL_WORK] = e[p, f.PL_FULL]
        if phase == f.WORKING_PHASE and e[s, f.ST_INTERRUPT] == f.I_SCRAP:
            item, o = e[p, f.PL_ITEM], e[p, f.PL_OP]
            if w.e[o, f.OP_OPERATORS] > 0:
                use_operators(w, w.e[o, f.OP_SKILL], -w.e[o, f.OP_OPERATORS], now)
                offer_operators(w, w.e[o, f.OP_SKILL])
            if e[p, f.PL_RESERVED] == 1:
                e[p, f.PL_RESERVED] = 0
                dest = w.e[o, f.OP_DEST]
                if dest < w.g[f.G_STORE0]:
                    e[dest, f.ST_RESERVED] -= 1
                else:
                    w.e[dest, f.SO_RESERVED] -= 1
                pull_later(w, dest)
            vacate(w, p, now)
            end_item(w, item, True, now)
            if e[p, f.PL_INSTALLED] == 0:
                return
    call_crew(w, p, now)


@internal
def _schedule_uptime(w: World, p: int, now: int) -> None:
    """Draw the next failure of a place; a time-dependent clock runs on shift from now."""
    s = w.e[p, f.PL_STATION]
    mode = w.e[s, f.ST_FAIL]
    if mode == f.F_NONE:
        return
    up = draw_uptime(w, p)
    w.e[p, f.PL_TO_FAIL] = up
    if mode == f.F_TIME:
        w.e[p, f.PL_FSTAMP] += 1
        at = add_work(w, w.e[s, f.ST_CAL], now, up)
        if at < NEVER:
            push(w, at, f.C_FAILURE, s, f.E_FAIL, p, -1 - w.e[p, f.PL_FSTAMP])


@internal
def _repaired(w: World, p: int, now: int) -> None:
    e = w.e
    s = e[p, f.PL_STATION]
    crew = e[s, f.ST_CREW]
    e[p, f.PL_DOWN] = f.UP
    if crew >= 0:
        w.e[crew, f.CR_BUSY] -= 1
        send_crews(w, crew, now)
    if e[p, f.PL_INSTALLED] == 0:
        return
    _schedule_uptime(w, p, now)
    phase = e[p, f.PL_PHASE]
    if phase == f.WORKING_PHASE or phase == f.SETTING:
        begin_work(w, p, now)
    elif phase == f.FREE:
        set_state(w, p, f.S_STARVED, now)
        look_at(w, s)
    else:
        set_state(w, p, f.S_BLOCKED, now)


@internal
def _install(w: World, p: int, now: int) -> None:
    e = w.e
    s = e[p, f.PL_STATION]
    e[p, f.PL_INSTALLED] = 1
    w.e[s, f.ST_IDLE] += 1
    set_state(w, p, f.S_STARVED, now)
    _schedule_uptime(w, p, now)
    look_at(w, s)
    pull_later(w, s)


@internal
def _shift(w: World, calendar: int, on: int, now: int) -> None:
    e = w.e
    if on == 1:
        e[calendar, f.CA_ON] = 1
        e[calendar, f.CA_BEGIN] = now
        e[calendar, f.CA_WOKE] = now
        push(w, w.ci[e[calendar, f.CA_I] + 1], f.C_SHIFT_END, calendar, f.E_SHIFT_OFF, calendar, 0)
        shift_transfers(w, calendar, now)
        for crew in range(w.g[f.G_CR0], w.g[f.G_SK0]):
            if w.e[crew, f.CR_CAL] == calendar:
                send_crews(w, crew, now)
        return
    e[calendar, f.CA_CUM] += now - e[calendar, f.CA_BEGIN]
    e[calendar, f.CA_ON] = 0
    i = e[calendar, f.CA_I] + 3
    e[calendar, f.CA_I] = i
    if i < e[calendar, f.CA_LAST]:
        push(w, w.ci[i], f.C_REPAIR, calendar, f.E_SHIFT_ON, calendar, 0)


@internal
def _arrival(w: World, r: int, now: int) -> None:
    e = w.e
    n = e[r, f.RT_ARRIVED]
    e[r, f.RT_ARRIVED] = n + 1
    push_progress(w, now + draw(w, e[r, f.RT_ARRIVAL], e[r, f.RT_KEY], n, 0), f.C_REPAIR, r, f.E_ARRIVE, r, 0)
    s = w.e[e[r, f.RT_OP0], f.OP_STATION]
    if (e[r, f.RT_LOSES] == 1 and not space(w, s)) or not may_release(w, r, now):
        e[r, f.RT_LOST] += 1
        return
    enqueue(w, s, 1, create(w, r, now), now)
    look_at(w, s)


@internal
def _move(w: World, move: int, now: int) -> None:
    """Close the routings of a move; what is in process is finished first."""
    e = w.e
    e[move, f.MV_STATE] = 1
    for i in range(e[move, f.MV_RT0], e[move, f.MV_RT0] + e[move, f.MV_RTS]):
        w.e[w.ci[i], f.RT_CLOSE] = min(w.e[w.ci[i], f.RT_CLOSE], now)
    check_drained(w, move, now)


@internal
def _moved(w: World, move: int, now: int) -> None:
    """Put the places up at the new site, hand over experience, open the routings there."""
    e = w.e
    e[move, f.MV_STATE] = 3
    for i in range(e[move, f.MV_EX0], e[move, f.MV_EX0] + e[move, f.MV_EXS]):
        old, new = w.ci[3 * i], w.ci[3 * i + 1]
        w.cf[new + f.LN_COUNT] += w.cf[3 * i + 2] * (w.cf[old + f.LN_COUNT] + w.cf[old + f.LN_PRIOR])
    for i in range(e[move, f.MV_IN0], e[move, f.MV_IN0] + e[move, f.MV_INS]):
        _install(w, w.ci[i], now)
    for i in range(e[move, f.MV_TO0], e[move, f.MV_TO0] + e[move, f.MV_TOS]):
        r = w.ci[i]
        w.e[r, f.RT_OPEN] = now
        release(w, r, now)


@internal
def _headcount(w: World, skill: int, step: int, now: int) -> None:
    e = w.e
    e[skill, f.SK_PRESENT] = int(w.cf[e[skill, f.SK_STEP0] + step])
    if step + 1 < e[skill, f.SK_STEPS]:
        push(w, w.ci[e[skill, f.SK_STEP0] + step + 1], f.C_REPAIR, skill, f.E_HEAD, skill, step + 1)
    offer_operators(w, skill)


@internal
def _rare(w: World, kind: int, index: int, extra: int, now: int) -> None:
    """All events but the completions."""
    g = w.g
    if kind == f.E_SHIFT_ON or kind == f.E_SHIFT_OFF:
        _shift(w, index, 1 if kind == f.E_SHIFT_ON else 0, now)
    elif kind == f.E_ARRIVE:
        g[f.G_PROGRESS] -= 1
        _arrival(w, index, now)
    elif kind == f.E_PLAN:
        g[f.G_PROGRESS] -= 1
        w.e[index, f.RT_PLAN_PENDING] = 0
        release(w, index, now)
    elif kind == f.E_LIMIT:
        g[f.G_PROGRESS] -= 1
        change_limit(w, index, now)
    elif kind == f.E_OPEN:
        g[f.G_PROGRESS] -= 1
        release(w, index, now)
    elif kind == f.E_REVIEW:
        review(w, index, now)
    elif kind == f.E_DELIVER:
        g[f.G_PROGRESS] -= 1
        deliver_order(w, index, extra, now)
    elif kind == f.E_TRAVEL:
        g[f.G_PROGRESS] -= 1
        if extra >= 0:
            if extra < w.g[f.G_STORE0]:
                w.e[extra, f.ST_RESERVED] -= w.it[index, f.IT_CLASS]
            else:
                w.e[extra, f.SO_RESERVED] -= 1
        arrive(w, index, now)
    elif kind == f.E_CARRIER:
        g[f.G_PROGRESS] -= 1
        next_carrier(w, index, now)
    elif kind == f.E_HEAD:
        _headcount(w, index, extra, now)
    elif kind == f.E_INSTALL:
        g[f.G_PROGRESS] -= 1
        _install(w, index, now)
    elif kind == f.E_REMOVE:
        g[f.G_PROGRESS] -= 1
        remove_place(w, index, now)
    elif kind == f.E_MOVE:
        g[f.G_PROGRESS] -= 1
        _move(w, index, now)
    elif kind == f.E_MOVED:
        g[f.G_PROGRESS] -= 1
        _moved(w, index, now)
    elif kind == f.E_HOLD:
        g[f.G_PROGRESS] -= 1
        log(w, now, f.K_FREED, w.it[index, f.IT_SERIAL], w.it[index, f.IT_ROUTING], -1, -1, w.it[index, f.IT_OP], -1)
        arrive(w, index, now)
    elif kind == f.E_REPAIRED:
        g[f.G_PROGRESS] -= 1
        _repaired(w, index, now)
    elif kind == f.E_SETUP:
        if extra == w.e[index, f.PL_STAMP]:
            g[f.G_PROGRESS] -= 1
            w.e[index, f.PL_PHASE] = f.WORKING_PHASE
            w.e[index, f.PL_WORK] = w.e[index, f.PL_FULL]
            begin_work(w, index, now)
    elif kind == f.E_FAIL:
        if extra == w.e[index, f.PL_STAMP]:
            g[f.G_PROGRESS] -= 1
            _fail(w, index, now)
        elif extra == -1 - w.e[index, f.PL_FSTAMP]:
            _fail(w, index, now)


@internal
def _locked(w: World, now: int) -> bool:
    """Whether nothing pending can move the plant on: every calendar and store was looked at since, in vain."""
    g = w.g
    if g[f.G_PROGRESS] > 0 or g[f.G_BLOCKED] == 0:
        g[f.G_STUCK] = -1
        return False
    if g[f.G_STUCK] < 0:
        g[f.G_STUCK] = now
    for c in range(g[f.G_CAL0], g[f.G_CR0]):
        if w.e[c, f.CA_WOKE] <= g[f.G_STUCK]:
            return False
    for k in range(g[f.G_STORE0], g[f.G_PLACE0]):
        if w.e[k, f.SO_REVIEW] > 0 and w.e[k, f.SO_REVIEWED] <= g[f.G_STUCK]:
            return False
    # People may still come: headcounts change from week to week.
    return g[f.G_HEAP] == 0 or g[f.G_SK0] == g[f.G_FL0] or now - g[f.G_STUCK] > 5 * _WEEK


@internal
def _begin(w: World) -> None:
    """Time zero: what is there is installed, what is open releases."""
    for r in range(w.g[f.G_RT0], w.g[f.G_CAL0]):
        advance_plan(w, r)
    for p in range(w.g[f.G_PLACE0], w.g[f.G_OP0]):
        if w.e[p, f.PL_INSTALLED] == 1:
            w.e[p, f.PL_INSTALLED] = 0
            _install(w, p, 0)
    for r in range(w.g[f.G_RT0], w.g[f.G_CAL0]):
        if w.e[r, f.RT_MODE] == f.M_ARRIVALS:
            first = draw(w, w.e[r, f.RT_ARRIVAL], w.e[r, f.RT_KEY], -1, 0)
            push_progress(w, first, f.C_REPAIR, r, f.E_ARRIVE, r, 0)
        elif w.e[r, f.RT_STEPS] > 0:
            change_limit(w, r, 0)
        else:
            release(w, r, 0)


@internal
def _hitch(w: World, now: int) -> bool:
    """Whether places wait for one another in a circle that no swap unties."""
    w.g[f.G_KNOT] = 0
    while True:
        s = find_knot(w)
        if s < 0:
            return False
        if not untie(w, s, now):
            return True
        pull_all(w, now)


@(kernel if os.environ.get("IRONWORKS_JIT") == "1" else lambda f: f)
def run(w: World, until: int) -> int:
    """Run all events before `until` [us]; can be called again with a later time. Returns FINISHED, DEADLOCK, or ROOM (give larger tables and call again)."""
    g, heap = w.g, w.heap
    if g[f.G_NOW] < 0:
        g[f.G_NOW] = 0
        _begin(w)
        pull_all(w, 0)
        while g[f.G_DIRTY] > 0:
            g[f.G_DIRTY] -= 1
            s = w.ci[g[f.G_DIRTY0] + g[f.G_DIRTY]]
            w.e[s, f.ST_DIRTY] = 0
            try_start(w, s, 0)
    while True:
        if (
            g[f.G_HEAP] + _MARGIN > heap.shape[0]
            or w.it.shape[0] - g[f.G_ITEM_HIGH] < _MARGIN
            or w.log.shape[0] - g[f.G_LOG] < 4 * _MARGIN
            or w.fin.shape[0] - g[f.G_FIN] < _MARGIN
        ):
            return f.ROOM
        now = heap[0, 0] if g[f.G_HEAP] > 0 else NEVER
        if now >= until:
            settle_all(w, until)
            return f.FINISHED
        if g[f.G_STATUS] == f.ROOM:
            return -1
        g[f.G_NOW] = now
        while g[f.G_HEAP] > 0 and heap[0, 0] == now and event_class(heap[0, 1]) <= f.C_COMPLETION:
            kind, index, extra = heap[0, 2], heap[0, 3], heap[0, 4]
            drop(w)
            if kind == f.E_DONE:
                if extra == w.e[index, f.PL_STAMP]:
                    g[f.G_PROGRESS] -= 1
                    _done(w, index, now)
            else:
                _rare(w, kind, index, extra, now)
        _transfers(w, now)
        while g[f.G_HEAP] > 0 and heap[0, 0] == now and event_class(heap[0, 1]) > f.C_COMPLETION:
            kind, index, extra = heap[0, 2], heap[0, 3], heap[0, 4]
            drop(w)
            _rare(w, kind, index, extra, now)
        if g[f.G_STACK] > 0:
            pull_all(w, now)
        while g[f.G_DIRTY] > 0:
            g[f.G_DIRTY] -= 1
            s = w.ci[g[f.G_DIRTY0] + g[f.G_DIRTY]]
            w.e[s, f.ST_DIRTY] = 0
            try_start(w, s, now)
            if g[f.G_DIRTY] == 0 and g[f.G_STACK] > 0:
                pull_all(w, now)
        if g[f.G_KNOT] == 1 and _hitch(w, now):
            return f.DEADLOCK
        if g[f.G_PROGRESS] == 0 and _locked(w, now):
            return f.DEADLOCK
        if g[f.G_PROGRESS] > 0:
            g[f.G_STUCK] = -1

