"""Limits that no plan gets around, and how they flip when there is more of what is short."""

import numpy as np
import pytest

from ironworks.scenario import Scenario
from ironworks.studies.plan import Aim, Bound, Knobs, Sizing, bounds, constraints, read_aimed
from ironworks.studies.plan.constraint import relieved


def held(scenario: Scenario, aim: Aim, draws: int = 12) -> dict[tuple[str, str, bool], Bound]:
    sizing = Sizing(scenario, aim, seed=5)
    steps = {site: sizing.steps(Knobs(pace=1.0, mix=((site, 1.0),))) for site in sizing.sites}
    return {(one.kind, one.name, one.strict): one for one in bounds(scenario, aim, steps, seed=5, draws=draws)}


def test_the_factor_is_what_suffices_with_the_probability() -> None:
    bound = Bound("floor", "hall", np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), True)
    assert bound.chance == 0.25
    assert bound.factor(0.5) == pytest.approx(3.0)
    assert Bound("floor", "hall", bound.needs, 3.0 * bound.has, True).chance >= 0.5


def test_a_million_a_year_needs_more_floor_and_supply_than_there_is_until_there_is_enough() -> None:
    scenario, aim = read_aimed("tianhe", "1000000/yr by 2030-12-31")
    short = held(scenario, aim)
    floor = short["floor", "base and pilot", True]
    assert floor.chance == 0.0
    assert floor.factor(0.9) > 2.0
    assert short["supply", "screw_makers", False].chance == 0.0
    able = constraints(scenario, Sizing(scenario, aim, seed=5), list(short.values()), 0.9)
    wide = [one.levels[-1] for one in able if one.name.startswith(("floor of", "ceiling of"))]
    enough = held(relieved(scenario, wide, "tianhe", aim), aim)
    assert all(one.chance == 1.0 for one in enough.values())


def test_more_pieces_need_more_floor_and_more_parts() -> None:
    few, many = (held(*read_aimed("tiny", f"{rate}/week by 2027-03-28")) for rate in (20, 200))
    for key in few:
        assert (many[key].needs > few[key].needs).all()
        assert many[key].has == pytest.approx(few[key].has)
