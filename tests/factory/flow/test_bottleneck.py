"""Bottlenecks of hand-made logs and shares, where the answer can be read off."""

import numpy as np
import pytest

from ironworks.factory.flow.bottleneck import Period, active_periods, arrows, links, momentary
from ironworks.factory.flow.laws import Constant
from ironworks.factory.flow.model import Model, Operation, Routing, Station, Store
from ironworks.factory.flow.result import State


def log_of(*rows: tuple[float, int, int, State]) -> np.ndarray:
    """(seconds, station, place, state) as rows of a log."""
    return np.array([[round(t * 1e6), 10, -1, -1, s, p, -1, int(state)] for t, s, p, state in rows], dtype=np.int64)


def test_failure_and_setup_continue_an_active_period() -> None:
    log = log_of(
        (0, 0, 0, State.STARVED),
        (1, 0, 0, State.WORKING),
        (3, 0, 0, State.DOWN),
        (5, 0, 0, State.SETUP),
        (6, 0, 0, State.BLOCKED),
    )
    assert active_periods(log, ["a"], (0, 10)) == [Period("a", 1, 6)]


def test_a_night_off_shift_does_not_end_an_active_period() -> None:
    log = log_of(
        (1, 0, 0, State.WORKING), (2, 0, 0, State.OFF_SHIFT), (8, 0, 0, State.WORKING), (9, 0, 0, State.STARVED)
    )
    assert active_periods(log, ["a"], (0, 10)) == [Period("a", 1, 9)]


def test_one_idle_place_ends_the_period_of_a_station() -> None:
    log = log_of(
        (0, 0, 0, State.WORKING), (0, 0, 1, State.STARVED), (2, 0, 1, State.WORKING), (7, 0, 0, State.WAITING_PART)
    )
    assert active_periods(log, ["a"], (0, 10)) == [Period("a", 2, 7)]


def test_a_period_that_is_still_running_ends_with_the_window() -> None:
    assert active_periods(log_of((4, 0, 0, State.WORKING)), ["a"], (0, 10)) == [Period("a", 4, 10)]


def test_the_longest_active_station_is_the_bottleneck_and_overlaps_are_shifts() -> None:
    # a: 0-5, b: 4-12, c: short ones that never own a moment when a longer one runs.
    periods = [Period("a", 0, 5), Period("b", 4, 12), Period("c", 1, 3), Period("c", 10, 14)]
    found = momentary(periods, ["a", "b", "c"], (0, 14))
    assert [p.station for p in found.owners] == ["a", "b", "c"]
    assert found.sole * 14 == pytest.approx([4, 5, 2])  # a 0-4, b 5-10, c 12-14
    assert found.shifting * 14 == pytest.approx([1, 3, 2])  # a/b 4-5, b/c 10-12
    assert found.ranked()[0] == "b"


def test_no_active_station_no_bottleneck() -> None:
    found = momentary([], ["a"], (0, 1))
    assert found.sole.sum() == found.shifting.sum() == 0


def shares(*rows: dict[State, float]) -> np.ndarray:
    """One bin of 100 s per station; what a row does not name is WORKING."""
    states = np.zeros((1, len(rows), 10))
    for i, row in enumerate(rows):
        for state, seconds in row.items():
            states[0, i, state] = seconds
        states[0, i, State.WORKING] = 100 - sum(row.values())
    return states


LINE = [(0, 1, False), (1, 2, False), (2, 3, False)]


def test_arrows_point_to_the_station_between_blocked_and_starved() -> None:
    states = shares(
        {State.BLOCKED: 40},
        {State.BLOCKED: 30, State.STARVED: 1},
        {State.STARVED: 2, State.BLOCKED: 3},
        {State.STARVED: 35},
    )
    assert arrows(states, LINE).tolist() == [2]


def test_of_two_candidates_the_more_severe_counts() -> None:
    # Arrows 0 -> 1 <- 2 -> 3; severity 5 + 5 at 1, 20 at 3.
    states = shares({State.BLOCKED: 5}, {State.BLOCKED: 1}, {State.STARVED: 6, State.BLOCKED: 20}, {})
    assert arrows(states, LINE).tolist() == [3]


def test_a_bottleneck_need_not_be_the_busiest_station() -> None:
    # Station 1 works less than 0 and 3, but holds both of them back by long failures.
    states = shares({State.BLOCKED: 9}, {State.DOWN: 60}, {State.STARVED: 50}, {State.STARVED: 8})
    assert arrows(states, LINE).tolist() == [1]


def test_off_shift_time_and_missing_stations_are_left_out() -> None:
    states = shares(
        {State.BLOCKED: 10, State.OFF_SHIFT: 80},
        {State.STARVED: 30},
        {State.NOT_INSTALLED: 100},
        {State.NOT_INSTALLED: 100},
    )
    assert arrows(states, LINE).tolist() == [1]
    nothing = shares(*[{State.NOT_INSTALLED: 100}] * 4)
    assert arrows(nothing, LINE).tolist() == [-1]


def test_waiting_for_a_made_part_points_to_its_maker() -> None:
    states = shares({State.STARVED: 0}, {State.WAITING_PART: 40})
    assert arrows(states, [(0, 1, True)]).tolist() == [0]


def test_links_follow_routings_and_stores() -> None:
    def op(name: str, station: str, **kw: object) -> Operation:
        return Operation(name, station, Constant(1.0), **kw)  # type: ignore[arg-type]

    model = Model(
        stations=[Station("s1"), Station("s2"), Station("s3")],
        routings=[
            Routing("part", [op("x", "s1")], output="p"),
            Routing("robot", [op("y", "s2", consumes={"p": 1}), op("z", "s3")]),
        ],
        stores=[Store("p")],
    )
    assert sorted(links(model)) == [(0, 1, True), (1, 2, False)]
