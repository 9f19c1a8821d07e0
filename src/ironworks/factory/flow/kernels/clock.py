"""Calendars and the states of places: on-shift time, its inverse, and the partition of each place's time."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.world import World

NEVER = 1 << 62


@inlined
def is_on(w: World, calendar: int) -> bool:
    """Whether the calendar is on shift now (no calendar: always)."""
    return calendar < 0 or w.e[calendar, f.CA_ON] == 1


@inlined
def on_time(w: World, calendar: int, now: int) -> int:
    """On-shift microseconds from the start of the run until now."""
    if calendar < 0:
        return now
    if w.e[calendar, f.CA_ON] == 1:
        return w.e[calendar, f.CA_CUM] + now - w.e[calendar, f.CA_BEGIN]
    return w.e[calendar, f.CA_CUM]


@internal
def _add_on_calendar(w: World, calendar: int, now: int, work: int) -> int:
    target = on_time(w, calendar, now) + work
    i, last = w.e[calendar, f.CA_I], w.e[calendar, f.CA_LAST]
    while i < last and w.ci[i + 2] + w.ci[i + 1] - w.ci[i] < target:
        i += 3
    if i >= last:
        return NEVER
    return w.ci[i] + target - w.ci[i + 2]


@inlined
def add_work(w: World, calendar: int, now: int, work: int) -> int:
    """When `work` on-shift microseconds from now are over; NEVER if the calendar ends before."""
    if calendar < 0:
        return now + work
    if w.e[calendar, f.CA_ON] == 1 and now + work <= w.ci[w.e[calendar, f.CA_I] + 1]:
        return now + work
    return _add_on_calendar(w, calendar, now, work)


@inlined
def settle(w: World, p: int, now: int) -> None:
    """Book the time since the last change to the state in which the place has been."""
    e = w.e
    wall = now - e[p, f.PL_SINCE]
    if wall == 0:
        return
    state = e[p, f.PL_STATE]
    calendar = w.e[e[p, f.PL_STATION], f.ST_CAL]
    e[p, f.PL_SINCE] = now
    if calendar < 0:
        w.e[p, f.PL_ACC + state] += wall
        return
    on_now = on_time(w, calendar, now)
    on = on_now - e[p, f.PL_SINCE_ON]
    e[p, f.PL_SINCE_ON] = on_now
    runs = (state == f.S_WORKING or state == f.S_SETUP) and e[p, f.PL_RUNS_OFF] == 1
    if state == f.S_ABSENT or runs:
        w.e[p, f.PL_ACC + state] += wall
    else:
        w.e[p, f.PL_ACC + state] += on
        w.e[p, f.PL_ACC + f.S_OFF] += wall - on


@internal
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


@internal
def settle_all(w: World, now: int) -> None:
    """Book the time of every place up to now."""
    for p in range(w.g[f.G_PLACE0], w.g[f.G_OP0]):
        settle(w, p, now)


@inlined
def set_state(w: World, p: int, state: int, now: int) -> None:
    """Put a place into a state from now on."""
    if w.e[p, f.PL_STATE] == state:
        return
    settle(w, p, now)
    w.e[p, f.PL_STATE] = state
    if now >= w.g[f.G_LOG_FROM]:
        log(w, now, f.K_STATE, -1, -1, w.e[p, f.PL_STATION], p - w.e[w.e[p, f.PL_STATION], f.ST_PLACE0], -1, state)
