"""People: presence, hiring, payroll and wages."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from scipy import stats

from ironworks.factory.calendar import WEEK
from ironworks.factory.people import People, present
from ironworks.scenario import Scenario, read_scenario

HEADCOUNT = "skill,from,headcount,note\nassembler,2027-01-04,5,\nassembler,2027-02-08,9,\nassembler,2027-03-01,4,\n"


def test_without_absence_the_plan_is_present() -> None:
    steps = present([(0.0, 3), (2 * WEEK, 5)], 4 * WEEK, 0.0, 0.0, np.full(4, 0.5))
    assert steps == [(0.0, 3), (2 * WEEK, 5)]


def test_presence_is_binomial() -> None:
    uniforms = np.random.default_rng(4).random(5000)
    steps = present([(0.0, 12)], 5000 * WEEK, 0.1, 0.05, uniforms)
    weeks = np.diff([t for t, _ in steps] + [5000 * WEEK]) / WEEK
    people = np.array([n for _, n in steps])
    share = [weeks[people == n].sum() / 5000 for n in range(13)]
    expected = stats.binom.pmf(np.arange(13), 12, 0.9 * 0.95)
    assert np.abs(np.array(share) - expected).max() < 0.02


def test_more_planned_is_never_fewer_present() -> None:
    uniforms = np.random.default_rng(4).random(50)
    few = dict(present([(0.0, 4)], 50 * WEEK, 0.1, 0.0, uniforms))
    many = dict(present([(0.0, 7)], 50 * WEEK, 0.1, 0.0, uniforms))
    now_few = now_many = 0
    for week in range(50):
        now_few, now_many = few.get(week * WEEK, now_few), many.get(week * WEEK, now_many)
        assert now_many >= now_few


def test_hiring_that_takes_longer_delays_newcomers_and_no_others(changed: Callable[..., Scenario]) -> None:
    scenario = changed({"headcount.csv": HEADCOUNT})
    people = People(scenario)
    assert people.plan("assembler", scenario.mode()) == [(0.0, 5), (5 * WEEK, 9), (8 * WEEK, 4)]
    slower = changed({"headcount.csv": HEADCOUNT}, skills__assembler__hiring_lead="5 week")
    # The same plan of leads, with a draw in which they are two weeks longer.
    assert people.plan("assembler", slower.mode()) == [(0.0, 5), (7 * WEEK, 9), (8 * WEEK, 4)]


def test_nobody_is_hired_before_the_scenario(changed: Callable[..., Scenario]) -> None:
    soon = "skill,from,headcount,note\nassembler,2027-01-04,5,\nassembler,2027-01-11,9,\n"
    people = People(scenario := changed({"headcount.csv": soon}))
    assert people.plan("assembler", scenario.mode()) == [(0.0, 5), (4 * WEEK, 9)]
    (hire,) = people.hire_by(scenario.mode())
    assert (hire.order_by, hire.people) == (date(2026, 12, 14), 4)


def test_wages_of_the_plan(changed: Callable[..., Scenario]) -> None:
    people = People(scenario := changed({"headcount.csv": HEADCOUNT}))
    wages = people.wages(scenario.mode(), date(2027, 2, 1), date(2027, 2, 15))
    assert wages == pytest.approx((5 * 7 + 9 * 7) * 110_000 / 365.25, rel=1e-3)


def test_crews_are_paid_from_when_their_first_station_is_planned(changed: Callable[..., Scenario]) -> None:
    crews = "crew,size,calendar,wage,kind,source\nfitters,3,day,100000 yuan/year,assumed,chosen\n"
    plain, paid = (People(changed(files)) for files in ({}, {"crews.csv": crews}))
    mode = changed({"crews.csv": crews}).mode()
    more = [
        one.wages(mode, date(2027, 2, 1), date(2027, 2, 15)) - plain.wages(mode, date(2027, 2, 1), date(2027, 2, 15))
        for one in (plain, paid)
    ]
    assert more == pytest.approx([0.0, 3 * 14 * 100_000 / 365.25])


def test_two_shifts_are_two_payrolls(changed: Callable[..., Scenario]) -> None:
    two = (
        "calendar,days,start,end,breaks,from,until,overtime,note\n"
        "day,mon-fri,06:00,14:00,,,,,early\nday,mon-fri,14:00,22:00,,2027-02-01,,,late\n"
    )
    people = People(changed({"calendars.csv": two}))
    assert people.payroll("assembler", date(2027, 1, 4)) == 5
    assert people.payroll("assembler", date(2027, 2, 1)) == 10


def test_a_shift_that_comes_later_is_paid_from_its_day(changed: Callable[..., Scenario]) -> None:
    two = (
        "calendar,days,start,end,breaks,from,until,overtime,note\n"
        "day,mon-fri,06:00,14:00,,,,,early\nday,mon-fri,14:00,22:00,,2027-02-01,,,late\n"
    )
    crews = "crew,size,calendar,wage,kind,source\nfitters,3,day,100000 yuan/year,assumed,chosen\n"
    people = People(scenario := changed({"calendars.csv": two, "crews.csv": crews, "headcount.csv": HEADCOUNT}))
    wages = people.wages(scenario.mode(), date(2027, 1, 25), date(2027, 2, 8))
    shifts = 1 * 7 + 2 * 7
    assert wages == pytest.approx((5 * 110_000 + 3 * 100_000) * shifts / 365.25)


def test_same_replication_same_presence() -> None:
    people = People(scenario := read_scenario("tiny"))
    mode = scenario.mode()
    assert people.headcount("assembler", mode, 1, 3) == people.headcount("assembler", mode, 1, 3)
    assert people.headcount("assembler", mode, 1, 3) != people.headcount("assembler", mode, 1, 4)
