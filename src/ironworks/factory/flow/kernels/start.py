"""Starts: what a station does next, for how long, and why it cannot."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import add_work, is_on, log, on_time, set_state
from ironworks.factory.flow.kernels.queues import dequeue, space
from ironworks.factory.flow.kernels.release import create, may_release
from ironworks.factory.flow.kernels.resources import push_progress, use_operators
from ironworks.factory.flow.kernels.stock import draw, missing, take_kit, wait_for_store
from ironworks.factory.flow.kernels.world import World


@internal
def growth(w: World, row: int, n: float) -> float:
    """Factor of a growth law at cumulative count n (`model.Growth`): exponent, unit, limit stand in cf."""
    exponent, at, limit = w.cf[row], w.cf[row + 1], w.cf[row + 2]
    factor = (max(n, 1.0) / at) ** exponent
    return min(factor, limit) if exponent > 0 else max(factor, limit)


@internal
def learn(w: World, row: int, item: int) -> float:
    """Count one more unit of experience; the factor by which it stretches the time (`model.Learning`)."""
    cf = w.cf
    generation = w.it[item, f.IT_GENERATION]
    r = w.it[item, f.IT_ROUTING]
    while cf[row + f.LN_GENERATION] < generation:
        setback = cf[w.e[r, f.RT_ECN0] + 2 * int(cf[row + f.LN_GENERATION])]
        cf[row + f.LN_COUNT] = (1.0 - setback) * (cf[row + f.LN_COUNT] + cf[row + f.LN_PRIOR])
        cf[row + f.LN_PRIOR] = 0.0
        cf[row + f.LN_GENERATION] += 1
    cf[row + f.LN_COUNT] += 1.0
    n = cf[row + f.LN_COUNT] + cf[row + f.LN_PRIOR]
    law, b, at = int(cf[row + f.LN_LAW]), cf[row + f.LN_B], cf[row + f.LN_AT]
    if law == f.L_CRAWFORD:
        return (n / at) ** b
    if law == f.L_WRIGHT:
        before = (n - 1.0) ** (1.0 + b) if n > 1.0 else 0.0
        return (n ** (1.0 + b) - before) / at**b
    if law == f.L_DEJONG:
        m = cf[row + f.LN_M]
        return (m + (1.0 - m) * n**b) / (m + (1.0 - m) * at**b)
    return 1.0


@inlined
def visit_of(w: World, item: int, o: int) -> int:
    """How often the item has been here for all that matters to its draws: 0 on the way forward."""
    if o < w.g[f.G_REPAIR0] and o > w.it[item, f.IT_FAR]:
        return 0
    return w.it[item, f.IT_LOOPS]


@internal
def draw_uptime(w: World, p: int) -> int:
    """The next time to failure of a place, lengthened by what the station has learnt."""
    s = w.e[p, f.PL_STATION]
    up = draw(w, w.e[s, f.ST_UP], w.e[p, f.PL_UP_KEY], w.e[p, f.PL_FAILS], 0)
    row = w.e[s, f.ST_GROWTH]
    if row >= 0:
        up = int(up * growth(w, row, float(w.e[s, f.ST_OPS])))
    return up


@inlined
def begin_work(w: World, p: int, now: int) -> None:
    """Let a place work on what remains, until it is done or fails."""
    e = w.e
    s = e[p, f.PL_STATION]
    setting = e[p, f.PL_PHASE] == f.SETTING
    runs_off = 0 if setting else max(1 - e[s, f.ST_ATTENDED], e[s, f.ST_FINISH_FIRST])
    set_state(w, p, f.S_SETUP if setting else f.S_WORKING, now)
    e[p, f.PL_RUNS_OFF] = runs_off
    e[p, f.PL_START] = now
    calendar = -1 if runs_off == 1 else e[s, f.ST_CAL]
    e[p, f.PL_START_ON] = on_time(w, e[s, f.ST_CAL], now)
    work = e[p, f.PL_WORK]
    e[p, f.PL_STAMP] += 1
    if not setting and e[s, f.ST_FAIL] == f.F_OPERATION and e[p, f.PL_TO_FAIL] < work:
        at = add_work(w, calendar, now, e[p, f.PL_TO_FAIL])
        push_progress(w, at, f.C_FAILURE, s, f.E_FAIL, p, e[p, f.PL_STAMP])
        return
    push_progress(
        w, add_work(w, calendar, now, work), f.C_COMPLETION, s, f.E_SETUP if setting else f.E_DONE, p, e[p, f.PL_STAMP]
    )


@inlined
def _start(w: World, s: int, p: int, o: int, item: int, now: int) -> None:
    e = w.e
    w.e[s, f.ST_IDLE] -= 1
    e[p, f.PL_ITEM] = item
    e[p, f.PL_OP] = o
    e[o, f.OP_STARTS] += 1
    if e[o, f.OP_KITS] > 0:
        take_kit(w, o, item, now)
    if e[o, f.OP_OPERATORS] > 0:
        use_operators(w, e[o, f.OP_SKILL], e[o, f.OP_OPERATORS], now)
    work = draw(w, e[o, f.OP_LAW], e[o, f.OP_KEY], w.it[item, f.IT_SERIAL], visit_of(w, item, o))
    if e[o, f.OP_LEARN] >= 0:
        work = int(work * learn(w, e[o, f.OP_LEARN], item) + 0.5)
    e[p, f.PL_FULL] = work
    e[p, f.PL_WORK] = work
    e[p, f.PL_PHASE] = f.WORKING_PHASE
    if now >= w.g[f.G_LOG_FROM]:
        log(w, now, f.K_STARTED, w.it[item, f.IT_SERIAL], w.it[item, f.IT_ROUTING], s, p - w.e[s, f.ST_PLACE0], o, -1)
    if w.e[s, f.ST_SETUPN] > 0 and e[p, f.PL_FAMILY] != e[o, f.OP_FAMILY]:
        law = _setup_law(w, s, e[p, f.PL_FAMILY], e[o, f.OP_FAMILY])
        e[p, f.PL_FAMILY] = e[o, f.OP_FAMILY]
        if law >= 0:
            e[p, f.PL_PHASE] = f.SETTING
            e[p, f.PL_WORK] = draw(w, law, w.e[s, f.ST_SETUP_KEY], w.it[item, f.IT_SERIAL], o)
    begin_work(w, p, now)


@internal
def _setup_law(w: World, s: int, old: int, new: int) -> int:
    if old < 0:
        return -1
    first = w.e[s, f.ST_SETUP0]
    for i in range(w.e[s, f.ST_SETUPN] - 1):
        at = first + 3 * i
        if w.ci[at] == old and w.ci[at + 1] == new:
            return w.ci[at + 2]
    return w.e[s, f.ST_SETUP]


@inlined
def _idle_place(w: World, s: int, family: int) -> int:
    e = w.e
    first = w.e[s, f.ST_PLACE0]
    found = -1
    for p in range(first, first + w.e[s, f.ST_PLACES]):
        if e[p, f.PL_PHASE] == f.FREE and e[p, f.PL_INSTALLED] == 1 and e[p, f.PL_DOWN] == f.UP:
            if w.e[s, f.ST_SETUPN] == 0 or e[p, f.PL_FAMILY] == family:
                return p
            if found < 0:
                found = p
    return found


@inlined
def _obstacle(w: World, s: int, o: int, now: int) -> int:
    """The state in which the station waits before it can start this operation; S_WORKING if it can."""
    if w.e[s, f.ST_BEFORE] == 1 and w.e[o, f.OP_DEST] >= 0 and not space(w, w.e[o, f.OP_DEST]):
        return f.S_BLOCKED
    if w.e[o, f.OP_KITS] > 0:
        k = missing(w, o)
        if k >= 0:
            wait_for_store(w, s, k, now)
            return f.S_WAIT_PART
    skill = w.e[o, f.OP_SKILL]
    if skill >= 0 and w.e[skill, f.SK_PRESENT] - w.e[skill, f.SK_USED] < w.e[o, f.OP_OPERATORS]:
        w.e[s, f.ST_WAIT_SKILL] = skill
        return f.S_WAIT_SKILL
    return f.S_WORKING


@internal
def _reserve_ahead(w: World, p: int, dest: int) -> None:
    if dest < 0:
        return
    w.e[p, f.PL_RESERVED] = 1
    if dest < w.g[f.G_STORE0]:
        w.e[dest, f.ST_RESERVED] += 1
    else:
        w.e[dest, f.SO_RESERVED] += 1


@internal
def _idle_states(w: World, s: int, reason: int, waiting: int, now: int) -> None:
    first = w.e[s, f.ST_PLACE0]
    for p in range(first, first + w.e[s, f.ST_PLACES]):
        if w.e[p, f.PL_PHASE] == f.FREE and w.e[p, f.PL_INSTALLED] == 1 and w.e[p, f.PL_DOWN] == f.UP:
            set_state(w, p, reason if waiting > 0 else f.S_STARVED, now)
            waiting -= 1


@inlined
def try_start(w: World, s: int, now: int) -> None:
    """Start all that a station can: rework first, then new work, then units released on demand."""
    e = w.e
    if e[s, f.ST_IDLE] <= 0 or not is_on(w, e[s, f.ST_CAL]):
        return
    if e[s, f.ST_WAIT_STORE] >= 0:
        wait_for_store(w, s, -1, now)
    e[s, f.ST_WAIT_SKILL] = -1
    reason, waiting = f.S_STARVED, 0
    while e[s, f.ST_IDLE] > 0:
        cls, item, o, source = -1, -1, -1, -1
        reason, waiting = f.S_STARVED, 0
        if e[s, f.ST_LEN0] > 0:
            o = w.it[e[s, f.ST_HEAD0], f.IT_OP]
            obstacle = _obstacle(w, s, o, now)
            if obstacle == f.S_WORKING:
                cls = 0
            else:
                reason, waiting = obstacle, e[s, f.ST_LEN0]
        if cls < 0 and e[s, f.ST_LEN1] > 0:
            o = w.it[e[s, f.ST_HEAD1], f.IT_OP]
            obstacle = _obstacle(w, s, o, now)
            if obstacle == f.S_WORKING:
                cls = 1
            else:
                reason, waiting = obstacle, waiting + e[s, f.ST_LEN1]
        if cls < 0:
            for i in range(e[s, f.ST_SOURCE0], e[s, f.ST_SOURCE0] + e[s, f.ST_SOURCES]):
                r = w.ci[i]
                if may_release(w, r, now):
                    o = w.e[r, f.RT_OP0]
                    obstacle = _obstacle(w, s, o, now)
                    if obstacle == f.S_WORKING:
                        cls, source = 2, r
                        break
                    reason, waiting = obstacle, e[s, f.ST_IDLE]
        if cls < 0:
            break
        p = _idle_place(w, s, w.e[o, f.OP_FAMILY])
        if p < 0:
            break
        item = create(w, source, now) if cls == 2 else dequeue(w, s, cls, now)
        if e[s, f.ST_BEFORE] == 1:
            _reserve_ahead(w, p, w.e[o, f.OP_DEST])
        _start(w, s, p, o, item, now)
    if e[s, f.ST_IDLE] > 0:
        _idle_states(w, s, reason, waiting, now)


@inlined
def elapsed(w: World, p: int, now: int) -> int:
    """Work done at a place since it began or resumed."""
    if w.e[p, f.PL_RUNS_OFF] == 1:
        return now - w.e[p, f.PL_START]
    calendar = w.e[w.e[p, f.PL_STATION], f.ST_CAL]
    return on_time(w, calendar, now) - w.e[p, f.PL_START_ON]

