"""Shared resources: repair crews, operators, carriers."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, kernel
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


@kernel
def _begin_repair(w: World, p: int, now: int) -> None:
    pl, st = w.pl, w.st
    s = pl[p, f.PL_STATION]
    crew = st[s, f.ST_CREW]
    duration = draw(w, st[s, f.ST_REPAIR], pl[p, f.PL_REPAIR_KEY], pl[p, f.PL_FAILS], 0)
    pl[p, f.PL_FAILS] += 1
    pl[p, f.PL_DOWN] = f.REPAIRING
    if pl[p, f.PL_INSTALLED] > 0:
        set_state(w, p, f.S_DOWN, now)
    calendar = w.cr[crew, f.CR_CAL] if crew >= 0 else -1
    push_progress(w, add_work(w, calendar, now, duration), f.C_REPAIR, s, f.E_REPAIRED, p, 0)


@kernel
def call_crew(w: World, p: int, now: int) -> None:
    """Begin the repair of a place, or let it wait: by priority, then first come, first served."""
    pl, cr = w.pl, w.cr
    s = pl[p, f.PL_STATION]
    crew = w.st[s, f.ST_CREW]
    if crew < 0:
        _begin_repair(w, p, now)
        return
    if cr[crew, f.CR_BUSY] < cr[crew, f.CR_SIZE] and cr[crew, f.CR_HEAD] < 0 and is_on(w, cr[crew, f.CR_CAL]):
        cr[crew, f.CR_BUSY] += 1
        _begin_repair(w, p, now)
        return
    pl[p, f.PL_DOWN] = f.WAITING
    set_state(w, p, f.S_WAIT_REPAIR, now)
    before, at = -1, cr[crew, f.CR_HEAD]
    while at >= 0 and w.st[pl[at, f.PL_STATION], f.ST_PRIORITY] >= w.st[s, f.ST_PRIORITY]:
        before, at = at, pl[at, f.PL_NEXT_CREW]
    pl[p, f.PL_NEXT_CREW] = at
    if before < 0:
        cr[crew, f.CR_HEAD] = p
    else:
        pl[before, f.PL_NEXT_CREW] = p


@kernel
def send_crews(w: World, crew: int, now: int) -> None:
    """Send free repairers, when on shift, to the places that wait."""
    cr = w.cr
    while cr[crew, f.CR_HEAD] >= 0 and cr[crew, f.CR_BUSY] < cr[crew, f.CR_SIZE] and is_on(w, cr[crew, f.CR_CAL]):
        p = cr[crew, f.CR_HEAD]
        cr[crew, f.CR_HEAD] = w.pl[p, f.PL_NEXT_CREW]
        cr[crew, f.CR_BUSY] += 1
        _begin_repair(w, p, now)


@inlined
def use_operators(w: World, skill: int, n: int, now: int) -> None:
    """Take n operators (give back with n < 0); their use is integrated."""
    sk = w.sk
    sk[skill, f.SK_AREA] += sk[skill, f.SK_USED] * (now - sk[skill, f.SK_SINCE])
    sk[skill, f.SK_SINCE] = now
    sk[skill, f.SK_USED] += n


@kernel
def offer_operators(w: World, skill: int) -> None:
    """Look at the stations that wait for this skill."""
    sk = w.sk
    if sk[skill, f.SK_USED] >= sk[skill, f.SK_PRESENT]:
        return
    first = sk[skill, f.SK_USER0]
    for i in range(first, first + sk[skill, f.SK_USERS]):
        if w.st[w.ci[i], f.ST_WAIT_SKILL] == skill:
            look_at(w, w.ci[i])
