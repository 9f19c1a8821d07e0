"""Flattens a model into the tables of the event kernel: the only place where a plant becomes arrays."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ironworks.factory.flow import _resampling as resampling
from ironworks.factory.flow import _rows as rows
from ironworks.factory.flow._tables import Entities, Tables, micro
from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels.clock import NEVER
from ironworks.factory.flow.kernels.heap import CLASS_BITS, FIRST_WINDOW, ORDER_BITS, ROW
from ironworks.factory.flow.model import BaseStock, Conwip, Model, Operation, Saturated, Station
from ironworks.factory.flow.result import Floats, Ints, Names

_BEFORE_OPERATIONS = (f.G_ST0, f.G_STORE0, f.G_PLACE0, f.G_OP0)
#: Bytes in a line of cache.
_LINE = 64
_PROGRESS = {f.E_INSTALL, f.E_REMOVE, f.E_LIMIT, f.E_OPEN, f.E_MOVE}


@dataclass(frozen=True, slots=True)
class Encoded:
    """A model as the kernel takes it (see `kernels.fields`), and the names that belong to its entities."""

    m: Ints
    x: Floats
    names: Names


def encode(
    model: Model,
    seed: int,
    replication: int,
    trace: tuple[float, float] | None = None,
    scale: Mapping[str, float] | None = None,
    room: int = 65536,
) -> Encoded:
    """Memory for one replication; `scale`: factor on all rates of a station; `room`: events and items at a time."""
    rates = dict(scale or {})
    operations = [(f"{r.name}.{o.name}", o) for r in model.routings for o in r.operations]
    repairs = [(f"{d.name}.{d.repair.name}", d.repair) for d in model.defects]
    # The order of entities in memory: each begins where the one before ends (see `fields`).
    sizes = {
        f.G_ST0: 0,
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
    end = f.G_N
    for column, size in sizes.items():
        end += size * f.E_WIDTH
        g[column] = end
    n = (end - f.G_N) // f.E_WIDTH + len(model.suppliers)
    e = Entities(np.zeros((n, f.E_WIDTH), np.int64), f.G_N)
    t = Tables(seed, replication, f.G_N + n * f.E_WIDTH)
    at = _places_of(model, [*operations, *repairs], g)
    e.rows[: len(model.stations) + len(model.stores), : f.Q_LOOK] = -1

    for name, o in [*operations, *repairs]:
        rows.operation(t, e.at(at["operation"][name]), o, name, at, rates, model)
    _routings(t, model, e, at, int(g[f.G_OP0]))
    for i, d in enumerate(model.defects):
        rows.defect(t, e.at(int(g[f.G_DF0]) + i * f.E_WIDTH), d, at["operation"], at["defect"])
    moved = _stations(t, model, e, at, rates, int(g[f.G_PLACE0]))
    _stores(t, model, e, at)
    for dest in [*at["station"].values(), *at["store"].values()]:
        back = [int(o[f.OP_STATION]) for o in map(e.at, at["operation"].values()) if o[f.OP_DEST] == dest]
        back = sorted({s for s in back if e.at(s)[f.ST_BEFORE] == 1})
        e.at(dest)[f.Q_BACK0], e.at(dest)[f.Q_BACKS] = t.list_of(back), len(back)
    _resources(t, model, e, at)
    for i, m in enumerate(model.moves):
        place = int(g[f.G_MV0]) + i * f.E_WIDTH
        rows.move(t, e.at(place), m, place, e, at, moved[i])
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
    return Encoded(*_memory(t, g, e, trace, room), names)


def _places_of(model: Model, operations: list[tuple[str, Operation]], g: Ints) -> dict[str, dict[str, int]]:
    """Where the record of each entity begins, by kind and name; defects count from 0."""

    def laid(names: Iterable[str], first: int, width: int = f.E_WIDTH) -> dict[str, int]:
        return {name: first + i * width for i, name in enumerate(names)}

    return {
        "station": laid((s.name for s in model.stations), int(g[f.G_ST0])),
        "store": laid((s.name for s in model.stores), int(g[f.G_STORE0])),
        "operation": laid((name for name, _ in operations), int(g[f.G_OP0])),
        "routing": laid((r.name for r in model.routings), int(g[f.G_RT0])),
        "calendar": laid((c.name for c in model.calendars), int(g[f.G_CAL0])),
        "crew": laid((c.name for c in model.crews), int(g[f.G_CR0])),
        "skill": laid((s.name for s in model.skills), int(g[f.G_SK0])),
        "fleet": laid((x.name for x in model.fleets), int(g[f.G_FL0])),
        "defect": laid((d.name for d in model.defects), 0, 1),
        "supplier": laid((s.name for s in model.suppliers), int(g[f.G_SU0])),
    }


def _moved_to(model: Model, name: str) -> dict[int, int]:
    return {i: m.places[name] for i, m in enumerate(model.moves) if name in m.places}


def _place_count(model: Model, s: Station) -> int:
    return s.places + sum(max(change, 0) for _, change in s.schedule) + sum(_moved_to(model, s.name).values())


def _routings(t: Tables, model: Model, e: Entities, at: dict[str, dict[str, int]], first: int) -> None:
    repairs = {d.name: f"{d.name}.{d.repair.name}" for d in model.defects}
    for r in model.routings:
        i = at["routing"][r.name]
        rows.routing(t, e.at(i), r, i, first, at["store"])
        resampling.rows(t, r, e, at["operation"], at["defect"], repairs)
        for o in r.operations[1:]:
            e.at(first)[f.OP_DEST] = at["station"][o.station]
            first += f.E_WIDTH
        e.at(first)[f.OP_DEST] = at["store"][r.output] if r.output is not None else -1
        first += f.E_WIDTH


def _stations(
    t: Tables, model: Model, e: Entities, at: dict[str, dict[str, int]], rates: Mapping[str, float], base: int
) -> list[dict[str, int]]:
    """Fill stations and places, which begin at `base`; for each move, the first place it puts up, by station."""
    places: list[Ints] = []
    moved: list[dict[str, int]] = [{} for _ in model.moves]
    cyclic = rows.cyclic(model)
    for number, s in enumerate(model.stations):
        i = at["station"][s.name]
        row = e.at(i)
        more = _moved_to(model, s.name)
        rows.station(t, row, s, i, places, base, sum(more.values()), rates.get(s.name, 1.0), at)
        row[f.ST_RANK] = rows.rank(model, s.name) * len(model.stations) + len(model.stations) - 1 - number
        row[f.ST_CYCLIC] = 1 if number in cyclic else 0
        spare = len(places) - sum(more.values())
        for k, n in more.items():
            moved[k][s.name] = base + spare * f.E_WIDTH
            spare += n
        first_here = [r for r in model.routings if r.operations[0].station == s.name]
        sources = [at["routing"][r.name] for r in first_here if isinstance(r.release, Saturated)]
        feeds = [at["routing"][r.name] for r in first_here if isinstance(r.release, Conwip | BaseStock)]
        row[f.ST_SOURCE0], row[f.ST_SOURCES] = t.list_of(sources), len(sources)
        # Only a finite buffer has to ask for more when room opens.
        row[f.ST_FEED0], row[f.ST_FEEDS] = t.list_of(feeds), len(feeds) if row[f.ST_CAP] >= 0 else 0
    for k, place in enumerate(places):
        e.at(base + k * f.E_WIDTH)[:] = place
    return moved


def _stores(t: Tables, model: Model, e: Entities, at: dict[str, dict[str, int]]) -> None:
    taken = {o: rows.taken(t, e.at(o)) for o in at["operation"].values()}
    for x in model.stores:
        i = at["store"][x.name]
        row = e.at(i)
        rows.store(t, row, x, i, at["supplier"])
        serves = {i} | {at["store"][y.name] for y in model.stores if y.alternate == x.name}
        stations = sorted({int(e.at(o)[f.OP_STATION]) for o, stores in taken.items() if stores & serves})
        row[f.SO_USER0], row[f.SO_USERS] = t.list_of(stations), len(stations)
        feeds = [
            at["routing"][r.name] for r in model.routings if isinstance(r.release, BaseStock) and r.output == x.name
        ]
        row[f.SO_FEED0], row[f.SO_FEEDS] = t.list_of(feeds), len(feeds)
    for supplier in model.suppliers:
        row = e.at(at["supplier"][supplier.name])
        row[f.SU_STEP0], row[f.SU_STEPS] = t.steps(supplier.ceiling)
        supplies = [x.supply for x in model.stores if x.supply is not None and x.supply.supplier == supplier.name]
        row[f.SU_FIGURES] = t.figures(0.0, max((u.lot * u.weight for u in supplies), default=0.0))
        row[f.SU_REVIEWED] = -1


def _resources(t: Tables, model: Model, e: Entities, at: dict[str, dict[str, int]]) -> None:
    for c in model.calendars:
        i = at["calendar"][c.name]
        stations = [at["station"][s.name] for s in model.stations if s.calendar == c.name]
        rows.calendar(t, e.at(i), c, i, stations)
    for crew in model.crews:
        row = e.at(at["crew"][crew.name])
        row[f.CR_SIZE], row[f.CR_HEAD] = crew.size, -1
        row[f.CR_CAL] = at["calendar"][crew.calendar] if crew.calendar is not None else -1
    for fleet in model.fleets:
        row = e.at(at["fleet"][fleet.name])
        row[f.FL_FREE], row[f.FL_HEAD], row[f.FL_TAIL] = fleet.carriers, -1, -1
    for skill in model.skills:
        i = at["skill"][skill.name]
        row = e.at(i)
        row[f.SK_STEP0], row[f.SK_STEPS] = t.steps(skill.headcount)
        users = [e.at(o) for o in at["operation"].values() if e.at(o)[f.OP_SKILL] == i]
        stations = sorted({int(o[f.OP_STATION]) for o in users})
        row[f.SK_USER0], row[f.SK_USERS] = t.list_of(stations), len(stations)
        if skill.headcount:
            t.at(float(skill.headcount[0][0]), f.C_REPAIR, i, f.E_HEAD, i)


def _memory(t: Tables, g: Ints, e: Entities, trace: tuple[float, float] | None, room: int) -> tuple[Ints, Floats]:
    """Lay everything out, with `room` for events and items, and more for the log and finish times."""
    stations, stores, places = ((g[b] - g[a]) // f.E_WIDTH for a, b in itertools.pairwise(_BEFORE_OPERATIONS))
    g[f.G_ITEM_FREE], g[f.G_STUCK], g[f.G_NOW] = -1, -1, -1
    g[f.G_LOG_FROM], g[f.G_LOG_TO] = (micro(trace[0]), micro(trace[1])) if trace is not None else (NEVER, NEVER)
    g[f.G_DIRTY0] = t.list_of([0] * int(stations + 1))
    g[f.G_DONE0] = t.list_of([0] * int(places + 2))
    g[f.G_STACK0] = t.list_of([0] * int(stations + stores + 1))
    # All that is known from the start is far; the tie is built as `kernels.heap.push` does.
    first = [
        (time, (cls << CLASS_BITS) + (order << ORDER_BITS) + seq, kind, index, extra)
        for seq, (time, cls, order, kind, index, extra) in enumerate(t.events)
    ]
    begin = t.first + len(t.ci)
    g[f.G_HEAP0], g[f.G_HEAP_END] = begin, len(first) + room
    g[f.G_FAR0] = begin + ROW * (len(first) + room)
    g[f.G_LOG] = g[f.G_LOG0] = g[f.G_FAR0] + ROW * (len(first) + room)
    g[f.G_FIN] = g[f.G_LOG_END] = g[f.G_LOG] + (64 * room if trace is not None else 0)
    g[f.G_ITEM_HIGH] = g[f.G_FIN_END] = g[f.G_FIN] + 64 * room
    g[f.G_ITEM_END] = g[f.G_ITEM_HIGH] + f.IT_N * room
    g[f.G_FAR] = g[f.G_SEQ] = len(first)
    g[f.G_WINDOW] = FIRST_WINDOW
    g[f.G_PROGRESS] = sum(1 for row in first if row[2] in _PROGRESS)
    # Untouched memory costs nothing: the system hands it out when it is first written.
    m = _lined_up(int(g[f.G_ITEM_END]))
    m[: f.G_N] = g
    m[f.G_N : t.first] = e.rows.ravel()
    m[t.first : begin] = t.ci
    if first:
        m[g[f.G_FAR0] : g[f.G_FAR0] + ROW * len(first)] = np.array(first, np.int64).ravel()
    x = np.zeros(begin)
    x[t.first : begin] = t.cf
    return m, x


def _lined_up(n: int) -> Ints:
    """Zeros that begin with a line of cache, as the records do."""
    words = _LINE // 8
    m = np.zeros(n + words, np.int64)
    skip = -m.ctypes.data % _LINE // 8
    return m[skip : skip + n]
