"""Release of new units: when a routing may, and what a new unit carries."""

import math

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import internal
from ironworks.factory.flow.kernels.clock import NEVER, log
from ironworks.factory.flow.kernels.heap import push
from ironworks.factory.flow.kernels.queues import enqueue, look_at, space
from ironworks.factory.flow.kernels.stock import new_item, step_value
from ironworks.factory.flow.kernels.world import Floats, Ints


@internal
def advance_plan(m: Ints, x: Floats, r: int) -> None:
    """Set when the plan allows the next unit: the time at which its cumulative curve reaches one more."""
    n = m[r + f.RT_PLANS]
    if n == 0:
        m[r + f.RT_PLAN_NEXT] = 0
        return
    wanted = float(m[r + f.RT_RELEASED] + 1)
    first = m[r + f.RT_PLAN0]
    i = m[r + f.RT_PLAN_AT]
    while i < n and x[first + i] < wanted:
        i += 1
    m[r + f.RT_PLAN_AT] = i
    if i == n:
        m[r + f.RT_PLAN_NEXT] = NEVER
    elif i == 0:
        m[r + f.RT_PLAN_NEXT] = m[first]
    else:
        t0, t1 = m[first + i - 1], m[first + i]
        u0, u1 = x[first + i - 1], x[first + i]
        m[r + f.RT_PLAN_NEXT] = t0 + int(math.ceil((wanted - u0) / (u1 - u0) * (t1 - t0)))  # noqa: RUF046  (compiled, ceil gives a float)


@internal
def _ask_later(m: Ints, x: Floats, r: int) -> None:
    at = m[r + f.RT_PLAN_NEXT]
    m[r + f.RT_PLAN_PENDING] = 1
    if at < NEVER:
        push(m, at, f.C_REPAIR, r, f.E_PLAN, r, 0)
        m[f.G_PROGRESS] += 1


@internal
def may_release(m: Ints, x: Floats, r: int, now: int) -> bool:
    """Whether the routing is open and its plan allows one more unit; asks again when the plan will."""
    if now < m[r + f.RT_OPEN] or now >= m[r + f.RT_CLOSE]:
        return False
    if now >= m[r + f.RT_PLAN_NEXT]:
        return True
    if m[r + f.RT_PLAN_PENDING] == 0:
        _ask_later(m, x, r)
    return False


@internal
def _generation(m: Ints, x: Floats, r: int, serial: int, now: int) -> int:
    first = m[r + f.RT_ECN0]
    generation = 0
    for i in range(m[r + f.RT_ECNS]):
        if serial >= m[first + 2 * i] or now >= m[first + 2 * i + 1]:
            generation = i + 1
    return generation


@internal
def change_wip(m: Ints, x: Floats, r: int, by: int, now: int) -> None:
    """Change the number in process, keeping its integral."""
    m[r + f.RT_AREA] += m[r + f.RT_WIP] * (now - m[r + f.RT_SINCE])
    m[r + f.RT_SINCE] = now
    m[r + f.RT_WIP] += by


@internal
def create(m: Ints, x: Floats, r: int, now: int) -> int:
    """A new unit of a routing, with the engineering changes that hold for its serial number."""
    item = new_item(m, x)
    serial = m[r + f.RT_RELEASED]
    m[r + f.RT_RELEASED] = serial + 1
    if m[r + f.RT_PLANS] > 0:
        advance_plan(m, x, r)
    m[item + f.IT_SERIAL] = serial
    m[item + f.IT_ROUTING] = r
    m[item + f.IT_OP] = m[r + f.RT_OP0]
    m[item + f.IT_RETURN] = -1
    m[item + f.IT_MASK] = 0
    m[item + f.IT_KNOWN] = 0
    m[item + f.IT_RENEW1] = m[item + f.IT_RENEW2] = m[item + f.IT_RENEW4] = 0
    m[item + f.IT_LOOPS] = 0
    m[item + f.IT_FAR] = -1
    m[item + f.IT_GENERATION] = _generation(m, x, r, serial, now) if m[r + f.RT_ECNS] > 0 else 0
    m[item + f.IT_BORN] = now
    m[item + f.IT_CLASS] = 1
    m[item + f.IT_CAUSE] = -1
    m[item + f.IT_HOLD] = -1
    m[item + f.IT_ROW] = -1
    m[item + f.IT_TRIES] = 0
    change_wip(m, x, r, 1, now)
    if now >= m[f.G_LOG_FROM]:
        log(m, x, now, f.K_CREATED, serial, r, m[m[item + f.IT_OP] + f.OP_STATION], -1, -1, -1)
    return item


@internal
def release(m: Ints, x: Floats, r: int, now: int) -> None:
    """Let in all that the cards, the base stock, the plan and the first buffer allow."""
    mode = m[r + f.RT_MODE]
    s = m[m[r + f.RT_OP0] + f.OP_STATION]
    if mode == f.M_SATURATED:
        look_at(m, x, s)
        return
    if mode == f.M_ARRIVALS:
        return
    while True:
        have = m[r + f.RT_WIP]
        if mode == f.M_BASE_STOCK:
            have += m[m[r + f.RT_OUT] + f.SO_LEVEL]
        if have >= m[r + f.RT_LIMIT] or not may_release(m, x, r, now) or not space(m, x, s):
            return
        item = create(m, x, r, now)
        enqueue(m, x, s, 1, item, now)
        look_at(m, x, s)


@internal
def feed(m: Ints, x: Floats, dest: int, now: int) -> None:
    """Release into a station that has room again, or for a store that was drawn from."""
    if dest < m[f.G_STORE0]:
        first, n = m[dest + f.ST_FEED0], m[dest + f.ST_FEEDS]
    else:
        first, n = m[dest + f.SO_FEED0], m[dest + f.SO_FEEDS]
    for i in range(first, first + n):
        release(m, x, m[i], now)


@internal
def change_limit(m: Ints, x: Floats, r: int, now: int) -> None:
    """Take up the number of cards or the base-stock level of now."""
    m[r + f.RT_LIMIT] = int(step_value(m, x, m[r + f.RT_STEP0], m[r + f.RT_STEPS], now))
    release(m, x, r, now)
