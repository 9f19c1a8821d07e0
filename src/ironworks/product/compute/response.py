"""Worst-case response times on one processor under fixed priorities, with regions that run without a break.

Fixed-priority scheduling with deferred preemption: Bril, Lukkien and Verhaegh 2009 (Real-Time Systems 42, 63-119), here
in whole ticks. A task of one region is non-preemptive, and the equations become those of Davis, Burns, Bril and Lukkien
2007 (Real-Time Systems 35, 239-272), whose release jitter is used here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Task", "response_times"]

_MOST_JOBS = 20_000
"""Jobs of a task in one busy period beyond which its response counts as without bound."""


@dataclass(frozen=True, slots=True)
class Task:
    """A recurring job on one processor, all in ticks: its work, its longest and its last region, period, jitter."""

    work: int
    longest: int
    last: int
    period: int
    jitter: int = 0


def response_times(tasks: Sequence[Task]) -> list[int | None]:
    """Bound of the time from arrival (before jitter) to completion per task; most urgent first; None is no bound."""
    return [_response(tasks, i) for i in range(len(tasks))]


def _response(tasks: Sequence[Task], i: int) -> int | None:
    task, above = tasks[i], tasks[:i]
    blocking = max((lower.longest for lower in tasks[i + 1 :]), default=0)
    # Exact in rationals: a load of just 1 ends or not, one above never does.
    load = sum(t.work / t.period for t in (*above, task))
    if load > 1.0 + 1e-12:
        return None
    busy = _busy_period(task, above, blocking)
    if busy is None:
        return None
    jobs = -(-(busy + task.jitter) // task.period)
    worst, start = 0, 0
    for job in range(jobs):
        own = blocking + (job + 1) * task.work - task.last
        # Starts of later jobs are never earlier: the iteration goes on where it stopped.
        start = max(start, own)
        while True:
            later = own + sum(((start + t.jitter) // t.period + 1) * t.work for t in above)
            if later == start:
                break
            start = later
        worst = max(worst, task.jitter + start + task.last - job * task.period)
    return worst


def _busy_period(task: Task, above: Sequence[Task], blocking: int) -> int | None:
    """Length of the busy period at the task's priority; None where it does not end."""
    busy = blocking + task.work
    while True:
        longer = blocking + sum(-(-(busy + t.jitter) // t.period) * t.work for t in (*above, task))
        if longer == busy:
            return busy
        if longer > _MOST_JOBS * task.period:
            return None
        busy = longer
