"""The event kernel with the full semantics of a plant (see `model` for what the words mean).

At one time: shift starts and ends of repair, completions, transfers (downstream first), failures, shift ends, starts.
"""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import borrowed, compiled, internal, kernel
from ironworks.factory.flow.kernels.breakdown import fail, install, repaired
from ironworks.factory.flow.kernels.clock import NEVER, log, settle_all
from ironworks.factory.flow.kernels.finish import SCRAP, judge
from ironworks.factory.flow.kernels.heap import draw_near, drop, event_class, push
from ironworks.factory.flow.kernels.knot import find_knot, untie
from ironworks.factory.flow.kernels.queues import enqueue, look_at, space
from ironworks.factory.flow.kernels.release import advance_plan, change_limit, create, may_release, release
from ironworks.factory.flow.kernels.resources import (
    offer_operators,
    push_progress,
    release_operators,
    send_crews,
)
from ironworks.factory.flow.kernels.start import begin_work, try_start
from ironworks.factory.flow.kernels.stock import deliver_order, draw, review
from ironworks.factory.flow.kernels.transfer import (
    arrive,
    check_drained,
    end_item,
    hand_over,
    pull_all,
    remove_place,
    send_carriers,
    shift_transfers,
    vacate,
)
from ironworks.factory.flow.kernels.world import Floats, Ints

_MARGIN = 4096
_WEEK = 7 * 24 * 3600 * 1_000_000


@internal
def _done(m: Ints, x: Floats, p: int, now: int) -> None:
    """An operation is complete: the unit waits in `done` for the transfers of this time."""
    o, s = m[p + f.PL_OP], m[p + f.PL_STATION]
    m[f.G_OPS] += 1
    m[s + f.ST_OPS] += 1
    if m[s + f.ST_FAIL] == f.F_OPERATION:
        m[p + f.PL_TO_FAIL] -= m[p + f.PL_WORK]
    m[p + f.PL_WORK] = 0
    m[p + f.PL_STAMP] += 1
    if m[o + f.OP_OPERATORS] > 0:
        release_operators(m, x, p, o, now)
    first = m[f.G_DONE0]
    i = first + m[f.G_DONE]
    rank = m[s + f.ST_RANK]
    while i > first and m[m[m[i - 1] + f.PL_STATION] + f.ST_RANK] >= rank:
        m[i] = m[i - 1]
        i -= 1
    m[i] = p
    m[f.G_DONE] += 1


@internal
def _transfers(m: Ints, x: Floats, now: int) -> None:
    while m[f.G_DONE] > 0:
        n = m[f.G_DONE] - 1
        m[f.G_DONE] = n
        p = m[m[f.G_DONE0] + n]
        item, o = m[p + f.PL_ITEM], m[p + f.PL_OP]
        if now >= m[f.G_LOG_FROM]:
            s = m[p + f.PL_STATION]
            serial, r = m[item + f.IT_SERIAL], m[item + f.IT_ROUTING]
            log(m, x, now, f.K_FINISHED, serial, r, s, m[p + f.PL_INDEX], o, -1)
        if judge(m, x, o, item, now) == SCRAP:
            vacate(m, x, p, now)
            end_item(m, x, item, True, now)
        else:
            hand_over(m, x, p, now)
        pull_all(m, x, now)
    pull_all(m, x, now)


@internal
def _shift(m: Ints, x: Floats, calendar: int, on: int, now: int) -> None:
    if on == 1:
        m[calendar + f.CA_ON] = 1
        m[calendar + f.CA_BEGIN] = now
        m[calendar + f.CA_WOKE] = now
        push(m, m[m[calendar + f.CA_I] + 1], f.C_SHIFT_END, calendar, f.E_SHIFT_OFF, calendar, 0)
        shift_transfers(m, x, calendar, now)
        for crew in range(m[f.G_CR0], m[f.G_SK0], f.E_WIDTH):
            if m[crew + f.CR_CAL] == calendar:
                send_crews(m, x, crew, now)
        return
    m[calendar + f.CA_CUM] += now - m[calendar + f.CA_BEGIN]
    m[calendar + f.CA_ON] = 0
    i = m[calendar + f.CA_I] + 3
    m[calendar + f.CA_I] = i
    if i < m[calendar + f.CA_LAST]:
        push(m, m[i], f.C_REPAIR, calendar, f.E_SHIFT_ON, calendar, 0)


