"""The event kernel with the full semantics of a plant (see `model` for what the words mean).

At one time: shift starts and ends of repair, completions, transfers (downstream first), failures, shift ends, starts.
"""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, kernel
from ironworks.factory.flow.kernels.clock import NEVER, add_work, log, set_state, settle
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
from ironworks.factory.flow.kernels.stock import deliver_order, draw, integrate_stock, review
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
    pl, op, g = w.pl, w.op, w.g
    o, s = pl[p, f.PL_OP], pl[p, f.PL_STATION]
    g[f.G_OPS] += 1
    w.st[s, f.ST_OPS] += 1
    if w.st[s, f.ST_FAIL] == f.F_OPERATION:
        pl[p, f.PL_TO_FAIL] -= pl[p, f.PL_WORK]
    pl[p, f.PL_WORK] = 0
    pl[p, f.PL_STAMP] += 1
    if op[o, f.OP_OPERATORS] > 0:
        use_operators(w, op[o, f.OP_SKILL], -op[o, f.OP_OPERATORS], now)
        offer_operators(w, op[o, f.OP_SKILL])
    i = g[f.G_DONE]
    rank = w.st[s, f.ST_RANK]
    while i > 0 and w.st[pl[w.done[i - 1], f.PL_STATION], f.ST_RANK] > rank:
        w.done[i] = w.done[i - 1]
        i -= 1
    w.done[i] = p
    g[f.G_DONE] += 1


@inlined
def _transfers(w: World, now: int) -> None:
    g = w.g
    while g[f.G_DONE] > 0:
        n = g[f.G_DONE] - 1
        g[f.G_DONE] = n
        p = w.done[n]
        item, o = w.pl[p, f.PL_ITEM], w.pl[p, f.PL_OP]
        if now >= g[f.G_LOG_FROM]:
            s = w.pl[p, f.PL_STATION]
            serial, r = w.it[item, f.IT_SERIAL], w.it[item, f.IT_ROUTING]
            log(w, now, f.K_FINISHED, serial, r, s, p - w.st[s, f.ST_PLACE0], o, -1)
        if judge(w, o, item, now) == SCRAP:
            vacate(w, p, now)
            end_item(w, item, True, now)
        else:
            hand_over(w, p, now)
        pull_all(w, now)
    pull_all(w, now)


@kernel
def _fail(w: World, p: int, now: int) -> None:
    """A place breaks down, in operation or, with a time-dependent clock, at any time on shift."""
    pl, st = w.pl, w.st
    s = pl[p, f.PL_STATION]
    phase = pl[p, f.PL_PHASE]
    if phase == f.WORKING_PHASE or phase == f.SETTING:
        done = elapsed(w, p, now)
        pl[p, f.PL_WORK] = max(pl[p, f.PL_WORK] - done, 0)
        pl[p, f.PL_STAMP] += 1
        g = w.g
        if st[s, f.ST_FAIL] == f.F_TIME:
            # The completion that was scheduled will be passed over.
            g[f.G_PROGRESS] -= 1
        if phase == f.WORKING_PHASE and st[s, f.ST_INTERRUPT] == f.I_RESTART:
            pl[p, f.PL_WORK] = pl[p, f.PL_FULL]
        if phase == f.WORKING_PHASE and st[s, f.ST_INTERRUPT] == f.I_SCRAP:
            item, o = pl[p, f.PL_ITEM], pl[p, f.PL_OP]
            if w.op[o, f.OP_OPERATORS] > 0:
                use_operators(w, w.op[o, f.OP_SKILL], -w.op[o, f.OP_OPERATORS], now)
                offer_operators(w, w.op[o, f.OP_SKILL])
            if pl[p, f.PL_RESERVED] == 1:
                pl[p, f.PL_RESERVED] = 0
                dest = w.op[o, f.OP_DEST]
                if dest < st.shape[0]:
                    st[dest, f.ST_RESERVED] -= 1
                else:
                    w.so[dest - st.shape[0], f.SO_RESERVED] -= 1
                pull_later(w, dest)
            vacate(w, p, now)
            end_item(w, item, True, now)
            if pl[p, f.PL_INSTALLED] == 0:
                return
    call_crew(w, p, now)


