"""The flow as a library for somebody who only wants to simulate a line."""

import subprocess
import sys

import pytest

from ironworks.factory import flow
from ironworks.factory.flow import Arrivals, Constant, Exponential, Failures, Model, State, Station, line, run_once


def test_a_line_in_ten_lines():
    stations = [
        Station("cut", failures=Failures(uptime=Exponential(3600), repair=Exponential(300))),
        Station("weld", buffer=3),
        Station("test", places=2, buffer=3),
    ]
    model = line(stations, times=[Exponential(50), Exponential(55), Exponential(100)])
    run = run_once(model, until=100 * 3600, warmup=3600)
    per_hour = run.finished.sum() / 99
    assert 40 < per_hour < 3600 / 55
    assert run.check() == []
    assert run.states[0, 1, State.WORKING] / (99 * 3600) == pytest.approx(per_hour * 55 / 3600, rel=0.05)


def test_a_line_is_a_model_like_any_other():
    model = line([Station("a"), Station("b")], [Constant(1), Constant(2)], Arrivals(Constant(5)))
    assert isinstance(model, Model)
    assert [o.station for o in model.routings[0].operations] == ["a", "b"]
    assert run_once(model, 21).finish_times["line"].tolist() == [8, 13, 18]


def test_all_public_names_are_there():
    assert sorted(flow.__all__) == sorted(set(flow.__all__))
    assert all(hasattr(flow, name) for name in flow.__all__)


def test_the_library_needs_no_scenario():
    code = "import sys, ironworks.factory.flow; print([m for m in sys.modules if m.startswith('ironworks')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    modules = found.stdout
    assert "ironworks.factory.flow" in modules
    for word in ("scenario", "figures", "product", "robot", "report", "chain"):
        assert f"'ironworks.{word}" not in modules


def test_a_warm_up_is_left_out_of_every_count():
    model = line([Station("a")], [Constant(2)], Arrivals(Constant(4)))
    run = run_once(model, 41, warmup=21)
    assert run.edges.tolist() == [21, 41]
    assert run.released.sum() == run.finished.sum() == 5
    assert run.wip_start.tolist() == [1]
    assert run.states.sum() == 20
    assert run.lead_time[0, 0] == 2
