"""Shared resources: repair crews, operators, carriers."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import NEVER, add_work, is_on, set_state
from ironworks.factory.flow.kernels.heap import push
from ironworks.factory.flow.kernels.queues import look_at
from ironworks.factory.flow.kernels.stock import draw
from ironworks.factory.flow.kernels.world import World


@inlined
def push_progress(w: World, time: int, cls: int, order: int, kind: int, index: int, extra: int) -> None:
    """Schedule an event that moves the plant on: while one is pending, nothing is locked."""
    if time < NEVER:
        push(w, time, cls, order, kind, index, extra)
        w.g[f.G_PROGRESS] += 1


@internal
def _begin_repair(w: World, p: int, now: int) -> None:
    e = w.e
    s = e[p, f.PL_STATION]
    crew = e[s, f.ST_CREW]
    duration = draw(w, e[s, f.ST_REPAIR], e[p, f.PL_REPAIR_KEY], e[p, f.PL_FAILS], 0)
    e[p, f.PL_FAILS] += 1
    e[p, f.PL_DOWN] = f.REPAIRING
    if e[p, f.PL_INSTALLED] > 0:
        set_state(w, p, f.S_DOWN, now)
    calendar = w.e[crew, f.CR_CAL] if crew >= 0 else -1
    push_progress(w, add_work(w, calendar, now, duration), f.C_REPAIR, s, f.E_REPAIRED, p, 0)


@internal
def call_crew(w: World, p: int, now: int) -> None:
    """Begin the repair of a place, or let it wait: by priority, then first come, first served."""
    e = w.e
    s = e[p, f.PL_STATION]
    crew = w.e[s, f.ST_CREW]
    if crew < 0:
        _begin_repair(w, p, now)
        return
    if e[crew, f.CR_BUSY] < e[crew, f.CR_SIZE] and e[crew, f.CR_HEAD] < 0 and is_on(w, e[crew, f.CR_CAL]):
        e[crew, f.CR_BUSY] += 1
        _begin_repair(w, p, now)
        return
    e[p, f.PL_DOWN] = f.WAITING
    set_state(w, p, f.S_WAIT_REPAIR, now)
    before, at = -1, e[crew, f.CR_HEAD]
    while at >= 0 and w.e[e[at, f.PL_STATION], f.ST_PRIORITY] >= w.e[s, f.ST_PRIORITY]:
        before, at = at, e[at, f.PL_NEXT_CREW]
    e[p, f.PL_NEXT_CREW] = at
    if before < 0:
        e[crew, f.CR_HEAD] = p
    else:
        e[before, f.PL_NEXT_CREW] = p


@internal
def send_crews(w: World, crew: int, now: int) -> None:
    """Send free repairers, when on shift, to the places that wait."""
    e = w.e
    while e[crew, f.CR_HEAD] >= 0 and e[crew, f.CR_BUSY] < e[crew, f.CR_SIZE] and is_on(w, e[crew, f.CR_CAL]):
        p = e[crew, f.CR_HEAD]
        e[crew, f.CR_HEAD] = w.e[p, f.PL_NEXT_CREW]
        e[crew, f.CR_BUSY] += 1
        _begin_repair(w, p, now)


@inlined
def use_operators(w: World, skill: int, n: int, now: int) -> None:
    """Take n operators (give back with n < 0); their use is integrated."""
    e = w.e
    e[skill, f.SK_AREA] += e[skill, f.SK_USED] * (now - e[skill, f.SK_SINCE])
    e[skill, f.SK_SINCE] = now
    e[skill, f.SK_USED] += n


@internal
def offer_operators(w: World, skill: int) -> None:
    """Look at the stations that wait for this skill."""
    e = w.e
    if e[skill, f.SK_USED] >= e[skill, f.SK_PRESENT]:
        return
    first = e[skill, f.SK_USER0]
    for i in range(first, first + e[skill, f.SK_USERS]):
        if w.e[w.ci[i], f.ST_WAIT_SKILL] == skill:
            look_at(w, w.ci[i])
