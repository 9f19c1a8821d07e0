"""Changes of cost that are kept up to date are those of the definition, after every swap."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factory.layout.assignments import small_assignments

from ironworks.factory.layout import QapInstance
from ironworks.factory.layout.kernels.tabu import Walk, advance, cost, reset, swap_delta


def walk_of(instance: QapInstance, seed: int) -> Walk:
    n = len(instance)
    walk = Walk(
        np.random.default_rng(seed).permutation(n), np.empty((n, n)), np.zeros((n, n)), np.empty((n, n), np.int64),
        np.arange(n), np.empty(2), np.zeros(2, np.int64), np.array([1 + seed], np.uint64),
    )  # fmt: skip
    reset(instance.flow, instance.distance, instance.fixed, walk)
    return walk


def swapped(place: np.ndarray, u: int, v: int) -> np.ndarray:
    other = place.copy()
    other[[u, v]] = place[[v, u]]
    return other


@given(small_assignments(9).filter(lambda drawn: len(drawn) > 1), st.integers(0, 60), st.integers(0, 2**30))
@settings(deadline=None, max_examples=150)
def test_deltas_after_many_swaps_are_those_of_costs_from_scratch(instance: QapInstance, swaps: int, seed: int) -> None:
    walk = walk_of(instance, seed)
    symmetric = np.array_equal(instance.flow, instance.flow.T) and np.array_equal(
        instance.distance, instance.distance.T
    )
    advance(instance.flow, instance.fixed, symmetric, len(instance), walk, swaps, -np.inf)
    assert walk.clock[0] == swaps
    assert walk.now[0] == instance.cost(walk.place)
    assert walk.now[1] == instance.cost(walk.best)
    for u in range(len(instance)):
        for v in range(u + 1, len(instance)):
            change = instance.cost(swapped(walk.place, u, v)) - instance.cost(walk.place)
            assert walk.delta[u, v] == change
            assert swap_delta(instance.flow, walk.laid, instance.fixed, walk.place, u, v) == change


@given(small_assignments(9))
@settings(deadline=None, max_examples=50)
def test_the_kernels_cost_is_that_of_the_instance(instance: QapInstance) -> None:
    place = np.random.default_rng(0).permutation(len(instance))
    assert cost(instance.flow, instance.distance, instance.fixed, place) == instance.cost(place)
