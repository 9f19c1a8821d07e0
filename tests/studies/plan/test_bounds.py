"""Limits that no plan gets around, and how they flip when there is more of what is short."""

from dataclasses import replace

import numpy as np
import pytest

from ironworks.quantities import constant
from ironworks.rows.plant import Site
from ironworks.scenario import Scenario
from ironworks.studies.plan import Aim, Bound, Knobs, Sizing, bounds, constraints, read_aimed
from ironworks.studies.plan.constraint import relieved
from ironworks.studies.plan.search import MOST_PACE


def held(scenario: Scenario, aim: Aim, draws: int = 12) -> dict[tuple[str, str, bool], Bound]:
    sizing = Sizing(scenario, aim, seed=5)
    steps = {site: sizing.steps(Knobs(pace=MOST_PACE, mix=((site, 1.0),))) for site in sizing.sites}
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
    # Even with weekend teams, at full load, and wherever the work is done.
    assert floor.factor(0.9) > 1.5
    assert short["supply", "screw_makers", False].chance == 0.0
    able = constraints(scenario, Sizing(scenario, aim, seed=5), list(short.values()), 0.9)
    wide = [one.levels[-1] for one in able if one.name.startswith(("floor of", "ceilings of"))]
    enough = held(relieved(scenario, wide, "tianhe", aim), aim)
    assert all(one.chance == 1.0 for one in enough.values())


def test_more_pieces_need_more_floor_and_more_parts() -> None:
    few, many = (held(*read_aimed("tiny", f"{rate}/week by 2027-03-28")) for rate in (20, 200))
    for key in few:
        assert (many[key].needs > few[key].needs).all()
        assert many[key].has == pytest.approx(few[key].has)


def test_two_sites_are_short_of_floor_only_where_both_together_are() -> None:
    scenario, aim = read_aimed("tianhe", "5000/yr by 2027-12-31")
    need = float(held(scenario, aim)["floor", "base and pilot", True].needs.max())
    # Each site alone has too little, both together enough.
    enough, short = (
        replace(scenario, sites=tuple(_sized(one, part * need) for one in scenario.sites)) for part in (0.7, 0.2)
    )
    assert held(enough, aim)["floor", "base and pilot", True].chance == 1.0
    assert held(short, aim)["floor", "base and pilot", True].chance < 1.0


def _sized(site: Site, area: float) -> Site:
    return site.model_copy(update={"area": constant(area, "area")}) if site.site in ("pilot", "base") else site
