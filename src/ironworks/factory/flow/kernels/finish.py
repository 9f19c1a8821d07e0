"""Completions: defects that arise, what a test finds, and where the unit goes next."""

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels._jit import inlined, internal
from ironworks.factory.flow.kernels.clock import log
from ironworks.factory.flow.kernels.random import draw_bits, uniform
from ironworks.factory.flow.kernels.start import growth, visit_of
from ironworks.factory.flow.kernels.world import World

PASSED, FAILED, SCRAP = range(3)


@inlined
def _chance(w: World, key: int, serial: int, visit: int) -> float:
    return uniform(draw_bits(w.key[key], serial, visit))


@internal
def arise(w: World, o: int, item: int) -> None:
    """Put in the defects that this operation gives to the unit, with what it has learnt to avoid."""
    first = w.e[o, f.OP_ARISE0]
    serial, visit = w.it[item, f.IT_SERIAL], visit_of(w, item, o)
    row = w.e[o, f.OP_LEARN]
    n = w.cf[row + f.LN_COUNT] + w.cf[row + f.LN_PRIOR] if row >= 0 else 1.0
    for i in range(w.e[o, f.OP_ARISES]):
        at = first + 3 * i
        defect, figures, law = w.ci[at], w.ci[at + 1], w.ci[at + 2]
        probability, mature = w.cf[figures], w.cf[figures + 1]
        if law >= 0:
            probability = mature + (probability - mature) * growth(w, law, n)
        if _chance(w, w.e[o, f.OP_DEFECT_KEY], serial, 64 * visit + defect) < probability:
            w.it[item, f.IT_MASK] |= 1 << defect


@internal
def test(w: World, o: int, item: int, now: int) -> int:
    """Judge a unit: the first defect found in declared order, -1 for a pass, or the first repair on a false reject.

    A defect that escaped this test escapes it again; one that was found stays known until it is repaired.
    """
    e, it = w.e, w.it
    serial, loops = it[item, f.IT_SERIAL], it[item, f.IT_LOOPS]
    if it[item, f.IT_TESTED] != o:
        it[item, f.IT_TESTED] = o
        it[item, f.IT_ESCAPED] = 0
        it[item, f.IT_KNOWN] = 0
    key = e[o, f.OP_TEST_KEY]
    first = e[o, f.OP_FIND0]
    verdict = -1
    for i in range(e[o, f.OP_FINDS]):
        defect = w.ci[first + 2 * i]
        bit = 1 << defect
        if it[item, f.IT_MASK] & bit == 0 or it[item, f.IT_ESCAPED] & bit != 0:
            continue
        if it[item, f.IT_KNOWN] & bit == 0:
            if _chance(w, key, serial, 64 * loops + defect) >= w.cf[w.ci[first + 2 * i + 1]]:
                it[item, f.IT_ESCAPED] |= bit
                continue
            it[item, f.IT_KNOWN] |= bit
            e[w.g[f.G_DF0] + defect, f.DF_FOUND] += 1
            log(w, now, f.K_OPENED, serial, it[item, f.IT_ROUTING], e[o, f.OP_STATION], -1, o, defect)
        if verdict < 0:
            verdict = defect
    it[item, f.IT_CAUSE] = verdict
    if verdict < 0 and e[o, f.OP_FALSE] >= 0 and _chance(w, key, serial, 64 * loops + 63) < w.cf[e[o, f.OP_FALSE]]:
        verdict = w.ci[first]
    attempt_is_first = o > it[item, f.IT_FAR]
    e[o, f.OP_FIRST] += attempt_is_first
    e[o, f.OP_PASSED] += attempt_is_first and verdict < 0
    e[o, f.OP_REJECTS] += verdict >= 0
    passed = 1 if verdict < 0 else 0
    log(w, now, f.K_MEASURED, serial, it[item, f.IT_ROUTING], e[o, f.OP_STATION], -1, o, passed)
    return verdict


@internal
def reject(w: World, item: int, o: int, defect: int) -> int:
    """Send a unit that failed a test to repair; SCRAP when it has been there too often."""
    it = w.it
    e, row = w.e, w.g[f.G_DF0] + defect
    figures = e[row, f.DF_FIGURES]
    it[item, f.IT_LOOPS] += 1
    if it[item, f.IT_LOOPS] > e[row, f.DF_LOOPS]:
        return SCRAP
    it[item, f.IT_RETURN] = e[row, f.DF_RETURN]
    it[item, f.IT_OP] = e[row, f.DF_REPAIR]
    it[item, f.IT_FAR] = max(it[item, f.IT_FAR], o)
    it[item, f.IT_CLASS] = 0
    key = e[e[row, f.DF_REPAIR], f.OP_TEST_KEY]
    if w.cf[figures + 1] > 0.0 and _chance(w, key, it[item, f.IT_SERIAL], it[item, f.IT_LOOPS]) < w.cf[figures + 1]:
        it[item, f.IT_HOLD] = e[row, f.DF_HOLD]
    return FAILED


@internal
def repair(w: World, o: int, item: int, now: int) -> None:
    """Remove the defect that was found, if the repair succeeds, and bring what the repair may cause."""
    it = w.it
    defect = o - w.g[f.G_REPAIR0]
    row = w.g[f.G_DF0] + defect
    key, serial, loops = w.e[o, f.OP_DEFECT_KEY], it[item, f.IT_SERIAL], it[item, f.IT_LOOPS]
    bit = 1 << defect
    if it[item, f.IT_CAUSE] >= 0 and _chance(w, key, serial, 64 * loops + 63) < w.cf[w.e[row, f.DF_FIGURES]]:
        it[item, f.IT_MASK] &= ~bit
        it[item, f.IT_KNOWN] &= ~bit
        it[item, f.IT_ESCAPED] &= ~bit
        log(w, now, f.K_CLOSED, serial, it[item, f.IT_ROUTING], w.e[o, f.OP_STATION], -1, o, defect)
    for i in range(w.e[row, f.DF_CAUSES]):
        at = w.e[row, f.DF_CAUSE0] + 2 * i
        other = w.ci[at]
        if _chance(w, key, serial, 64 * loops + other) < w.cf[w.ci[at + 1]]:
            it[item, f.IT_MASK] |= 1 << other
            it[item, f.IT_ESCAPED] &= ~(1 << other)
    it[item, f.IT_OP] = it[item, f.IT_RETURN]


@inlined
def judge(w: World, o: int, item: int, now: int) -> int:
    """What follows from a completed operation. Sets the item's next operation (-1: the routing is over)."""
    e, it = w.e, w.it
    if o >= w.g[f.G_REPAIR0]:
        repair(w, o, item, now)
        return PASSED
    if e[o, f.OP_ARISES] > 0:
        arise(w, o, item)
    if e[o, f.OP_FINDS] > 0 or e[o, f.OP_FALSE] >= 0:
        defect = test(w, o, item, now)
        if defect >= 0:
            return reject(w, item, o, defect)
    far = max(it[item, f.IT_FAR], o)
    it[item, f.IT_FAR] = far
    r = it[item, f.IT_ROUTING]
    following = o + 1
    if following == w.e[r, f.RT_OP0] + w.e[r, f.RT_OPS]:
        following = -1
    it[item, f.IT_OP] = following
    # Rework keeps its rank and its off-line storage until the unit has caught up with where it failed.
    it[item, f.IT_CLASS] = 0 if 0 <= following <= far else 1
    return PASSED
