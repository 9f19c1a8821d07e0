"""Laws that hold for every plant, or every line of a kind."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factory.flow.rich import HORIZON, plant

from ironworks.factory.flow import (
    INFINITE,
    Arrivals,
    Constant,
    Exponential,
    Failures,
    Gamma,
    Outcome,
    State,
    Station,
    line,
    run_once,
)

PLANTS = range(100, 160)
means = st.lists(st.floats(0.5, 2.0), min_size=2, max_size=4)
few = settings(max_examples=8, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize("number", PLANTS)
def test_items_and_time_are_conserved_with_everything_switched_on(number):
    run = run_once(plant(number), HORIZON, edges=[10, 111.1, 333], warmup=7, seed=number)
    assert run.check() == []
    assert run.stopped == HORIZON or run.outcome is Outcome.DEADLOCK
    assert (run.wip >= 0).all()
    assert (run.stock >= 0).all()
    # Of an item that is used up, what came in equals what went out and what lies there.
    k = run.names.stores.index("ones")
    whole = run_once(plant(number), run.stopped, seed=number)
    assert whole.finished[0, 0] + 1 == whole.consumed[0, k] + whole.stock[0, k]
    screw = run.names.stores.index("screw")
    assert 30 + whole.delivered[0, screw] == whole.consumed[0, screw] + whole.stock[0, screw]


def test_random_plants_do_everything():
    # The property test means little unless its plants fail, rework, scrap, wait and move.
    runs = [run_once(plant(n), HORIZON, seed=n) for n in PLANTS]
    seconds = sum(run.states.sum(axis=(0, 1)) for run in runs)
    assert (seconds > 0).all()
    assert all(
        sum(getattr(r, name).sum() for r in runs) > 20 for name in ("scrapped", "found", "escaped", "rejects", "lost")
    )
    series = runs[0].names.routings.index("series")
    assert all(r.released[0, series] > 0 for r in runs)


@pytest.mark.parametrize("number", [101, 117, 140])
def test_bins_do_not_change_the_results(number):
    whole = run_once(plant(number), HORIZON)
    parts = run_once(plant(number), HORIZON, edges=np.linspace(1, HORIZON, 77)[:-1])
    for name in ("released", "finished", "scrapped", "lost", "starts", "rejects", "found", "consumed", "ordered"):
        assert getattr(parts, name).sum(axis=0).tolist() == getattr(whole, name)[0].tolist()
    for name in ("states", "short", "operators"):
        assert getattr(parts, name).sum(axis=0) == pytest.approx(getattr(whole, name)[0], abs=1e-6)
    width = np.diff(parts.edges)
    assert (parts.wip_mean * width[:, None]).sum(axis=0) / HORIZON == pytest.approx(whole.wip_mean[0])
    assert parts.events == whole.events


def rate(times: list[float], buffers: list[int], length: float = 60_000) -> tuple[float, float]:
    stations = [Station(f"s{i}", buffer=b) for i, b in enumerate([INFINITE, *buffers])]
    edges = np.linspace(500, length, 21)
    run = run_once(line(stations, [Exponential(t) for t in times]), length, warmup=500, edges=edges)
    rates = run.finished[:, 0] / np.diff(run.edges)
    return float(rates.mean()), float(rates.std(ddof=1) / math.sqrt(len(rates)))


@few
@given(means, st.integers(0, 3))
def test_a_line_run_backwards_makes_as_much(times, buffer):
    buffers = [buffer + i for i in range(len(times) - 1)]
    forward, e1 = rate(times, buffers)
    backward, e2 = rate(times[::-1], buffers[::-1])
    assert abs(forward - backward) <= 5 * math.hypot(e1, e2)


@few
@given(means, st.integers(0, 2), st.integers(0, 99))
def test_elasticities_sum_to_one_when_all_rates_are_scaled(times, buffer, seed):
    # Scaling every rate of every station is another unit of time; with the same draws the sum holds closely.
    broken = Failures(Exponential(30), Exponential(3))
    stations = [Station(f"s{i}", buffer=buffer, failures=broken) for i in range(len(times))]
    model = line(stations, [Gamma(t, 0.5) for t in times])

    def output(scale: dict[str, float]) -> float:
        finish = run_once(model, 24_000, seed=seed, scale=scale).finish_times["line"]
        return 5_000 / finish[4_999]

    step = 0.02
    found = [
        math.log(output({s.name: 1 + step}) / output({s.name: 1 - step})) / math.log((1 + step) / (1 - step))
        for s in stations
    ]
    assert sum(found) == pytest.approx(1, abs=0.03)
    assert min(found) >= 0


def test_scaling_all_stations_is_another_unit_of_time():
    stations = [Station(n, buffer=1, failures=Failures(Exponential(30), Exponential(3))) for n in "abc"]
    model = line(stations, [Exponential(1)] * 3)
    slow = run_once(model, 1000).finish_times["line"]
    fast = run_once(model, 500, scale=dict.fromkeys("abc", 2.0)).finish_times["line"]
    # Each time is rounded to a microsecond.
    assert fast == pytest.approx(slow / 2, abs=1e-3)


@few
@given(means, st.integers(0, 3), st.floats(0.3, 0.8))
def test_littles_law_holds_over_busy_cycles(times, buffer, load):
    stations = [Station(f"s{i}", buffer=INFINITE if i == 0 else buffer + 5) for i in range(len(times))]
    model = line(stations, [Gamma(t, 0.7) for t in times], Arrivals(Exponential(max(times) / load)))
    run = run_once(model, 40_000)
    # Up to the units that are there at the end, both count the same unit-seconds.
    level, flow, lead = run.wip_mean[0, 0], run.finished[0, 0] / 40_000, run.lead_time[0, 0]
    assert level == pytest.approx(flow * lead, rel=0.02)


@few
@given(means, st.integers(0, 99))
def test_more_buffer_never_delays_a_unit(times, seed):
    # With the same draws the departure times of a serial line fall, each of them, as buffers grow.
    before = None
    for buffer in (0, 1, 3, INFINITE):
        stations = [Station(f"s{i}", buffer=buffer) for i in range(len(times))]
        ends = run_once(line(stations, [Exponential(t) for t in times]), 400, seed=seed).finish_times["line"]
        if before is not None:
            assert len(ends) >= len(before)
            assert (ends[: len(before)] <= before).all()
        before = ends


@few
@given(means, st.integers(0, 2))
def test_a_line_of_constants_makes_what_its_slowest_station_makes(times, buffer):
    stations = [Station(f"s{i}", buffer=buffer) for i in range(len(times))]
    ends = run_once(line(stations, [Constant(t) for t in times]), 100).finish_times["line"]
    gaps = [b - a for a, b in itertools.pairwise(ends.tolist())]
    assert gaps == pytest.approx([max(times)] * len(gaps), abs=2e-6)


def test_states_of_a_line_are_those_of_the_place():
    run = run_once(line([Station("a", 2), Station("b", buffer=0)], [Exponential(2), Exponential(1)]), 5000)
    on = run.states[0].sum(axis=1)
    assert on.tolist() == [10_000, 5_000]
    assert run.states[0, 0, State.WORKING] + run.states[0, 0, State.BLOCKED] == pytest.approx(10_000)