@internal
def _arrival(m: Ints, x: Floats, r: int, now: int) -> None:
    n = m[r + f.RT_ARRIVED]
    m[r + f.RT_ARRIVED] = n + 1
    push_progress(
        m, x, now + draw(m, x, m[r + f.RT_ARRIVAL], m[r + f.RT_KEY], n + 1, 0), f.C_REPAIR, r, f.E_ARRIVE, r, 0
    )
    s = m[m[r + f.RT_OP0] + f.OP_STATION]
    if (m[r + f.RT_LOSES] == 1 and not space(m, x, s)) or not may_release(m, x, r, now):
        m[r + f.RT_LOST] += 1
        return
    enqueue(m, x, s, 1, create(m, x, r, now), now)
    look_at(m, x, s)


@internal
def _move(m: Ints, x: Floats, move: int, now: int) -> None:
    """Close the routings of a move; what is in process is finished first."""
    m[move + f.MV_STATE] = 1
    for i in range(m[move + f.MV_RT0], m[move + f.MV_RT0] + m[move + f.MV_RTS]):
        m[m[i] + f.RT_CLOSE] = min(m[m[i] + f.RT_CLOSE], now)
    check_drained(m, x, move, now)


@internal
def _moved(m: Ints, x: Floats, move: int, now: int) -> None:
    """Put the places up at the new site, hand over experience, open the routings there."""
    m[move + f.MV_STATE] = 3
    for i in range(m[move + f.MV_EX0], m[move + f.MV_EX0] + 2 * m[move + f.MV_EXS], 2):
        old, new = m[i], m[i + 1]
        x[new + f.LN_COUNT] += x[i] * (x[old + f.LN_COUNT] + x[old + f.LN_PRIOR])
    for i in range(m[move + f.MV_IN0], m[move + f.MV_IN0] + m[move + f.MV_INS]):
        install(m, x, m[i], now)
    for i in range(m[move + f.MV_TO0], m[move + f.MV_TO0] + m[move + f.MV_TOS]):
        r = m[i]
        m[r + f.RT_OPEN] = now
        release(m, x, r, now)


@internal
def _headcount(m: Ints, x: Floats, skill: int, step: int, now: int) -> None:
    m[skill + f.SK_PRESENT] = int(x[m[skill + f.SK_STEP0] + step])
    if step + 1 < m[skill + f.SK_STEPS]:
        push(m, m[m[skill + f.SK_STEP0] + step + 1], f.C_REPAIR, skill, f.E_HEAD, skill, step + 1)
    offer_operators(m, x, skill)


