"""Lines and assignments check themselves."""

import numpy as np
import pytest
from hypothesis import given
from tests.factory.balance.lines import small_lines

from ironworks.factory.balance import Assignment, BalanceError, LineInstance


def test_the_order_strength_of_a_chain_is_one_and_of_no_order_nought() -> None:
    times = np.array([1, 2, 3, 4])
    assert LineInstance(times, ((0, 1), (1, 2), (2, 3))).order_strength == 1.0
    assert LineInstance(times, ()).order_strength == 0.0


def test_a_pair_that_others_imply_is_left_out_of_the_reduced_order() -> None:
    line = LineInstance(np.array([1, 1, 1]), ((0, 1), (1, 2), (0, 2)))
    assert line.reduced == ((0, 1), (1, 2))


@given(small_lines())
def test_the_reduced_order_says_the_same(drawn: tuple[LineInstance, int]) -> None:
    line, _ = drawn
    again = LineInstance(line.times, line.reduced)
    assert (again.follows == line.follows).all()
    assert len(again.reduced) == len(line.reduced)


def test_tasks_in_a_circle_are_named() -> None:
    with pytest.raises(BalanceError, match=r"circle.*b, c"):
        LineInstance(np.array([1, 1, 1]), ((1, 2), (2, 1)), ("a", "b", "c"))


def test_every_fault_of_a_line_is_told_at_once() -> None:
    with pytest.raises(BalanceError) as caught:
        LineInstance(np.array([1, -1]), ((0, 5),), ("a", "b"))
    assert len(caught.value.problems) == 2


def test_an_assignment_that_breaks_rules_says_which(bowman: LineInstance) -> None:
    station = np.array([0, 1, 2, 2, 3, 3, 4, 0])
    problems = Assignment(bowman, 20, station).problems()
    assert any("task 8 is at station 1, before 6 at 4" in problem for problem in problems)
    assert not any("loaded" in problem for problem in problems)
    assert any("station 1 is loaded with 14 of 13" in problem for problem in Assignment(bowman, 13, station).problems())


def test_a_station_without_a_task_is_a_fault(bowman: LineInstance) -> None:
    problems = Assignment(bowman, 100, np.array([0, 0, 0, 0, 0, 0, 0, 2])).problems()
    assert problems == ["station 2 has nothing to do"]


def test_tasks_of_a_station_come_in_an_order_that_may_be_followed(bowman: LineInstance) -> None:
    tasks = Assignment(bowman, 100, np.zeros(8, np.int64)).tasks(0)
    for before, after in bowman.order:
        assert tasks.index(bowman.names[before]) < tasks.index(bowman.names[after])
