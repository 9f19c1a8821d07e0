"""Starts: what a station does next, for how long, and why it cannot."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, kernel
from ironworks.factory.flow.kernels.clock import add_work, is_on, log, on_time, set_state
from ironworks.factory.flow.kernels.queues import dequeue, space
from ironworks.factory.flow.kernels.release import create, may_release
from ironworks.factory.flow.kernels.resources import push_progress, use_operators
from ironworks.factory.flow.kernels.stock import draw, missing, take_kit, wait_for_store
from ironworks.factory.flow.kernels.world import World


@kernel
def growth(w: World, row: int, n: float) -> float:
    """Factor of a growth law at cumulative count n (`model.Growth`): exponent, unit, limit stand in cf."""
    exponent, at, limit = w.cf[row], w.cf[row + 1], w.cf[row + 2]
    factor = (max(n, 1.0) / at) ** exponent
    return min(factor, limit) if exponent > 0 else max(factor, limit)


@kernel
def learn(w: World, row: int, item: int) -> float:
    """Count one more unit of experience; the factor by which it stretches the time (`model.Learning`)."""
    lrn = w.lrn[row]
    generation = w.it[item, f.IT_GENERATION]
    r = w.it[item, f.IT_ROUTING]
    while lrn[f.LN_GENERATION] < generation:
        setback = w.cf[w.rt[r, f.RT_ECN0] + 2 * int(lrn[f.LN_GENERATION])]
        lrn[f.LN_COUNT] = (1.0 - setback) * (lrn[f.LN_COUNT] + lrn[f.LN_PRIOR])
        lrn[f.LN_PRIOR] = 0.0
        lrn[f.LN_GENERATION] += 1
    lrn[f.LN_COUNT] += 1.0
    n = lrn[f.LN_COUNT] + lrn[f.LN_PRIOR]
    law, b, at = int(lrn[f.LN_LAW]), lrn[f.LN_B], lrn[f.LN_AT]
    if law == f.L_CRAWFORD:
        return (n / at) ** b
    if law == f.L_WRIGHT:
        before = (n - 1.0) ** (1.0 + b) if n > 1.0 else 0.0
        return (n ** (1.0 + b) - before) / at**b
    if law == f.L_DEJONG:
        m = lrn[f.LN_M]
        return (m + (1.0 - m) * n**b) / (m + (1.0 - m) * at**b)
    return 1.0


@inlined
def visit_of(w: World, item: int, o: int) -> int:
    """How often the item has been here for all that matters to its draws: 0 on the way forward."""
    if o < w.op.shape[0] - w.df.shape[0] and o > w.it[item, f.IT_FAR]:
        return 0
    return w.it[item, f.IT_LOOPS]


@kernel
def draw_uptime(w: World, p: int) -> int:
    """The next time to failure of a place, lengthened by what the station has learnt."""
    s = w.pl[p, f.PL_STATION]
    up = draw(w, w.st[s, f.ST_UP], w.pl[p, f.PL_UP_KEY], w.pl[p, f.PL_FAILS], 0)
    row = w.st[s, f.ST_GROWTH]
    if row >= 0:
        up = int(up * growth(w, row, float(w.st[s, f.ST_OPS])))
    return up


@inlined
def begin_work(w: World, p: int, now: int) -> None:
    """Let a place work on what remains, until it is done or fails."""
    pl, st = w.pl, w.st
    s = pl[p, f.PL_STATION]
    setting = pl[p, f.PL_PHASE] == f.SETTING
    runs_off = 0 if setting else max(1 - st[s, f.ST_ATTENDED], st[s, f.ST_FINISH_FIRST])
    set_state(w, p, f.S_SETUP if setting else f.S_WORKING, now)
    pl[p, f.PL_RUNS_OFF] = runs_off
    pl[p, f.PL_START] = now
    calendar = -1 if runs_off == 1 else st[s, f.ST_CAL]
    pl[p, f.PL_START_ON] = on_time(w, st[s, f.ST_CAL], now)
    work = pl[p, f.PL_WORK]
    pl[p, f.PL_STAMP] += 1
    if not setting and st[s, f.ST_FAIL] == f.F_OPERATION and pl[p, f.PL_TO_FAIL] < work:
        at = add_work(w, calendar, now, pl[p, f.PL_TO_FAIL])
        push_progress(w, at, f.C_FAILURE, s, f.E_FAIL, p, pl[p, f.PL_STAMP])
        return
    push_progress(
        w, add_work(w, calendar, now, work), f.C_COMPLETION, s, f.E_SETUP if setting else f.E_DONE, p, pl[p, f.PL_STAMP]
    )


@inlined
def _start(w: World, s: int, p: int, o: int, item: int, now: int) -> None:
    pl, op = w.pl, w.op
    w.st[s, f.ST_IDLE] -= 1
    pl[p, f.PL_ITEM] = item
    pl[p, f.PL_OP] = o
    op[o, f.OP_STARTS] += 1
    if op[o, f.OP_KITS] > 0:
        take_kit(w, o, item, now)
    if op[o, f.OP_OPERATORS] > 0:
        use_operators(w, op[o, f.OP_SKILL], op[o, f.OP_OPERATORS], now)
    work = draw(w, op[o, f.OP_LAW], op[o, f.OP_KEY], w.it[item, f.IT_SERIAL], visit_of(w, item, o))
    if op[o, f.OP_LEARN] >= 0:
        work = int(work * learn(w, op[o, f.OP_LEARN], item) + 0.5)
    pl[p, f.PL_FULL] = work
    pl[p, f.PL_WORK] = work
    pl[p, f.PL_PHASE] = f.WORKING_PHASE
    if now >= w.g[f.G_LOG_FROM]:
        log(w, now, f.K_STARTED, w.it[item, f.IT_SERIAL], w.it[item, f.IT_ROUTING], s, p - w.st[s, f.ST_PLACE0], o, -1)
    if w.st[s, f.ST_SETUPN] > 0 and pl[p, f.PL_FAMILY] != op[o, f.OP_FAMILY]:
        law = _setup_law(w, s, pl[p, f.PL_FAMILY], op[o, f.OP_FAMILY])
        pl[p, f.PL_FAMILY] = op[o, f.OP_FAMILY]
        if law >= 0:
            pl[p, f.PL_PHASE] = f.SETTING
            pl[p, f.PL_WORK] = draw(w, law, w.st[s, f.ST_SETUP_KEY], w.it[item, f.IT_SERIAL], o)
    begin_work(w, p, now)


@kernel
def _setup_law(w: World, s: int, old: int, new: int) -> int:
    if old < 0:
        return -1
    first = w.st[s, f.ST_SETUP0]
    for i in range(w.st[s, f.ST_SETUPN] - 1):
        at = first + 3 * i
        if w.ci[at] == old and w.ci[at + 1] == new:
            return w.ci[at + 2]
    return w.st[s, f.ST_SETUP]


@inlined
def _idle_place(w: World, s: int, family: int) -> int:
    pl = w.pl
    first = w.st[s, f.ST_PLACE0]
    found = -1
    for p in range(first, first + w.st[s, f.ST_PLACES]):
        if pl[p, f.PL_PHASE] == f.FREE and pl[p, f.PL_INSTALLED] == 1 and pl[p, f.PL_DOWN] == f.UP:
            if w.st[s, f.ST_SETUPN] == 0 or pl[p, f.PL_FAMILY] == family:
                return p
            if found < 0:
                found = p
    return found


@inlined
def _obstacle(w: World, s: int, o: int, now: int) -> int:
    """The state in which the station waits before it can start this operation; S_WORKING if it can."""
    if w.st[s, f.ST_BEFORE] == 1 and w.op[o, f.OP_DEST] >= 0 and not space(w, w.op[o, f.OP_DEST]):
        return f.S_BLOCKED
    if w.op[o, f.OP_KITS] > 0:
        k = missing(w, o)
        if k >= 0:
            wait_for_store(w, s, k, now)
            return f.S_WAIT_PART
    skill = w.op[o, f.OP_SKILL]
    if skill >= 0 and w.sk[skill, f.SK_PRESENT] - w.sk[skill, f.SK_USED] < w.op[o, f.OP_OPERATORS]:
        w.st[s, f.ST_WAIT_SKILL] = skill
        return f.S_WAIT_SKILL
    return f.S_WORKING


@kernel
def _reserve_ahead(w: World, p: int, dest: int) -> None:
    if dest < 0:
        return
    w.pl[p, f.PL_RESERVED] = 1
    if dest < w.st.shape[0]:
        w.st[dest, f.ST_RESERVED] += 1
    else:
        w.so[dest - w.st.shape[0], f.SO_RESERVED] += 1


@kernel
def _idle_states(w: World, s: int, reason: int, waiting: int, now: int) -> None:
    first = w.st[s, f.ST_PLACE0]
    for p in range(first, first + w.st[s, f.ST_PLACES]):
        if w.pl[p, f.PL_PHASE] == f.FREE and w.pl[p, f.PL_INSTALLED] == 1 and w.pl[p, f.PL_DOWN] == f.UP:
            set_state(w, p, reason if waiting > 0 else f.S_STARVED, now)
            waiting -= 1


@inlined
def try_start(w: World, s: int, now: int) -> None:
    """Start all that a station can: rework first, then new work, then units released on demand."""
    st = w.st
    if st[s, f.ST_IDLE] <= 0 or not is_on(w, st[s, f.ST_CAL]):
        return
    if st[s, f.ST_WAIT_STORE] >= 0:
        wait_for_store(w, s, -1, now)
    st[s, f.ST_WAIT_SKILL] = -1
    reason, waiting = f.S_STARVED, 0
    while st[s, f.ST_IDLE] > 0:
        cls, item, o, source = -1, -1, -1, -1
        reason, waiting = f.S_STARVED, 0
        if st[s, f.ST_LEN0] > 0:
            o = w.it[st[s, f.ST_HEAD0], f.IT_OP]
            obstacle = _obstacle(w, s, o, now)
            if obstacle == f.S_WORKING:
                cls = 0
            else:
                reason, waiting = obstacle, st[s, f.ST_LEN0]
        if cls < 0 and st[s, f.ST_LEN1] > 0:
            o = w.it[st[s, f.ST_HEAD1], f.IT_OP]
            obstacle = _obstacle(w, s, o, now)
            if obstacle == f.S_WORKING:
                cls = 1
            else:
                reason, waiting = obstacle, waiting + st[s, f.ST_LEN1]
        if cls < 0:
            for i in range(st[s, f.ST_SOURCE0], st[s, f.ST_SOURCE0] + st[s, f.ST_SOURCES]):
                r = w.ci[i]
                if may_release(w, r, now):
                    o = w.rt[r, f.RT_OP0]
                    obstacle = _obstacle(w, s, o, now)
                    if obstacle == f.S_WORKING:
                        cls, source = 2, r
                        break
                    reason, waiting = obstacle, st[s, f.ST_IDLE]
        if cls < 0:
            break
        p = _idle_place(w, s, w.op[o, f.OP_FAMILY])
        if p < 0:
            break
        item = create(w, source, now) if cls == 2 else dequeue(w, s, cls, now)
        if st[s, f.ST_BEFORE] == 1:
            _reserve_ahead(w, p, w.op[o, f.OP_DEST])
        _start(w, s, p, o, item, now)
    if st[s, f.ST_IDLE] > 0:
        _idle_states(w, s, reason, waiting, now)


@inlined
def elapsed(w: World, p: int, now: int) -> int:
    """Work done at a place since it began or resumed."""
    if w.pl[p, f.PL_RUNS_OFF] == 1:
        return now - w.pl[p, f.PL_START]
    calendar = w.st[w.pl[p, f.PL_STATION], f.ST_CAL]
    return on_time(w, calendar, now) - w.pl[p, f.PL_START_ON]

