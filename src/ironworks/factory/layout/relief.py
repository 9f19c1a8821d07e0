"""Parts moved between halls until none takes more power, ventilation or compressed air than its hall has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.layout.kernels.tabu import deltas
from ironworks.factory.layout.qap import QapInstance

__all__ = ["relieved"]


def relieved(
    instance: QapInstance, place: NDArray[np.int64], taken: NDArray[np.float64], given: NDArray[np.float64],
    hall: NDArray[np.int64], unfit: NDArray[np.bool_],
) -> NDArray[np.int64]:  # fmt: skip
    """Places (n,) after the best swaps: first of all, what halls lack becomes less; then, what is carried costs less.

    `taken` (n, S) of each supply by each thing, `given` (H, S) by each hall, `hall` (n,) of each place; `unfit` (n, n):
    where a thing cannot be, which no swap brings about. Steepest descent with what is lacking, over what there is, at a
    price above any transport; it may end while something lacks.
    """
    place = place.copy()
    n = len(place)
    fixed = np.asarray(instance.fixed)
    price = 2.0 * float(np.abs(instance.flow).sum() * np.abs(instance.distance).max() + np.abs(fixed).sum()) + 1.0
    share = taken[:, None] / np.maximum(given, 1e-9)
    delta = np.zeros((n, n))
    for _ in range(4 * n):
        at = hall[place]
        used = np.zeros(given.shape)
        for number in range(len(given)):
            used[number] = share[at == number, number].sum(axis=0)
        change = np.zeros((n, n))
        for number in range(len(given)):
            # What each hall holds after a swap: nothing new where both or neither stand in it.
            here = (at == number).astype(float)
            move = share[None, :, number] - share[:, None, number]
            after = used[number] + (here[:, None] - here)[..., None] * move
            lacks = np.maximum(used[number] - 1.0 - 1e-9, 0.0).sum()
            change += np.maximum(after - 1.0 - 1e-9, 0.0).sum(axis=2) - lacks
        laid = np.ascontiguousarray(instance.distance[np.ix_(place, place)])
        deltas(instance.flow, laid, fixed, place, delta)
        stuck = unfit[:, place].astype(int)
        own = stuck.diagonal()
        worse = stuck + stuck.T > own[:, None] + own
        merit = np.triu(np.where(worse, np.inf, delta + price * change), 1)
        one, other = np.unravel_index(int(merit.argmin()), merit.shape)
        if merit[one, other] > -1e-9 * price:
            return place
        place[[one, other]] = place[[other, one]]
    return place