@internal
def _rare(m: Ints, x: Floats, kind: int, index: int, extra: int, now: int) -> None:
    """All events but the completions."""
    if kind == f.E_SHIFT_ON or kind == f.E_SHIFT_OFF:
        _shift(m, x, index, 1 if kind == f.E_SHIFT_ON else 0, now)
    elif kind == f.E_ARRIVE:
        m[f.G_PROGRESS] -= 1
        _arrival(m, x, index, now)
    elif kind == f.E_PLAN:
        m[f.G_PROGRESS] -= 1
        m[index + f.RT_PLAN_PENDING] = 0
        release(m, x, index, now)
    elif kind == f.E_LIMIT:
        m[f.G_PROGRESS] -= 1
        change_limit(m, x, index, now)
    elif kind == f.E_OPEN:
        m[f.G_PROGRESS] -= 1
        release(m, x, index, now)
    elif kind == f.E_REVIEW:
        review(m, x, index, now)
    elif kind == f.E_DELIVER:
        m[f.G_PROGRESS] -= 1
        deliver_order(m, x, index, extra, now)
    elif kind == f.E_TRAVEL:
        m[f.G_PROGRESS] -= 1
        if extra >= 0:
            if extra < m[f.G_STORE0]:
                m[extra + f.ST_RESERVED] -= m[index + f.IT_CLASS]
            else:
                m[extra + f.SO_RESERVED] -= 1
        arrive(m, x, index, now)
    elif kind == f.E_CARRIER:
        m[f.G_PROGRESS] -= 1
        m[index + f.FL_FREE] += 1
        send_carriers(m, x, index, now)
    elif kind == f.E_HEAD:
        _headcount(m, x, index, extra, now)
    elif kind == f.E_INSTALL:
        m[f.G_PROGRESS] -= 1
        install(m, x, index, now)
    elif kind == f.E_REMOVE:
        m[f.G_PROGRESS] -= 1
        remove_place(m, x, index, now)
    elif kind == f.E_MOVE:
        m[f.G_PROGRESS] -= 1
        _move(m, x, index, now)
    elif kind == f.E_MOVED:
        m[f.G_PROGRESS] -= 1
        _moved(m, x, index, now)
    elif kind == f.E_HOLD:
        m[f.G_PROGRESS] -= 1
        log(m, x, now, f.K_FREED, m[index + f.IT_SERIAL], m[index + f.IT_ROUTING], -1, -1, m[index + f.IT_OP], -1)
        arrive(m, x, index, now)
    elif kind == f.E_REPAIRED:
        m[f.G_PROGRESS] -= 1
        repaired(m, x, index, now)
    elif kind == f.E_SETUP:
        if extra == m[index + f.PL_STAMP]:
            m[f.G_PROGRESS] -= 1
            m[index + f.PL_PHASE] = f.WORKING_PHASE
            m[index + f.PL_WORK] = m[index + f.PL_FULL]
            begin_work(m, x, index, now)
    elif kind == f.E_FAIL:
        if extra == m[index + f.PL_STAMP]:
            m[f.G_PROGRESS] -= 1
            fail(m, x, index, now)
        elif extra == -1 - m[index + f.PL_FSTAMP]:
            fail(m, x, index, now)


@internal
def _locked(m: Ints, x: Floats, now: int) -> bool:
    """Whether nothing pending can move the plant on: every calendar and store was looked at since, in vain."""
    if m[f.G_PROGRESS] > 0 or m[f.G_BLOCKED] == 0:
        m[f.G_STUCK] = -1
        return False
    if m[f.G_STUCK] < 0:
        m[f.G_STUCK] = now
    for c in range(m[f.G_CAL0], m[f.G_CR0], f.E_WIDTH):
        if m[c + f.CA_WOKE] <= m[f.G_STUCK]:
            return False
    for k in range(m[f.G_STORE0], m[f.G_PLACE0], f.E_WIDTH):
        if m[k + f.SO_REVIEW] > 0 and m[k + f.SO_REVIEWED] <= m[f.G_STUCK]:
            return False
    # People may still come: headcounts change from week to week.
    return m[f.G_HEAP] + m[f.G_FAR] == 0 or m[f.G_SK0] == m[f.G_FL0] or now - m[f.G_STUCK] > 5 * _WEEK


@internal
def _begin(m: Ints, x: Floats) -> None:
    """Time zero: what is there is installed, what is open releases."""
    for r in range(m[f.G_RT0], m[f.G_CAL0], f.E_WIDTH):
        advance_plan(m, x, r)
    for p in range(m[f.G_PLACE0], m[f.G_OP0], f.E_WIDTH):
        if m[p + f.PL_INSTALLED] == 1:
            m[p + f.PL_INSTALLED] = 0
            install(m, x, p, 0)
    for r in range(m[f.G_RT0], m[f.G_CAL0], f.E_WIDTH):
        if m[r + f.RT_MODE] == f.M_ARRIVALS:
            first = draw(m, x, m[r + f.RT_ARRIVAL], m[r + f.RT_KEY], 0, 0)
            push_progress(m, x, first, f.C_REPAIR, r, f.E_ARRIVE, r, 0)
        elif m[r + f.RT_STEPS] > 0:
            change_limit(m, x, r, 0)
        else:
            release(m, x, r, 0)


