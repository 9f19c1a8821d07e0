"""The calendar of events: whatever is near or far, events come out in the order of time and tie."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.kernels.heap import CLASS_BITS, FIRST_WINDOW, ROW, draw_near, drop, push

ROOM = 300


@njit
def serve(m: np.ndarray, times: np.ndarray, classes: np.ndarray, delays: np.ndarray, out: np.ndarray) -> int:
    """Schedule events by number, take them out in order, scheduling one more after each while there are delays."""
    for n in range(len(times)):
        push(m, times[n], classes[n], 1, 0, n, 0)
    served, later = 0, 0
    while True:
        if m[f.G_HEAP] == 0:
            draw_near(m)
        if m[f.G_HEAP] == 0:
            return served
        at = m[f.G_HEAP0]
        now = m[at]
        out[served, 0], out[served, 1], out[served, 2] = now, m[at + 1] >> CLASS_BITS, m[at + 3]
        served += 1
        drop(m)
        if later < len(delays):
            push(m, now + delays[later], 2, 1, 0, len(times) + later, 0)
            later += 1


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 40 * FIRST_WINDOW), st.integers(0, 5)), min_size=1, max_size=120),
    st.lists(st.integers(1, 9 * FIRST_WINDOW), max_size=120),
)
def test_events_come_out_in_order_while_others_are_scheduled(first: list[tuple[int, int]], delays: list[int]) -> None:
    m = np.zeros(f.G_N + 2 * ROOM * ROW, np.int64)
    m[f.G_HEAP0], m[f.G_FAR0], m[f.G_WINDOW] = f.G_N, f.G_N + ROOM * ROW, FIRST_WINDOW
    out = np.full((ROOM, 3), -1, np.int64)
    times, classes = np.array(first, np.int64).T.copy()
    served = serve(m, times, classes, np.array(delays, np.int64), out)
    found = [tuple(row) for row in out[:served].tolist()]
    assert sorted(row[2] for row in found) == list(range(len(first) + len(delays)))
    assert found == sorted(found)
