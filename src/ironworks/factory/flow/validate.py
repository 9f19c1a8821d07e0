"""Checks a model before it runs: every fault at once, with the name of the culprit and the choices."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Iterator

from ironworks.factory.flow._ranges import range_faults
from ironworks.factory.flow._resampled_faults import resampled_faults
from ironworks.factory.flow.model import BaseStock, Model, Operation, Routing, Saturated

_MOST_DEFECTS = 62


class ModelError(ValueError):
    """The model cannot run. `faults` lists why, one line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults

    def __reduce__(self) -> tuple[type[ModelError], tuple[list[str]]]:
        return ModelError, (self.faults,)


def validate(model: Model) -> None:
    """Raise ModelError with all faults of the model."""
    faults = [*_faults(model), *range_faults(model)]
    if faults:
        raise ModelError(faults)


def _known(where: str, kind: str, name: str | None, choices: Iterable[str]) -> Iterator[str]:
    names = list(choices)
    if name is None or name in names:
        return
    close = difflib.get_close_matches(name, names, 1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(names[:12]) or 'none'}"
    yield f"{where}: no {kind} {name!r}; {hint}"


def _faults(model: Model) -> Iterator[str]:
    groups = {
        "station": [s.name for s in model.stations],
        "routing": [r.name for r in model.routings],
        "store": [s.name for s in model.stores],
        "defect": [d.name for d in model.defects],
        "supplier": [s.name for s in model.suppliers],
        "skill": [s.name for s in model.skills],
        "crew": [c.name for c in model.crews],
        "fleet": [x.name for x in model.fleets],
        "calendar": [c.name for c in model.calendars],
    }
    for kind, names in groups.items():
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield f"{kind} {name!r} is declared twice; give each a name of its own"
    if not model.stations or not model.routings:
        yield "a model needs at least one station and one routing"
    if len(model.defects) > _MOST_DEFECTS:
        yield f"{len(model.defects)} defects; the kernel keeps at most {_MOST_DEFECTS}: pool rare ones"
    for s in model.stations:
        where = f"station {s.name!r}"
        yield from _known(where, "calendar", s.calendar, groups["calendar"])
        if s.failures is not None:
            yield from _known(where, "crew", s.failures.crew, groups["crew"])
            if s.failures.uptime.mean <= 0:
                yield f"{where}: uptime must be > 0 s"
        if s.places < 0 or (s.places == 0 and not s.schedule and not any(s.name in m.places for m in model.moves)):
            yield f"{where}: no place is ever installed; set places >= 1 or a schedule"
        if s.buffer < 0 or (not math.isinf(s.buffer) and s.buffer != int(s.buffer)):
            yield f"{where}: buffer {s.buffer} must be a whole number >= 0, or INFINITE"
        standing = s.places
        for time, change in sorted(s.schedule):
            standing += change
            if standing < 0:
                yield f"{where}: schedule takes away more places than there are at {time} s"
                break
    for c in model.crews:
        yield from _known(f"crew {c.name!r}", "calendar", c.calendar, groups["calendar"])
        if c.size < 1:
            yield f"crew {c.name!r}: size must be >= 1"
    for store in model.stores:
        where = f"store {store.name!r}"
        yield from _known(where, "store", store.alternate, groups["store"])
        if store.supply is not None:
            yield from _known(where, "supplier", store.supply.supplier, groups["supplier"])
            if store.supply.lot < 1 or store.supply.review <= 0 or not 0 < store.supply.yield_ <= 1:
                yield f"{where}: supply needs lot >= 1, review > 0 s and 0 < yield <= 1"
    yield from _routing_faults(model, groups)
    for d in model.defects:
        yield from _operation_faults(f"defect {d.name!r}, repair", d.repair, groups)
        users = [r for r in model.routings if any(d.name in o.finds for o in r.operations)]
        for r in users:
            if d.return_to not in {f"{r.name}.{o.name}" for o in r.operations}:
                there = ", ".join(f"{r.name}.{o.name}" for o in r.operations)
                yield f"defect {d.name!r}: return_to {d.return_to!r} is no operation of {r.name!r}; there are: {there}"
        if not users and d.return_to not in {f"{r.name}.{o.name}" for r in model.routings for o in r.operations}:
            yield f"defect {d.name!r}: return_to {d.return_to!r} is no operation (write routing.operation)"
        for other in d.causes:
            yield from _known(f"defect {d.name!r}, causes", "defect", other, groups["defect"])
        if d.hold > 0 and d.hold_time is None:
            yield f"defect {d.name!r}: hold {d.hold} needs a hold_time"
    for m in model.moves:
        for r_name in [*m.routings, *m.to_routings]:
            yield from _known(f"move {m.name!r}", "routing", r_name, groups["routing"])
        for s_name in [*m.stations, *m.places]:
            yield from _known(f"move {m.name!r}", "station", s_name, groups["station"])


