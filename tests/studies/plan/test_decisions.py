"""A plan changes the tables that it decides, and nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from ironworks.factory.calendar import DAY, intervals
from ironworks.factory.plant import Plant
from ironworks.scenario import Scenario, read_scenario
from ironworks.studies.plan import Knobs, Sizing, as_planned, outlay, read_aimed


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    return read_scenario("tiny")


def test_the_scenarios_own_plan_changes_nothing(tiny: Scenario) -> None:
    same = as_planned(tiny).apply(tiny)
    draw = tiny.draw(7, 0)
    assert outlay(Plant(same), tiny.mode()) == outlay(Plant(tiny), tiny.mode())
    assert Plant(same).model(draw).stations == Plant(tiny).model(draw).stations
    assert [s.ceiling for s in Plant(same).supply.suppliers(draw)] == [
        s.ceiling for s in Plant(tiny).supply.suppliers(draw)
    ]


def test_what_a_plan_does_not_decide_stays_uncertain() -> None:
    scenario, aim = read_aimed("tianhe", "5000/yr by 2027-12-31")
    plan = Sizing(scenario, aim, seed=3).decide(Knobs(mix=(("pilot", 1.0), ("base", 0.0))))
    planned = plan.apply(scenario)
    assert {item for item, _, _ in plan.programme} == {"robot", "shipment"}
    cars = [[row for row in one.programme if row.item == "vehicle"] for one in (scenario, planned)]
    assert cars[0] == cars[1] != []


def test_a_place_costs_its_price_and_a_person_the_wage(tiny: Scenario) -> None:
    own = as_planned(tiny)
    mode, start = tiny.mode(), tiny.settings.scenario.start
    base = outlay(Plant(tiny), mode)
    more = replace(own, places=(("stand", date(2027, 3, 22), 1),))
    assert outlay(Plant(more.apply(tiny)), mode).investment - base.investment == pytest.approx(200_000)
    hired = replace(own, people=(("assembler", start, 6),))
    days = (tiny.settings.scenario.end - start).days
    extra = outlay(Plant(hired.apply(tiny)), mode).wages - base.wages
    assert extra == pytest.approx(mode(tiny.skills[0].wage) * days * DAY)


def test_equal_decisions_have_equal_keys_and_each_change_a_new_one(tiny: Scenario) -> None:
    own = as_planned(tiny)
    changed = [
        replace(own, places=(("stand", date(2027, 3, 22), 1),)),
        replace(own, people=(("assembler", date(2027, 1, 4), 6),)),
        replace(own, cover={"motor": DAY}),
        replace(own, wip={"robot": 9}),
        replace(own, buffers={"stand": 9}),
        replace(own, carriers={"cart": 9}),
        replace(own, weekend=date(2027, 2, 1)),
    ]
    assert own.key == as_planned(tiny).key
    assert len({own.key, *(one.key for one in changed)}) == len(changed) + 1


def test_weekend_teams_work_when_the_others_do_not_and_are_paid_besides(tiny: Scenario) -> None:
    plan = replace(as_planned(tiny), weekend=date(2027, 2, 1))
    changed = plan.apply(tiny)
    added = changed.calendars[len(tiny.calendars) :]
    assert {row.calendar for row in added} == {"day"}
    assert {day for row in added for day in row.days} == {5, 6}
    before, after = (
        intervals([row for row in one.calendars if row.calendar == "day"], date(2027, 2, 1), 7)
        for one in (tiny, changed)
    )
    hours = [(spans[:, 1] - spans[:, 0]).sum() / 3600 for spans in (before, after)]
    assert hours[1] - hours[0] == pytest.approx(4 * 10, abs=4.1)
    assert Plant(changed).people.payroll("assembler", date(2027, 2, 2)) > Plant(tiny).people.payroll(
        "assembler", date(2027, 2, 2)
    )
