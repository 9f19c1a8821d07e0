"""Small assignments at random, and the least cost of them from every order tried."""

import itertools

import numpy as np
from hypothesis import strategies as st

from ironworks.factory.layout import QapInstance


def least_of_all(instance: QapInstance) -> float:
    """Least cost over all n! assignments, summed pair by pair."""
    n = len(instance)
    flow, distance, fixed = instance.flow.tolist(), instance.distance.tolist(), np.asarray(instance.fixed).tolist()
    return min(
        sum(fixed[i][at[i]] + sum(flow[i][j] * distance[at[i]][at[j]] for j in range(n)) for i in range(n))
        for at in itertools.permutations(range(n))
    )


@st.composite
def small_assignments(draw: st.DrawFn, largest: int = 7) -> QapInstance:
    """At most so many things, with flow and distance of either kind: symmetric or not, with a diagonal or without."""
    n = draw(st.integers(1, largest))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    matrices = []
    for _ in range(2):
        matrix = rng.integers(-3, 10, (n, n)).astype(float)
        if draw(st.booleans()):
            matrix = matrix + matrix.T
        if draw(st.booleans()):
            np.fill_diagonal(matrix, 0.0)
        matrices.append(matrix)
    fixed = rng.integers(0, 20, (n, n)).astype(float) if draw(st.booleans()) else None
    return QapInstance(matrices[0], matrices[1], fixed)
