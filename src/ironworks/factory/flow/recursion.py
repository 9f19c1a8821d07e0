"""Departures of a plain serial line by the max-plus recursion: no events, far faster, the same microseconds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from ironworks.factory.flow.kernels.maxplus import maxplus_line
from ironworks.factory.flow.kernels.random import LAW_NONE, Draws, stream_key
from ironworks.factory.flow.laws import Law, Listed
from ironworks.factory.flow.model import Model, Saturated
from ironworks.factory.flow.result import Floats
from ironworks.factory.flow.validate import ModelError, validate

_NONE = (LAW_NONE, 0.0, 0.0, 0.0, 0.0)


def departures(model: Model, items: int, *, seed: int = 1, replication: int = 0) -> Floats:
    """Times [s], (items,), at which the first units leave a serial line, as `run_once` with the same seed gives them.

    The line must be plain: one saturated routing, one place per station, operation-dependent failures or none, all
    stations blocking after service or all before; no calendar, crew, operator, store, test, learning or travel.
    Raises ModelError with all that stands against it.
    """
    validate(model)
    faults = list(_not_plain(model))
    if faults:
        raise ModelError(faults)
    routing = model.routings[0]
    by_name = {s.name: s for s in model.stations}
    stations = [by_name[o.station] for o in routing.operations]
    names = [o.stream or f"{routing.name}.{o.name}" for o in routing.operations]
    failing = [s.failures for s in stations]
    own = [s.name for s in stations]

    def draws(laws: Sequence[Law | None], streams: Sequence[str], purpose: str) -> Draws:
        codes = [law.encode() if law is not None else _NONE for law in laws]
        keys = np.array([stream_key(seed, replication, name, purpose) for name in streams], np.uint64)
        return Draws(np.array([c[0] for c in codes], np.int64), np.array([c[1:] for c in codes], np.float64), keys)

    buffers = np.array([-1 if math.isinf(s.buffer) else int(s.buffer) for s in stations[1:]], np.int64)
    times: Floats = maxplus_line(
        draws([o.time for o in routing.operations], names, "process"),
        draws([x.uptime if x else None for x in failing], own, "uptime"),
        draws([x.repair if x else None for x in failing], own, "repair"),
        buffers,
        items,
        before_service=stations[0].blocking == "before",
    ).astype(np.float64)
    return times / 1e6


def _not_plain(model: Model) -> Iterator[str]:
    if len(model.routings) != 1 or not isinstance(model.routings[0].release, Saturated):
        yield "a plain line has one routing, which is saturated"
    if model.stores or model.defects or model.moves:
        yield "a plain line has no stores, defects or moves"
    routing = model.routings[0]
    if routing.plan is not None or routing.changes or routing.opens > 0 or not math.isinf(routing.closes):
        yield f"routing {routing.name!r}: a plain line is open from the start, without plan or changes"
    if routing.resampled is not None:
        yield f"routing {routing.name!r}: a plain line resamples no rows; use run_once"
    visited = [o.station for o in routing.operations]
    if sorted(visited) != sorted(s.name for s in model.stations):
        yield f"routing {routing.name!r}: a plain line visits each station once"
    if len({s.blocking for s in model.stations}) > 1:
        yield "a plain line blocks after service at all stations, or before at all"
    for s in model.stations:
        bare = s.places == 1 and not s.schedule and s.calendar is None and s.setup is None and not s.setups
        if not bare or s.interruption != "resume":
            yield f"station {s.name!r}: must have one place, no calendar, schedule or set-up, and resume its work"
        x = s.failures
        if x is not None and (x.mode != "operation" or x.crew is not None or x.growth is not None):
            yield f"station {s.name!r}: failures of a plain line run with operation, without crew or growth"
    for o in routing.operations:
        if o.operators or o.consumes or o.arises or o.finds or o.learning or o.travel or o.fleet:
            yield f"operation {o.name!r}: needs people, parts, tests, learning or travel; use run_once"
        if isinstance(o.time, Listed):
            yield f"operation {o.name!r}: listed times are for run_once"
