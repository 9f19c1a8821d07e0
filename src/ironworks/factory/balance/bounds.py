"""Prices of tasks of which no station can do more than one unit: each gives a lower bound on stations that adds up.

A state of a search subtracts what is done, so that every bound of the root is one of each state too. All prices are
whole numbers, and hold without rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack
from scipy.sparse.csgraph import maximum_bipartite_matching

from ironworks.factory.balance.instance import LineInstance
from ironworks.factory.balance.kernels.knapsack import best_load

__all__ = ["Prices", "prices", "worth_linear"]

Wholes = NDArray[np.int64]

#: Greatest k of the rounding functions u(k), how many prices a search keeps, and of how many it takes the mean.
_ROUNDINGS, _KEPT, _VALUED = 24, 8, 32
#: Above so many tasks, or tasks times cycle, prices from the linear programme take longer than they are worth.
_LP_TASKS, _LP_CELLS, _LP_ROUNDS = 150, 40_000_000, 80
#: Whole parts of one unit of a price from the linear programme.
_PARTS = 3_603_600


@dataclass(frozen=True, eq=False)
class Prices:
    """`price` (P, n) and `unit` (P,): the sum of any station's prices is at most its unit. The first is the time.

    `best` (n,): of all prices the one with the best bound, in units; `mean` (n,): of many of them.
    """

    price: Wholes
    unit: Wholes
    best: NDArray[np.float64]
    mean: NDArray[np.float64]

    @property
    def least(self) -> int:
        """Stations that the whole line needs at least."""
        return int((-(-self.price.sum(axis=1) // self.unit)).max())


def prices(instance: LineInstance, cycle: int, linear: bool = True) -> Prices:
    """The prices with the best bounds on a line: times (LB1), halves and thirds (LB2, LB3; Scholl 1999), u(k) and cuts
    of small tasks (Fekete and Schepers 2001; the latter is L2 of Martello and Toth 1990), pairs that precedence allows,
    and, if `linear`, the dual of bin packing by column generation.
    """
    times = instance.times
    rows: list[tuple[Wholes, int]] = [(times, cycle), _halves(times, cycle), _thirds(times, cycle)]
    rows += [_rounded(times, cycle, k) for k in range(1, _ROUNDINGS + 1)]
    rows += [_cut(times, cycle, int(small)) for small in _cuts(times, cycle)]
    rows.append(_paired(instance, cycle))
    if linear and worth_linear(instance, cycle):
        rows.append(_linear(times, cycle))
    return _best(rows)


def worth_linear(instance: LineInstance, cycle: int) -> bool:
    """Whether the linear programme of a line is small enough to be solved for its prices."""
    return len(instance) <= _LP_TASKS and len(instance) * cycle <= _LP_CELLS


def _best(rows: list[tuple[Wholes, int]]) -> Prices:
    bounds = [int(price.sum()) / unit for price, unit in rows]
    order = [0, *sorted(range(1, len(rows)), key=lambda row: -bounds[row])]
    kept: list[int] = []
    for row in order:
        price, unit = rows[row]
        new = all(not np.array_equal(price * rows[other][1], rows[other][0] * unit) for other in kept)
        if new and len(kept) < _KEPT and price.any():
            kept.append(row)
    kept = kept or [0]
    shares = np.array([rows[row][0] / rows[row][1] for row in order])
    return Prices(
        np.array([rows[row][0] for row in kept]), np.array([rows[row][1] for row in kept]),
        shares[int(np.argmax(shares.sum(axis=1)))], shares[:_VALUED].mean(axis=0),
    )  # fmt: skip


def _halves(times: Wholes, cycle: int) -> tuple[Wholes, int]:
    return np.where(2 * times > cycle, 2, np.where(2 * times == cycle, 1, 0)), 2


def _thirds(times: Wholes, cycle: int) -> tuple[Wholes, int]:
    above = np.where(3 * times > cycle, 3, np.where(3 * times == cycle, 2, 0))
    return np.where(3 * times > 2 * cycle, 6, np.where(3 * times == 2 * cycle, 4, above)), 6


def _rounded(times: Wholes, cycle: int, k: int) -> tuple[Wholes, int]:
    share = (k + 1) * times
    return np.where(share % cycle == 0, k * times, share // cycle * cycle), k * cycle


def _cuts(times: Wholes, cycle: int) -> Wholes:
    small = np.unique(times[2 * times <= cycle])
    return small[:: max(1, len(small) // 32)]


def _cut(times: Wholes, cycle: int, small: int) -> tuple[Wholes, int]:
    return np.where(times > cycle - small, cycle, np.where(times < small, 0, times)), cycle


def _paired(instance: LineInstance, cycle: int) -> tuple[Wholes, int]:
    """Prices of tasks above a third of the cycle, at most two of which share a station: a fractional cover of pairs.

    Two tasks share a station only if they fit together with all that must come between them. The cover is that of the
    bipartite double cover (König), exact but for odd circles.
    """
    times, follows = instance.times, instance.follows
    price = np.zeros(len(times), np.int64)
    large = np.flatnonzero(3 * times > cycle)
    if len(large) == 0:
        return price, 2
    ahead = follows[large].astype(np.float64)
    between = np.rint((ahead * times) @ follows[:, large]).astype(np.int64)
    between = np.where(follows[np.ix_(large, large)], between, 0)
    both = times[large][:, None] + times[large][None, :] + between + between.T <= cycle
    np.fill_diagonal(both, False)
    graph = csr_array(both)
    partner = maximum_bipartite_matching(graph, perm_type="column")
    # Reached by alternating paths from rows without a partner.
    row_of = np.full(len(large), -1)
    row_of[partner[partner >= 0]] = np.flatnonzero(partner >= 0)
    rows, columns = partner < 0, np.zeros(len(large), bool)
    front = np.flatnonzero(rows)
    while len(front):
        touched = both[front].any(axis=0) & ~columns
        columns |= touched
        new = row_of[np.flatnonzero(touched)]
        front = new[(new >= 0) & ~rows[new]]
        rows[front] = True
    price[large] = 2 - (~rows).astype(np.int64) - columns.astype(np.int64)
    return price, 2


def _linear(times: Wholes, cycle: int) -> tuple[Wholes, int]:
    """Dual prices of packing tasks in any order (Gilmore and Gomory 1961), made whole and safe."""
    sizes, counts = np.unique(times[times > 0], return_counts=True)
    if len(sizes) == 0:
        return np.zeros(len(times), np.int64), 1
    each = np.repeat(np.arange(len(sizes)), np.minimum(counts, cycle // sizes))
    columns = _loads_for(sizes / cycle, sizes, each, cycle, 0.0)
    best, bound = sizes / cycle, float(counts @ sizes) / cycle
    for _ in range(_LP_ROUNDS):
        solved = linprog(np.ones(columns.shape[1]), A_ub=-columns, b_ub=-counts, bounds=(0, None), method="highs")
        if solved.status != 0:
            break
        dual = np.maximum(-solved.ineqlin.marginals, 0.0)
        value, _ = best_load(sizes[each], dual[each], cycle)
        # Scaled by the fullest load, any dual is feasible (Farley 1990).
        if counts @ dual / max(value, 1.0) > bound:
            best, bound = dual / max(value, 1.0), float(counts @ dual) / max(value, 1.0)
        if value <= 1.0 + 1e-7:
            break
        columns = hstack([columns, _loads_for(dual, sizes, each, cycle, 1.0)], format="csr")
    price = np.rint(best * _PARTS).astype(np.int64)
    value, _ = best_load(sizes[each], price[each].astype(np.float64), cycle)
    placed = np.minimum(np.searchsorted(sizes, times), len(sizes) - 1)
    return np.where(times > 0, price[placed], 0), max(int(value), 1)


def _loads_for(dual: NDArray[np.float64], sizes: Wholes, each: Wholes, cycle: int, least: float) -> csr_array:
    """Loads without a task in common, each the best of what remains, while they are worth more than `least`."""
    remain = np.ones(len(each), bool)
    loads = []
    while remain.any():
        here = np.flatnonzero(remain)
        value, load = best_load(sizes[each[here]], dual[each[here]], cycle)
        if value <= least + 1e-7 or not load.any():
            break
        remain[here[load]] = False
        loads.append(np.bincount(each[here[load]], minlength=len(sizes)).astype(float))
    return csr_array(np.array(loads).T)
