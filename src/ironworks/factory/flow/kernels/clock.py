"""Calendars and the states of places: on-shift time, its inverse, and the partition of each place's time."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, kernel
from ironworks.factory.flow.kernels.world import World

NEVER = 1 << 62


@inlined
def is_on(w: World, calendar: int) -> bool:
    """Whether the calendar is on shift now (no calendar: always)."""
    return calendar < 0 or w.cal[calendar, f.CA_ON] == 1


@inlined
def on_time(w: World, calendar: int, now: int) -> int:
    """On-shift microseconds from the start of the run until now."""
    if calendar < 0:
        return now
    if w.cal[calendar, f.CA_ON] == 1:
        return w.cal[calendar, f.CA_CUM] + now - w.cal[calendar, f.CA_BEGIN]
    return w.cal[calendar, f.CA_CUM]


@kernel
def _add_on_calendar(w: World, calendar: int, now: int, work: int) -> int:
    target = on_time(w, calendar, now) + work
    i, last = w.cal[calendar, f.CA_I], w.cal[calendar, f.CA_LAST]
    while i < last and w.spans[i, 2] + w.spans[i, 1] - w.spans[i, 0] < target:
        i += 1
    if i >= last:
        return NEVER
    return w.spans[i, 0] + target - w.spans[i, 2]


@inlined
def add_work(w: World, calendar: int, now: int, work: int) -> int:
    """When `work` on-shift microseconds from now are over; NEVER if the calendar ends before."""
    if calendar < 0:
        return now + work
    if w.cal[calendar, f.CA_ON] == 1 and now + work <= w.spans[w.cal[calendar, f.CA_I], 1]:
        return now + work
    return _add_on_calendar(w, calendar, now, work)


@inlined
def settle(w: World, p: int, now: int) -> None:
    """Book the time since the last change to the state in which the place has been."""
    pl = w.pl
    wall = now - pl[p, f.PL_SINCE]
    if wall == 0:
        return
    state = pl[p, f.PL_STATE]
    calendar = w.st[pl[p, f.PL_STATION], f.ST_CAL]
    pl[p, f.PL_SINCE] = now
    if calendar < 0:
        w.acc[p, state] += wall
        return
    on_now = on_time(w, calendar, now)
    on = on_now - pl[p, f.PL_SINCE_ON]
    pl[p, f.PL_SINCE_ON] = on_now
    runs = (state == f.S_WORKING or state == f.S_SETUP) and pl[p, f.PL_RUNS_OFF] == 1
    if state == f.S_ABSENT or runs:
        w.acc[p, state] += wall
    else:
        w.acc[p, state] += on
        w.acc[p, f.S_OFF] += wall - on


@inlined
def log(w: World, now: int, kind: int, serial: int, routing: int, station: int, place: int, op: int, other: int) -> None:
    """Note an event, if the traced window holds it."""
    g = w.g
    if now < g[f.G_LOG_FROM] or now >= g[f.G_LOG_TO]:
        return
    n = g[f.G_LOG]
    if n >= w.log.shape[0]:
        g[f.G_STATUS] = f.ROOM
        return
    row = w.log[n]
    row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7] = now, kind, serial, routing, station, place, op, other
    g[f.G_LOG] = n + 1


@inlined
def set_state(w: World, p: int, state: int, now: int) -> None:
    """Put a place into a state from now on."""
    if w.pl[p, f.PL_STATE] == state:
        return
    settle(w, p, now)
    w.pl[p, f.PL_STATE] = state
    if now >= w.g[f.G_LOG_FROM]:
        log(w, now, f.K_STATE, -1, -1, w.pl[p, f.PL_STATION], p - w.st[w.pl[p, f.PL_STATION], f.ST_PLACE0], -1, state)
