"""The recursion: traces, streams that stay put, lines that finish no later or earlier when reversed."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factory.flow.kernels.lines import NO_FAILURES, anchor, exponential, line

from ironworks.factory.flow.kernels.maxplus import maxplus_line, maxplus_times
from ironworks.factory.flow.kernels.random import LAW_CONSTANT, LAW_UNIFORM

SECOND = 1_000_000

# Part x station, seconds; the departures below were worked out apart from this project.
TRACE = np.array(
    [
        [2, 8, 2, 6, 3],
        [4, 1, 9, 1, 2],
        [9, 5, 2, 6, 5],
        [5, 5, 8, 7, 7],
        [6, 4, 7, 2, 4],
        [7, 5, 9, 6, 9],
        [1, 8, 5, 1, 7],
        [2, 7, 6, 6, 1],
        [2, 7, 4, 4, 7],
        [1, 7, 2, 1, 3],
        [1, 1, 7, 5, 6],
        [6, 7, 1, 3, 2],
    ]
)
BUFFERS = np.array([1, 1, 1, 1])


def test_trace_with_blocking_after_service():
    departures = maxplus_times(TRACE * SECOND, BUFFERS)[:, -1]
    assert (departures // SECOND).tolist() == [21, 24, 34, 47, 51, 64, 71, 72, 79, 82, 88, 90]


def test_trace_with_blocking_before_service():
    assert maxplus_times(TRACE * SECOND, BUFFERS, before_service=True)[-1, -1] == 99 * SECOND


def test_buffer_of_capacity_zero_hands_over_directly():
    # 1 s, then 3 s: the second part waits at the first station until the first has left the second.
    departures = maxplus_line(*line([(LAW_CONSTANT, 1), (LAW_CONSTANT, 3)], [0]), 3, every_station=True)
    assert (departures // SECOND).tolist() == [[1, 4], [4, 7], [7, 10]]


def test_failure_interrupts_the_operation_and_work_resumes():
    # 10 s of work, 4 s of repair after every 15 s worked: the failures fall into parts 2, 3 (due at its end), 5.
    departures = maxplus_line(*line([(LAW_CONSTANT, 10)], [], [(LAW_CONSTANT, 15)], [(LAW_CONSTANT, 4)]), 5)
    assert (departures // SECOND).tolist() == [10, 24, 34, 48, 62]


def test_station_added_downstream_leaves_other_draws_alone():
    short = line([exponential(5)] * 2, [-1], names=["a", "b"])
    longer = line([exponential(5)] * 3, [-1, -1], names=["a", "x", "b"])
    assert (
        maxplus_line(*short, 50, every_station=True)[:, 0] == maxplus_line(*longer, 50, every_station=True)[:, 0]
    ).all()


times = st.integers(1, 6).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.integers(0, 20), min_size=n, max_size=n), min_size=1, max_size=12),
        st.lists(st.integers(0, 3), min_size=n - 1, max_size=n - 1),
    )
)


@given(times)
def test_reversed_line_has_the_same_makespan(case):
    forward, buffers = np.array(case[0], np.int64), np.array(case[1], np.int64)
    makespan = maxplus_times(forward, buffers)[-1, -1]
    assert maxplus_times(np.ascontiguousarray(forward[::-1, ::-1]), buffers[::-1].copy())[-1, -1] == makespan


@given(times)
def test_more_room_never_delays_a_departure(case):
    durations, buffers = np.array(case[0], np.int64), np.array(case[1], np.int64)
    tight, wide = maxplus_times(durations, buffers), maxplus_times(durations, buffers + 1)
    assert (wide <= tight).all()
    assert (maxplus_times(durations, np.full_like(buffers, -1)) <= wide).all()
    assert (maxplus_times(durations, buffers, before_service=True)[:, -1] >= tight[:, -1]).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(0, 50))
def test_first_parts_do_not_depend_on_how_many_follow(count, more):
    arguments = anchor(4)
    assert (maxplus_line(*arguments, count) == maxplus_line(*arguments, count + more)[:count]).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"buffers": [1, 1]}, "shape"),
        ({"buffers": [-2]}, ">= 0, or -1"),
        ({"uptime": [exponential(0), NO_FAILURES]}, "must be > 0"),
        ({"uptime": [exponential(9), NO_FAILURES], "repair": None}, "law for its repairs"),
        ({"process": [NO_FAILURES] * 2}, "every station needs a law"),
        ({"process": [(LAW_UNIFORM, 2, 1)] * 2}, r"process\[0\]"),
    ],
)
def test_line_that_cannot_be_run_is_refused(change, message):
    parts = {"process": [exponential(1)] * 2, "buffers": [1], "uptime": None, "repair": [exponential(1)] * 2} | change
    with pytest.raises(ValueError, match=message):
        maxplus_line(*line(**parts), 10)


def test_departures_are_the_same_without_the_compiler():
    script = (
        "from tests.factory.flow.kernels.lines import anchor\n"
        "from ironworks.factory.flow.kernels.maxplus import maxplus_line\n"
        "from ironworks.factory.flow.kernels.serial import serial_line\n"
        "print(maxplus_line(*anchor(5), 300, before_service=True).tolist())\n"
        "result = serial_line(*anchor(5), 10**11, warmup=10**10, batches=3, record=50)\n"
        "print([x if isinstance(x, int) else x.tolist() for x in result])"
    )
    outputs = set()
    for disabled in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled}
        root = Path(__file__).parents[4]
        done = subprocess.run([sys.executable, "-c", script], env=environment, cwd=root, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        outputs.add(done.stdout)
    assert len(outputs) == 1