def _routing_faults(model: Model, groups: dict[str, list[str]]) -> Iterator[str]:
    mended: dict[str, str] = {}
    for r in model.routings:
        where = f"routing {r.name!r}"
        yield from _known(where, "store", r.output, groups["store"])
        if not r.operations:
            yield f"{where}: no operations"
            continue
        names = [o.name for o in r.operations]
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield f"{where}: operation {name!r} stands twice; give each a name of its own"
        for o in r.operations:
            yield from _operation_faults(f"{where}, operation {o.name!r}", o, groups)
            station = next((s for s in model.stations if s.name == o.station), None)
            if station is not None and station.blocking == "before" and o.finds:
                yield f"{where}, operation {o.name!r}: a test cannot stand at a station that blocks before service"
        yield from resampled_faults(r, groups["defect"])
        for name in r.resampled.mends if r.resampled else ():
            if mended.setdefault(name, r.name) != r.name:
                yield f"{where}, resampled: mends of {name!r} stand in routing {mended[name]!r} too"
        if isinstance(r.release, BaseStock) and r.output is None:
            yield f"{where}: a base stock needs an output store"
        if isinstance(r.release, Saturated) and r.plan is None and _pours(model, r):
            yield f"{where}: saturated, and no operation before unlimited room takes time: it would never end"


def _pours(model: Model, r: Routing) -> bool:
    """Whether units pass without time into an unlimited buffer or store, or out, so that the clock stands still."""
    buffers = {s.name: s.buffer for s in model.stations}
    stores = {s.name: s.capacity for s in model.stores}
    room = [buffers.get(o.station, 0.0) for o in r.operations[1:]]
    room.append(math.inf if r.output is None else stores.get(r.output, 0.0))
    for o, ahead in zip(r.operations, room, strict=True):
        if o.time.mean > 0 or o.consumes:
            return False
        if math.isinf(ahead):
            return True
    return False


def _operation_faults(where: str, o: Operation, groups: dict[str, list[str]]) -> Iterator[str]:
    yield from _known(where, "station", o.station, groups["station"])
    yield from _known(where, "skill", o.skill, groups["skill"])
    yield from _known(where, "fleet", o.fleet, groups["fleet"])
    if o.operators > 0 and o.skill is None:
        yield f"{where}: {o.operators} operators need a skill"
    for store, quantity in o.consumes.items():
        yield from _known(where, "store", store, groups["store"])
        if quantity < 1:
            yield f"{where}: consumes {quantity} of {store!r}; must be >= 1"
    for a in o.arises:
        yield from _known(where, "defect", a.defect, groups["defect"])
    for defect, coverage in o.finds.items():
        yield from _known(where, "defect", defect, groups["defect"])
        if not 0 <= coverage <= 1:
            yield f"{where}: coverage {coverage} of {defect!r} must lie in 0..1"
    if not 0 <= o.false_reject < 1:
        yield f"{where}: false_reject {o.false_reject} must lie in 0..1"
    if o.false_reject > 0 and not o.finds:
        yield f"{where}: false_reject needs at least one defect that the test looks for, whose repair then diagnoses it"
