"""One function for each kind of entity: its row in the tables of the kernel."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ironworks.factory.flow._tables import Entities, Tables, micro
from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels.clock import NEVER
from ironworks.factory.flow.model import (
    Arrivals,
    BaseStock,
    Calendar,
    Conwip,
    Defect,
    Model,
    Move,
    Operation,
    Routing,
    Station,
    Store,
)
from ironworks.factory.flow.result import Ints

_INTERRUPTION = {"resume": f.I_RESUME, "restart": f.I_RESTART, "scrap": f.I_SCRAP}
Index = Mapping[str, int]


def operation(
    t: Tables, row: Ints, o: Operation, name: str, at: Mapping[str, Index], rates: Mapping[str, float], model: Model
) -> None:
    """Fill the row of an operation or repair; `at`: indices by kind of entity."""
    stream = o.stream or name
    row[f.OP_STATION] = at["station"][o.station]
    row[f.OP_LAW] = t.law(o.time, rates.get(o.station, 1.0))
    row[f.OP_LEARN] = t.learn(o.learning, name) if o.learning is not None or o.arises else -1
    row[f.OP_SKILL] = at["skill"][o.skill] if o.skill is not None and o.operators > 0 else -1
    row[f.OP_OPERATORS] = o.operators if o.skill is not None else 0
    alternates = {s.name: s.alternate for s in model.stores}
    kit: list[int] = []
    for store, quantity in o.consumes.items():
        other = alternates[store]
        kit += [at["store"][store], quantity, at["store"][other] if other is not None else -1]
    row[f.OP_KIT0], row[f.OP_KITS] = t.list_of(kit), len(o.consumes)
    arising: list[int] = []
    for a in o.arises:
        figures = t.figures(a.probability, a.mature)
        arising += [at["defect"][a.defect], figures, t.growth(a.growth)]
    row[f.OP_ARISE0], row[f.OP_ARISES] = t.list_of(arising), len(o.arises)
    finds: list[int] = []
    for defect in sorted(o.finds, key=lambda d: at["defect"][d]):
        finds += [at["defect"][defect], t.figures(o.finds[defect])]
    row[f.OP_FIND0], row[f.OP_FINDS] = t.list_of(finds), len(o.finds)
    row[f.OP_TRAVEL] = t.law(o.travel)
    row[f.OP_FLEET] = at["fleet"][o.fleet] if o.fleet is not None else -1
    row[f.OP_FAMILY] = t.family(o.family)
    row[f.OP_DEST] = -1
    row[f.OP_KEY] = t.key(stream, "process")
    row[f.OP_DEFECT_KEY] = t.key(stream, "defect")
    row[f.OP_TEST_KEY] = t.key(stream, "test")
    row[f.OP_TRAVEL_KEY] = t.key(stream, "travel")
    row[f.OP_FALSE] = t.figures(o.false_reject) if o.false_reject > 0 else -1
    row[f.OP_ROWS] = row[f.OP_FACTORS] = -1
    row[f.OP_STARTS] = row[f.OP_REJECTS] = row[f.OP_FIRST] = row[f.OP_PASSED] = 0


def routing(t: Tables, row: Ints, r: Routing, i: int, first_op: int, stores: Index) -> None:
    """Fill the row of a routing and schedule what its release rule brings with it."""
    row[f.RT_OP0], row[f.RT_OPS] = first_op, len(r.operations) * f.E_WIDTH
    row[f.RT_OUT] = stores[r.output] if r.output is not None else -1
    row[f.RT_OPEN], row[f.RT_CLOSE] = micro(r.opens), micro(r.closes)
    row[f.RT_MOVE] = -1
    row[f.RT_RECORD] = 1 if r.record else 0
    row[f.RT_KEY] = t.key(r.name, "arrival")
    if 0 < row[f.RT_OPEN] < NEVER:
        t.at(r.opens, f.C_REPAIR, i, f.E_OPEN, i)
    plan = list(r.plan or ())
    row[f.RT_PLAN0], row[f.RT_PLANS] = t.list_of([micro(x) for x, _ in plan], [v for _, v in plan]), len(plan)
    changes: list[int] = []
    setbacks: list[float] = []
    for change in r.changes:
        changes += [
            change.serial - 1 if change.serial is not None else NEVER,
            micro(change.time) if change.time is not None else NEVER,
        ]
        setbacks += [change.setback, 0.0]
    row[f.RT_ECN0], row[f.RT_ECNS] = t.list_of(changes, setbacks), len(r.changes)
    release = r.release
    if isinstance(release, Conwip | BaseStock):
        row[f.RT_MODE] = f.M_CONWIP if isinstance(release, Conwip) else f.M_BASE_STOCK
        limit = release.cards if isinstance(release, Conwip) else release.level
        steps = [(0.0, float(limit))] if isinstance(limit, int | float) else list(limit)
        row[f.RT_STEP0], row[f.RT_STEPS] = t.steps(steps)
        for time, _ in steps:
            if time > 0:
                t.at(time, f.C_REPAIR, i, f.E_LIMIT, i)
    elif isinstance(release, Arrivals):
        row[f.RT_MODE] = f.M_ARRIVALS
        row[f.RT_ARRIVAL] = t.law(release.interarrival)
        row[f.RT_LOSES] = 1 if release.lost else 0
    else:
        row[f.RT_MODE] = f.M_SATURATED


def _place(t: Tables, i: int, name: str, k: int, installed: bool) -> Ints:
    row = np.zeros(f.E_WIDTH, np.int64)
    row[f.PL_STATION], row[f.PL_INDEX] = i, k
    row[f.PL_ITEM] = row[f.PL_FAMILY] = row[f.PL_NEXT] = row[f.PL_NEXT_CREW] = row[f.PL_DEST] = -1
    row[f.PL_INSTALLED] = 1 if installed else 0
    stream = name if k == 0 else f"{name}#{k}"
    row[f.PL_UP_KEY], row[f.PL_REPAIR_KEY] = t.key(stream, "uptime"), t.key(stream, "repair")
    return row


def station(
    t: Tables,
    row: Ints,
    s: Station,
    i: int,
    places: list[Ints],
    base: int,
    more: int,
    rate: float,
    at: Mapping[str, Index],
) -> None:
    """Fill the row of a station and make its places, whose rows begin at `base`; `more` wait for a move."""
    before = len(places)
    row[f.ST_REASON] = f.S_STARVED
    row[f.ST_SHOWN] = -1
    row[f.ST_PLACE0] = row[f.ST_FREE0] = base + before * f.E_WIDTH
    for k in range(s.places):
        places.append(_place(t, i, s.name, k, True))
    standing = [base + k * f.E_WIDTH for k in range(before, len(places))]
    for time, change in sorted(s.schedule):
        for _ in range(change):
            standing.append(base + len(places) * f.E_WIDTH)
            places.append(_place(t, i, s.name, len(places) - before, False))
            t.at(time, f.C_REPAIR, i, f.E_INSTALL, standing[-1])
        for _ in range(-change):
            t.at(time, f.C_REPAIR, i, f.E_REMOVE, standing.pop())
    for _ in range(more):
        places.append(_place(t, i, s.name, len(places) - before, False))
    row[f.ST_PLACES] = (len(places) - before) * f.E_WIDTH
    row[f.ST_CAP] = -1 if math.isinf(s.buffer) else int(s.buffer)
    row[f.ST_CAL] = at["calendar"][s.calendar] if s.calendar is not None else -1
    row[f.ST_ATTENDED] = 1 if s.attended else 0
    row[f.ST_BEFORE] = 1 if s.blocking == "before" else 0
    row[f.ST_INTERRUPT] = _INTERRUPTION[s.interruption]
    row[f.ST_FINISH_FIRST] = 1 if s.shift_end == "finish" else 0
    row[f.ST_SWAP] = 1 if s.swap else 0
    for column in (f.ST_UP, f.ST_REPAIR, f.ST_CREW, f.ST_GROWTH, f.ST_SETUP, f.ST_WAIT_SKILL, f.ST_WAIT_STORE):
        row[column] = -1
    for column in (f.ST_HEAD0, f.ST_TAIL0, f.ST_HEAD1, f.ST_TAIL1):
        row[column] = -1
    if s.failures is not None:
        row[f.ST_FAIL] = f.F_OPERATION if s.failures.mode == "operation" else f.F_TIME
        row[f.ST_UP], row[f.ST_REPAIR] = t.law(s.failures.uptime, rate), t.law(s.failures.repair, rate)
        row[f.ST_CREW] = at["crew"][s.failures.crew] if s.failures.crew is not None else -1
        row[f.ST_PRIORITY] = s.failures.priority
        row[f.ST_GROWTH] = t.growth(s.failures.growth)
    if s.setup is not None or s.setups:
        pairs: list[int] = []
        for (old, new), law in s.setups.items():
            pairs += [t.family(old), t.family(new), t.law(law, rate)]
        row[f.ST_SETUP] = t.law(s.setup, rate)
        row[f.ST_SETUP0], row[f.ST_SETUPN] = t.list_of(pairs), len(s.setups) + 1
        row[f.ST_SETUP_KEY] = t.key(s.name, "setup")


def rank(model: Model, name: str) -> int:
    """How far downstream a station stands: the latest position that it has in any routing."""
    found = [k for r in model.routings for k, o in enumerate(r.operations) if o.station == name]
    return max(found, default=0)


def cyclic(model: Model) -> list[int]:
    """Stations with finite buffers that units can pass in a circle: where a deadlock by blocking is possible."""
    number = {s.name: k for k, s in enumerate(model.stations)}
    finite = {s.name for s in model.stations if not math.isinf(s.buffer)}
    edges = {
        (number[a.station], number[b.station])
        for r in model.routings
        for a, b in zip(r.operations[:-1], r.operations[1:], strict=True)
        if b.station in finite
    }
    if not edges:
        return []
    n = len(number)
    i, j = np.array(sorted(edges)).T
    _, group = connected_components(coo_matrix((np.ones(len(i)), (i, j)), shape=(n, n)), connection="strong")
    sizes = np.bincount(group, minlength=n)
    return [k for k in range(n) if sizes[group[k]] > 1 or (k, k) in edges]


def taken(t: Tables, row: Ints) -> set[int]:
    """The stores from which an operation takes."""
    first = int(row[f.OP_KIT0])
    return {t.ci[first - t.first + 3 * k] for k in range(int(row[f.OP_KITS]))}


def calendar(t: Tables, row: Ints, c: Calendar, i: int, stations: list[int]) -> None:
    """Fill the row of a calendar, with touching intervals merged, and schedule its first shift."""
    merged: list[list[int]] = []
    for begin, end in np.asarray(c.intervals, np.float64).reshape(-1, 2):
        a, b = micro(float(begin)), micro(float(end))
        if merged and a <= merged[-1][1]:
            merged[-1][1] = max(b, merged[-1][1])
        elif b > a:
            merged.append([a, b])
    flat: list[int] = []
    total = 0
    for a, b in merged:
        flat += [a, b, total]
        total += b - a
    row[f.CA_FIRST] = row[f.CA_I] = t.list_of(flat)
    row[f.CA_LAST] = row[f.CA_FIRST] + len(flat)
    row[f.CA_WOKE] = -1
    row[f.CA_ST0], row[f.CA_STS] = t.list_of(stations), len(stations)
    if merged and merged[0][0] == 0:
        # A shift that is on at time zero begins with the run, before anything else.
        row[f.CA_ON] = 1
        t.at(merged[0][1] / 1e6, f.C_SHIFT_END, i, f.E_SHIFT_OFF, i)
    elif merged:
        t.at(merged[0][0] / 1e6, f.C_REPAIR, i, f.E_SHIFT_ON, i)


def move(t: Tables, row: Ints, m: Move, i: int, e: Entities, at: Mapping[str, Index], extra: Index) -> None:
    """Fill the row of a move; `extra`: first place that waits for it, by station."""
    routings = [at["routing"][r] for r in m.routings]
    for r in routings:
        e.at(r)[f.RT_MOVE] = i
    to = [at["routing"][r] for r in m.to_routings]
    for r in to:
        e.at(r)[f.RT_OPEN] = NEVER
    down: list[int] = []
    for name in m.stations:
        station_row = e.at(at["station"][name])
        first = int(station_row[f.ST_PLACE0])
        down += list(range(first, first + int(station_row[f.ST_PLACES]), f.E_WIDTH))
    up = [extra[name] + k * f.E_WIDTH for name, n in m.places.items() for k in range(n)]
    row[f.MV_RT0], row[f.MV_RTS] = t.list_of(routings), len(routings)
    row[f.MV_PL0], row[f.MV_PLS] = t.list_of(down), len(down)
    row[f.MV_IN0], row[f.MV_INS] = t.list_of(up), len(up)
    row[f.MV_TO0], row[f.MV_TOS] = t.list_of(to), len(to)
    pairs = [(t.experience[a], t.experience[b]) for a, b in m.experience if a in t.experience and b in t.experience]
    flat = [x for a, b in pairs for x in (a, b)]
    row[f.MV_EX0], row[f.MV_EXS] = t.list_of(flat, [m.keep] * len(flat)), len(pairs)
    row[f.MV_LAW], row[f.MV_KEY] = t.law(m.duration), t.key(m.name, "move")
    t.at(m.time, f.C_REPAIR, i, f.E_MOVE, i)


def store(t: Tables, row: Ints, x: Store, i: int, suppliers: Index) -> None:
    """Fill the row of a store; its first review is at time zero."""
    for column in (f.SO_HEAD, f.SO_TAIL, f.SO_LEAD, f.SO_SUPPLIER, f.SO_REVIEWED):
        row[column] = -1
    row[f.SO_CAP] = -1 if math.isinf(x.capacity) else int(x.capacity)
    row[f.SO_LEVEL] = x.initial
    row[f.SO_LEAD_KEY] = t.key(x.name, "supply")
    if x.supply is None:
        return
    row[f.SO_LOT], row[f.SO_LEAD], row[f.SO_REVIEW] = x.supply.lot, t.law(x.supply.lead_time), micro(x.supply.review)
    row[f.SO_STEP0], row[f.SO_STEPS] = t.steps(x.supply.order_up_to)
    row[f.SO_SUPPLIER] = suppliers[x.supply.supplier] if x.supply.supplier is not None else -1
    row[f.SO_FIGURES] = t.figures(x.supply.yield_, x.supply.weight)
    t.at(0.0, f.C_REPAIR, i, f.E_REVIEW, i)


def defect(t: Tables, row: Ints, d: Defect, operations: Index, defects: Index) -> None:
    """Fill the row of a defect."""
    row[f.DF_RETURN] = operations[d.return_to]
    row[f.DF_REPAIR] = operations[f"{d.name}.{d.repair.name}"]
    row[f.DF_LOOPS] = d.max_loops
    row[f.DF_HOLD] = t.law(d.hold_time)
    row[f.DF_FIGURES] = t.figures(d.success, d.hold)
    pairs: list[int] = []
    for name, probability in d.causes.items():
        pairs += [defects[name], t.figures(probability)]
    row[f.DF_CAUSE0], row[f.DF_CAUSES] = t.list_of(pairs), len(d.causes)
