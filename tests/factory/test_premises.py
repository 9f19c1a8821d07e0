"""Halls, docks and links of a scenario as the layout sees them, and what places need."""

import datetime
from collections.abc import Callable

import pytest
from tests.factory.halls import TABLES

from ironworks.factory.equipment import Equipment
from ironworks.factory.premises import in_words, premises, sites_with_halls, space_of_station, space_of_store
from ironworks.scenario import Scenario, read_scenario


@pytest.fixture(scope="module")
def tianhe() -> Scenario:
    return read_scenario("tianhe")


def test_halls_have_what_their_rows_say(changed: Callable[..., Scenario]) -> None:
    scenario = changed(TABLES)
    site = premises(scenario, "shop", scenario.mode(), Equipment(scenario))
    (hall,) = site.halls
    assert (hall.width, hall.depth, hall.clear_height, hall.floor_load) == (20.0, 20.0, 5.0, 20e3)
    assert (hall.power, hall.heat, hall.rooms) == (100e3, 100e3, ("plain", "clean"))
    assert hall.air == pytest.approx(50.0 / 3600.0)
    assert hall.ready == datetime.date(2027, 1, 4)
    assert [(dock.name, dock.x, dock.y) for dock in hall.docks] == [
        ("goods in", 0.0, 15.0), ("goods out", 20.0, 15.0),
    ]  # fmt: skip


def test_phases_begin_with_the_site_or_later(tianhe: Scenario) -> None:
    site = premises(tianhe, "base", tianhe.mode(), Equipment(tianhe))
    days = {hall.name: hall.ready for hall in site.halls}
    # 2026-02-25 and 15.5 months.
    assert datetime.date(2027, 6, 1) <= days["a1"] <= datetime.date(2027, 6, 12)
    assert days["b1"] == datetime.date(2028, 5, 1)
    assert site.origin == (113.36, 23.12)
    assert [round(area) for _, area in site.phases()] == [32256, 46080]


def test_a_lift_counts_as_the_metres_that_its_time_is_worth(tianhe: Scenario) -> None:
    lift = premises(tianhe, "base", tianhe.mode(), Equipment(tianhe)).links[0]
    assert (lift.kind, lift.name, lift.metres, lift.capacity) == ("lift", "1", 75.0, 3000.0)


def test_a_site_without_halls_is_told_those_that_have_some(tianhe: Scenario) -> None:
    assert sites_with_halls(tianhe) == ("pilot", "base")
    with pytest.raises(ValueError, match="site cars has no halls; those that have: pilot, base"):
        premises(tianhe, "cars", tianhe.mode(), Equipment(tianhe))


def test_names_on_a_plan_are_told_apart(tianhe: Scenario) -> None:
    assert in_words(tianhe, "base")["rotary_line@base"] == "rotary line"
    assert in_words(tianhe, "base")["goods_in@base"] == "goods in"


SPACES = """of,width,depth,front,height,mass,air,noise,room,crane,kind,source
manual,,,2 m,3 m,,,,,,assumed,chosen for a test
bench,4 m,2 m,,,,3.6 m3/hour,75,clean,,assumed,chosen for a test
"""


def test_a_station_goes_before_its_type_and_both_before_the_default(changed: Callable[..., Scenario]) -> None:
    scenario = changed({**TABLES, "spaces.csv": SPACES})
    spaces = {row.station: space_of_station(scenario, row, row.station, scenario.mode()) for row in scenario.stations}
    bench, packing, stand = (spaces[name] for name in ("bench", "packing", "stand"))
    assert (bench.width, bench.depth, bench.front, bench.height, bench.room, bench.noise) == (4, 2, 2, 3, "clean", 75)
    assert bench.air == pytest.approx(0.001)
    assert bench.mass == pytest.approx(120 * 4 * 2)
    assert (packing.front, packing.height, packing.room, packing.noise) == (2, 3, "plain", 68)
    assert packing.area == pytest.approx(10.0 * 0.75)
    assert (stand.front, stand.height, stand.power, stand.heat) == (1.2, 2.6, 2e3, 2e3)


def test_racks_weigh_what_they_hold(changed: Callable[..., Scenario]) -> None:
    scenario = changed(TABLES)
    space = space_of_store(scenario.stores[0], "racks", scenario.mode())
    assert space.area == pytest.approx(6.0)
    assert space.pressure * space.width * space.depth == pytest.approx((150 * space.width * space.depth + 50) * 9.80665)
