"""Equipment over time: late sites, expansions, leads, moves."""

from collections.abc import Callable
from datetime import date

import pytest

from ironworks.factory.calendar import DAY, WEEK
from ironworks.factory.equipment import Equipment, _never_below_zero
from ironworks.scenario import Scenario

SITE = "site,description,available,delay,area,kind,source,note\nshop,x,{day},{delay},400 m2,assumed,x,\n"
GROW = "station,date,places,note\nstand,2027-03-15,1,\nbench,2027-01-11,2,\nbench,2027-02-01,-4,\n"


def test_what_stands_at_a_ready_site_is_there_at_once(changed: Callable[..., Scenario]) -> None:
    equipment = Equipment(scenario := changed({}))
    assert equipment.places("bench", scenario.mode()) == (3, [])


def test_a_site_that_comes_late_shifts_its_stations(changed: Callable[..., Scenario]) -> None:
    scenario = changed({"sites.csv": SITE.format(day="2027-02-01", delay='"1 [1, 6] week"')})
    equipment, mode = Equipment(scenario), scenario.mode()
    # Ready after 5 weeks; installation 1 day, qualification 2 days. The stand: delivered after 8 weeks, then 2 more.
    assert equipment.places("bench", mode) == (0, [(5 * WEEK + 3 * DAY, 3)])
    assert equipment.places("stand", mode) == (0, [(10 * WEEK, 1)])
    late = scenario.with_values(mode, {"sites.shop.delay": 5 * WEEK})
    assert equipment.places("bench", late) == (0, [(9 * WEEK + 3 * DAY, 3)])


def test_expansions_come_on_their_date_when_ordered_in_time(changed: Callable[..., Scenario]) -> None:
    scenario = changed({"expansions.csv": GROW})
    equipment, mode = Equipment(scenario), scenario.mode()
    assert equipment.places("stand", mode) == (1, [(10 * WEEK, 1)])
    # Wanted a week after the start, but 2 weeks and 3 days away; the removal takes what stands.
    assert equipment.places("bench", mode) == (3, [(17 * DAY, 2), (4 * WEEK, -4)])


def test_orders_carry_their_date_and_money(changed: Callable[..., Scenario]) -> None:
    scenario = changed({"expansions.csv": GROW})
    orders = {o.station: o for o in Equipment(scenario).orders(scenario.mode())}
    assert (orders["stand"].needed, orders["stand"].order_by) == (date(2027, 3, 15), date(2027, 1, 4))
    assert orders["stand"].money == 200_000
    assert orders["bench"].order_by < date(2027, 1, 4)


def test_investment_is_what_comes(changed: Callable[..., Scenario]) -> None:
    scenario = changed({"expansions.csv": GROW})
    paid = Equipment(scenario).spending(scenario.mode())
    assert sum(money for _, money in paid) == 3 * 20_000 + 200_000 + 10_000 + 200_000 + 2 * 20_000


def test_a_removal_before_a_late_addition_is_owed() -> None:
    assert _never_below_zero(1, [(5.0, -3), (9.0, 4)]) == [(5.0, -1), (9.0, 2)]


def test_planned_places_follow_the_dates(changed: Callable[..., Scenario]) -> None:
    equipment = Equipment(changed({"expansions.csv": GROW}))
    assert [equipment.planned_places("stand", date(2027, m, 20)) for m in (1, 3)] == [1, 2]
    assert equipment.planned_places("bench", date(2027, 3, 1)) == pytest.approx(1)
