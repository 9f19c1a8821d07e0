"""Targets as people write them."""

from datetime import date

import pytest

from ironworks.factory.calendar import WEEK, YEAR
from ironworks.factory.targets import goals
from ironworks.faults import ScenarioFaults
from ironworks.scenario import Scenario, read_scenario
from ironworks.studies.plan import read_aim, read_aimed


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    return read_scenario("tiny")


@pytest.mark.parametrize(
    ("text", "kind", "quantity", "begins", "day"),
    [
        ("10,000/yr by 2027-03-01", "rate", 10_000 / YEAR, date(2027, 1, 4), date(2027, 3, 1)),
        ("40 robots per week by 2027-03-28", "rate", 40 / WEEK, date(2027, 1, 4), date(2027, 3, 28)),
        ("500 finished by 2027-03-01", "finished", 500, date(2027, 1, 4), date(2027, 3, 1)),
        ("500 shipped in 2027", "shipped", 500, date(2027, 1, 4), date(2027, 12, 31)),
        ("500 from 2027-02-01 to 2027-03-01", "finished", 500, date(2027, 2, 1), date(2027, 3, 1)),
        ("two_hundred", "finished", 200, date(2027, 1, 4), date(2027, 3, 28)),
        ("weekly_rate", "rate", 25 / WEEK, date(2027, 1, 4), date(2027, 3, 28)),
    ],
)
def test_targets_are_read(tiny: Scenario, text: str, kind: str, quantity: float, begins: date, day: date) -> None:
    aim = read_aim(text, tiny)
    assert (aim.kind, aim.begins, aim.day) == (kind, begins, day)
    assert aim.quantity == pytest.approx(quantity)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("many robots", "two_hundred"),
        ("10/fortnight by 2027-03-01", "fortnight"),
        ("10/week by tomorrow", "tomorrow"),
        ("0/week by 2027-03-01", "nothing"),
        ("10/week by 2026-03-01", "begins on 2027-01-04"),
        ("start", "start of production"),
    ],
)
def test_what_is_no_target_is_told_with_the_mend(tiny: Scenario, text: str, word: str) -> None:
    with pytest.raises(ScenarioFaults) as caught:
        read_aim(text, tiny)
    assert word in str(caught.value)
    assert "--target" in str(caught.value)
    assert "10000/yr by 2027-12-31" in str(caught.value)


def test_the_scenario_that_is_planned_ends_on_the_targets_day_and_has_that_target_alone() -> None:
    scenario, aim = read_aimed("tiny", "20/week by 2027-03-01")
    (goal,) = goals(scenario)
    assert scenario.settings.scenario.end == aim.day
    assert goal.wanted == pytest.approx(20 / WEEK)
    assert goal.ends - goal.begins == 4 * WEEK


def test_a_part_of_a_target_is_told_in_the_unit_that_was_asked_for(tiny: Scenario) -> None:
    assert read_aim("40/week by 2027-03-28", tiny).words(0.5) == "20 robots a week on 2027-03-28"
    assert read_aim("500 finished by 2027-03-01", tiny).words() == "500 robots finished from 2027-01-04 to 2027-03-01"
