"""No bound is ever above the truth, and no station does more than one unit of a price."""

import itertools

import numpy as np
from hypothesis import given, settings
from tests.factory.balance.lines import fewest_by_subsets, small_lines

from ironworks.factory.balance import LineInstance, prices
from ironworks.factory.balance.layers import relaxed
from ironworks.factory.balance.search import problem_of


@given(small_lines())
@settings(deadline=None, max_examples=60)
def test_bounds_are_at_most_the_fewest_stations(drawn: tuple[LineInstance, int]) -> None:
    line, cycle = drawn
    assert prices(line, cycle).least <= fewest_by_subsets(line, cycle)


@given(small_lines())
@settings(deadline=None, max_examples=60)
def test_no_set_of_tasks_that_fits_a_station_costs_more_than_a_unit(drawn: tuple[LineInstance, int]) -> None:
    line, cycle = drawn
    found = prices(line, cycle)
    follows = line.follows
    for size in range(1, len(line) + 1):
        for tasks in itertools.combinations(range(len(line)), size):
            chosen = list(tasks)
            between = follows[chosen].any(axis=0) & follows[:, chosen].any(axis=1)
            between[chosen] = False
            # Pairs are priced by what must come between them: those sets alone are loads.
            if not between.any() and line.times[chosen].sum() <= cycle:
                assert (found.price[:, chosen].sum(axis=1) <= found.unit).all()


@given(small_lines())
@settings(deadline=None, max_examples=60)
def test_a_relaxation_of_any_width_is_at_most_the_fewest_stations(drawn: tuple[LineInstance, int]) -> None:
    line, cycle = drawn
    ordered = problem_of(line, cycle, prices(line, cycle))
    fewest = fewest_by_subsets(line, cycle)
    for width in (2, 3, 8):
        least = relaxed(ordered, len(line) + 1, width, np.inf)
        assert least is not None
        assert least <= fewest


def test_the_linear_programme_packs_what_times_alone_do_not() -> None:
    # Six thirds and a bit: two of 34 fit in 100, three do not, so that three stations are needed where times ask for 3.
    line = LineInstance(np.array([34] * 6 + [32] * 3), ())
    found = prices(line, 100)
    assert found.least == 3
    assert prices(LineInstance(np.array([51] * 4), ()), 100).least == 4
