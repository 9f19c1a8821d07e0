"""Event kernel for saturated serial lines: blocking after service, operation-dependent failures, state times.

Each station has at most one pending event, its next completion, so a tournament over the stations replaces the heap.
Without crews, calendars or shared resources an operation's outages are known when it starts: its completion already
contains them, and they are told apart again only where a cut (warm-up, horizon) falls into it.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.flow.kernels._jit import kernel
from ironworks.factory.flow.kernels.maxplus import NEVER, check_line, draw_time, draw_uptime, outages
from ironworks.factory.flow.kernels.random import (
    LAW_EXPONENTIAL,
    LAW_LOGNORMAL,
    LAW_NORMAL,
    LAW_PERT,
    LAW_TRIANGULAR,
    LAW_UNIFORM,
    Draws,
    draw_bits,
    microseconds,
    standard_exponential,
)

#: Columns of SerialResult.states.
WORKING, BLOCKED, STARVED, DOWN = 0, 1, 2, 3

_PENDING_NONE = 2**63 - 1


class SerialResult(NamedTuple):
    """What serial_line returns; all figures but the departures are counted after the warm-up."""

    finished: NDArray[np.int64]  # (batches,) parts that left the last station
    wip: NDArray[np.float64]  # (batches,) mean number of parts in places and buffers
    states: NDArray[np.int64]  # (n, 4) time [us] working, blocked, starved, down; each row sums to horizon - warmup
    operations: int  # operations completed at all stations, the warm-up included
    departures: NDArray[np.int64]  # (record, n) time [us] at which the first parts left each station, -1 if not yet


def _scale(code: int, parameters: NDArray[np.float64]) -> float:
    """Return a time [s] that tells whether the values of a law are all 0."""
    if code == LAW_LOGNORMAL:
        return math.exp(parameters[0])
    which = {LAW_UNIFORM: 1, LAW_TRIANGULAR: 2, LAW_PERT: 2, LAW_NORMAL: 3}
    return float(parameters[which.get(code, 0)])


class _Line(NamedTuple):
    process: Draws
    uptime: Draws
    repair: Draws
    room: NDArray[np.int64]  # (n,) free places in the buffer behind, less what waits there
    waiting: NDArray[np.int64]  # (n,) parts in the buffer before
    status: NDArray[np.int64]  # (n,) WORKING (down included), BLOCKED or STARVED
    since: NDArray[np.int64]  # (n,) time of the last change of status
    started: NDArray[np.int64]  # (n,) operations begun
    left: NDArray[np.int64]  # (n,) up-time left behind the operation
    failures: NDArray[np.int64]  # (n,) index of the next failure
    left_before: NDArray[np.int64]  # (n,) as left, before the operation
    failures_before: NDArray[np.int64]  # (n,)
    states: NDArray[np.int64]  # (n, 4)
    tree: NDArray[np.int64]  # (2 * leaves,) pending completions: time and mirrored station index in one integer


def serial_line(
    process: Draws,
    uptime: Draws,
    repair: Draws,
    buffers: NDArray[np.int64],
    horizon: int,
    *,
    warmup: int = 0,
    batches: int = 1,
    record: int = 0,
) -> SerialResult:
    """Run a serial line whose first station never starves from empty to `horizon` [us], with one place per station.

    process, uptime, repair: one entry per station (n,). Up-times are working time; LAW_NONE there means no failures.
    buffers: (n-1,) places between neighbours, -1 without limit. warmup [us]: what comes before is not counted.
    batches: equal parts of the time after the warm-up, for batch means. record: parts whose departures are kept.
    An event due at a cut belongs to the time before it.
    Raises ValueError for laws that cannot be drawn, shapes that do not fit and times out of order.
    """
    n = check_line(process, uptime, repair, buffers)
    bits = max(1, (n - 1).bit_length())
    if not 0 <= warmup < horizon:
        raise ValueError(f"the warm-up must lie in [0, horizon), not {warmup} of {horizon}")
    if horizon >> (62 - bits):
        raise ValueError(f"the horizon must be under {2 ** (62 - bits)} us for {n} stations, not {horizon}")
    if batches < 1 or record < 0:
        raise ValueError(f"batches must be >= 1 and record >= 0, not {batches}, {record}")
    # Parts would pour through stations without time into unlimited room, or out, and the clock would stand still.
    for j in range(n):
        if _scale(int(process.codes[j]), process.parameters[j]) >= 1e-6:
            break
        if j == n - 1 or buffers[j] < 0:
            raise ValueError(
                "process: no time of a microsecond passes before unlimited room, so the line would never end"
            )
    cuts = np.array([warmup + (horizon - warmup) * k // batches for k in range(batches + 1)], np.int64)
    room = np.zeros(n, np.int64)
    room[:-1] = np.where(buffers < 0, NEVER, buffers)
    waiting, since, started, left, failures, left_before, failures_before = np.zeros((7, n), np.int64)
    status, states = np.full(n, STARVED, np.int64), np.zeros((n, 4), np.int64)
    tree = np.full(2 << bits, _PENDING_NONE, np.int64)
    line = _Line(
        *(process, uptime, repair, room, waiting, status, since, started),
        *(left, failures, left_before, failures_before, states, tree),
    )
    finished, area = np.zeros(batches, np.int64), np.zeros(batches, np.int64)
    departures = np.full((record, n), -1, np.int64)
    operations = _serial(line, bits, cuts, finished, area, departures)
    return SerialResult(finished, area / np.diff(cuts), line.states, operations, departures)


@kernel
def _put(tree: NDArray[np.int64], bits: int, mirrored: int, pending: np.int64) -> None:
    """Set the pending completion of a station, given by its index from the end of the line."""
    # From the end, so that of completions at the same time the one furthest downstream comes first.
    node = (np.uint64(1) << np.uint64(bits)) + np.uint64(mirrored)
    tree[node] = pending
    while node > np.uint64(1):
        node = node >> np.uint64(1)
        tree[node] = min(tree[node + node], tree[node + node + np.uint64(1)])


@kernel
def _interrupt(line: _Line, j: int, work: np.int64) -> np.int64:
    """Down time [us] within the operation that station j begins, when the up-time left does not last for its work."""
    down, line.left[j], line.failures[j] = outages(line.uptime, line.repair, j, work, line.left[j], line.failures[j])
    line.states[j, DOWN] += down
    return down


@kernel
def _rest(line: _Line, j: int, cut: np.int64) -> tuple[np.int64, np.int64]:
    """Working and down time [us] that the operation in progress at station j still has after the cut."""
    work = draw_time(line.process, j, line.started[j] - 1)
    passed = cut - line.since[j]
    left, k = line.left_before[j], line.failures_before[j]
    down = np.int64(0)
    while work > left:
        repair = draw_time(line.repair, j, k)
        run = min(passed, left)
        passed -= run
        wait = min(passed, repair)
        passed -= wait
        down += repair - wait
        # What was worked before the cut leaves both the work and this stretch of up-time.
        if run < left:
            uncut = np.int64(0)
            rest_work, rest_left, rest_k = work - run, left - run, k
            uncut, rest_left, rest_k = outages(line.uptime, line.repair, j, rest_work, rest_left, rest_k)
            return rest_work, down - repair + uncut
        work -= left
        k += 1
        left = draw_uptime(line.uptime, j, k)
    return work - passed, down


@kernel
def _settle(line: _Line, cut: np.int64, opening: bool) -> None:
    """Make the states end (or, opening, begin) at the cut: an operation is counted in full when it starts."""
    for j in range(len(line.status)):
        status = line.status[j]
        work, down = np.int64(0), np.int64(0)
        if status == WORKING:
            work, down = _rest(line, j, cut)
        if opening:
            for state in range(4):
                line.states[j, state] = 0
            line.states[j, WORKING] = work
            line.states[j, DOWN] = down
            if status != WORKING:
                line.since[j] = cut
        else:
            line.states[j, WORKING] -= work
            line.states[j, DOWN] -= down
            if status != WORKING:
                line.states[j, status] += cut - line.since[j]


@kernel
def _serial(
    line: _Line,
    bits: int,
    cuts: NDArray[np.int64],
    finished: NDArray[np.int64],
    area: NDArray[np.int64],
    departures: NDArray[np.int64],
) -> int:
    last, horizon, record = len(line.status) - 1, cuts[-1], len(departures)
    codes, keys, means = line.process.codes, line.process.keys, line.process.parameters[:, 0].copy()
    room, waiting, status, since, states = line.room, line.waiting, line.status, line.since, line.states
    started, left, left_before = line.started, line.left, line.left_before
    failures, failures_before, tree = line.failures, line.failures_before, line.tree
    low = (np.int64(1) << bits) - 1
    for j in range(last + 1):
        left[j] = draw_uptime(line.uptime, j, 0)
    wip, changed, count, operations = 1, np.int64(0), 0, 0
    now, cut = np.int64(0), 0
    begin, free = 0, -1
    while True:
        # Begin an operation at `begin`, then fill the place at `free` and, upstream, what that sets free in turn.
        while begin >= 0 or free >= 0:
            if begin < 0:
                j, begin, free = free, free, -1
                if started[j] <= record:
                    departures[started[j] - 1, j] = now
                if j == 0:
                    if cut > 0:
                        area[cut - 1] += wip * (now - changed)
                    changed = now
                    wip += 1
                elif status[j - 1] == BLOCKED:
                    # The blocked part takes the place that this one leaves, in the buffer or without one here.
                    states[j - 1, BLOCKED] += now - since[j - 1]
                    free = j - 1
                elif waiting[j] > 0:
                    waiting[j] -= 1
                    room[j - 1] += 1
                else:
                    status[j], since[j] = STARVED, now
                    _put(tree, bits, last - j, np.int64(_PENDING_NONE))
                    break
            item = started[begin]
            if codes[begin] == LAW_EXPONENTIAL:
                work = microseconds(means[begin] * standard_exponential(draw_bits(keys[begin], item, 0)))
            else:
                work = draw_time(line.process, begin, item)
            started[begin], status[begin], since[begin] = item + 1, WORKING, now
            left_before[begin], failures_before[begin] = left[begin], failures[begin]
            states[begin, WORKING] += work
            end = now + work
            if work > left[begin]:
                end += _interrupt(line, begin, work)
            else:
                left[begin] -= work
            mirrored = last - begin
            _put(tree, bits, mirrored, (end << bits) | mirrored if end <= horizon else np.int64(_PENDING_NONE))
            begin = -1
        pending = tree[1]
        now = pending >> bits
        while cut < len(cuts) and now > cuts[cut]:
            # Before the warm-up's end there is no batch yet.
            if cut > 0:
                area[cut - 1] += wip * (cuts[cut] - changed)
                finished[cut - 1] = count
            else:
                _settle(line, cuts[0], True)
            changed, count = cuts[cut], 0
            cut += 1
        if cut == len(cuts):
            break
        operations += 1
        begin, free = -1, last - (pending & low)
        if free == last:
            if cut > 0:
                area[cut - 1] += wip * (now - changed)
            changed = now
            wip -= 1
            count += 1
        elif status[free + 1] == STARVED:
            begin = free + 1
            states[begin, STARVED] += now - since[begin]
        elif room[free] > 0:
            room[free] -= 1
            waiting[free + 1] += 1
        else:
            status[free], since[free] = BLOCKED, now
            _put(tree, bits, last - free, np.int64(_PENDING_NONE))
            begin, free = -1, -1
    _settle(line, horizon, False)
    return operations
