"""Robust tabu search on quadratic assignment (Taillard 1991), with changes of cost kept up to date in O(1) a pair.

`flow` (n, n) between things, `laid` (n, n): the distance between the places where they are, row for row and column for
column; so a swap of two things swaps two rows and two columns of `laid`. `fixed` (n, n): what a thing costs at a place.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.layout.kernels._jit import kernel

__all__ = ["Walk", "advance", "cost", "deltas", "reset", "swap_delta"]


class Walk(NamedTuple):
    """A search under way, over n things.

    `place` (n,): where each is; `delta` (n, n): what swapping a pair would cost, above the diagonal; `until` (n, n):
    the iteration up to which a thing may not return to a place; `best` (n,): the best places; `now`: costs now and
    best; `clock`: iterations so far, and the one that found the best; `state`: one random word, never 0.
    """

    place: NDArray[np.int64]
    laid: NDArray[np.float64]
    delta: NDArray[np.float64]
    until: NDArray[np.int64]
    best: NDArray[np.int64]
    now: NDArray[np.float64]
    clock: NDArray[np.int64]
    state: NDArray[np.uint64]


@kernel
def cost(
    flow: NDArray[np.float64], distance: NDArray[np.float64], fixed: NDArray[np.float64], place: NDArray[np.int64]
) -> float:
    """Flow times distance over all ordered pairs, and what each thing costs at its place."""
    total = 0.0
    for one in range(len(place)):
        total += fixed[one, place[one]]
        for other in range(len(place)):
            total += flow[one, other] * distance[place[one], place[other]]
    return total


@kernel
def swap_delta(
    flow: NDArray[np.float64], laid: NDArray[np.float64], fixed: NDArray[np.float64], place: NDArray[np.int64],
    u: int, v: int,
) -> float:  # fmt: skip
    """What swapping the places of two things changes, O(n)."""
    change = (flow[u, u] - flow[v, v]) * (laid[v, v] - laid[u, u])
    change += (flow[u, v] - flow[v, u]) * (laid[v, u] - laid[u, v])
    for k in range(len(place)):
        if k != u and k != v:
            change += (flow[k, u] - flow[k, v]) * (laid[k, v] - laid[k, u])
            change += (flow[u, k] - flow[v, k]) * (laid[v, k] - laid[u, k])
    change += fixed[u, place[v]] + fixed[v, place[u]] - fixed[u, place[u]] - fixed[v, place[v]]
    return float(change)


@kernel
def deltas(
    flow: NDArray[np.float64], laid: NDArray[np.float64], fixed: NDArray[np.float64], place: NDArray[np.int64],
    delta: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill `delta` (n, n) above the diagonal, O(n^3)."""
    for u in range(len(place)):
        for v in range(u + 1, len(place)):
            delta[u, v] = swap_delta(flow, laid, fixed, place, u, v)


@kernel
def reset(flow: NDArray[np.float64], distance: NDArray[np.float64], fixed: NDArray[np.float64], walk: Walk) -> None:
    """Begin at `walk.place`: nothing is tabu, and the best is what is there."""
    n = len(walk.place)
    for one in range(n):
        walk.best[one] = walk.place[one]
        for other in range(n):
            walk.laid[one, other] = distance[walk.place[one], walk.place[other]]
            walk.until[one, other] = 0
    walk.now[:] = cost(flow, distance, fixed, walk.place)
    walk.clock[:] = 0
    deltas(flow, walk.laid, fixed, walk.place, walk.delta)


@kernel
def _uniform(state: NDArray[np.uint64]) -> float:
    """A number in [0, 1) by xorshift (Marsaglia 2003)."""
    word = state[0]
    word ^= word << np.uint64(13)
    word ^= word >> np.uint64(7)
    word ^= word << np.uint64(17)
    state[0] = word
    return float(word >> np.uint64(11)) * 2.0**-53


