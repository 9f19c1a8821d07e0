"""Completions: defects that arise, what a test finds, and where the unit goes next."""

import numpy as np

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import log
from ironworks.factory.flow.kernels.learning import growth
from ironworks.factory.flow.kernels.random import draw_bits, uniform
from ironworks.factory.flow.kernels.resample import mend_chance
from ironworks.factory.flow.kernels.start import visit_of
from ironworks.factory.flow.kernels.world import Floats, Ints

PASSED, FAILED, SCRAP = range(3)


@inlined
def _chance(m: Ints, x: Floats, key: int, serial: int, visit: int) -> float:
    return uniform(draw_bits(np.uint64(key), serial, visit))


@internal
def arise(m: Ints, x: Floats, o: int, item: int) -> None:
    """Put in the defects that this operation gives to the unit, with what it has learnt to avoid."""
    first = m[o + f.OP_ARISE0]
    serial, visit = m[item + f.IT_SERIAL], visit_of(m, x, item, o)
    row = m[o + f.OP_LEARN]
    n = x[row + f.LN_COUNT] + x[row + f.LN_PRIOR] if row >= 0 else 1.0
    for i in range(m[o + f.OP_ARISES]):
        at = first + 3 * i
        defect, figures, law = m[at], m[at + 1], m[at + 2]
        probability, mature = x[figures], x[figures + 1]
        chance = _chance(m, x, m[o + f.OP_DEFECT_KEY], serial, 64 * visit + defect)
        if law >= 0:
            # Growth brings it from the one towards the other: a draw above both needs no power.
            if chance >= max(probability, mature) and x[law] <= 0.0 and n >= x[law + 1]:
                continue
            probability = mature + (probability - mature) * growth(m, x, law, n)
        if chance < probability:
            m[item + f.IT_MASK] |= 1 << defect


@internal
def _renew(m: Ints, x: Floats, item: int, bit: int) -> None:
    """Count how often a defect was repaired or caused anew, up to 7: three masks hold the counts of all defects."""
    one, two, four = m[item + f.IT_RENEW1], m[item + f.IT_RENEW2], m[item + f.IT_RENEW4]
    bit &= ~(one & two & four)
    m[item + f.IT_RENEW4] = four ^ (two & one & bit)
    m[item + f.IT_RENEW2] = two ^ (one & bit)
    m[item + f.IT_RENEW1] = one ^ bit


@internal
def _look(m: Ints, x: Floats, item: int, defect: int) -> int:
    """The number of the draw by which a test sees a defect; one that came seven times is looked at anew each time."""
    one, two, four = m[item + f.IT_RENEW1], m[item + f.IT_RENEW2], m[item + f.IT_RENEW4]
    n = ((one >> defect) & 1) + 2 * ((two >> defect) & 1) + 4 * ((four >> defect) & 1)
    return n if n < 7 else 7 + m[item + f.IT_LOOPS]


@internal
def test(m: Ints, x: Floats, o: int, item: int, now: int) -> int:
    """Judge a unit: the first defect found in declared order, -1 for a pass, or the first repair on a false reject.

    Whether this test sees a defect is drawn once until the defect is renewed: what escaped it escapes it again.
    """
    serial, loops = m[item + f.IT_SERIAL], m[item + f.IT_LOOPS]
    key = m[o + f.OP_TEST_KEY]
    first = m[o + f.OP_FIND0]
    verdict = -1
    for i in range(m[o + f.OP_FINDS]):
        defect = m[first + 2 * i]
        bit = 1 << defect
        if m[item + f.IT_MASK] & bit == 0:
            continue
        if _chance(m, x, key, serial, 64 * _look(m, x, item, defect) + defect) >= x[m[first + 2 * i + 1]]:
            continue
        if m[item + f.IT_KNOWN] & bit == 0:
            m[item + f.IT_KNOWN] |= bit
            m[m[f.G_DF0] + defect * f.E_WIDTH + f.DF_FOUND] += 1
            log(m, x, now, f.K_OPENED, serial, m[item + f.IT_ROUTING], m[o + f.OP_STATION], -1, o, defect)
        if verdict < 0:
            verdict = defect
    m[item + f.IT_CAUSE] = verdict
    if verdict < 0 and m[o + f.OP_FALSE] >= 0 and _chance(m, x, key, serial, 64 * loops + 63) < x[m[o + f.OP_FALSE]]:
        verdict = m[first]
    attempt_is_first = o > m[item + f.IT_FAR]
    m[o + f.OP_FIRST] += attempt_is_first
    m[o + f.OP_PASSED] += attempt_is_first and verdict < 0
    m[o + f.OP_REJECTS] += verdict >= 0
    passed = 1 if verdict < 0 else 0
    log(m, x, now, f.K_MEASURED, serial, m[item + f.IT_ROUTING], m[o + f.OP_STATION], -1, o, passed)
    return verdict


