"""Order-by dates, floor and power by hand."""

from datetime import date

from ironworks.factory.planning import orders, site_needs
from ironworks.factory.plant import Plant
from ironworks.scenario import read_scenario


def test_what_is_due_before_the_first_day_is_late_unless_there_is_stock() -> None:
    scenario = read_scenario("tiny")
    rows = orders(Plant(scenario))
    motors = [row for row in rows if row.what == "motor"]
    assert [row.order_by for row in motors] == [date(2026, 12, 14), date(2027, 1, 11)]
    assert not any(row.late for row in motors)
    bare = read_scenario("tiny", {"parts.motor.initial_stock": "0"})
    assert [row.late for row in orders(Plant(bare)) if row.what == "motor"] == [True, False]


def test_floor_and_power_of_the_planned_places() -> None:
    scenario = read_scenario("tiny")
    (need,) = site_needs(Plant(scenario), scenario.mode())
    assert (need.site, need.year, need.area) == ("shop", 2027, 400)
    assert need.floor == 3 * 12 + 10 + 10
    assert need.power == 3 * 500 + 2000 + 200


def test_late_orders_come_first() -> None:
    rows = orders(Plant(read_scenario("tianhe")))
    assert [row.order_by for row in rows] == sorted(row.order_by for row in rows)
    assert {row.kind for row in rows} == {"equipment", "part", "people"}
