"""Shared resources: repair crews, operators, carriers."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import NEVER, add_work, is_on, on_time, set_state
from ironworks.factory.flow.kernels.heap import push
from ironworks.factory.flow.kernels.queues import look_at, look_for_people
from ironworks.factory.flow.kernels.stock import draw
from ironworks.factory.flow.kernels.world import Floats, Ints


@internal
def push_progress(m: Ints, x: Floats, time: int, cls: int, order: int, kind: int, index: int, extra: int) -> None:
    """Schedule an event that moves the plant on: while one is pending, nothing is locked."""
    if time < NEVER:
        push(m, time, cls, order, kind, index, extra)
        m[f.G_PROGRESS] += 1


@internal
def _begin_repair(m: Ints, x: Floats, p: int, now: int) -> None:
    s = m[p + f.PL_STATION]
    crew = m[s + f.ST_CREW]
    duration = draw(m, x, m[s + f.ST_REPAIR], m[p + f.PL_REPAIR_KEY], m[p + f.PL_FAILS], 0)
    m[p + f.PL_FAILS] += 1
    m[p + f.PL_DOWN] = f.REPAIRING
    if m[p + f.PL_INSTALLED] > 0:
        set_state(m, x, p, f.S_DOWN, now)
    calendar = m[crew + f.CR_CAL] if crew >= 0 else -1
    push_progress(m, x, add_work(m, x, calendar, now, duration), f.C_REPAIR, s, f.E_REPAIRED, p, 0)


@internal
def call_crew(m: Ints, x: Floats, p: int, now: int) -> None:
    """Begin the repair of a place, or let it wait: by priority, then first come, first served."""
    s = m[p + f.PL_STATION]
    crew = m[s + f.ST_CREW]
    if crew < 0:
        _begin_repair(m, x, p, now)
        return
    if m[crew + f.CR_BUSY] < m[crew + f.CR_SIZE] and m[crew + f.CR_HEAD] < 0 and is_on(m, x, m[crew + f.CR_CAL]):
        m[crew + f.CR_BUSY] += 1
        _begin_repair(m, x, p, now)
        return
    m[p + f.PL_DOWN] = f.WAITING
    set_state(m, x, p, f.S_WAIT_REPAIR, now)
    before, at = -1, m[crew + f.CR_HEAD]
    while at >= 0 and m[m[at + f.PL_STATION] + f.ST_PRIORITY] >= m[s + f.ST_PRIORITY]:
        before, at = at, m[at + f.PL_NEXT_CREW]
    m[p + f.PL_NEXT_CREW] = at
    if before < 0:
        m[crew + f.CR_HEAD] = p
    else:
        m[before + f.PL_NEXT_CREW] = p


@internal
def send_crews(m: Ints, x: Floats, crew: int, now: int) -> None:
    """Send free repairers, when on shift, to the places that wait."""
    while m[crew + f.CR_HEAD] >= 0 and m[crew + f.CR_BUSY] < m[crew + f.CR_SIZE] and is_on(m, x, m[crew + f.CR_CAL]):
        p = m[crew + f.CR_HEAD]
        m[crew + f.CR_HEAD] = m[p + f.PL_NEXT_CREW]
        m[crew + f.CR_BUSY] += 1
        _begin_repair(m, x, p, now)


@inlined
def seize_operators(m: Ints, x: Floats, p: int, o: int, now: int) -> None:
    """Take the operators that an operation needs."""
    m[m[o + f.OP_SKILL] + f.SK_USED] += m[o + f.OP_OPERATORS]
    m[p + f.PL_SEIZED] = on_time(m, x, m[m[p + f.PL_STATION] + f.ST_CAL], now)


@internal
def release_operators(m: Ints, x: Floats, p: int, o: int, now: int) -> None:
    """Give the operators of an operation back; their time counts while the station was on shift."""
    skill, n = m[o + f.OP_SKILL], m[o + f.OP_OPERATORS]
    m[skill + f.SK_USED] -= n
    m[skill + f.SK_AREA] += n * (on_time(m, x, m[m[p + f.PL_STATION] + f.ST_CAL], now) - m[p + f.PL_SEIZED])
    offer_operators(m, x, skill)


@internal
def offer_operators(m: Ints, x: Floats, skill: int) -> None:
    """Look at the stations that wait for a skill and use this one."""
    if m[skill + f.SK_USED] >= m[skill + f.SK_PRESENT]:
        return
    first = m[skill + f.SK_USER0]
    for i in range(first, first + m[skill + f.SK_USERS]):
        waits = m[m[i] + f.ST_WAIT_SKILL]
        if waits == skill:
            look_for_people(m, x, m[i])
        elif waits == f.ANY_SKILL:
            look_at(m, x, m[i])
