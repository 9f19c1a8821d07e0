"""Stores: what comes in, what is taken as a kit, who waits for it, and what is ordered."""

import numpy as np

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import log
from ironworks.factory.flow.kernels.heap import push
from ironworks.factory.flow.kernels.queues import drawn_from, look_at
from ironworks.factory.flow.kernels.random import draw_bits, microseconds, sample, uniform
from ironworks.factory.flow.kernels.world import Floats, Ints

#: Times as they were recorded, by the serial number of the unit: how many, then the times [s].
LAW_LISTED = 10


@internal
def draw(m: Ints, x: Floats, law: int, key: int, item: int, visit: int) -> int:
    """A time in microseconds from a law of the plant."""
    code = int(x[law])
    if code == LAW_LISTED:
        return microseconds(x[law + 2 + item % int(x[law + 1])])
    return microseconds(sample(code, x[law + 1], x[law + 2], x[law + 3], x[law + 4], np.uint64(key), item, visit))


@inlined
def integrate_stock(m: Ints, x: Floats, k: int, now: int) -> None:
    """Bring the stock integral of a store up to now."""
    m[k + f.SO_AREA] += m[k + f.SO_LEVEL] * (now - m[k + f.SO_SINCE])
    m[k + f.SO_SINCE] = now


@internal
def wake_users(m: Ints, x: Floats, k: int) -> None:
    """Look at the stations that wait for a part and use this store."""
    first = m[k + f.SO_USER0]
    for i in range(first, first + m[k + f.SO_USERS]):
        if m[m[i] + f.ST_WAIT_STORE] >= 0:
            look_at(m, x, m[i])


@internal
def wait_for_store(m: Ints, x: Floats, s: int, k: int, now: int) -> None:
    """Note for which store a station waits (-1: for none), and for how long somebody waited for each."""
    old = m[s + f.ST_WAIT_STORE]
    if old == k:
        return
    if old >= 0:
        m[old + f.SO_WAITERS] -= 1
        if m[old + f.SO_WAITERS] == 0:
            m[old + f.SO_SHORT] += now - m[old + f.SO_SHORT_SINCE]
    if k >= 0:
        if m[k + f.SO_WAITERS] == 0:
            m[k + f.SO_SHORT_SINCE] = now
        m[k + f.SO_WAITERS] += 1
    m[s + f.ST_WAIT_STORE] = k


@internal
def missing(m: Ints, x: Floats, o: int) -> int:
    """The first store that cannot give what the operation takes; -1 if the kit is complete."""
    first = m[o + f.OP_KIT0]
    for i in range(m[o + f.OP_KITS]):
        at = first + 3 * i
        k, quantity, other = m[at], m[at + 1], m[at + 2]
        lacking = quantity - m[k + f.SO_LEVEL]
        if lacking > 0 and (other < 0 or m[other + f.SO_LEVEL] - _spoken_for(m, x, o, other, at) < lacking):
            return k
    return -1


@internal
def _spoken_for(m: Ints, x: Floats, o: int, other: int, until: int) -> int:
    """Units of a store that the kit takes for itself, or for parts listed before `until` whose alternate it is."""
    first = m[o + f.OP_KIT0]
    n = 0
    for i in range(m[o + f.OP_KITS]):
        at = first + 3 * i
        if m[at] == other:
            n += min(m[at + 1], m[other + f.SO_LEVEL])
        elif at < until and m[at + 2] == other:
            n += max(m[at + 1] - m[m[at] + f.SO_LEVEL], 0)
    return n


@internal
def _take(m: Ints, x: Floats, k: int, quantity: int, parent: int, o: int, now: int) -> int:
    """Install up to `quantity` units of a store in a parent, whose defects go with them; how many there were."""
    n = min(quantity, m[k + f.SO_LEVEL])
    integrate_stock(m, x, k, now)
    m[k + f.SO_LEVEL] -= n
    m[k + f.SO_CONSUMED] += n
    made = 0
    while made < n and m[k + f.SO_HEAD] >= 0:
        child = m[k + f.SO_HEAD]
        m[k + f.SO_HEAD] = m[child + f.IT_NEXT]
        if m[k + f.SO_HEAD] < 0:
            m[k + f.SO_TAIL] = -1
        m[parent + f.IT_MASK] |= m[child + f.IT_MASK]
        _log_installed(m, x, k, parent, o, m[child + f.IT_SERIAL], m[child + f.IT_ROUTING], now)
        free_item(m, x, child)
        made += 1
    if now >= m[f.G_LOG_FROM]:
        for _ in range(n - made):
            _log_installed(m, x, k, parent, o, -1, -1, now)
    return n


@internal
def _log_installed(m: Ints, x: Floats, k: int, parent: int, o: int, serial: int, routing: int, now: int) -> None:
    if now >= m[f.G_LOG_FROM]:
        store = (k - m[f.G_STORE0]) // f.E_WIDTH
        log(m, x, now, f.K_INSTALLED, m[parent + f.IT_SERIAL], m[parent + f.IT_ROUTING], store, routing, o, serial)


