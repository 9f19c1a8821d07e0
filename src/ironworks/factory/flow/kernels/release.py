"""Release of new units: when a routing may, and what a new unit carries."""

import math

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import NEVER, log
from ironworks.factory.flow.kernels.heap import push
from ironworks.factory.flow.kernels.queues import enqueue, look_at, space
from ironworks.factory.flow.kernels.stock import new_item, step_value
from ironworks.factory.flow.kernels.world import World


@internal
def advance_plan(w: World, r: int) -> None:
    """Set when the plan allows the next unit: the time at which its cumulative curve reaches one more."""
    e = w.e
    n = e[r, f.RT_PLANS]
    if n == 0:
        e[r, f.RT_PLAN_NEXT] = 0
        return
    wanted = float(e[r, f.RT_RELEASED] + 1)
    first = e[r, f.RT_PLAN0]
    i = e[r, f.RT_PLAN_AT]
    while i < n and w.cf[first + i] < wanted:
        i += 1
    e[r, f.RT_PLAN_AT] = i
    if i == n:
        e[r, f.RT_PLAN_NEXT] = NEVER
    elif i == 0:
        e[r, f.RT_PLAN_NEXT] = w.ci[first]
    else:
        t0, t1 = w.ci[first + i - 1], w.ci[first + i]
        u0, u1 = w.cf[first + i - 1], w.cf[first + i]
        e[r, f.RT_PLAN_NEXT] = t0 + int(math.ceil((wanted - u0) / (u1 - u0) * (t1 - t0)))


@internal
def _ask_later(w: World, r: int) -> None:
    at = w.e[r, f.RT_PLAN_NEXT]
    w.e[r, f.RT_PLAN_PENDING] = 1
    if at < NEVER:
        push(w, at, f.C_REPAIR, r, f.E_PLAN, r, 0)
        w.g[f.G_PROGRESS] += 1


@inlined
def may_release(w: World, r: int, now: int) -> bool:
    """Whether the routing is open and its plan allows one more unit; asks again when the plan will."""
    e = w.e
    if now < e[r, f.RT_OPEN] or now >= e[r, f.RT_CLOSE]:
        return False
    if now >= e[r, f.RT_PLAN_NEXT]:
        return True
    if e[r, f.RT_PLAN_PENDING] == 0:
        _ask_later(w, r)
    return False


@internal
def _generation(w: World, r: int, serial: int, now: int) -> int:
    first = w.e[r, f.RT_ECN0]
    generation = 0
    for i in range(w.e[r, f.RT_ECNS]):
        if serial >= w.ci[first + 2 * i] or now >= w.ci[first + 2 * i + 1]:
            generation = i + 1
    return generation


@inlined
def change_wip(w: World, r: int, by: int, now: int) -> None:
    """Change the number in process, keeping its integral."""
    w.e[r, f.RT_AREA] += w.e[r, f.RT_WIP] * (now - w.e[r, f.RT_SINCE])
    w.e[r, f.RT_SINCE] = now
    w.e[r, f.RT_WIP] += by


@inlined
def create(w: World, r: int, now: int) -> int:
    """A new unit of a routing, with the engineering changes that hold for its serial number."""
    e, it = w.e, w.it
    item = new_item(w)
    serial = e[r, f.RT_RELEASED]
    e[r, f.RT_RELEASED] = serial + 1
    if e[r, f.RT_PLANS] > 0:
        advance_plan(w, r)
    it[item, f.IT_SERIAL] = serial
    it[item, f.IT_ROUTING] = r
    it[item, f.IT_OP] = e[r, f.RT_OP0]
    it[item, f.IT_RETURN] = -1
    it[item, f.IT_MASK] = 0
    it[item, f.IT_KNOWN] = 0
    it[item, f.IT_ESCAPED] = 0
    it[item, f.IT_LOOPS] = 0
    it[item, f.IT_FAR] = -1
    it[item, f.IT_GENERATION] = _generation(w, r, serial, now) if e[r, f.RT_ECNS] > 0 else 0
    it[item, f.IT_BORN] = now
    it[item, f.IT_CLASS] = 1
    it[item, f.IT_TESTED] = -1
    it[item, f.IT_CAUSE] = -1
    it[item, f.IT_HOLD] = -1
    change_wip(w, r, 1, now)
    if now >= w.g[f.G_LOG_FROM]:
        log(w, now, f.K_CREATED, serial, r, w.e[it[item, f.IT_OP], f.OP_STATION], -1, -1, -1)
    return item


@internal
def release(w: World, r: int, now: int) -> None:
    """Let in all that the cards, the base stock, the plan and the first buffer allow."""
    e = w.e
    mode = e[r, f.RT_MODE]
    s = w.e[e[r, f.RT_OP0], f.OP_STATION]
    if mode == f.M_SATURATED:
        look_at(w, s)
        return
    if mode == f.M_ARRIVALS:
        return
    while True:
        have = e[r, f.RT_WIP]
        if mode == f.M_BASE_STOCK:
            have += w.e[e[r, f.RT_OUT], f.SO_LEVEL]
        if have >= e[r, f.RT_LIMIT] or not may_release(w, r, now) or not space(w, s):
            return
        item = create(w, r, now)
        enqueue(w, s, 1, item, now)
        look_at(w, s)


@internal
def feed(w: World, dest: int, now: int) -> None:
    """Release into a station that has room again, or for a store that was drawn from."""
    if dest < w.g[f.G_STORE0]:
        first, n = w.e[dest, f.ST_FEED0], w.e[dest, f.ST_FEEDS]
    else:
        first, n = w.e[dest, f.SO_FEED0], w.e[dest, f.SO_FEEDS]
    for i in range(first, first + n):
        release(w, w.ci[i], now)


@internal
def change_limit(w: World, r: int, now: int) -> None:
    """Take up the number of cards or the base-stock level of now."""
    w.e[r, f.RT_LIMIT] = int(step_value(w, w.e[r, f.RT_STEP0], w.e[r, f.RT_STEPS], now))
    release(w, r, now)
