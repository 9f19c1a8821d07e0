"""Order-up-to levels, demand and suppliers counted by hand."""

import math
from collections.abc import Callable
from datetime import date

import pytest

from ironworks.factory.calendar import DAY, WEEK
from ironworks.factory.process import Process
from ironworks.factory.supply import SupplyPlan
from ironworks.scenario import Scenario, read_scenario


def plan_of(scenario: Scenario) -> SupplyPlan:
    return SupplyPlan(scenario, Process(scenario))


def test_demand_is_the_programme_times_the_bill_of_materials() -> None:
    plan = plan_of(read_scenario("tiny"))
    # 4 weeks of 10 robots, then 25 a week; 6 motors each.
    assert plan.demand("motor", [0, 4 * WEEK, 6 * WEEK]).tolist() == pytest.approx([0, 240, 540])
    assert plan.demand_rate("motor", date(2027, 3, 1)) * WEEK == pytest.approx(150)


def test_level_covers_lead_time_review_and_safety_with_the_fill_and_the_yield() -> None:
    scenario = read_scenario("tiny")
    (store,) = plan_of(scenario).stores(scenario.mode())
    assert store.supply is not None
    levels = dict(store.supply.order_up_to)
    # Lead 3 + review 1 + cover 1 = 5 weeks ahead; 8 robots in process hold 48 motors; 98 % are good.
    assert levels[0.0] == math.ceil((40 + 25) * 6 / 0.98 + 48 / 0.98 - 1e-9)
    assert levels[4 * WEEK] == math.ceil((5 * 25 * 6 + 48) / 0.98)
    assert (store.initial, store.supply.lot, store.supply.supplier) == (120, 60, "motor_maker")


def test_supplier_ceiling_in_units_per_second() -> None:
    scenario = read_scenario("tiny")
    (supplier,) = plan_of(scenario).suppliers(scenario.mode())
    assert supplier.ceiling == [(0.0, pytest.approx(240 / WEEK))]


def test_of_ceilings_before_the_first_day_the_last_holds(changed: Callable[..., Scenario]) -> None:
    supply = (
        "supplier,from,ceiling,kind,source,note\nmotor_maker,2026-01-01,1 unit/week,assumed,x,\n"
        "motor_maker,2026-06-01,2 unit/week,assumed,x,\nmotor_maker,2027-01-11,3 unit/week,assumed,x,\n"
    )
    scenario = changed({"supply.csv": supply})
    (supplier,) = plan_of(scenario).suppliers(scenario.mode())
    assert supplier.ceiling == [(0.0, pytest.approx(2 / WEEK)), (7 * DAY, pytest.approx(3 / WEEK))]


def test_release_plan_counts_from_the_opening_of_the_route() -> None:
    scenario = read_scenario("tiny")
    plan = plan_of(scenario)
    assert plan.release_plan("robot", scenario.mode(), WEEK, math.inf, 1) == [
        (WEEK, 0.0),
        (4 * WEEK, pytest.approx(30)),
        (12 * WEEK, pytest.approx(30 + 200)),
    ]
    lots = plan.release_plan("robot", scenario.mode(), 0.0, 6 * WEEK, 5)
    assert lots[-1] == (6 * WEEK, pytest.approx((40 + 50) / 5))


def test_long_lead_parts_are_ordered_their_lead_ahead() -> None:
    rows = plan_of(read_scenario("tiny")).long_lead()
    assert [(part.part, needed, order) for part, needed, order, _, _ in rows] == [
        ("motor", date(2027, 1, 4), date(2026, 12, 14)),
        ("motor", date(2027, 2, 1), date(2027, 1, 11)),
    ]