@internal
def take_kit(m: Ints, x: Floats, o: int, parent: int, now: int) -> None:
    """Take all that an operation consumes; what a store lacks comes from its alternate."""
    first = m[o + f.OP_KIT0]
    for i in range(m[o + f.OP_KITS]):
        at = first + 3 * i
        k, quantity, other = m[at], m[at + 1], m[at + 2]
        quantity -= _take(m, x, k, quantity, parent, o, now)
        drawn_from(m, x, k)
        if quantity > 0:
            _take(m, x, other, quantity, parent, o, now)
            drawn_from(m, x, other)


@internal
def new_item(m: Ints, x: Floats) -> int:
    """A free row for an item."""
    item = m[f.G_ITEM_FREE]
    if item >= 0:
        m[f.G_ITEM_FREE] = m[item + f.IT_NEXT]
        return item
    item = m[f.G_ITEM_HIGH]
    if item + f.IT_N >= m[f.G_ITEM_END]:
        # Many cards let in at once: the run starts over with more room.
        m[f.G_STATUS] = f.ROOM
        return item
    m[f.G_ITEM_HIGH] = item + f.IT_N
    return item


@inlined
def free_item(m: Ints, x: Floats, item: int) -> None:
    """Give the row of an item back."""
    m[item + f.IT_NEXT] = m[f.G_ITEM_FREE]
    m[f.G_ITEM_FREE] = item


@internal
def put_in_store(m: Ints, x: Floats, k: int, item: int, now: int) -> None:
    """Put a made item on stock."""
    integrate_stock(m, x, k, now)
    m[item + f.IT_NEXT] = -1
    if m[k + f.SO_TAIL] < 0:
        m[k + f.SO_HEAD] = item
    else:
        m[m[k + f.SO_TAIL] + f.IT_NEXT] = item
    m[k + f.SO_TAIL] = item
    m[k + f.SO_LEVEL] += 1
    wake_users(m, x, k)


@internal
def step_value(m: Ints, x: Floats, first: int, n: int, now: int) -> float:
    """Value at `now` of a piecewise-constant series: times in ci, values in cf, at the same places."""
    value = 0.0
    for i in range(first, first + n):
        if m[i] > now:
            break
        value = x[i]
    return value


@internal
def review(m: Ints, x: Floats, k: int, now: int) -> None:
    """Order whole lots up to the level of now, within what the supplier still has to give in this period."""
    period = m[k + f.SO_REVIEW]
    push(m, now + period, f.C_REPAIR, k, f.E_REVIEW, k, 0)
    m[k + f.SO_REVIEWED] = now
    want = step_value(m, x, m[k + f.SO_STEP0], m[k + f.SO_STEPS], now)
    short = want - m[k + f.SO_LEVEL] - m[k + f.SO_ON_ORDER]
    if short <= 0:
        return
    lot = m[k + f.SO_LOT]
    lots = int((short + lot - 1e-9) // lot)
    supplier = m[k + f.SO_SUPPLIER]
    if supplier >= 0:
        weight = x[m[k + f.SO_FIGURES] + 1]
        left = m[supplier + f.SU_FIGURES]
        last = m[supplier + f.SU_REVIEWED]
        if last != now:
            # What a supplier can make in a period cannot be had later; less than a lot is carried on.
            span = period if last < 0 else now - last
            ceiling = step_value(m, x, m[supplier + f.SU_STEP0], m[supplier + f.SU_STEPS], now) * 1e-6 * span
            x[left] = ceiling + min(x[left], x[left + 1])
            m[supplier + f.SU_REVIEWED] = now
        lots = min(lots, int(x[left] / (weight * lot) + 1e-9))
        x[left] -= lots * lot * weight
    if lots <= 0:
        return
    n = m[k + f.SO_ORDERS]
    m[k + f.SO_ORDERS] = n + 1
    m[k + f.SO_ON_ORDER] += lots * lot
    m[k + f.SO_ORDERED] += lots * lot
    lead = draw(m, x, m[k + f.SO_LEAD], m[k + f.SO_LEAD_KEY], n, 0)
    push(m, now + lead, f.C_REPAIR, k, f.E_DELIVER, k, lots * lot)
    m[f.G_PROGRESS] += 1


@internal
def deliver_order(m: Ints, x: Floats, k: int, quantity: int, now: int) -> None:
    """Receive an order: the good part of it goes on stock, a broken unit rounded by a draw."""
    received = m[k + f.SO_ORDERED] - m[k + f.SO_ON_ORDER]
    exact = quantity * x[m[k + f.SO_FIGURES]]
    good = int(exact + uniform(draw_bits(np.uint64(m[k + f.SO_LEAD_KEY]), received, 1)))
    good = min(good, quantity)
    integrate_stock(m, x, k, now)
    m[k + f.SO_ON_ORDER] -= quantity
    m[k + f.SO_LEVEL] += good
    m[k + f.SO_DELIVERED] += good
    wake_users(m, x, k)
