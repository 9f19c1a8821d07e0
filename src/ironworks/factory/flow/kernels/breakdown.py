"""Places that come, break down and are repaired."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import internal
from ironworks.factory.flow.kernels.clock import NEVER, add_work, set_state
from ironworks.factory.flow.kernels.heap import push
from ironworks.factory.flow.kernels.queues import free_place, look_at, pull_later
from ironworks.factory.flow.kernels.resources import call_crew, release_operators, send_crews
from ironworks.factory.flow.kernels.start import begin_work, draw_uptime, elapsed
from ironworks.factory.flow.kernels.transfer import end_item, give_up_room, vacate
from ironworks.factory.flow.kernels.world import Floats, Ints


@internal
def fail(m: Ints, x: Floats, p: int, now: int) -> None:
    """A place breaks down, in operation or, with a time-dependent clock, at any time on shift."""
    s = m[p + f.PL_STATION]
    m[s + f.ST_SHOWN] = -1
    phase = m[p + f.PL_PHASE]
    if phase == f.WORKING_PHASE or phase == f.SETTING:
        done = elapsed(m, x, p, now)
        m[p + f.PL_WORK] = max(m[p + f.PL_WORK] - done, 0)
        m[p + f.PL_STAMP] += 1
        calendar = -1 if m[p + f.PL_RUNS_OFF] == 1 else m[s + f.ST_CAL]
        if m[s + f.ST_FAIL] == f.F_TIME and add_work(m, x, calendar, now, m[p + f.PL_WORK]) < NEVER:
            # The completion that was scheduled will be passed over.
            m[f.G_PROGRESS] -= 1
        if phase == f.WORKING_PHASE and m[s + f.ST_INTERRUPT] == f.I_RESTART:
            m[p + f.PL_WORK] = m[p + f.PL_FULL]
        if phase == f.WORKING_PHASE and m[s + f.ST_INTERRUPT] == f.I_SCRAP:
            item, o = m[p + f.PL_ITEM], m[p + f.PL_OP]
            if m[o + f.OP_OPERATORS] > 0:
                release_operators(m, x, p, o, now)
            if m[p + f.PL_RESERVED] == 1:
                give_up_room(m, x, p, m[o + f.OP_DEST])
                pull_later(m, x, m[o + f.OP_DEST])
            vacate(m, x, p, now)
            end_item(m, x, item, True, now)
            if m[p + f.PL_INSTALLED] == 0:
                return
    call_crew(m, x, p, now)


@internal
def schedule_uptime(m: Ints, x: Floats, p: int, now: int) -> None:
    """Draw the next failure of a place; a time-dependent clock runs on shift from now."""
    s = m[p + f.PL_STATION]
    mode = m[s + f.ST_FAIL]
    if mode == f.F_NONE:
        return
    up = draw_uptime(m, x, p)
    m[p + f.PL_TO_FAIL] = up
    if mode == f.F_TIME:
        m[p + f.PL_FSTAMP] += 1
        at = add_work(m, x, m[s + f.ST_CAL], now, up)
        if at < NEVER:
            push(m, at, f.C_FAILURE, s, f.E_FAIL, p, -1 - m[p + f.PL_FSTAMP])


@internal
def repaired(m: Ints, x: Floats, p: int, now: int) -> None:
    s = m[p + f.PL_STATION]
    crew = m[s + f.ST_CREW]
    m[p + f.PL_DOWN] = f.UP
    free_place(m, x, s, p)
    if crew >= 0:
        m[crew + f.CR_BUSY] -= 1
        send_crews(m, x, crew, now)
    if m[p + f.PL_INSTALLED] == 0:
        return
    schedule_uptime(m, x, p, now)
    phase = m[p + f.PL_PHASE]
    if phase == f.WORKING_PHASE or phase == f.SETTING:
        begin_work(m, x, p, now)
    elif phase == f.FREE:
        set_state(m, x, p, f.S_STARVED, now)
        look_at(m, x, s)
    else:
        set_state(m, x, p, f.S_BLOCKED, now)


@internal
def install(m: Ints, x: Floats, p: int, now: int) -> None:
    s = m[p + f.PL_STATION]
    m[p + f.PL_INSTALLED] = 1
    m[s + f.ST_IDLE] += 1
    free_place(m, x, s, p)
    set_state(m, x, p, f.S_STARVED, now)
    schedule_uptime(m, x, p, now)
    look_at(m, x, s)
    pull_later(m, x, s)
