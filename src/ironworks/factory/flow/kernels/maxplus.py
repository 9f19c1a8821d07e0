"""Max-plus recursion for saturated serial lines: departures without events.

With one place per station, first in first out, a part leaves a station at the latest of what it waits for, so the
departure times follow from a recursion over parts and stations (Altiok and Perros 1986; Baccelli et al. 1992):

    start[n, j]     = max(departure[n, j-1], departure[n-1, j])
    departure[n, j] = max(start[n, j] + time[n, j], departure[n-1-buffer[j], j+1])

Blocking before service takes the last term into the start instead. Failures are operation-dependent: an outage
interrupts the operation, which resumes after the repair, so it only lengthens time[n, j].
"""

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.flow.kernels._jit import kernel
from ironworks.factory.flow.kernels.random import (
    LAW_CONSTANT,
    LAW_EXPONENTIAL,
    LAW_NONE,
    Draws,
    check_draws,
    draw_bits,
    microseconds,
    sample,
    standard_exponential,
)

#: Working time until the next outage of a station that never fails [us].
NEVER = 2**62

_BLOCK_CELLS = 8192


def maxplus_line(
    process: Draws,
    uptime: Draws,
    repair: Draws,
    buffers: NDArray[np.int64],
    n_items: int,
    *,
    before_service: bool = False,
    every_station: bool = False,
) -> NDArray[np.int64]:
    """Departure times [us] of the first n_items parts of a serial line whose first station never starves.

    process, uptime, repair: one entry per station (n,). Up-times are working time; LAW_NONE there means no failures.
    buffers: (n-1,) places between neighbours, -1 without limit. before_service: a station starts only when the buffer
    behind it has room (communication blocking); otherwise it blocks after service.
    Returns (n_items,) departures from the last station, or (n_items, n) of all where every_station is set.
    Raises ValueError for laws that cannot be drawn and shapes that do not fit.
    """
    n = check_line(process, uptime, repair, buffers)
    if n_items < 0:
        raise ValueError(f"n_items must be >= 0, not {n_items}")
    lags, column, departures = _memory(buffers, n_items)
    out = np.zeros((n_items, n if every_station else 1), np.int64)
    _maxplus(process, uptime, repair, lags, column, max(8, _BLOCK_CELLS // n), before_service, departures, out)
    return out if every_station else out[:, 0]


def maxplus_times(
    times: NDArray[np.int64], buffers: NDArray[np.int64], *, before_service: bool = False
) -> NDArray[np.int64]:
    """Departure times [us] (n_items, n) from every station, for given times [us] (n_items, n); else as maxplus_line."""
    n_items, n = times.shape
    _check_buffers(buffers, n)
    lags, column, departures = _memory(buffers, n_items)
    out = np.zeros((n_items, max(n, 2)), np.int64)
    _recurse(times, n_items, 0, lags, column, len(departures) // (n + 1) - 1, before_service, departures, out)
    return out[:, :n]


def _memory(buffers: NDArray[np.int64], n_items: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """How far back each station looks (n,), at which column (n,), and room for departures (rows * (n+1),).

    Column n stays 0 and stands for a place that is always free.
    """
    n = len(buffers) + 1
    lags, column = np.zeros(n, np.int64), np.full(n, n, np.int64)
    # A buffer that holds every part never blocks.
    finite = np.flatnonzero((buffers >= 0) & (buffers < n_items))
    lags[finite], column[finite] = buffers[finite] + 1, finite + 1
    rows = 1 << int(lags.max()).bit_length()
    return lags, column, np.zeros(rows * (n + 1), np.int64)


def check_line(process: Draws, uptime: Draws, repair: Draws, buffers: NDArray[np.int64]) -> int:
    """Return the number of stations; raise ValueError where laws or shapes do not describe a serial line."""
    n = len(process.codes)
    if n == 0:
        raise ValueError("a line needs at least one station")
    for draws, what in ((process, "process"), (uptime, "uptime"), (repair, "repair")):
        check_draws(draws, what)
        if len(draws.codes) != n:
            raise ValueError(f"{what} has {len(draws.codes)} entries for {n} stations")
    if np.any(process.codes == LAW_NONE):
        raise ValueError("process: every station needs a law; LAW_NONE is for up-times")
    if np.any((uptime.codes != LAW_NONE) & (repair.codes == LAW_NONE)):
        raise ValueError("repair: a station that fails needs a law for its repairs")
    if np.any((uptime.codes >= LAW_CONSTANT) & (uptime.codes <= LAW_EXPONENTIAL) & (uptime.parameters[:, 0] <= 0)):
        raise ValueError("uptime: the mean must be > 0")
    _check_buffers(buffers, n)
    return n


def _check_buffers(buffers: NDArray[np.int64], n: int) -> None:
    if buffers.shape != (n - 1,):
        raise ValueError(f"buffers must have shape ({n - 1},), not {buffers.shape}")
    if np.any(buffers < -1):
        raise ValueError("buffers must be >= 0, or -1 without limit")


@kernel
def draw_uptime(uptime: Draws, j: int, k: int) -> np.int64:
    """Working time [us, >= 1] of station j between its failures k-1 and k (from 0)."""
    if uptime.codes[j] == LAW_NONE:
        return np.int64(NEVER)
    p = uptime.parameters[j]
    return max(np.int64(1), microseconds(sample(uptime.codes[j], p[0], p[1], p[2], p[3], uptime.keys[j], k, 0)))


@kernel
def draw_time(draws: Draws, j: int, item: int) -> np.int64:
    """Duration [us] of station j for an item (a part's index for operations, a failure's for repairs)."""
    p = draws.parameters[j]
    return microseconds(sample(draws.codes[j], p[0], p[1], p[2], p[3], draws.keys[j], item, 0))


@kernel
def outages(
    uptime: Draws, repair: Draws, j: int, work: np.int64, left: np.int64, k: int
) -> tuple[np.int64, np.int64, int]:
    """Down time [us] within an operation of the given work [us], up-time left behind it and the next failure's index.

    left: up-time before the operation. Completion precedes a failure that is due at the same instant.
    """
    down = np.int64(0)
    while work > left:
        work -= left
        down += draw_time(repair, j, k)
        k += 1
        left = draw_uptime(uptime, j, k)
    return down, left - work, k


@kernel
def _fill(
    process: Draws,
    uptime: Draws,
    repair: Draws,
    first: int,
    count: int,
    left: NDArray[np.int64],
    failures: NDArray[np.int64],
    times: NDArray[np.int64],
) -> None:
    for j in range(len(left)):
        key, code, mean = process.keys[j], process.codes[j], process.parameters[j, 0]
        up, k = left[j], failures[j]
        for i in range(count):
            if code == LAW_EXPONENTIAL:
                work = microseconds(mean * standard_exponential(draw_bits(key, first + i, 0)))
            else:
                work = draw_time(process, j, first + i)
            if work > up:
                down, up, k = outages(uptime, repair, j, work, up, k)
                times[i, j] = work + down
            else:
                up -= work
                times[i, j] = work
        left[j], failures[j] = up, k


@kernel
def _recurse(
    times: NDArray[np.int64],
    count: int,
    first: int,
    lags: NDArray[np.int64],
    column: NDArray[np.int64],
    mask: int,
    before_service: bool,
    departures: NDArray[np.int64],
    out: NDArray[np.int64],
) -> None:
    """Take `count` parts from number `first` through the line, given their times (count, n) at the stations."""
    n = len(lags)
    width = n + 1
    for i in range(count):
        item = first + i
        # Unsigned indices spare the check for negative ones.
        before, row = np.uint64(((item - 1) & mask) * width), np.uint64((item & mask) * width)
        clock = np.int64(0)
        for j in range(n):
            clock = max(clock, departures[before + np.uint64(j)])
            room = departures[np.uint64(((item - lags[j]) & mask) * width + column[j])]
            if before_service:
                clock = max(clock, room) + times[i, j]
            else:
                clock = max(clock + times[i, j], room)
            departures[row + np.uint64(j)] = clock
        if out.shape[1] == 1:
            out[item, 0] = clock
        else:
            for j in range(n):
                out[item, j] = departures[row + np.uint64(j)]


@kernel
def _maxplus(
    process: Draws,
    uptime: Draws,
    repair: Draws,
    lags: NDArray[np.int64],
    column: NDArray[np.int64],
    block: int,
    before_service: bool,
    departures: NDArray[np.int64],
    out: NDArray[np.int64],
) -> None:
    n, n_items = len(lags), len(out)
    mask = len(departures) // (n + 1) - 1
    failures = np.zeros(n, np.int64)
    left = np.empty(n, np.int64)
    for j in range(n):
        left[j] = draw_uptime(uptime, j, 0)
    times = np.empty((block, n), np.int64)
    for first in range(0, n_items, block):
        count = min(block, n_items - first)
        _fill(process, uptime, repair, first, count, left, failures, times)
        _recurse(times, count, first, lags, column, mask, before_service, departures, out)
