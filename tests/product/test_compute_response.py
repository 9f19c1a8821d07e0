"""Response times against published tables, schedules drawn by hand and the simulation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironworks.product.compute.chip import Band, Chip, Computer
from ironworks.product.compute.placement import Part
from ironworks.product.compute.response import Task, response_times
from ironworks.product.compute.simulation import observed
from ironworks.product.compute.workload import Stage, Workload


def whole(work: int, period: int, jitter: int = 0) -> Task:
    return Task(work, work, work, period, jitter)


def test_three_messages_of_davis_and_others_2007() -> None:
    """Their example against the older analysis: the last message's second instance is the late one, at 3.5 ms."""
    tasks = [whole(1000, 2500), whole(1000, 3500), whole(1000, 3500)]
    assert response_times(tasks) == [2000, 3000, 3500]


def test_regions_of_one_tick_come_to_the_pre_emptive_table_of_burns_and_wellings() -> None:
    """Periods 7, 12, 20 and work 3, 3, 5 respond in 3, 6, 20; a region that has begun may add its one tick."""
    tasks = [Task(1000 * work, 1, 1, 1000 * period) for work, period in ((3, 7), (3, 12), (5, 20))]
    assert response_times(tasks) == [3001, 6001, 20000]


def test_the_fifth_job_may_be_the_late_one() -> None:
    """Drawn by hand: 2 every 5 above 1.2 + 3 every 7 ends the lower jobs after 6.2, 5.4, 6.6, 5.8 and 7.0."""
    assert response_times([whole(20, 50), Task(42, 30, 30, 70)])[1] == 70


def test_jitter_adds_to_the_own_response_and_lets_urgent_jobs_come_twice() -> None:
    """By hand: the urgent one, late by 9 of its period 10, runs at 0 and at 1; the other starts at 2 and ends at 5."""
    assert response_times([whole(1, 10, 9), whole(3, 100)]) == [9 + 3 + 1, 5]
    assert response_times([whole(1, 10), whole(3, 100, 7)])[1] == 7 + 4


def test_an_overload_has_no_bound() -> None:
    assert response_times([whole(6, 10), whole(6, 10)]) == [12, None]


MACHINE = Computer((Chip("unit", {"int8": Band.of(1.0)}, Band.of(1.0), 1e9),), 1.0, 0.0)
"""One byte a second: a stage's bytes are its seconds."""


@st.composite
def task_sets(draw: st.DrawFn) -> list[tuple[int, int, int]]:
    """(region, repeats, period) in milliseconds; the load is at most 1."""
    count = draw(st.integers(2, 4))
    rows = []
    for _ in range(count):
        period = draw(st.sampled_from([10, 12, 15, 20, 30, 60]))
        repeats = draw(st.integers(1, 3))
        rows.append((draw(st.integers(1, max(1, period // (repeats * count)))), repeats, period))
    return rows


@settings(max_examples=80, deadline=None)
@given(task_sets())
def test_the_analysis_bounds_the_simulation_and_is_tight_at_both_ends(rows: list[tuple[int, int, int]]) -> None:
    """Tight for the lowest priority, whose worst case is a release of all at once; up to a tick for the highest."""
    workloads = [
        Workload(f"w{i}", (Stage("s", 0, region / 1000, 0, "int8", repeats),), period / 1000, 1.0, priority=i)
        for i, (region, repeats, period) in enumerate(rows)
    ]
    tasks = [Task(1000 * a * n, 1000 * a, 1000 * a, 1000 * period) for a, n, period in rows]
    if sum(task.work / task.period for task in tasks) > 1:
        return
    bounds = response_times(tasks)
    placements = {w.name: [Part(0, 0, 1)] for w in workloads}
    seen = observed(MACHINE, workloads, placements, "mode", 10.0)
    for workload, bound in zip(workloads, bounds, strict=True):
        # With a load of just 1 and something below, a busy period need not end.
        assert bound is None or seen[workload.name] * 1e6 <= bound + 1e-3
    assert bounds[-1] is not None
    assert seen[workloads[-1].name] * 1e6 == pytest.approx(bounds[-1])
    assert bounds[0] is not None
    # One region that begins a tick before the most urgent job is its worst case, where jobs do not pile up.
    if rows[0][2] > rows[0][0] * rows[0][1] + max(row[0] for row in rows):
        assert seen["w0"] * 1e6 == pytest.approx(bounds[0], abs=1.5)
