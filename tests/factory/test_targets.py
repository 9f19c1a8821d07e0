"""Targets judged on finish times that can be counted."""

import math

import numpy as np
import pytest

from ironworks.factory.calendar import DAY, WEEK
from ironworks.factory.targets import goals, makers, pieces_per_unit, shippers, start_of_production
from ironworks.scenario import read_scenario

HOUR = 3600.0


def test_finished_counts_both_days_of_the_span() -> None:
    goal = next(g for g in goals(read_scenario("tiny")) if g.kind == "finished")
    assert (goal.begins, goal.ends, goal.wanted) == (0.0, 84 * DAY, 200)
    times = np.array([0.0, 83.9 * DAY])
    assert goal.value(times) == 2
    assert not goal.met(199)
    assert goal.met(200)


def test_rate_is_of_the_four_weeks_before_the_end_of_the_day() -> None:
    goal = next(g for g in goals(read_scenario("tiny")) if g.kind == "rate")
    assert (goal.begins, goal.ends) == (56 * DAY, 84 * DAY)
    times = np.sort(np.concatenate([np.arange(10) * DAY, 60 * DAY + np.arange(100) * HOUR]))
    assert goal.value(times) == pytest.approx(25 / WEEK)
    assert goal.met(goal.value(times))


def test_start_of_production_needs_four_sustained_weeks() -> None:
    lonely = 3 * DAY
    steady = 21 * DAY + np.arange(40) * DAY
    times = np.concatenate([[lonely], steady])
    assert start_of_production(times, 4, 84 * DAY) == 21 * DAY
    assert start_of_production(times, 0, 84 * DAY) == lonely
    assert start_of_production(np.array([lonely]), 4, 84 * DAY) == math.inf
    assert start_of_production(np.empty(0), 4, 84 * DAY) == math.inf


def test_weeks_beyond_the_horizon_sustain_nothing() -> None:
    times = 60 * DAY + np.arange(24) * DAY
    assert start_of_production(times, 4, 84 * DAY) == math.inf
    assert start_of_production(times, 3, 84 * DAY) == 60 * DAY


def test_deadline_is_the_end_of_its_day() -> None:
    goal = next(g for g in goals(read_scenario("tiny")) if g.kind == "sop")
    assert goal.wanted == 14 * DAY
    assert goal.met(13.9 * DAY)
    assert not goal.met(14 * DAY)


def test_shippers_take_the_product_and_deliver_to_nobody() -> None:
    scenario = read_scenario("tianhe")
    assert makers(scenario, "robot") == ("robot@pilot", "robot@base")
    assert shippers(scenario, "robot") == ("shipment@pilot",)
    assert pieces_per_unit(scenario, "robot")["shipment@pilot"] == 10
    assert shippers(read_scenario("tiny"), "robot") == ()
