"""Calendars and the states of places: on-shift time, its inverse, and the partition of each place's time."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.world import Floats, Ints

NEVER = 1 << 62


@inlined
def is_on(m: Ints, x: Floats, calendar: int) -> bool:
    """Whether the calendar is on shift now (no calendar: always)."""
    return calendar < 0 or m[calendar + f.CA_ON] == 1


@inlined
def on_time(m: Ints, x: Floats, calendar: int, now: int) -> int:
    """On-shift microseconds from the start of the run until now."""
    if calendar < 0:
        return now
    if m[calendar + f.CA_ON] == 1:
        return m[calendar + f.CA_CUM] + now - m[calendar + f.CA_BEGIN]
    return m[calendar + f.CA_CUM]


@internal
def _add_on_calendar(m: Ints, x: Floats, calendar: int, now: int, work: int) -> int:
    target = on_time(m, x, calendar, now) + work
    i, last = m[calendar + f.CA_I], m[calendar + f.CA_LAST]
    while i < last and m[i + 2] + m[i + 1] - m[i] < target:
        i += 3
    if i >= last:
        return NEVER
    return m[i] + target - m[i + 2]


@inlined
def add_work(m: Ints, x: Floats, calendar: int, now: int, work: int) -> int:
    """When `work` on-shift microseconds from now are over; NEVER if the calendar ends before."""
    if calendar < 0:
        return now + work
    if m[calendar + f.CA_ON] == 1 and now + work <= m[m[calendar + f.CA_I] + 1]:
        return now + work
    return _add_on_calendar(m, x, calendar, now, work)


@internal
def settle(m: Ints, x: Floats, p: int, now: int) -> None:
    """Book the time since the last change to the state in which the place has been."""
    wall = now - m[p + f.PL_SINCE]
    if wall == 0:
        return
    state = m[p + f.PL_STATE]
    calendar = m[m[p + f.PL_STATION] + f.ST_CAL]
    m[p + f.PL_SINCE] = now
    if calendar < 0:
        m[p + f.PL_ACC + state] += wall
        return
    on_now = on_time(m, x, calendar, now)
    on = on_now - m[p + f.PL_SINCE_ON]
    m[p + f.PL_SINCE_ON] = on_now
    runs = (state == f.S_WORKING or state == f.S_SETUP) and m[p + f.PL_RUNS_OFF] == 1
    if state == f.S_ABSENT or runs:
        m[p + f.PL_ACC + state] += wall
    else:
        m[p + f.PL_ACC + state] += on
        m[p + f.PL_ACC + f.S_OFF] += wall - on


@internal
def log(
    m: Ints, x: Floats, now: int, kind: int, serial: int, routing: int, station: int, place: int, op: int, other: int
) -> None:
    """Note an event, if the traced window holds it."""
    if now < m[f.G_LOG_FROM] or now >= m[f.G_LOG_TO]:
        return
    n = m[f.G_LOG]
    if n >= m[f.G_LOG_END]:
        m[f.G_STATUS] = f.ROOM
        return
    m[n], m[n + 1], m[n + 2], m[n + 3] = now, kind, serial, routing
    m[n + 4], m[n + 5], m[n + 6], m[n + 7] = station, place, op, other
    m[f.G_LOG] = n + 8


@internal
def settle_all(m: Ints, x: Floats, now: int) -> None:
    """Book the time of every place up to now."""
    for p in range(m[f.G_PLACE0], m[f.G_OP0], f.E_WIDTH):
        settle(m, x, p, now)


@internal
def set_state(m: Ints, x: Floats, p: int, state: int, now: int) -> None:
    """Put a place into a state from now on."""
    if m[p + f.PL_STATE] == state:
        return
    settle(m, x, p, now)
    m[p + f.PL_STATE] = state
    if now >= m[f.G_LOG_FROM]:
        log(m, x, now, f.K_STATE, -1, -1, m[p + f.PL_STATION], m[p + f.PL_INDEX], -1, state)
