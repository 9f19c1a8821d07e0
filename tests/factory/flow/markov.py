"""Exact throughput of small lines as Markov chains: the reference that the simulation is held against.

Nothing here is shared with the kernels. States are found by breadth-first search over events; the stationary
distribution comes from a sparse direct solution. Rates are per unit of time, each station has one place.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

S = TypeVar("S", bound=Hashable)
Moves = Iterable[tuple[float, S]]

STARVED, BLOCKED = -1, -2  # a status >= 0 is the phase of the operation in progress
NONE, OPERATION_DEPENDENT, TIME_DEPENDENT = "none", "ODF", "TDF"


def stationary(start: S, moves: Callable[[S], Moves[S]]) -> dict[S, float]:
    """Stationary probabilities of the chain that `moves` (rate, next state) spans from `start`."""
    index, queue, entries = {start: 0}, deque([start]), []
    while queue:
        state = queue.popleft()
        for rate, following in moves(state):
            if following not in index:
                index[following] = len(index)
                queue.append(following)
            entries.append((index[following], index[state], rate))
            entries.append((index[state], index[state], -rate))
    rows, columns, rates = (np.array(x) for x in zip(*entries, strict=True))
    n = len(index)
    # One balance equation follows from the others; the sum of the probabilities takes its place.
    keep = rows != 0
    rows = np.concatenate([rows[keep], np.zeros(n, int)])
    columns = np.concatenate([columns[keep], np.arange(n)])
    matrix = coo_matrix((np.concatenate([rates[keep], np.ones(n)]), (rows, columns)), shape=(n, n)).tocsc()
    right = np.zeros(n)
    right[0] = 1
    solution = spsolve(matrix, right)
    return dict(zip(index, solution.tolist(), strict=True))


@dataclass(frozen=True)
class SerialLine:
    """A line whose first station never starves, with blocking after service and Erlang or exponential times."""

    rates: tuple[float, ...]  # 1 / mean time
    buffers: tuple[int, ...]
    phases: tuple[int, ...] = ()
    failures: str = NONE  # operation-dependent failures only strike at work, and work resumes after the repair
    fail: tuple[float, ...] = ()
    repair: tuple[float, ...] = ()
    crew: int | None = None  # repairers, first come first served


@dataclass(frozen=True)
class Solution:
    throughput: float  # parts per unit of time
    wip: float  # mean number of parts in places and buffers
    states: int
    shares: tuple[
        dict[str, float], ...
    ]  # per station: working, blocked, starved, down (its repair being waited for too)


LineState = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]  # status, parts in buffers, stations down in order


def solve(line: SerialLine) -> Solution:
    """Stationary throughput, work in process and shares of time of a serial line."""
    n = len(line.rates)
    phases = line.phases or (1,) * n

    def hand_on(state: LineState, j: int) -> LineState:
        """Station j has finished its part."""
        status, waiting = list(state[0]), list(state[1])
        if j < n - 1:
            if status[j + 1] == STARVED:
                status[j + 1] = 0
            elif waiting[j] < line.buffers[j]:
                waiting[j] += 1
            else:
                status[j] = BLOCKED
                return tuple(status), tuple(waiting), state[2]
        # The place at j is free; the gap moves upstream as far as parts follow.
        while True:
            if j == 0:
                status[0] = 0
                break
            if waiting[j - 1] == 0 and status[j - 1] != BLOCKED:
                status[j] = STARVED
                break
            status[j] = 0
            if status[j - 1] != BLOCKED:
                waiting[j - 1] -= 1
                break
            j -= 1
        return tuple(status), tuple(waiting), state[2]

    def moves(state: LineState) -> Moves[LineState]:
        status, waiting, down = state
        for j in range(n):
            if j in down:
                continue
            if status[j] >= 0:
                rate = line.rates[j] * phases[j]
                if status[j] + 1 < phases[j]:
                    yield rate, ((*status[:j], status[j] + 1, *status[j + 1 :]), waiting, down)
                else:
                    yield rate, hand_on(state, j)
            if line.failures == TIME_DEPENDENT or (line.failures == OPERATION_DEPENDENT and status[j] >= 0):
                after = (*down, j)
                # With a repairer for each station the order in which they failed does not matter.
                yield line.fail[j], (status, waiting, tuple(sorted(after)) if line.crew is None else after)
        for j in down[: line.crew]:
            yield line.repair[j], (status, waiting, tuple(k for k in down if k != j))

    empty: LineState = ((0,) + (STARVED,) * (n - 1), (0,) * (n - 1), ())
    chain = stationary(empty, moves)
    throughput = wip = 0.0
    shares = [dict.fromkeys(("working", "blocked", "starved", "down"), 0.0) for _ in range(n)]
    for (status, waiting, down), probability in chain.items():
        if status[-1] == phases[-1] - 1 and n - 1 not in down:
            throughput += probability * line.rates[-1] * phases[-1]
        wip += probability * (sum(waiting) + sum(s != STARVED for s in status))
        for j, s in enumerate(status):
            name = "down" if j in down else {STARVED: "starved", BLOCKED: "blocked"}.get(s, "working")
            shares[j][name] += probability
    return Solution(throughput, wip, len(chain), tuple(shares))


def elasticities(
    line: SerialLine, scaled: Iterable[str] = ("rates", "fail", "repair"), step: float = 1e-4
) -> tuple[float, ...]:
    """Relative change of the throughput per relative change of a station's rates, by central differences.

    scaled: which rates of the station change together. With all of them the elasticities of a line sum to 1,
    since scaling every rate of every station only changes the unit of time.
    """
    result = []
    for j in range(len(line.rates)):
        throughput = []
        for factor in (1 + step, 1 - step):
            changed = line
            for name in scaled:
                if values := getattr(line, name):
                    changed = replace(changed, **{name: (*values[:j], values[j] * factor, *values[j + 1 :])})
            throughput.append(solve(changed).throughput)
        result.append(float(np.log(throughput[0] / throughput[1]) / np.log((1 + step) / (1 - step))))
    return tuple(result)


def solve_assembly(
    rates: tuple[float, float, float], buffers: tuple[int, int], prefetch: bool = False
) -> tuple[float, float]:
    """Throughput of an assembly fed by two saturated feeders, and the mean number of finished components waiting.

    rates: feeder 1, feeder 2, assembly. The assembly takes both components at once; with prefetch it takes each as it
    arrives while idle, which adds one place per branch.
    """

    def settled(first: int, second: int, busy: bool) -> tuple[int, int, bool]:
        return (first - 1, second - 1, True) if not busy and first and second else (first, second, busy)

    def moves(state: tuple[int, int, bool]) -> Moves[tuple[int, int, bool]]:
        first, second, busy = state
        spare = 2 if prefetch and not busy else 1  # a component may also wait, blocked, on its feeder
        if first < buffers[0] + spare:
            yield rates[0], settled(first + 1, second, busy)
        if second < buffers[1] + spare:
            yield rates[1], settled(first, second + 1, busy)
        if busy:
            yield rates[2], settled(first, second, False)

    chain = stationary((0, 0, False), moves)
    busy = sum(p for state, p in chain.items() if state[2])
    return busy * rates[2], sum(p * (state[0] + state[1]) for state, p in chain.items())
