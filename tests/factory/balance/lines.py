"""Small lines at random, and an exact answer for them that shares nothing with the search."""

import functools

import numpy as np
from hypothesis import strategies as st

from ironworks.factory.balance import LineInstance


def fewest_by_subsets(instance: LineInstance, cycle: int) -> int:
    """Fewest stations, from every set of tasks that may be done: what is least of (stations, time of the last)."""
    before: list[int] = [0] * len(instance)
    for first, then in instance.order:
        before[then] |= 1 << first

    @functools.cache
    def least(done: int) -> tuple[int, int]:
        if not done:
            return 0, cycle
        found = []
        for task, time in enumerate(instance.times.tolist()):
            rest = done & ~(1 << task)
            # The last one of a set that may be done is needed by no other in it.
            if done >> task & 1 and not any(
                rest >> other & 1 and before[other] >> task & 1 for other in range(len(before))
            ):
                stations, load = least(rest)
                found.append((stations, load + time) if load + time <= cycle else (stations + 1, time))
        return min(found)

    return max(1, least((1 << len(instance)) - 1)[0])


@st.composite
def small_lines(draw: st.DrawFn) -> tuple[LineInstance, int]:
    """A line of at most nine tasks and a cycle that fits them."""
    n = draw(st.integers(1, 9))
    cycle = draw(st.integers(3, 30))
    times = draw(st.lists(st.integers(0, cycle), min_size=n, max_size=n))
    pairs = [(first, then) for then in range(n) for first in range(then)]
    order = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12)) if pairs else []
    names = draw(st.permutations(range(n)))
    shuffled = tuple((names[first], names[then]) for first, then in order)
    return LineInstance(np.array(times, np.int64), shuffled), cycle