@internal
def reject(m: Ints, x: Floats, item: int, o: int, defect: int) -> int:
    """Send a unit that failed a test to repair; SCRAP when it has been there too often."""
    row = m[f.G_DF0] + defect * f.E_WIDTH
    figures = m[row + f.DF_FIGURES]
    m[item + f.IT_LOOPS] += 1
    if m[item + f.IT_LOOPS] > m[row + f.DF_LOOPS]:
        return SCRAP
    m[item + f.IT_RETURN] = m[row + f.DF_RETURN]
    m[item + f.IT_OP] = m[row + f.DF_REPAIR]
    m[item + f.IT_FAR] = max(m[item + f.IT_FAR], o)
    m[item + f.IT_CLASS] = 0
    key = m[m[row + f.DF_REPAIR] + f.OP_TEST_KEY]
    if x[figures + 1] > 0.0 and _chance(m, x, key, m[item + f.IT_SERIAL], m[item + f.IT_LOOPS]) < x[figures + 1]:
        m[item + f.IT_HOLD] = m[row + f.DF_HOLD]
    return FAILED


@internal
def repair(m: Ints, x: Floats, o: int, item: int, now: int) -> None:
    """Remove the defect that was found, if the repair succeeds, and bring what the repair may cause."""
    defect = (o - m[f.G_REPAIR0]) // f.E_WIDTH
    row = m[f.G_DF0] + defect * f.E_WIDTH
    key, serial, loops = m[o + f.OP_DEFECT_KEY], m[item + f.IT_SERIAL], m[item + f.IT_LOOPS]
    bit = 1 << defect
    success = mend_chance(m, x, o, item, x[m[row + f.DF_FIGURES]]) if m[item + f.IT_CAUSE] >= 0 else 0.0
    if _chance(m, x, key, serial, 64 * loops + 63) < success:
        m[item + f.IT_MASK] &= ~bit
        m[item + f.IT_KNOWN] &= ~bit
        _renew(m, x, item, bit)
        log(m, x, now, f.K_CLOSED, serial, m[item + f.IT_ROUTING], m[o + f.OP_STATION], -1, o, defect)
    for i in range(m[row + f.DF_CAUSES]):
        at = m[row + f.DF_CAUSE0] + 2 * i
        other = m[at]
        if _chance(m, x, key, serial, 64 * loops + other) < x[m[at + 1]]:
            m[item + f.IT_MASK] |= 1 << other
            if m[item + f.IT_KNOWN] & (1 << other) == 0:
                _renew(m, x, item, 1 << other)
    m[item + f.IT_OP] = m[item + f.IT_RETURN]


@internal
def judge(m: Ints, x: Floats, o: int, item: int, now: int) -> int:
    """What follows from a completed operation. Sets the item's next operation (-1: the routing is over)."""
    if o >= m[f.G_REPAIR0]:
        repair(m, x, o, item, now)
        return PASSED
    if m[o + f.OP_ARISES] > 0:
        arise(m, x, o, item)
    if m[o + f.OP_FINDS] > 0 or m[o + f.OP_FALSE] >= 0:
        defect = test(m, x, o, item, now)
        if defect >= 0:
            return reject(m, x, item, o, defect)
    far = max(m[item + f.IT_FAR], o)
    m[item + f.IT_FAR] = far
    r = m[item + f.IT_ROUTING]
    following = o + f.E_WIDTH
    if following == m[r + f.RT_OP0] + m[r + f.RT_OPS]:
        following = -1
    m[item + f.IT_OP] = following
    # Rework keeps its rank and its off-line storage until the unit has caught up with where it failed.
    m[item + f.IT_CLASS] = 0 if 0 <= following <= far else 1
    return PASSED
