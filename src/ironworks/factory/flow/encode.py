"""Flattens a model into the tables of the event kernel: the only place where a plant becomes arrays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ironworks.factory.flow import _rows as rows
from ironworks.factory.flow._tables import Tables, micro
from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels.clock import NEVER
from ironworks.factory.flow.kernels.heap import push
from ironworks.factory.flow.kernels.world import World
from ironworks.factory.flow.model import BaseStock, Conwip, Model, Operation, Saturated
from ironworks.factory.flow.result import Floats, Ints, Names


@dataclass(frozen=True, slots=True)
class Encoded:
    """A model as the kernel takes it, and the names that belong to its rows."""

    world: World
    names: Names


def encode(
    model: Model,
    edges: Sequence[float],
    seed: int,
    replication: int,
    trace: tuple[float, float] | None = None,
    scale: Mapping[str, float] | None = None,
) -> Encoded:
    """Tables for one replication. `edges`: right ends of the bins [s]; `scale`: factor on all rates of a station."""
    t = Tables(seed, replication)
    station_at = {s.name: i for i, s in enumerate(model.stations)}
    store_at = {s.name: i for i, s in enumerate(model.stores)}
    defect_at = {d.name: i for i, d in enumerate(model.defects)}
    skill_at = {s.name: i for i, s in enumerate(model.skills)}
    fleet_at = {x.name: i for i, x in enumerate(model.fleets)}
    calendar_at = {c.name: i for i, c in enumerate(model.calendars)}
    crew_at = {c.name: i for i, c in enumerate(model.crews)}
    supplier_at = {s.name: i for i, s in enumerate(model.suppliers)}
    routing_at = {r.name: i for i, r in enumerate(model.routings)}
    at = {"station": station_at, "store": store_at, "defect": defect_at, "skill": skill_at, "fleet": fleet_at, "routing": routing_at}
    rates = dict(scale or {})

    qualified: list[tuple[str, Operation]] = [(f"{r.name}.{o.name}", o) for r in model.routings for o in r.operations]
    qualified += [(f"{d.name}.{d.repair.name}", d.repair) for d in model.defects]
    op_at = {name: i for i, (name, _) in enumerate(qualified)}
    n_stations, n_ops = len(model.stations), len(qualified)

    op = np.full((n_ops, f.OP_N), -1, np.int64)
    opf = np.zeros((n_ops, 1))
    for i, (name, o) in enumerate(qualified):
        rows.operation(t, op[i], o, name, at, rates, model)
        opf[i, 0] = o.false_reject

    rt = np.zeros((len(model.routings), f.RT_N), np.int64)
    first_op = 0
    for i, r in enumerate(model.routings):
        rows.routing(t, rt[i], r, i, first_op, store_at)
        for k in range(len(r.operations)):
            last = k + 1 == len(r.operations)
            out = n_stations + store_at[r.output] if r.output is not None else -1
            op[first_op + k, f.OP_DEST] = out if last else op[first_op + k + 1, f.OP_STATION]
        first_op += len(r.operations)

    df = np.zeros((len(model.defects), 4), np.int64)
    dff = np.zeros((len(model.defects), 2))
    dfc = np.zeros((len(model.defects), 4), np.int64)
    for i, d in enumerate(model.defects):
        df[i] = op_at[d.return_to], op_at[f"{d.name}.{d.repair.name}"], d.max_loops, t.law(d.hold_time)
        dff[i] = d.success, d.hold
        figures = [t.list_of([0], [p]) for p in d.causes.values()]
        pairs = [x for name, at in zip(d.causes, figures, strict=True) for x in (defect_at[name], at)]
        dfc[i, :2] = t.list_of(pairs), len(d.causes)

    st = np.zeros((n_stations, f.ST_N), np.int64)
    places: list[Ints] = []
    moved: list[dict[str, int]] = [{} for _ in model.moves]
    for i, s in enumerate(model.stations):
        more = {k: m.places[s.name] for k, m in enumerate(model.moves) if s.name in m.places}
        rows.station(t, st[i], s, places, sum(more.values()), rates.get(s.name, 1.0), calendar_at, crew_at, i)
        spare = len(places) - sum(more.values())
        for k, n in more.items():
            moved[k][s.name], spare = spare, spare + n
        st[i, f.ST_RANK] = rows.rank(model, s.name) * n_stations + n_stations - 1 - i
        sources = [
            k
            for k, r in enumerate(model.routings)
            if r.operations[0].station == s.name and isinstance(r.release, Saturated)
        ]
        feeds = [
            k
            for k, r in enumerate(model.routings)
            if r.operations[0].station == s.name and isinstance(r.release, Conwip | BaseStock) and st[i, f.ST_CAP] >= 0
        ]
        st[i, f.ST_SOURCE0], st[i, f.ST_SOURCES] = t.list_of(sources), len(sources)
        st[i, f.ST_FEED0], st[i, f.ST_FEEDS] = t.list_of(feeds), len(feeds)
    for i in rows.cyclic(model, station_at, st):
        st[i, f.ST_CYCLIC] = 1

    so = np.full((len(model.stores), f.SO_N), -1, np.int64)
    sof = np.ones((len(model.stores), 2))
    for i, store in enumerate(model.stores):
        row = so[i]
        row[f.SO_CAP] = -1 if math.isinf(store.capacity) else int(store.capacity)
        row[f.SO_LEVEL] = store.initial
        for column in (
            f.SO_QUEUE, f.SO_RESERVED, f.SO_ON_ORDER, f.SO_ORDERS, f.SO_WAITERS, f.SO_SHORT, f.SO_SHORT_SINCE, f.SO_AREA,
            f.SO_SINCE, f.SO_CONSUMED, f.SO_DELIVERED, f.SO_ORDERED, f.SO_REVIEW,
        ):  # fmt: skip
            row[column] = 0
        row[f.SO_LEAD_KEY] = t.key(store.name, "supply")
        if store.supply is not None:
            supply = store.supply
            row[f.SO_LOT], row[f.SO_LEAD], row[f.SO_REVIEW] = supply.lot, t.law(supply.lead_time), micro(supply.review)
            row[f.SO_STEP0], row[f.SO_STEPS] = t.steps(supply.order_up_to)
            row[f.SO_SUPPLIER] = supplier_at[supply.supplier] if supply.supplier is not None else -1
            sof[i] = supply.yield_, supply.weight
            t.at(0.0, f.C_REPAIR, i, f.E_REVIEW, i)
        stands_in = {store_at[x.name] for x in model.stores if x.alternate == store.name}
        users = [k for k in range(n_ops) if rows.uses(t, op[k], i, stands_in)]
        stations = sorted({int(op[k, f.OP_STATION]) for k in users})
        row[f.SO_USER0], row[f.SO_USERS] = t.list_of(stations), len(stations)
        feeds = [k for k, r in enumerate(model.routings) if isinstance(r.release, BaseStock) and r.output == store.name]
        row[f.SO_FEED0], row[f.SO_FEEDS] = t.list_of(feeds), len(feeds)

    supply_rows = np.zeros((len(model.suppliers), 3))
    sup0 = np.zeros((len(model.suppliers), 2), np.int64)
    for i, supplier in enumerate(model.suppliers):
        sup0[i] = t.steps(supplier.ceiling)
        users_of = [x.supply for x in model.stores if x.supply is not None and x.supply.supplier == supplier.name]
        supply_rows[i] = -1.0, 0.0, max((u.lot * u.weight for u in users_of), default=0.0)

    cal, spans = rows.calendars(t, model, st)
    cr = np.array(
        [[c.size, 0, calendar_at[c.calendar] if c.calendar is not None else -1, -1] for c in model.crews], np.int64
    ).reshape(len(model.crews), f.CR_N)
    fl = np.array([[x.carriers, -1, -1] for x in model.fleets], np.int64).reshape(len(model.fleets), f.FL_N)
    sk = np.zeros((len(model.skills), f.SK_N), np.int64)
    for i, skill in enumerate(model.skills):
        sk[i, f.SK_STEP0], sk[i, f.SK_STEPS] = t.steps(skill.headcount)
        stations = sorted({int(op[k, f.OP_STATION]) for k in range(n_ops) if op[k, f.OP_SKILL] == i})
        sk[i, f.SK_USER0], sk[i, f.SK_USERS] = t.list_of(stations), len(stations)
        if skill.headcount:
            t.at(float(skill.headcount[0][0]), f.C_REPAIR, i, f.E_HEAD, i, 0)
    mv = np.zeros((len(model.moves), f.MV_N), np.int64)
    for i, m in enumerate(model.moves):
        rows.move(t, mv[i], m, i, st, at, rt, moved[i])

    pl = np.array(places, np.int64).reshape(len(places), f.PL_N)
    tables = {
        "st": st, "pl": pl, "op": op, "rt": rt, "so": so, "cal": cal, "spans": spans, "cr": cr, "sk": sk, "fl": fl,
        "mv": mv, "df": df, "dfc": dfc, "sup0": sup0,
    }  # fmt: skip
    figures = {"opf": opf, "sof": sof, "dff": dff, "supply": supply_rows}
    world = _world(t, model, edges, trace, tables, figures)
    names = Names(
        stations=tuple(station_at),
        routings=tuple(routing_at),
        stores=tuple(store_at),
        operations=tuple(op_at),
        defects=tuple(defect_at),
        skills=tuple(skill_at),
        crews=tuple(crew_at),
        fleets=tuple(fleet_at),
    )
    return Encoded(world, names)


def _world(
    t: Tables,
    model: Model,
    edges: Sequence[float],
    trace: tuple[float, float] | None,
    tables: Mapping[str, Ints],
    figures: Mapping[str, Floats],
) -> World:
    """Put the tables together with room for heap, items, log and results."""
    n_st, n_pl, n_so = len(tables["st"]), len(tables["pl"]), len(tables["so"])
    n_op, n_rt, n_df, n_sk, bins = len(tables["op"]), len(tables["rt"]), len(tables["df"]), len(tables["sk"]), len(edges)
    g = np.zeros(f.G_N, np.int64)
    g[f.G_ITEM_FREE], g[f.G_STUCK], g[f.G_NOW] = -1, -1, -1
    g[f.G_LOG_FROM], g[f.G_LOG_TO] = (micro(trace[0]), micro(trace[1])) if trace is not None else (NEVER, NEVER)
    room = 16384
    world = World(
        g=g,
        heap=np.zeros((room + len(t.events), 5), np.int64),
        acc=np.zeros((n_pl, f.S_N), np.int64),
        it=np.zeros((room, f.IT_N), np.int64),
        bq=np.full((n_st + n_so, 3), -1, np.int64),
        law=np.array([row[0] for row in t.laws], np.int64),
        lawf=np.array([row[1:] for row in t.laws], np.float64).reshape(-1, 4),
        key=np.array(t.keys, np.uint64),
        lrn=np.array(t.learning, np.float64).reshape(-1, f.LN_N),
        ci=np.array(t.ci, np.int64),
        cf=np.array(t.cf, np.float64),
        log=np.zeros((4 * room + 1024, 8), np.int64),
        fin=np.zeros((2 * room, 2), np.int64),
        dirty=np.zeros(n_st + 1, np.int64),
        done=np.zeros(n_pl + 2, np.int64),
        stack=np.zeros(n_st + n_so + 1, np.int64),
        edges=np.array([micro(x) for x in edges], np.int64),
        bst=np.zeros((bins, n_st, f.S_N + 1), np.int64),
        brt=np.zeros((bins, n_rt, 7), np.int64),
        bop=np.zeros((bins, n_op, 4), np.int64),
        bso=np.zeros((bins, n_so, 6), np.int64),
        bdf=np.zeros((bins, n_df, 2), np.int64),
        bsk=np.zeros((bins, n_sk), np.int64),
        **tables,
        **figures,
    )
    for time, cls, order, kind, index, extra in t.events:
        push(world, time, cls, order, kind, index, extra)
        if kind in _PROGRESS:
            g[f.G_PROGRESS] += 1
    return world


_PROGRESS = {f.E_INSTALL, f.E_REMOVE, f.E_LIMIT, f.E_OPEN, f.E_MOVE}