@kernel
def _schedule_uptime(w: World, p: int, now: int) -> None:
    """Draw the next failure of a place; a time-dependent clock runs on shift from now."""
    s = w.pl[p, f.PL_STATION]
    mode = w.st[s, f.ST_FAIL]
    if mode == f.F_NONE:
        return
    up = draw_uptime(w, p)
    w.pl[p, f.PL_TO_FAIL] = up
    if mode == f.F_TIME:
        w.pl[p, f.PL_FSTAMP] += 1
        at = add_work(w, w.st[s, f.ST_CAL], now, up)
        if at < NEVER:
            push(w, at, f.C_FAILURE, s, f.E_FAIL, p, -1 - w.pl[p, f.PL_FSTAMP])


@kernel
def _repaired(w: World, p: int, now: int) -> None:
    pl, st = w.pl, w.st
    s = pl[p, f.PL_STATION]
    crew = st[s, f.ST_CREW]
    pl[p, f.PL_DOWN] = f.UP
    if crew >= 0:
        w.cr[crew, f.CR_BUSY] -= 1
        send_crews(w, crew, now)
    if pl[p, f.PL_INSTALLED] == 0:
        return
    _schedule_uptime(w, p, now)
    phase = pl[p, f.PL_PHASE]
    if phase == f.WORKING_PHASE or phase == f.SETTING:
        begin_work(w, p, now)
    elif phase == f.FREE:
        set_state(w, p, f.S_STARVED, now)
        look_at(w, s)
    else:
        set_state(w, p, f.S_BLOCKED, now)


@kernel
def _install(w: World, p: int, now: int) -> None:
    pl = w.pl
    s = pl[p, f.PL_STATION]
    pl[p, f.PL_INSTALLED] = 1
    w.st[s, f.ST_IDLE] += 1
    set_state(w, p, f.S_STARVED, now)
    _schedule_uptime(w, p, now)
    look_at(w, s)
    pull_later(w, s)


@kernel
def _shift(w: World, calendar: int, on: int, now: int) -> None:
    cal = w.cal
    if on == 1:
        cal[calendar, f.CA_ON] = 1
        cal[calendar, f.CA_BEGIN] = now
        cal[calendar, f.CA_WOKE] = now
        push(w, w.spans[cal[calendar, f.CA_I], 1], f.C_SHIFT_END, calendar, f.E_SHIFT_OFF, calendar, 0)
        shift_transfers(w, calendar, now)
        for crew in range(w.cr.shape[0]):
            if w.cr[crew, f.CR_CAL] == calendar:
                send_crews(w, crew, now)
        return
    cal[calendar, f.CA_CUM] += now - cal[calendar, f.CA_BEGIN]
    cal[calendar, f.CA_ON] = 0
    i = cal[calendar, f.CA_I] + 1
    cal[calendar, f.CA_I] = i
    if i < cal[calendar, f.CA_LAST]:
        push(w, w.spans[i, 0], f.C_REPAIR, calendar, f.E_SHIFT_ON, calendar, 0)


@kernel
def _arrival(w: World, r: int, now: int) -> None:
    rt = w.rt
    n = rt[r, f.RT_ARRIVED]
    rt[r, f.RT_ARRIVED] = n + 1
    push_progress(w, now + draw(w, rt[r, f.RT_ARRIVAL], rt[r, f.RT_KEY], n, 0), f.C_REPAIR, r, f.E_ARRIVE, r, 0)
    s = w.op[rt[r, f.RT_OP0], f.OP_STATION]
    if (rt[r, f.RT_LOSES] == 1 and not space(w, s)) or not may_release(w, r, now):
        rt[r, f.RT_LOST] += 1
        return
    enqueue(w, s, 1, create(w, r, now), now)
    look_at(w, s)


@kernel
def _move(w: World, move: int, now: int) -> None:
    """Close the routings of a move; what is in process is finished first."""
    mv = w.mv
    mv[move, f.MV_STATE] = 1
    for i in range(mv[move, f.MV_RT0], mv[move, f.MV_RT0] + mv[move, f.MV_RTS]):
        w.rt[w.ci[i], f.RT_CLOSE] = min(w.rt[w.ci[i], f.RT_CLOSE], now)
    check_drained(w, move, now)