@internal
def _starts(m: Ints, x: Floats, now: int) -> None:
    """Start what can be started, station by station in declared order, and pass on the room that this opens."""
    while True:
        if m[f.G_STACK] > 0:
            pull_all(m, x, now)
        if m[f.G_DIRTY] == 0:
            return
        m[f.G_DIRTY] -= 1
        s = m[m[f.G_DIRTY0] + m[f.G_DIRTY]]
        dirty, skill = m[s + f.ST_DIRTY], m[s + f.ST_WAIT_SKILL]
        m[s + f.ST_DIRTY] = f.D_NOT
        if dirty == f.D_PEOPLE and skill >= 0 and m[skill + f.SK_USED] >= m[skill + f.SK_PRESENT]:
            continue
        try_start(m, x, s, now)


@internal
def _hitch(m: Ints, x: Floats, now: int) -> bool:
    """Whether places wait for one another in a circle that no swap unties."""
    m[f.G_KNOT] = 0
    while True:
        s = find_knot(m, x)
        if s < 0:
            return False
        if not untie(m, x, s, now):
            return True
        _starts(m, x, now)


@internal
def _run(m: Ints, x: Floats, until: int) -> int:
    if m[f.G_NOW] < 0:
        m[f.G_NOW] = 0
        _begin(m, x)
        _starts(m, x, 0)
    heap = m[f.G_HEAP0]
    while True:
        events = max(m[f.G_HEAP], m[f.G_FAR])
        if events + _MARGIN > m[f.G_HEAP_END] or m[f.G_ITEM_END] - m[f.G_ITEM_HIGH] < _MARGIN * f.IT_N:
            return f.ROOM
        if m[f.G_STATUS] == f.ROOM:
            return f.ROOM
        if m[f.G_HEAP] == 0:
            draw_near(m)
        now = m[heap] if m[f.G_HEAP] > 0 else NEVER
        if now >= until:
            settle_all(m, x, until)
            return f.FINISHED
        m[f.G_NOW] = now
        while m[f.G_HEAP] > 0 and m[heap] == now and event_class(m[heap + 1]) <= f.C_COMPLETION:
            kind, index, extra = m[heap + 2], m[heap + 3], m[heap + 4]
            drop(m)
            if kind == f.E_DONE:
                if extra == m[index + f.PL_STAMP]:
                    m[f.G_PROGRESS] -= 1
                    _done(m, x, index, now)
            else:
                _rare(m, x, kind, index, extra, now)
        _transfers(m, x, now)
        while m[f.G_HEAP] > 0 and m[heap] == now and event_class(m[heap + 1]) > f.C_COMPLETION:
            kind, index, extra = m[heap + 2], m[heap + 3], m[heap + 4]
            drop(m)
            _rare(m, x, kind, index, extra, now)
        _starts(m, x, now)
        if (m[f.G_KNOT] == 1 and _hitch(m, x, now)) or (m[f.G_PROGRESS] == 0 and _locked(m, x, now)):
            settle_all(m, x, now)
            return f.DEADLOCK
        if m[f.G_PROGRESS] > 0:
            m[f.G_STUCK] = -1


@kernel
def _run_compiled(m: Ints, x: Floats, until: int) -> int:
    return _run(borrowed(m), borrowed(x), until)


def run(m: Ints, x: Floats, until: int) -> int:
    """Run all events before `until` [us]; can be called again with a later time.

    `m`: globals, entities, lists, events, log, finish times and items (see `fields`); `x`: figures at the places of
    the lists. Both are changed. Returns FINISHED, DEADLOCK, or ROOM when a region of `m` is too small.
    """
    return int(_run_compiled(m, x, until) if compiled else _run(m, x, until))
