"""Shortest cycles and least waste."""

import pytest
from hypothesis import given, settings
from tests.factory.balance.lines import fewest_by_subsets, small_lines

from ironworks.factory.balance import BalanceError, LineInstance, most_efficient, salbp, shortest_cycle


def test_bowmans_line_at_five_stations_runs_at_seventeen(bowman: LineInstance) -> None:
    found = shortest_cycle(bowman, 5)
    assert found.proven
    assert (
        fewest_by_subsets(bowman, found.assignment.cycle) <= 5 < fewest_by_subsets(bowman, found.assignment.cycle - 1)
    )


@given(small_lines())
@settings(deadline=None, max_examples=40)
def test_no_shorter_cycle_would_do(drawn: tuple[LineInstance, int]) -> None:
    line, _ = drawn
    for stations in (1, 2, 4):
        found = shortest_cycle(line, stations)
        found.assignment.verify()
        assert found.proven
        cycle = found.assignment.cycle
        assert fewest_by_subsets(line, cycle) <= stations
        if cycle > max(line.times.max(), 1):
            assert fewest_by_subsets(line, cycle - 1) > stations


def test_without_time_there_is_a_line_and_a_bound_all_the_same(bowman: LineInstance) -> None:
    found = shortest_cycle(bowman, 3, seconds=0.0)
    found.assignment.verify()
    assert found.assignment.stations <= 3
    assert found.least <= shortest_cycle(bowman, 3).assignment.cycle <= found.assignment.cycle


def test_an_interrupted_search_gives_what_it_has_and_goes_on_no_more(
    monkeypatch: pytest.MonkeyPatch, bowman: LineInstance
) -> None:
    calls = []

    def interrupted(*_: object) -> None:
        calls.append(1)
        raise KeyboardInterrupt

    monkeypatch.setattr(salbp, "beam", interrupted)
    found = shortest_cycle(bowman, 3)
    found.assignment.verify()
    assert (found.interrupted, len(calls)) == (True, 1)


def test_the_most_efficient_number_of_stations_is_the_best_of_all(bowman: LineInstance) -> None:
    found = most_efficient(bowman, (2, 6))
    all_of_them = [shortest_cycle(bowman, count).assignment for count in range(2, 7)]
    assert found.assignment.stations * found.assignment.cycle == min(one.stations * one.cycle for one in all_of_them)


def test_an_empty_range_is_refused(bowman: LineInstance) -> None:
    with pytest.raises(BalanceError, match="from 4 to 3"):
        most_efficient(bowman, (4, 3))
    with pytest.raises(BalanceError, match="0 stations"):
        shortest_cycle(bowman, 0)