@kernel
def _moved(w: World, move: int, now: int) -> None:
    """Put the places up at the new site, hand over experience, open the routings there."""
    mv = w.mv
    mv[move, f.MV_STATE] = 3
    for i in range(mv[move, f.MV_EX0], mv[move, f.MV_EX0] + mv[move, f.MV_EXS]):
        old, new = w.ci[3 * i], w.ci[3 * i + 1]
        w.lrn[new, f.LN_COUNT] += w.cf[3 * i + 2] * (w.lrn[old, f.LN_COUNT] + w.lrn[old, f.LN_PRIOR])
    for i in range(mv[move, f.MV_IN0], mv[move, f.MV_IN0] + mv[move, f.MV_INS]):
        _install(w, w.ci[i], now)
    for i in range(mv[move, f.MV_TO0], mv[move, f.MV_TO0] + mv[move, f.MV_TOS]):
        r = w.ci[i]
        w.rt[r, f.RT_OPEN] = now
        release(w, r, now)


@kernel
def snapshot(w: World, b: int, now: int) -> None:
    """Write the cumulative counts and integrals at the end of a bin."""
    for p in range(w.pl.shape[0]):
        settle(w, p, now)
        s = w.pl[p, f.PL_STATION]
        for state in range(f.S_N):
            w.bst[b, s, state] += w.acc[p, state]
    for s in range(w.st.shape[0]):
        waiting = w.st[s, f.ST_LEN0] + w.st[s, f.ST_LEN1]
        w.bst[b, s, f.S_N] = w.st[s, f.ST_AREA] + waiting * (now - w.st[s, f.ST_SINCE])
    for r in range(w.rt.shape[0]):
        row = w.rt[r]
        area = row[f.RT_AREA] + row[f.RT_WIP] * (now - row[f.RT_SINCE])
        out = w.brt[b, r]
        out[0], out[1], out[2], out[3] = row[f.RT_RELEASED], row[f.RT_FINISHED], row[f.RT_SCRAPPED], row[f.RT_LOST]
        out[4], out[5], out[6] = row[f.RT_WIP], area, row[f.RT_LEAD]
    for o in range(w.op.shape[0]):
        out, row = w.bop[b, o], w.op[o]
        out[0], out[1], out[2], out[3] = row[f.OP_STARTS], row[f.OP_REJECTS], row[f.OP_FIRST], row[f.OP_PASSED]
    for k in range(w.so.shape[0]):
        integrate_stock(w, k, now)
        out, row = w.bso[b, k], w.so[k]
        short = row[f.SO_SHORT] + ((now - row[f.SO_SHORT_SINCE]) if row[f.SO_WAITERS] > 0 else 0)
        out[0], out[1], out[2] = row[f.SO_LEVEL], row[f.SO_AREA], row[f.SO_CONSUMED]
        out[3], out[4], out[5] = row[f.SO_DELIVERED], row[f.SO_ORDERED], short
    for d in range(w.df.shape[0]):
        w.bdf[b, d, 0], w.bdf[b, d, 1] = w.dfc[d, 2], w.dfc[d, 3]
    for k in range(w.sk.shape[0]):
        w.bsk[b, k] = w.sk[k, f.SK_AREA] + w.sk[k, f.SK_USED] * (now - w.sk[k, f.SK_SINCE])


@kernel
def _headcount(w: World, skill: int, step: int, now: int) -> None:
    sk = w.sk
    sk[skill, f.SK_PRESENT] = int(w.cf[sk[skill, f.SK_STEP0] + step])
    if step + 1 < sk[skill, f.SK_STEPS]:
        push(w, w.ci[sk[skill, f.SK_STEP0] + step + 1], f.C_REPAIR, skill, f.E_HEAD, skill, step + 1)
    offer_operators(w, skill)


@kernel
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
        w.rt[index, f.RT_PLAN_PENDING] = 0
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
            if extra < w.st.shape[0]:
                w.st[extra, f.ST_RESERVED] -= w.it[index, f.IT_CLASS]
            else:
                w.so[extra - w.st.shape[0], f.SO_RESERVED] -= 1
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
        if extra == w.pl[index, f.PL_STAMP]:
            g[f.G_PROGRESS] -= 1
            w.pl[index, f.PL_PHASE] = f.WORKING_PHASE
            w.pl[index, f.PL_WORK] = w.pl[index, f.PL_FULL]
            begin_work(w, index, now)
    elif kind == f.E_FAIL:
        if extra == w.pl[index, f.PL_STAMP]:
            g[f.G_PROGRESS] -= 1
            _fail(w, index, now)
        elif extra == -1 - w.pl[index, f.PL_FSTAMP]:
            _fail(w, index, now)


