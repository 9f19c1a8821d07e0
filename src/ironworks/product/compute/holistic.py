"""End-to-end response times over several chips: what one part is late, the next sees as release jitter.

Tindell and Clark 1994 (Microprocessing and Microprogramming 40, 117-134).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ironworks.product.compute.placement import Placed
from ironworks.product.compute.response import Task, response_times

__all__ = ["end_to_end"]

_LATEST = 100
"""Periods after which a response counts as without bound."""


def end_to_end(placed: Sequence[Placed], chips: int) -> list[int | None]:
    """Bound of the time from release to the end of the last part per workload, in ticks; None is no bound.

    placed: most urgent first.
    """
    queues: list[list[tuple[int, int]]] = [[] for _ in range(chips)]
    for w, one in enumerate(placed):
        for k, part in enumerate(one.parts):
            queues[part.chip].append((w, k))
    ends: list[list[int | None]] = [[0] * len(one.parts) for one in placed]
    while True:
        before = [list(row) for row in ends]
        for queue in queues:
            _one_chip(placed, queue, ends)
        # Jitters only grow, so the first repetition is the least fixed point.
        if ends == before:
            return [row[-1] for row in ends]


def _one_chip(placed: Sequence[Placed], queue: Sequence[tuple[int, int]], ends: list[list[int | None]]) -> None:
    """Renew the ends of all parts on one chip from the ends of the parts before them."""
    tasks: list[Task] = []
    # At and below a part that may come arbitrarily late nothing is bounded.
    bounded = True
    for w, k in queue:
        before = ends[w][k - 1] if k else 0
        arrives = None if before is None else before + (placed[w].transfers[k - 1] if k else 0)
        tasks.append(replace(placed[w].tasks[k], jitter=arrives or 0))
        if arrives is None:
            bounded = False
        ends[w][k] = 0 if bounded else None
    for (w, k), task, end in zip(queue, tasks, response_times(tasks), strict=True):
        if ends[w][k] is not None:
            ends[w][k] = None if end is None or end > _LATEST * task.period else end
