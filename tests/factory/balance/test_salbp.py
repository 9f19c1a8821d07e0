"""Fewest stations: equal to every set tried, to published optima, and interrupted without loss."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from tests.factory.balance.lines import fewest_by_subsets, small_lines

from ironworks.factory.balance import BalanceError, LineInstance, fewest_stations, read_instance
from ironworks.factory.balance import salbp as module


def test_bowmans_line_needs_five_stations_of_twenty(bowman: LineInstance) -> None:
    found = fewest_stations(bowman, 20)
    assert (found.assignment.stations, found.least, found.proven, found.gap) == (5, 5, True, 0.0)


@given(small_lines())
@settings(deadline=None, max_examples=150)
def test_fewest_stations_are_those_of_every_set_tried(drawn: tuple[LineInstance, int]) -> None:
    line, cycle = drawn
    found = fewest_stations(line, cycle)
    found.assignment.verify()
    assert found.proven
    assert found.assignment.stations == fewest_by_subsets(line, cycle)


def test_the_line_run_backwards_needs_as_many(bowman: LineInstance) -> None:
    assert fewest_stations(bowman.reversed(), 20).assignment.stations == 5


def test_tasks_that_are_longer_than_the_cycle_are_all_named(bowman: LineInstance) -> None:
    with pytest.raises(BalanceError) as caught:
        fewest_stations(bowman, 11)
    assert caught.value.problems == (
        "task 2 takes 17, more than the cycle of 11", "task 6 takes 12, more than the cycle of 11",
    )  # fmt: skip


def test_without_time_there_is_a_line_and_a_bound_all_the_same(bowman: LineInstance) -> None:
    found = fewest_stations(bowman, 20, seconds=0.0)
    found.assignment.verify()
    assert found.least <= 5 <= found.assignment.stations
    assert not found.proven


def test_an_interrupted_search_gives_what_it_has(monkeypatch: pytest.MonkeyPatch, bowman: LineInstance) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "beam", interrupted)
    found = fewest_stations(bowman, 20)
    found.assignment.verify()


def test_better_lines_are_told_as_they_come() -> None:
    line = LineInstance(np.array([5] * 6), ())
    heard: list[int] = []
    found = fewest_stations(line, 10, told=lambda stations, least: heard.append(stations))
    assert heard[-1] == found.assignment.stations == 3
    assert heard == sorted(heard, reverse=True)


def published(data: Path, every: int) -> list[tuple[str, int, int]]:
    with (data / "scholl_salbp1_optima.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["m_star"].isdigit()]
    return [(row["file"], int(row["c"]), int(row["m_star"])) for row in rows[::every]]


def test_published_lines_need_what_was_published(salbp_data: Path) -> None:
    for file, cycle, fewest in published(salbp_data, 12):
        found = fewest_stations(read_instance(salbp_data / "scholl" / file)[0], cycle, 20.0)
        found.assignment.verify()
        assert (file, cycle, found.assignment.stations, found.proven) == (file, cycle, fewest, True)


def test_an_open_line_of_the_literature_needs_33(salbp_data: Path) -> None:
    found = fewest_stations(read_instance(salbp_data / "scholl" / "WEE-MAG.IN2")[0], 47, 20.0)
    assert (found.assignment.stations, found.proven) == (33, True)
