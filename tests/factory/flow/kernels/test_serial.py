"""The event kernel for lines: the recursion's departures to the microsecond, states that partition the time."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.factory.flow.kernels.lines import NO_FAILURES, anchor, exponential, line

from ironworks.factory.flow.kernels import random
from ironworks.factory.flow.kernels.maxplus import maxplus_line
from ironworks.factory.flow.kernels.serial import BLOCKED, DOWN, STARVED, WORKING, serial_line

SECOND = 1_000_000

times = st.one_of(
    st.tuples(st.just(random.LAW_CONSTANT), st.integers(0, 5)),
    st.tuples(st.just(random.LAW_EXPONENTIAL), st.floats(0.001, 20)),
    st.tuples(st.just(random.LAW_ERLANG), st.floats(0.001, 20), st.integers(1, 4)),
    st.tuples(st.just(random.LAW_UNIFORM), st.just(1.0), st.floats(1, 9)),
)
uptimes = st.one_of(
    st.just(NO_FAILURES),
    st.tuples(st.just(random.LAW_CONSTANT), st.integers(1, 9)),
    st.tuples(st.just(random.LAW_WEIBULL), st.floats(1, 50), st.floats(0.8, 3)),
    st.tuples(st.just(random.LAW_EXPONENTIAL), st.floats(1, 50)),
)
lines = st.integers(1, 6).flatmap(
    lambda n: st.tuples(
        st.lists(times, min_size=n, max_size=n),
        st.lists(st.integers(-1, 3), min_size=n - 1, max_size=n - 1),
        st.lists(uptimes, min_size=n, max_size=n),
        st.lists(times, min_size=n, max_size=n),
        st.integers(0, 1000),
    )
)


def endless(process, buffers) -> bool:
    """Whether parts pour through stations without time into unlimited room, or out of the line."""
    for law, room in zip(process, [*buffers, -1], strict=True):
        if law[:2] != (random.LAW_CONSTANT, 0):
            return False
        if room < 0:
            return True
    return False


def test_line_that_pours_without_time_is_refused():
    pouring = line([(random.LAW_CONSTANT, 0), exponential(5)], [-1])
    with pytest.raises(ValueError, match="never end"):
        serial_line(*pouring, 100 * SECOND)
    assert serial_line(*line([(random.LAW_CONSTANT, 0), exponential(5)], [2]), 100 * SECOND).finished.sum() > 0


@settings(max_examples=200, deadline=None)
@given(lines, st.integers(1, 60))
def test_departures_are_those_of_the_recursion(case, count):
    assume(not endless(case[0], case[1]))
    arguments = line(*case)
    expected = maxplus_line(*arguments, count, every_station=True)
    result = serial_line(*arguments, int(expected[-1, -1]) + 1, record=count)
    assert (result.departures == expected).all()


def test_departures_of_the_anchor_line_are_those_of_the_recursion():
    arguments = anchor(20)
    expected = maxplus_line(*arguments, 5000, every_station=True)
    result = serial_line(*arguments, int(expected[-1, -1]), record=5000)
    assert (result.departures == expected).all()
    assert result.finished.sum() == 5000


@settings(max_examples=100, deadline=None)
@given(lines, st.floats(0, 0.99), st.integers(1, 5))
def test_states_partition_the_time_after_the_warm_up(case, share, batches):
    process = [law if law[0] != random.LAW_CONSTANT else (law[0], 1 + law[1]) for law in case[0]]
    horizon = 300 * SECOND
    warmup = int(share * horizon)
    result = serial_line(*line(process, *case[1:]), horizon, warmup=warmup, batches=batches)
    assert (result.states >= 0).all()
    assert (result.states.sum(axis=1) == horizon - warmup).all()


@settings(max_examples=100, deadline=None)
@given(lines, st.integers(1, 299))
def test_states_before_and_after_a_cut_add_up(case, cut):
    # A run that ends at the cut and one that begins to count there split every operation and repair alike.
    process = [law if law[0] != random.LAW_CONSTANT else (law[0], 1 + law[1]) for law in case[0]]
    arguments = line(process, *case[1:])
    whole = serial_line(*arguments, 300 * SECOND)
    head = serial_line(*arguments, cut * SECOND)
    tail = serial_line(*arguments, 300 * SECOND, warmup=cut * SECOND)
    assert (head.states + tail.states == whole.states).all()
    assert head.finished.sum() + tail.finished.sum() == whole.finished.sum()


def test_states_of_a_small_trace():
    # 1 s then 3 s, no buffer, to 10 s: the first station begins at 0, 1, 4, 7 and is blocked 2 s after the last three.
    result = serial_line(*line([(0, 1), (0, 3)], [0]), 10 * SECOND)
    assert (result.states // SECOND).tolist() == [[4, 6, 0, 0], [9, 0, 1, 0]]
    assert result.finished.tolist() == [3]
    # One part to 1 s, then two.
    assert result.wip[0] == pytest.approx(1.9)


def test_down_time_is_cut_at_the_horizon():
    # 10 s of work, failure after 15 s worked, repair 4 s: at 17 s the station has been down for 2 s.
    arguments = line([(0, 10)], [], [(0, 15)], [(0, 4)])
    states = serial_line(*arguments, 17 * SECOND).states[0] // SECOND
    assert states.tolist() == [15, 0, 0, 2]
    states = serial_line(*arguments, 17 * SECOND, warmup=16 * SECOND).states[0] // SECOND
    assert states.tolist() == [0, 0, 0, 1]


def test_batches_add_up_to_one_batch():
    arguments = anchor(5)
    one = serial_line(*arguments, 10**12, warmup=10**11)
    ten = serial_line(*arguments, 10**12, warmup=10**11, batches=10)
    assert ten.finished.sum() == one.finished.sum()
    assert ten.wip.mean() == pytest.approx(one.wip[0], rel=1e-12)
    assert (ten.states == one.states).all()


def test_littles_law_holds():
    arguments, count = anchor(5), 20_000
    departures = maxplus_line(*arguments, count, every_station=True)
    horizon = int(departures[-1, -1])
    # A part enters when its predecessor leaves the first station.
    sojourn = departures[1:, -1] - departures[:-1, 0]
    result = serial_line(*arguments, horizon)
    assert result.wip[0] * horizon == pytest.approx(sojourn.sum(), rel=1e-3)


def test_reversed_line_has_the_same_throughput():
    means, buffers = [1.0, 0.7, 1.2, 0.9], [0, 2, 1]
    rates = []
    for step, seed in ((1, 3), (-1, 4)):
        process = [exponential(mean) for mean in means[::step]]
        result = serial_line(*line(process, buffers[::step], seed=seed), 10**12, warmup=10**9, batches=50)
        rates.append((result.finished.mean(), result.finished.std(ddof=1) / np.sqrt(50)))
    (forward, error1), (backward, error2) = rates
    assert error1 / forward < 0.002
    assert abs(forward - backward) < 4 * np.hypot(error1, error2)


def test_isolated_efficiency_is_the_share_of_time_not_down():
    states = serial_line(*line([exponential(1)], [], [exponential(100)], [exponential(10)]), 10**13).states[0]
    assert states[BLOCKED] == states[STARVED] == 0
    assert states[WORKING] / (states[WORKING] + states[DOWN]) == pytest.approx(100 / 110, rel=0.002)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"warmup": 10}, "warm-up"), ({"batches": 0}, "batches"), ({"horizon": 2**62}, "horizon must be under")],
)
def test_times_out_of_order_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        serial_line(*anchor(3), **({"horizon": 10} | change))


def test_line_in_which_no_time_passes_is_refused_instead_of_running_forever():
    with pytest.raises(ValueError, match="no time"):
        serial_line(*line([(random.LAW_CONSTANT, 0), (random.LAW_UNIFORM, 0, 0)], [1]), SECOND)
