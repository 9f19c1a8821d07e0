"""Faults in the figures of a model: probabilities, series in time, moves, changes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from ironworks.factory.flow.model import BaseStock, Conwip, Model, Operation


def range_faults(model: Model) -> Iterator[str]:
    """One line for each figure that no plant can have."""
    for c in model.calendars:
        flat = np.asarray(c.intervals, np.float64).reshape(-1, 2)
        if (flat[:, 1] < flat[:, 0]).any() or (np.diff(flat[:, 0]) < 0).any():
            yield f"calendar {c.name!r}: intervals must be sorted, and none may end before it begins"
    for skill in model.skills:
        yield from _series(f"skill {skill.name!r}: headcount", skill.headcount)
    for supplier in model.suppliers:
        yield from _series(f"supplier {supplier.name!r}: ceiling", supplier.ceiling)
    for fleet in model.fleets:
        if fleet.carriers < 1:
            yield f"fleet {fleet.name!r}: carriers must be >= 1"
    for store in model.stores:
        if store.alternate == store.name:
            yield f"store {store.name!r} is its own alternate; name another store, or none"
        if store.supply is not None:
            yield from _series(f"store {store.name!r}: order_up_to", store.supply.order_up_to)
    for d in model.defects:
        where = f"defect {d.name!r}"
        yield from _share(f"{where}: success", d.success)
        yield from _share(f"{where}: hold", d.hold)
        for other, chance in d.causes.items():
            yield from _share(f"{where}: causes {other!r} with", chance)
        yield from _operation(f"{where}, repair", d.repair)
    for r in model.routings:
        where = f"routing {r.name!r}"
        for o in r.operations:
            yield from _operation(f"{where}, operation {o.name!r}", o)
        if isinstance(r.release, Conwip) and not isinstance(r.release.cards, int | float):
            yield from _series(f"{where}: cards", r.release.cards)
        if isinstance(r.release, BaseStock) and not isinstance(r.release.level, int | float):
            yield from _series(f"{where}: level", r.release.level)
        plan = list(r.plan or ())
        yield from _series(f"{where}: plan", plan)
        if any(b < a for (_, a), (_, b) in itertools.pairwise(plan)):
            yield f"{where}: plan counts units from the start, so it cannot fall"
        for change in r.changes:
            yield from _share(f"{where}, change {change.name!r}: setback", change.setback)
            if change.serial is None and change.time is None:
                yield f"{where}, change {change.name!r}: say from which serial or from which time it holds"
        closing = [m.name for m in model.moves if r.name in m.routings]
        if len(closing) > 1:
            yield f"{where} is closed by several moves: {', '.join(closing)}; one move can close it"


def _operation(where: str, o: Operation) -> Iterator[str]:
    for a in o.arises:
        yield from _share(f"{where}: probability of {a.defect!r}", a.probability)
        yield from _share(f"{where}: mature probability of {a.defect!r}", a.mature)
    if o.learning is not None and (o.learning.rate <= 0 or o.learning.at_unit <= 0):
        yield f"{where}: learning needs rate > 0 and at_unit > 0"


def _share(what: str, value: float) -> Iterator[str]:
    if not 0 <= value <= 1:
        yield f"{what} {value} must lie in 0..1"


def _series(what: str, steps: Sequence[tuple[float, float]]) -> Iterator[str]:
    times = [time for time, _ in steps]
    if times != sorted(times):
        yield f"{what} must be sorted by time"
