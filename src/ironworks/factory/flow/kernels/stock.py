"""Stores: what comes in, what is taken as a kit, who waits for it, and what is ordered."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import log
from ironworks.factory.flow.kernels.heap import push
from ironworks.factory.flow.kernels.queues import look_at, pull_later
from ironworks.factory.flow.kernels.random import draw_bits, microseconds, sample, uniform
from ironworks.factory.flow.kernels.world import World


@inlined
def draw(w: World, law: int, key: int, item: int, visit: int) -> int:
    """A time in microseconds from a law of the plant."""
    cf = w.cf
    x = sample(int(cf[law]), cf[law + 1], cf[law + 2], cf[law + 3], cf[law + 4], w.key[key], item, visit)
    return microseconds(x)


@inlined
def integrate_stock(w: World, k: int, now: int) -> None:
    """Bring the stock integral of a store up to now."""
    w.e[k, f.SO_AREA] += w.e[k, f.SO_LEVEL] * (now - w.e[k, f.SO_SINCE])
    w.e[k, f.SO_SINCE] = now


@internal
def wake_users(w: World, k: int) -> None:
    """Look at the stations that wait for a part and use this store."""
    first = w.e[k, f.SO_USER0]
    for i in range(first, first + w.e[k, f.SO_USERS]):
        if w.e[w.ci[i], f.ST_WAIT_STORE] >= 0:
            look_at(w, w.ci[i])


@inlined
def wait_for_store(w: World, s: int, k: int, now: int) -> None:
    """Note for which store a station waits (-1: for none), and for how long somebody waited for each."""
    old = w.e[s, f.ST_WAIT_STORE]
    if old == k:
        return
    e = w.e
    if old >= 0:
        e[old, f.SO_WAITERS] -= 1
        if e[old, f.SO_WAITERS] == 0:
            e[old, f.SO_SHORT] += now - e[old, f.SO_SHORT_SINCE]
    if k >= 0:
        if e[k, f.SO_WAITERS] == 0:
            e[k, f.SO_SHORT_SINCE] = now
        e[k, f.SO_WAITERS] += 1
    w.e[s, f.ST_WAIT_STORE] = k


@inlined
def missing(w: World, o: int) -> int:
    """The first store that cannot give what the operation takes; -1 if the kit is complete."""
    first = w.e[o, f.OP_KIT0]
    for i in range(w.e[o, f.OP_KITS]):
        at = first + 3 * i
        k, quantity, other = w.ci[at], w.ci[at + 1], w.ci[at + 2]
        have = w.e[k, f.SO_LEVEL]
        if other >= 0:
            have += w.e[other, f.SO_LEVEL]
        if have < quantity:
            return k
    return -1


@internal
def take_one(w: World, k: int, parent: int, o: int, now: int) -> None:
    """Install one unit of a store in a parent; its defects go with it."""
    e, it = w.e, w.it
    integrate_stock(w, k, now)
    e[k, f.SO_LEVEL] -= 1
    e[k, f.SO_CONSUMED] += 1
    child = e[k, f.SO_HEAD]
    serial = -1
    if child >= 0:
        e[k, f.SO_HEAD] = it[child, f.IT_NEXT]
        if e[k, f.SO_HEAD] < 0:
            e[k, f.SO_TAIL] = -1
        it[parent, f.IT_MASK] |= it[child, f.IT_MASK]
        serial = it[child, f.IT_SERIAL]
        free_item(w, child)
    if now >= w.g[f.G_LOG_FROM]:
        store = k - w.g[f.G_STORE0]
        log(w, now, f.K_INSTALLED, it[parent, f.IT_SERIAL], it[parent, f.IT_ROUTING], store, -1, o, serial)


@internal
def take_kit(w: World, o: int, parent: int, now: int) -> None:
    """Take all that an operation consumes; what a store lacks comes from its alternate."""
    first = w.e[o, f.OP_KIT0]
    for i in range(w.e[o, f.OP_KITS]):
        at = first + 3 * i
        k, other = w.ci[at], w.ci[at + 2]
        for _ in range(w.ci[at + 1]):
            take_one(w, k if w.e[k, f.SO_LEVEL] > 0 else other, parent, o, now)
        pull_later(w, k)
        if other >= 0:
            pull_later(w, other)


@inlined
def new_item(w: World) -> int:
    """A free row for an item."""
    g = w.g
    item = g[f.G_ITEM_FREE]
    if item >= 0:
        g[f.G_ITEM_FREE] = w.it[item, f.IT_NEXT]
        return item
    item = g[f.G_ITEM_HIGH]
    g[f.G_ITEM_HIGH] = item + 1
    return item


@inlined
def free_item(w: World, item: int) -> None:
    """Give the row of an item back."""
    w.it[item, f.IT_NEXT] = w.g[f.G_ITEM_FREE]
    w.g[f.G_ITEM_FREE] = item


@inlined
def put_in_store(w: World, k: int, item: int, now: int) -> None:
    """Put a made item on stock."""
    e, it = w.e, w.it
    integrate_stock(w, k, now)
    it[item, f.IT_NEXT] = -1
    if e[k, f.SO_TAIL] < 0:
        e[k, f.SO_HEAD] = item
    else:
        it[e[k, f.SO_TAIL], f.IT_NEXT] = item
    e[k, f.SO_TAIL] = item
    e[k, f.SO_LEVEL] += 1
    wake_users(w, k)


@internal
def step_value(w: World, first: int, n: int, now: int) -> float:
    """Value at `now` of a piecewise-constant series: times in ci, values in cf, at the same places."""
    value = 0.0
    for i in range(first, first + n):
        if w.ci[i] > now:
            break
        value = w.cf[i]
    return value


@internal
def review(w: World, k: int, now: int) -> None:
    """Order whole lots up to the level of now, within what the supplier still has to give in this period."""
    e = w.e
    period = e[k, f.SO_REVIEW]
    push(w, now + period, f.C_REPAIR, k, f.E_REVIEW, k, 0)
    e[k, f.SO_REVIEWED] = now
    want = step_value(w, e[k, f.SO_STEP0], e[k, f.SO_STEPS], now)
    short = want - e[k, f.SO_LEVEL] - e[k, f.SO_ON_ORDER]
    if short <= 0:
        return
    lot = e[k, f.SO_LOT]
    lots = int((short + lot - 1e-9) // lot)
    supplier = e[k, f.SO_SUPPLIER]
    if supplier >= 0:
        weight = w.cf[e[k, f.SO_FIGURES] + 1]
        left = e[supplier, f.SU_FIGURES]
        if e[supplier, f.SU_REVIEWED] != now:
            # What a supplier can make in a period cannot be had later; less than a lot is carried on.
            ceiling = step_value(w, e[supplier, f.SU_STEP0], e[supplier, f.SU_STEPS], now) * 1e-6 * period
            w.cf[left] = ceiling + min(w.cf[left], w.cf[left + 1])
            e[supplier, f.SU_REVIEWED] = now
        lots = min(lots, int(w.cf[left] / (weight * lot) + 1e-9))
        w.cf[left] -= lots * lot * weight
    if lots <= 0:
        return
    n = e[k, f.SO_ORDERS]
    e[k, f.SO_ORDERS] = n + 1
    e[k, f.SO_ON_ORDER] += lots * lot
    e[k, f.SO_ORDERED] += lots * lot
    lead = draw(w, e[k, f.SO_LEAD], e[k, f.SO_LEAD_KEY], n, 0)
    push(w, now + lead, f.C_REPAIR, k, f.E_DELIVER, k, lots * lot)
    w.g[f.G_PROGRESS] += 1


@internal
def deliver_order(w: World, k: int, quantity: int, now: int) -> None:
    """Receive an order: the good part of it goes on stock, a broken unit rounded by a draw."""
    e = w.e
    n = e[k, f.SO_DELIVERED]
    exact = quantity * w.cf[e[k, f.SO_FIGURES]]
    good = int(exact + uniform(draw_bits(w.key[e[k, f.SO_LEAD_KEY]], n, 1)))
    good = min(good, quantity)
    integrate_stock(w, k, now)
    e[k, f.SO_ON_ORDER] -= quantity
    e[k, f.SO_LEVEL] += good
    e[k, f.SO_DELIVERED] = n + good
    wake_users(w, k)
