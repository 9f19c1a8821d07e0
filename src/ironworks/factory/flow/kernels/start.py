"""Starts: what a station does next, for how long, and why it cannot."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import add_work, is_on, log, on_time, set_state
from ironworks.factory.flow.kernels.learning import growth, learn
from ironworks.factory.flow.kernels.queues import dequeue, enqueue, space
from ironworks.factory.flow.kernels.release import create, may_release
from ironworks.factory.flow.kernels.resample import resampled_time, take_row
from ironworks.factory.flow.kernels.resources import push_progress, seize_operators
from ironworks.factory.flow.kernels.stock import draw, missing, take_kit, wait_for_store
from ironworks.factory.flow.kernels.world import Floats, Ints


@inlined
def visit_of(m: Ints, x: Floats, item: int, o: int) -> int:
    """How often the item has been here for all that matters to its draws: 0 on the way forward."""
    if o < m[f.G_REPAIR0] and o > m[item + f.IT_FAR]:
        return 0
    return m[item + f.IT_LOOPS]


@internal
def draw_uptime(m: Ints, x: Floats, p: int) -> int:
    """The next time to failure of a place, lengthened by what the station has learnt."""
    s = m[p + f.PL_STATION]
    up = draw(m, x, m[s + f.ST_UP], m[p + f.PL_UP_KEY], m[p + f.PL_FAILS], 0)
    row = m[s + f.ST_GROWTH]
    if row >= 0:
        up = int(up * growth(m, x, row, float(m[s + f.ST_OPS])))
    return up


@internal
def begin_work(m: Ints, x: Floats, p: int, now: int) -> None:
    """Let a place work on what remains, until it is done or fails."""
    s = m[p + f.PL_STATION]
    setting = m[p + f.PL_PHASE] == f.SETTING
    runs_off = 0 if setting else max(1 - m[s + f.ST_ATTENDED], m[s + f.ST_FINISH_FIRST])
    set_state(m, x, p, f.S_SETUP if setting else f.S_WORKING, now)
    m[p + f.PL_RUNS_OFF] = runs_off
    m[p + f.PL_START] = now
    calendar = -1 if runs_off == 1 else m[s + f.ST_CAL]
    m[p + f.PL_START_ON] = on_time(m, x, m[s + f.ST_CAL], now)
    work = m[p + f.PL_WORK]
    m[p + f.PL_STAMP] += 1
    if not setting and m[s + f.ST_FAIL] == f.F_OPERATION and m[p + f.PL_TO_FAIL] < work:
        at = add_work(m, x, calendar, now, m[p + f.PL_TO_FAIL])
        push_progress(m, x, at, f.C_FAILURE, s, f.E_FAIL, p, m[p + f.PL_STAMP])
        return
    push_progress(
        m,
        x,
        add_work(m, x, calendar, now, work),
        f.C_COMPLETION,
        s,
        f.E_SETUP if setting else f.E_DONE,
        p,
        m[p + f.PL_STAMP],
    )


@internal
def _start(m: Ints, x: Floats, s: int, p: int, o: int, item: int, now: int) -> None:
    m[s + f.ST_IDLE] -= 1
    m[s + f.ST_SHOWN] = -1
    m[p + f.PL_ITEM] = item
    m[p + f.PL_OP] = o
    m[o + f.OP_STARTS] += 1
    if m[o + f.OP_KITS] > 0:
        take_kit(m, x, o, item, now)
    if m[o + f.OP_OPERATORS] > 0:
        seize_operators(m, x, p, o, now)
    work = draw(m, x, m[o + f.OP_LAW], m[o + f.OP_KEY], m[item + f.IT_SERIAL], visit_of(m, x, item, o))
    if m[o + f.OP_LEARN] >= 0:
        work = int(work * learn(m, x, m[o + f.OP_LEARN], item) + 0.5)
    if m[o + f.OP_ROWS] >= 0:
        take_row(m, x, o, item)
        work = resampled_time(m, x, o, item, work)
    m[p + f.PL_FULL] = work
    m[p + f.PL_WORK] = work
    m[p + f.PL_PHASE] = f.WORKING_PHASE
    if now >= m[f.G_LOG_FROM]:
        log(m, x, now, f.K_STARTED, m[item + f.IT_SERIAL], m[item + f.IT_ROUTING], s, m[p + f.PL_INDEX], o, -1)
    if m[s + f.ST_SETUPN] > 0 and m[p + f.PL_FAMILY] != m[o + f.OP_FAMILY]:
        law = _setup_law(m, x, s, m[p + f.PL_FAMILY], m[o + f.OP_FAMILY])
        m[p + f.PL_FAMILY] = m[o + f.OP_FAMILY]
        if law >= 0:
            m[p + f.PL_PHASE] = f.SETTING
            m[p + f.PL_WORK] = draw(m, x, law, m[s + f.ST_SETUP_KEY], m[item + f.IT_SERIAL], m[o + f.OP_FAMILY])
    begin_work(m, x, p, now)


@internal
def _setup_law(m: Ints, x: Floats, s: int, old: int, new: int) -> int:
    if old < 0:
        return -1
    first = m[s + f.ST_SETUP0]
    for i in range(m[s + f.ST_SETUPN] - 1):
        at = first + 3 * i
        if m[at] == old and m[at + 1] == new:
            return m[at + 2]
    return m[s + f.ST_SETUP]


@internal
def _idle_place(m: Ints, x: Floats, s: int, family: int) -> int:
    found = -1
    for p in range(m[s + f.ST_FREE0], m[s + f.ST_PLACE0] + m[s + f.ST_PLACES], f.E_WIDTH):
        if m[p + f.PL_PHASE] == f.FREE and m[p + f.PL_INSTALLED] == 1 and m[p + f.PL_DOWN] == f.UP:
            if found < 0:
                m[s + f.ST_FREE0] = found = p
            if m[s + f.ST_SETUPN] == 0 or m[p + f.PL_FAMILY] == family:
                return p
    return found


@internal
def _obstacle(m: Ints, x: Floats, s: int, o: int, now: int) -> int:
    """The state in which the station waits before it can start this operation; S_WORKING if it can."""
    if m[s + f.ST_BEFORE] == 1 and m[o + f.OP_DEST] >= 0 and not space(m, x, m[o + f.OP_DEST]):
        return f.S_BLOCKED
    if m[o + f.OP_KITS] > 0:
        k = missing(m, x, o)
        if k >= 0:
            wait_for_store(m, x, s, k, now)
            return f.S_WAIT_PART
    skill = m[o + f.OP_SKILL]
    if skill >= 0 and m[skill + f.SK_PRESENT] - m[skill + f.SK_USED] < m[o + f.OP_OPERATORS]:
        waits = m[s + f.ST_WAIT_SKILL]
        m[s + f.ST_WAIT_SKILL] = skill if waits == -1 or waits == skill else f.ANY_SKILL
        return f.S_WAIT_SKILL
    return f.S_WORKING


@internal
def _reserve_ahead(m: Ints, x: Floats, p: int, dest: int) -> None:
    if dest < 0:
        return
    m[p + f.PL_RESERVED] = 1
    if dest < m[f.G_STORE0]:
        m[dest + f.ST_RESERVED] += 1
    else:
        m[dest + f.SO_RESERVED] += 1


@internal
def _idle_states(m: Ints, x: Floats, s: int, reason: int, waiting: int, now: int) -> None:
    m[s + f.ST_REASON] = reason
    m[s + f.ST_SHOWN] = waiting
    for p in range(m[s + f.ST_FREE0], m[s + f.ST_PLACE0] + m[s + f.ST_PLACES], f.E_WIDTH):
        if m[p + f.PL_PHASE] == f.FREE and m[p + f.PL_INSTALLED] == 1 and m[p + f.PL_DOWN] == f.UP:
            set_state(m, x, p, reason if waiting > 0 else f.S_STARVED, now)
            waiting -= 1


@internal
def try_start(m: Ints, x: Floats, s: int, now: int) -> None:
    """Start all that a station can: rework first, then new work, then units released on demand."""
    if m[s + f.ST_IDLE] <= 0 or not is_on(m, x, m[s + f.ST_CAL]):
        return
    if m[s + f.ST_WAIT_STORE] >= 0:
        wait_for_store(m, x, s, -1, now)
    m[s + f.ST_WAIT_SKILL] = -1
    reason, waiting = f.S_STARVED, 0
    while m[s + f.ST_IDLE] > 0:
        cls, item, o, source = -1, -1, -1, -1
        reason, waiting = f.S_STARVED, 0
        if m[s + f.ST_LEN0] > 0:
            o = m[m[s + f.ST_HEAD0] + f.IT_OP]
            obstacle = _obstacle(m, x, s, o, now)
            if obstacle == f.S_WORKING:
                cls = 0
            else:
                reason, waiting = obstacle, m[s + f.ST_LEN0]
        if cls < 0 and m[s + f.ST_LEN1] > 0:
            o = m[m[s + f.ST_HEAD1] + f.IT_OP]
            obstacle = _obstacle(m, x, s, o, now)
            if obstacle == f.S_WORKING:
                cls = 1
            else:
                reason, waiting = obstacle, waiting + m[s + f.ST_LEN1]
        if cls < 0:
            for i in range(m[s + f.ST_SOURCE0], m[s + f.ST_SOURCE0] + m[s + f.ST_SOURCES]):
                r = m[i]
                if may_release(m, x, r, now):
                    o = m[r + f.RT_OP0]
                    obstacle = _obstacle(m, x, s, o, now)
                    if obstacle == f.S_WORKING:
                        cls, source = 2, r
                        break
                    reason, waiting = obstacle, m[s + f.ST_IDLE]
        if cls < 0:
            break
        p = _idle_place(m, x, s, m[o + f.OP_FAMILY])
        if p < 0:
            # All idle places are down; an empty one still accepts a part that needs no kit and nobody's hand.
            if (
                cls == 2
                and m[o + f.OP_KITS] == 0
                and m[o + f.OP_OPERATORS] == 0
                and m[s + f.ST_LEN1] < m[s + f.ST_IDLE]
            ):
                enqueue(m, x, s, 1, create(m, x, source, now), now)
                continue
            break
        item = create(m, x, source, now) if cls == 2 else dequeue(m, x, s, cls, now)
        if m[s + f.ST_BEFORE] == 1:
            _reserve_ahead(m, x, p, m[o + f.OP_DEST])
        _start(m, x, s, p, o, item, now)
    # Idle places that starved before and starve now, or wait as they did, need no look.
    same = reason == m[s + f.ST_REASON] and (reason == f.S_STARVED or waiting == m[s + f.ST_SHOWN])
    if m[s + f.ST_IDLE] > 0 and not same:
        _idle_states(m, x, s, reason, waiting, now)


@internal
def elapsed(m: Ints, x: Floats, p: int, now: int) -> int:
    """Work done at a place since it began or resumed."""
    if m[p + f.PL_RUNS_OFF] == 1:
        return now - m[p + f.PL_START]
    calendar = m[m[p + f.PL_STATION] + f.ST_CAL]
    return on_time(m, x, calendar, now) - m[p + f.PL_START_ON]