@kernel
def _locked(w: World, now: int) -> bool:
    """Whether nothing pending can move the plant on: every calendar and store was looked at since, in vain."""
    g = w.g
    if g[f.G_PROGRESS] > 0 or g[f.G_BLOCKED] == 0:
        g[f.G_STUCK] = -1
        return False
    if g[f.G_STUCK] < 0:
        g[f.G_STUCK] = now
    for c in range(w.cal.shape[0]):
        if w.cal[c, f.CA_WOKE] <= g[f.G_STUCK]:
            return False
    for k in range(w.so.shape[0]):
        if w.so[k, f.SO_REVIEW] > 0 and w.so[k, f.SO_REVIEWED] <= g[f.G_STUCK]:
            return False
    # People may still come: headcounts change from week to week.
    return g[f.G_HEAP] == 0 or w.sk.shape[0] == 0 or now - g[f.G_STUCK] > 5 * _WEEK


@kernel
def _begin(w: World) -> None:
    """Time zero: what is there is installed, what is open releases."""
    for r in range(w.rt.shape[0]):
        advance_plan(w, r)
    for p in range(w.pl.shape[0]):
        if w.pl[p, f.PL_INSTALLED] == 1:
            w.pl[p, f.PL_INSTALLED] = 0
            _install(w, p, 0)
    for r in range(w.rt.shape[0]):
        if w.rt[r, f.RT_MODE] == f.M_ARRIVALS:
            first = draw(w, w.rt[r, f.RT_ARRIVAL], w.rt[r, f.RT_KEY], -1, 0)
            push_progress(w, first, f.C_REPAIR, r, f.E_ARRIVE, r, 0)
        elif w.rt[r, f.RT_STEPS] > 0:
            change_limit(w, r, 0)
        else:
            release(w, r, 0)


@kernel
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


@kernel
def run(w: World) -> int:
    """Run until the last bin ends. Returns FINISHED, DEADLOCK, or ROOM (give larger tables and call again)."""
    g, heap = w.g, w.heap
    if g[f.G_NOW] < 0:
        g[f.G_NOW] = 0
        _begin(w)
        pull_all(w, 0)
        while g[f.G_DIRTY] > 0:
            g[f.G_DIRTY] -= 1
            s = w.dirty[g[f.G_DIRTY]]
            w.st[s, f.ST_DIRTY] = 0
            try_start(w, s, 0)
    bins = w.edges.shape[0]
    while True:
        if (
            g[f.G_HEAP] + _MARGIN > heap.shape[0]
            or w.it.shape[0] - g[f.G_ITEM_HIGH] < _MARGIN
            or w.log.shape[0] - g[f.G_LOG] < 4 * _MARGIN
            or w.fin.shape[0] - g[f.G_FIN] < _MARGIN
        ):
            return f.ROOM
        now = heap[0, 0] if g[f.G_HEAP] > 0 else NEVER
        while g[f.G_BIN] < bins and w.edges[g[f.G_BIN]] <= now:
            snapshot(w, g[f.G_BIN], w.edges[g[f.G_BIN]])
            g[f.G_BIN] += 1
        if g[f.G_BIN] == bins:
            return f.FINISHED
        if g[f.G_STATUS] == f.ROOM:
            return -1
        g[f.G_NOW] = now
        while g[f.G_HEAP] > 0 and heap[0, 0] == now and event_class(heap[0, 1]) <= f.C_COMPLETION:
            kind, index, extra = heap[0, 2], heap[0, 3], heap[0, 4]
            drop(w)
            if kind == f.E_DONE:
                if extra == w.pl[index, f.PL_STAMP]:
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
            s = w.dirty[g[f.G_DIRTY]]
            w.st[s, f.ST_DIRTY] = 0
            try_start(w, s, now)
            if g[f.G_DIRTY] == 0 and g[f.G_STACK] > 0:
                pull_all(w, now)
        if g[f.G_KNOT] == 1 and _hitch(w, now):
            return f.DEADLOCK
        if g[f.G_PROGRESS] == 0 and _locked(w, now):
            return f.DEADLOCK
        if g[f.G_PROGRESS] > 0:
            g[f.G_STUCK] = -1

