"""Flattens a model into the tables of the event kernel: the only place where a plant becomes arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ironworks.factory.flow import _rows as rows
from ironworks.factory.flow._tables import Tables, micro
from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels.clock import NEVER
from ironworks.factory.flow.kernels.world import World
from ironworks.factory.flow.model import BaseStock, Conwip, Model, Operation, Saturated, Station
from ironworks.factory.flow.result import Ints, Names

_ROOM = 16384
_PROGRESS = {f.E_INSTALL, f.E_REMOVE, f.E_LIMIT, f.E_OPEN, f.E_MOVE}


@dataclass(frozen=True, slots=True)
class Encoded:
    """A model as the kernel takes it, and the names that belong to its rows."""

    world: World
    names: Names


def encode(
    model: Model,
    seed: int,
    replication: int,
    trace: tuple[float, float] | None = None,
    scale: Mapping[str, float] | None = None,
) -> Encoded:
    """Tables for one replication; `scale`: factor on all rates of a station."""
    t = Tables(seed, replication)
    rates = dict(scale or {})
    operations = [(f"{r.name}.{o.name}", o) for r in model.routings for o in r.operations]
    repairs = [(f"{d.name}.{d.repair.name}", d.repair) for d in model.defects]
    # The order of entities in their table: `fields` says what stands where.
    groups = {
        f.G_STORE0: len(model.stations),
        f.G_PLACE0: len(model.stores),
        f.G_OP0: sum(_place_count(model, s) for s in model.stations),
        f.G_REPAIR0: len(operations),
        f.G_RT0: len(repairs),
        f.G_CAL0: len(model.routings),
        f.G_CR0: len(model.calendars),
        f.G_SK0: len(model.crews),
        f.G_FL0: len(model.skills),
        f.G_MV0: len(model.fleets),
        f.G_DF0: len(model.moves),
        f.G_SU0: len(model.defects),
    }
    g = np.zeros(f.G_N, np.int64)
    end = 0
    for column, size in groups.items():
        end += size
        g[column] = end
    e = np.zeros((end + len(model.suppliers), f.E_WIDTH), np.int64)
    at = _indices(model, [*operations, *repairs], g)
    e[: g[f.G_PLACE0], : f.Q_LOOK] = -1

    for name, o in [*operations, *repairs]:
        rows.operation(t, e[at["operation"][name]], o, name, at, rates, model)
    _routings(t, model, e, at)
    for d in model.defects:
        row = e[g[f.G_DF0] + at["defect"][d.name]]
        rows.defect(t, row, d, at["operation"], at["defect"])
    moved = _stations(t, model, e, at, rates, g)
    _stores(t, model, e, at, g)
    _resources(t, model, e, at)
    for i, m in enumerate(model.moves):
        rows.move(t, e[g[f.G_MV0] + i], m, int(g[f.G_MV0]) + i, e, at, moved[i])
    names = Names(
        stations=tuple(s.name for s in model.stations),
        routings=tuple(r.name for r in model.routings),
        stores=tuple(s.name for s in model.stores),
        operations=tuple(at["operation"]),
        defects=tuple(d.name for d in model.defects),
        skills=tuple(s.name for s in model.skills),
        crews=tuple(c.name for c in model.crews),
        fleets=tuple(x.name for x in model.fleets),
    )
    return Encoded(_world(t, g, e, trace), names)


def _indices(model: Model, operations: list[tuple[str, Operation]], g: Ints) -> dict[str, dict[str, int]]:
    def rows_of(entities: object, first: int) -> dict[str, int]:
        return {x.name: first + i for i, x in enumerate(entities)}  # type: ignore[attr-defined, var-annotated, arg-type]

    return {
        "station": rows_of(model.stations, 0),
        "store": rows_of(model.stores, int(g[f.G_STORE0])),
        "operation": {name: int(g[f.G_OP0]) + i for i, (name, _) in enumerate(operations)},
        "routing": rows_of(model.routings, int(g[f.G_RT0])),
        "calendar": rows_of(model.calendars, int(g[f.G_CAL0])),
        "crew": rows_of(model.crews, int(g[f.G_CR0])),
        "skill": rows_of(model.skills, int(g[f.G_SK0])),
        "fleet": rows_of(model.fleets, int(g[f.G_FL0])),
        "defect": rows_of(model.defects, 0),
        "supplier": rows_of(model.suppliers, int(g[f.G_SU0])),
    }


def _moved_to(model: Model, name: str) -> dict[int, int]:
    return {i: m.places[name] for i, m in enumerate(model.moves) if name in m.places}


def _place_count(model: Model, s: Station) -> int:
    return s.places + sum(max(change, 0) for _, change in s.schedule) + sum(_moved_to(model, s.name).values())


def _routings(t: Tables, model: Model, e: Ints, at: dict[str, dict[str, int]]) -> None:
    first = min(at["operation"].values(), default=0)
    for r in model.routings:
        i = at["routing"][r.name]
        rows.routing(t, e[i], r, i, first, at["store"])
        last = first + len(r.operations) - 1
        e[first:last, f.OP_DEST] = e[first + 1 : last + 1, f.OP_STATION]
        e[last, f.OP_DEST] = at["store"][r.output] if r.output is not None else -1
        first = last + 1


def _stations(
    t: Tables, model: Model, e: Ints, at: dict[str, dict[str, int]], rates: Mapping[str, float], g: Ints
) -> list[dict[str, int]]:
    """Fill stations and places; for each move, the first place that it puts up, by station."""
    places: list[Ints] = []
    moved: list[dict[str, int]] = [{} for _ in model.moves]
    for i, s in enumerate(model.stations):
        more = _moved_to(model, s.name)
        base = int(g[f.G_PLACE0])
        rows.station(t, e[i], s, i, places, base, sum(more.values()), rates.get(s.name, 1.0), at)
        e[i, f.ST_RANK] = rows.rank(model, s.name) * len(model.stations) + len(model.stations) - 1 - i
        spare = base + len(places) - sum(more.values())
        for k, n in more.items():
            moved[k][s.name], spare = spare, spare + n
        first_here = [r for r in model.routings if r.operations[0].station == s.name]
        sources = [at["routing"][r.name] for r in first_here if isinstance(r.release, Saturated)]
        feeds = [at["routing"][r.name] for r in first_here if isinstance(r.release, Conwip | BaseStock)]
        e[i, f.ST_SOURCE0], e[i, f.ST_SOURCES] = t.list_of(sources), len(sources)
        # Only a finite buffer has to ask for more when room opens.
        e[i, f.ST_FEED0], e[i, f.ST_FEEDS] = t.list_of(feeds), len(feeds) if e[i, f.ST_CAP] >= 0 else 0
    for i in rows.cyclic(model, at["station"], e):
        e[i, f.ST_CYCLIC] = 1
    if places:
        e[g[f.G_PLACE0] : g[f.G_OP0]] = np.array(places)
    return moved


def _stores(t: Tables, model: Model, e: Ints, at: dict[str, dict[str, int]], g: Ints) -> None:
    taken = {o: rows.taken(t, e[o]) for o in range(int(g[f.G_OP0]), int(g[f.G_RT0]))}
    for x in model.stores:
        i = at["store"][x.name]
        rows.store(t, e[i], x, i, at["supplier"])
        serves = {i} | {at["store"][y.name] for y in model.stores if y.alternate == x.name}
        stations = sorted({int(e[o, f.OP_STATION]) for o, stores in taken.items() if stores & serves})
        e[i, f.SO_USER0], e[i, f.SO_USERS] = t.list_of(stations), len(stations)
        feeds = [
            at["routing"][r.name] for r in model.routings if isinstance(r.release, BaseStock) and r.output == x.name
        ]
        e[i, f.SO_FEED0], e[i, f.SO_FEEDS] = t.list_of(feeds), len(feeds)
    for supplier in model.suppliers:
        row = e[at["supplier"][supplier.name]]
        row[f.SU_STEP0], row[f.SU_STEPS] = t.steps(supplier.ceiling)
        supplies = [x.supply for x in model.stores if x.supply is not None and x.supply.supplier == supplier.name]
        row[f.SU_FIGURES] = t.figures(0.0, max((u.lot * u.weight for u in supplies), default=0.0))
        row[f.SU_REVIEWED] = -1


def _resources(t: Tables, model: Model, e: Ints, at: dict[str, dict[str, int]]) -> None:
    for c in model.calendars:
        i = at["calendar"][c.name]
        stations = [k for k in range(len(model.stations)) if e[k, f.ST_CAL] == i]
        rows.calendar(t, e[i], c, i, stations)
    for crew in model.crews:
        row = e[at["crew"][crew.name]]
        row[f.CR_SIZE], row[f.CR_HEAD] = crew.size, -1
        row[f.CR_CAL] = at["calendar"][crew.calendar] if crew.calendar is not None else -1
    for fleet in model.fleets:
        row = e[at["fleet"][fleet.name]]
        row[f.FL_FREE], row[f.FL_HEAD], row[f.FL_TAIL] = fleet.carriers, -1, -1
    for skill in model.skills:
        i = at["skill"][skill.name]
        e[i, f.SK_STEP0], e[i, f.SK_STEPS] = t.steps(skill.headcount)
        stations = sorted({int(e[o, f.OP_STATION]) for o in at["operation"].values() if e[o, f.OP_SKILL] == i})
        e[i, f.SK_USER0], e[i, f.SK_USERS] = t.list_of(stations), len(stations)
        if skill.headcount:
            t.at(float(skill.headcount[0][0]), f.C_REPAIR, i, f.E_HEAD, i)


def _world(t: Tables, g: Ints, e: Ints, trace: tuple[float, float] | None) -> World:
    """Put the tables together, with room for events, items, the log and finish times."""
    g[f.G_ITEM_FREE], g[f.G_STUCK], g[f.G_NOW] = -1, -1, -1
    g[f.G_LOG_FROM], g[f.G_LOG_TO] = (micro(trace[0]), micro(trace[1])) if trace is not None else (NEVER, NEVER)
    stations, stores, places = int(g[f.G_STORE0]), int(g[f.G_PLACE0] - g[f.G_STORE0]), int(g[f.G_OP0] - g[f.G_PLACE0])
    g[f.G_DIRTY0] = t.list_of([0] * (stations + 1))
    g[f.G_DONE0] = t.list_of([0] * (places + 2))
    g[f.G_STACK0] = t.list_of([0] * (stations + stores + 1))
    heap = np.zeros((_ROOM + len(t.events), 5), np.int64)
    # Sorted rows are a heap; the tie is built as `kernels.heap.push` does.
    first = sorted((time, (cls << 59) + (order << 40) + seq, kind, index, extra)
                   for seq, (time, cls, order, kind, index, extra) in enumerate(t.events))  # fmt: skip
    if first:
        heap[: len(first)] = first
    g[f.G_HEAP] = g[f.G_SEQ] = len(first)
    g[f.G_PROGRESS] = sum(1 for row in first if row[2] in _PROGRESS)
    return World(
        g=g,
        e=e,
        heap=heap,
        it=np.zeros((_ROOM, f.IT_N), np.int64),
        ci=np.array(t.ci, np.int64),
        cf=np.array(t.cf, np.float64),
        key=np.array(t.keys, np.uint64),
        log=np.zeros((4 * _ROOM + 1024, 8), np.int64),
        fin=np.zeros((2 * _ROOM, 2), np.int64),
    )