@kernel
def _row(
    flow: NDArray[np.float64], laid: NDArray[np.float64], fixed: NDArray[np.float64], place: NDArray[np.int64], r: int,
    symmetric: bool, change: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill `change` (n,) with what swapping each with r changes: as `swap_delta`, in an order that vectorises."""
    n = len(place)
    change[:] = 0.0
    for j in range(n):
        flow_r, laid_r = flow[j, r], laid[j, r]
        for k in range(n):
            change[k] += (flow[j, k] - flow_r) * (laid_r - laid[j, k])
    for k in range(n):
        # Those two are in no sum of `swap_delta`.
        change[k] -= (flow[k, k] - flow[k, r]) * (laid[k, r] - laid[k, k])
        change[k] -= (flow[r, k] - flow[r, r]) * (laid[r, r] - laid[r, k])
    if symmetric:
        for k in range(n):
            change[k] *= 2.0
    else:
        for k in range(n):
            total = 0.0
            for j in range(n):
                total += (flow[k, j] - flow[r, j]) * (laid[r, j] - laid[k, j])
            total -= (flow[k, k] - flow[r, k]) * (laid[r, k] - laid[k, k])
            total -= (flow[k, r] - flow[r, r]) * (laid[r, r] - laid[k, r])
            change[k] += total
    for k in range(n):
        change[k] += (flow[k, k] - flow[r, r]) * (laid[r, r] - laid[k, k])
        change[k] += (flow[k, r] - flow[r, k]) * (laid[r, k] - laid[k, r])
        change[k] += fixed[k, place[r]] + fixed[r, place[k]] - fixed[k, place[k]] - fixed[r, place[r]]


@kernel
def _swap(
    flow: NDArray[np.float64], laid: NDArray[np.float64], fixed: NDArray[np.float64], place: NDArray[np.int64],
    delta: NDArray[np.float64], r: int, s: int, symmetric: bool, work: NDArray[np.float64],
) -> None:  # fmt: skip
    """Swap two things and bring every pair's change up to date, O(1) each; `work` (4, n) is room."""
    n = len(place)
    place[r], place[s] = place[s], place[r]
    for k in range(n):
        laid[r, k], laid[s, k] = laid[s, k], laid[r, k]
    for k in range(n):
        laid[k, r], laid[k, s] = laid[k, s], laid[k, r]
    out, away = work[0], work[1]
    for k in range(n):
        out[k] = flow[r, k] - flow[s, k]
        away[k] = laid[r, k] - laid[s, k]
    if symmetric:
        for u in range(n):
            for v in range(u + 1, n):
                delta[u, v] -= 2.0 * (out[u] - out[v]) * (away[u] - away[v])
    else:
        into, near = work[2], work[3]
        for k in range(n):
            into[k] = flow[k, r] - flow[k, s]
            near[k] = laid[k, r] - laid[k, s]
        for u in range(n):
            for v in range(u + 1, n):
                delta[u, v] -= (out[u] - out[v]) * (away[u] - away[v]) + (into[u] - into[v]) * (near[u] - near[v])
    for one in (r, s):
        _row(flow, laid, fixed, place, one, symmetric, work[2])
        for k in range(one):
            delta[k, one] = work[2, k]
        for k in range(one + 1, n):
            delta[one, k] = work[2, k]


@kernel
def advance(
    flow: NDArray[np.float64], fixed: NDArray[np.float64], symmetric: bool, busy: int, walk: Walk, iterations: int,
    target: float,
) -> None:  # fmt: skip
    """Make so many swaps, each the best that is not tabu, or until the best costs at most `target`.

    Things from `busy` on are all alike: no two of them are swapped.
    A thing may not return to a place for 8 n u^3 iterations, u uniform. What would be the best of all is always
    allowed; what has not been for 5 n^2 iterations goes first.
    """
    n = len(walk.place)
    work = np.empty((4, n))
    long = 5 * n * n
    for _ in range(iterations):
        if walk.now[1] <= target:
            return
        walk.clock[0] += 1
        now = walk.clock[0]
        r, s, forced = -1, -1, False
        least = np.inf
        for u in range(busy):
            for v in range(u + 1, n):
                change = walk.delta[u, v]
                # Most pairs end here, before what is slow to look up.
                if change >= least and (forced or now <= long):
                    continue
                first, second = walk.until[u, walk.place[v]], walk.until[v, walk.place[u]]
                if now > long and first < now - long and second < now - long:
                    if not forced or change < least:
                        r, s, least, forced = u, v, change, True
                elif (change < least and not forced) and (
                    first < now or second < now or walk.now[0] + change < walk.now[1]
                ):
                    r, s, least = u, v, change
        if r < 0:
            r = int(_uniform(walk.state) * busy)
            s = (r + 1 + int(_uniform(walk.state) * (n - 1))) % n
            r, s = min(r, s), max(r, s)
            least = walk.delta[r, s]
        for one in (r, s):
            drawn = _uniform(walk.state)
            walk.until[one, walk.place[one]] = now + int(8.0 * n * drawn * drawn * drawn)
        walk.now[0] += least
        _swap(flow, walk.laid, fixed, walk.place, walk.delta, r, s, symmetric, work)
        if walk.now[0] < walk.now[1]:
            walk.now[1] = walk.now[0]
            walk.clock[1] = now
            walk.best[:] = walk.place
