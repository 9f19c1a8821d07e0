"""Rows of a table of whole units: which one a unit has, its defects, what mends them, and its factors on times."""

import math

import numpy as np

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import internal
from ironworks.factory.flow.kernels.learning import growth
from ironworks.factory.flow.kernels.random import draw_bits, next_bits, uniform
from ironworks.factory.flow.kernels.world import Floats, Ints

#: Bits in which an item counts its starts of one operation or its repairs of one defect, and the most that they hold.
TRY_BITS, MOST_TRIES = 4, 15


@internal
def take_row(m: Ints, x: Floats, o: int, item: int) -> None:
    """At the operation where rows are drawn, give the unit its level and row, once, and the defects of the row."""
    rows = m[o + f.OP_ROWS]
    if m[item + f.IT_ROW] >= 0 or m[rows + f.RW_AT] != o:
        return
    learnt = m[o + f.OP_LEARN]
    figures = m[rows + f.RW_FIGURES]
    scale = x[figures]
    if m[rows + f.RW_GROWTH] >= 0:
        n = x[learnt + f.LN_COUNT] + x[learnt + f.LN_PRIOR]
        scale = x[figures + 1] + (x[figures] - x[figures + 1]) * growth(m, x, m[rows + f.RW_GROWTH], n)
    bits = draw_bits(np.uint64(m[rows + f.RW_KEY]), m[item + f.IT_SERIAL], 0)
    level = _level(m, x, rows, math.log(scale), uniform(bits))
    first, n_rows = m[level], m[level + 1]
    # The same quantile takes the same row of whatever level.
    row = first + min(int(uniform(next_bits(bits)) * n_rows), n_rows - 1)
    m[item + f.IT_ROW] = row
    m[item + f.IT_MASK] |= m[m[rows + f.RW_MASKS] + row]


@internal
def _level(m: Ints, x: Floats, rows: int, wanted: float, u: float) -> int:
    """One of the two levels beside a scale, by its logarithm, the upper one where `u` is below its weight."""
    level = m[rows + f.RW_LEVEL0]
    last = level + 2 * (m[rows + f.RW_LEVELS] - 1)
    if wanted <= x[level]:
        return level
    while level < last:
        low, high = x[level], x[level + 2]
        if wanted < high:
            return level + 2 if u < (wanted - low) / (high - low) else level
        level += 2
    return last


@internal
def resampled_time(m: Ints, x: Floats, o: int, item: int, work: int) -> int:
    """Count a start of the operation by the unit; `work` times the factor of its row at this attempt."""
    if m[o + f.OP_TRIES] == 0 or m[item + f.IT_ROW] < 0:
        return work
    return int(work * _at_this_try(m, x, o, item) + 0.5)


@internal
def mend_chance(m: Ints, x: Floats, o: int, item: int, otherwise: float) -> float:
    """Count a repair of the unit at the operation `o`; how likely it succeeds: as its row says, or `otherwise`."""
    if m[o + f.OP_TRIES] == 0 or m[item + f.IT_ROW] < 0:
        return otherwise
    return _at_this_try(m, x, o, item)


@internal
def _at_this_try(m: Ints, x: Floats, o: int, item: int) -> float:
    tries = m[o + f.OP_TRIES]
    slot = TRY_BITS * m[o + f.OP_SLOT]
    done = (m[item + f.IT_TRIES] >> slot) & MOST_TRIES
    if done < MOST_TRIES:
        m[item + f.IT_TRIES] += 1 << slot
    return x[m[o + f.OP_FACTORS] + m[item + f.IT_ROW] * tries + min(done, tries - 1)]
