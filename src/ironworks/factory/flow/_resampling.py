"""Flattens the rows that a routing resamples."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from ironworks.factory.flow._tables import Entities, Tables
from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.model import Routing


def rows(
    t: Tables,
    r: Routing,
    e: Entities,
    operations: Mapping[str, int],
    defects: Mapping[str, int],
    repairs: Mapping[str, str],
) -> None:
    """Append the table of a routing, and tell its operations and repairs where it stands; nothing where it has none.

    `repairs`: defect -> the operation that repairs it.
    """
    table = r.resampled
    if table is None:
        return
    at = next(o for o in r.operations if o.name == table.drawn_at(r.operations))
    at_row = e.at(operations[f"{r.name}.{at.name}"])
    if at_row[f.OP_LEARN] < 0:
        # Whoever draws rows counts units, as whoever puts in defects does.
        at_row[f.OP_LEARN] = t.learn(at.learning, f"{r.name}.{at.name}")
    bits = np.array([1 << defects[name] for name in table.defects], np.int64)
    masks = np.concatenate([np.asarray(level, bool) @ bits for level in table.present])
    counts = [len(level) for level in table.present]
    begins = np.cumsum([0, *counts[:-1]])
    levels = [int(n) for pair in zip(begins, counts, strict=True) for n in pair]
    logs = [x for scale in table.scales for x in (math.log(scale), 0.0)]
    record = [0] * 7
    record[f.RW_AT] = operations[f"{r.name}.{at.name}"]
    record[f.RW_KEY] = t.key(r.name, "row")
    record[f.RW_GROWTH] = t.growth(table.growth)
    record[f.RW_MASKS] = t.list_of(masks.tolist())
    record[f.RW_FIGURES] = t.figures(table.first, table.mature)
    record[f.RW_LEVEL0], record[f.RW_LEVELS] = t.list_of(levels, logs), len(counts)
    place = t.list_of(record)
    at_row[f.OP_ROWS] = place
    counted = [(f"{r.name}.{name}", by_level) for name, by_level in table.times.items()]
    for name, _ in counted:
        e.at(operations[name])[f.OP_ROWS] = place
    counted += [(repairs[name], by_level) for name, by_level in table.mends.items()]
    for slot, (name, by_level) in enumerate(counted):
        figures = np.concatenate([np.asarray(level, np.float64) for level in by_level])
        row = e.at(operations[name])
        row[f.OP_SLOT], row[f.OP_TRIES] = slot, figures.shape[1]
        row[f.OP_FACTORS] = t.figures(*figures.ravel().tolist())
