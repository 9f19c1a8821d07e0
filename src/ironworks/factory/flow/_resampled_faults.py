"""Faults in the rows that a routing resamples."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.flow.kernels.resample import MOST_TRIES
from ironworks.factory.flow.model import Resampled, Routing

#: Operations and defects of one routing whose starts and repairs an item can count.
_MOST_COUNTED = 15


def resampled_faults(r: Routing, defects: Collection[str]) -> Iterator[str]:
    """One line for each thing that no kernel could run; nothing where the routing resamples no rows."""
    table = r.resampled
    if table is None or not r.operations:
        return
    where = f"routing {r.name!r}, resampled"
    names = [o.name for o in r.operations]
    at = table.drawn_at(r.operations)
    for name in [at, *table.times]:
        if name not in names:
            yield f"{where}: no operation {name!r}; there are: {', '.join(names)}"
        elif at in names and names.index(name) < names.index(at):
            yield f"{where}: {name!r} comes before {at!r}, where the row is drawn"
    for name in table.defects:
        if name not in defects:
            yield f"{where}: no defect {name!r}; there are: {', '.join(list(defects)[:12]) or 'none'}"
        for o in r.operations:
            if name in {a.defect for a in o.arises}:
                yield f"{where}: {name!r} arises at {o.name!r} too; leave one of the two"
    for name in table.mends:
        if name not in table.defects:
            yield f"{where}: mends of {name!r}, which the rows do not have; they have: {', '.join(table.defects)}"
    if len(set(table.defects)) < len(table.defects):
        yield f"{where}: a defect stands twice"
    scales = [float(s) for s in table.scales]
    if not scales or any(not 0 < s < math.inf for s in scales) or any(b <= a for a, b in itertools.pairwise(scales)):
        yield f"{where}: scales {scales} must be finite, > 0 and rising"
    if not (0 < table.first < math.inf and 0 < table.mature < math.inf):
        yield f"{where}: first {table.first} and mature {table.mature} must be finite and > 0"
    yield from _shapes(where, table)


def _shapes(where: str, table: Resampled) -> Iterator[str]:
    levels = len(table.scales)
    if len(table.present) != levels:
        yield f"{where}: present has {len(table.present)} levels, scales has {levels}"
    shapes = [np.shape(level) for level in table.present]
    if any(len(s) != 2 or s[0] < 1 or s[1] != len(table.defects) for s in shapes):
        yield f"{where}: present needs (rows >= 1, {len(table.defects)}) at each level, not {shapes}"
        return
    if len(table.times) + len(table.mends) > _MOST_COUNTED:
        counted = f"{len(table.times)} operations and {len(table.mends)} defects"
        yield f"{where}: times and mends of {counted}; an item counts starts and repairs of at most {_MOST_COUNTED}"
    wanted = [s[0] for s in shapes]
    for name, by_level in table.times.items():
        yield from _figures(f"{where}: times of {name!r}", "attempts", by_level, wanted, math.inf)
    for name, by_level in table.mends.items():
        yield from _figures(f"{where}: mends of {name!r}", "repairs", by_level, wanted, 1.0)


def _figures(
    where: str, columns: str, by_level: Sequence[NDArray[np.float64]], wanted: list[int], most: float
) -> Iterator[str]:
    found = [np.shape(level) for level in by_level]
    widths = {s[1] for s in found if len(s) == 2}
    if [s[0] for s in found if len(s) == 2] != wanted or len(widths) != 1:
        yield f"{where} need (rows, {columns}) with rows {wanted} at each level, not {found}"
    elif not 1 <= min(widths) <= MOST_TRIES:
        yield f"{where} have {min(widths)} {columns}; 1 to {MOST_TRIES} can be told apart"
    elif not all(np.isfinite(level).all() and (np.asarray(level) >= 0).all() for level in by_level):
        yield f"{where} must be finite and >= 0"
    elif any((np.asarray(level) > most).any() for level in by_level):
        yield f"{where} must be at most {most:g}"
