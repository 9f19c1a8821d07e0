"""The line kernels against the exact rows that they can run: no crews, no calendar, one place per station."""

import numpy as np
import pytest
from tests.factory.flow.exact_table import Row, rows
from tests.factory.flow.kernels.lines import exponential, line
from tests.factory.flow.markov import NONE, OPERATION_DEPENDENT, solve

from ironworks.factory.flow.kernels.maxplus import maxplus_line
from ironworks.factory.flow.kernels.random import LAW_ERLANG
from ironworks.factory.flow.kernels.serial import BLOCKED, DOWN, STARVED, WORKING, serial_line

SECOND = 1_000_000
BATCHES = 100
ROWS = {
    row.id: row
    for row in rows()
    if row.model == "serial" and row.failures in (NONE, OPERATION_DEPENDENT) and row.crew is None
}


def arguments(row: Row, seed: int = 11):
    phases = row.phases or (1,) * len(row.service_rates)
    process = [(LAW_ERLANG, 1 / rate, k) for rate, k in zip(row.service_rates, phases, strict=True)]
    if not row.phases:
        process = [exponential(1 / rate) for rate in row.service_rates]
    if row.failures == NONE:
        return line(process, row.buffers, seed=seed)
    uptime = [exponential(1 / rate) for rate in row.fail_rates]
    repair = [exponential(1 / rate) for rate in row.repair_rates]
    return line(process, row.buffers, uptime, repair, seed)


def seconds(row: Row) -> int:
    # Outages make the counts of neighbouring times alike, so lines with failures have to run longer.
    parts = 1_500_000 if row.failures == NONE else 6_000_000
    return int(parts / float(row.expected["throughput"]))


def mean_and_error(values) -> tuple[float, float]:
    return values.mean(), values.std(ddof=1) / np.sqrt(len(values))


@pytest.mark.parametrize("name", ROWS)
def test_event_kernel_agrees_with_exact_row(name):
    row, length = ROWS[name], seconds(ROWS[name])
    warmup = length // 100
    result = serial_line(*arguments(row), (warmup + length) * SECOND, warmup=warmup * SECOND, batches=BATCHES)
    rate, error = mean_and_error(result.finished * BATCHES / length)
    exact = float(row.expected["throughput"])
    assert error / exact <= 0.002
    assert abs(rate - exact) < 4 * error
    if "wip" in row.expected:
        wip, error = mean_and_error(result.wip)
        assert abs(wip - float(row.expected["wip"])) < 4 * error


@pytest.mark.parametrize("name", ROWS)
def test_recursion_agrees_with_exact_row(name):
    row = ROWS[name]
    departures = maxplus_line(*arguments(row, seed=12), seconds(row) * 3 // 4)
    count = len(departures) // BATCHES
    gaps = np.diff(departures[: count * BATCHES + 1 : count][-BATCHES:]) / count / SECOND
    gap, error = mean_and_error(gaps)
    exact = 1 / float(row.expected["throughput"])
    assert error / exact <= 0.002
    assert abs(gap - exact) < 4 * error


@pytest.mark.parametrize("name", ["bal_N3_B1", "odf_N3_B3"])
def test_shares_of_states_agree_with_exact_chain(name):
    row, length = ROWS[name], 3_000_000
    states = serial_line(*arguments(row), length * SECOND, warmup=length // 100 * SECOND).states
    shares = states / states.sum(axis=1, keepdims=True)
    for measured, exact in zip(shares, solve(row.serial_line()).shares, strict=True):
        expected = [exact[state] for state in ("working", "blocked", "starved", "down")]
        assert measured[[WORKING, BLOCKED, STARVED, DOWN]] == pytest.approx(expected, abs=0.002)
