"""Trips between stations, stores and docks, counted by hand on the tiny scenario and balanced on the large one."""

import datetime
from collections import defaultdict
from collections.abc import Callable

import pytest
from tests.factory.halls import TABLES

from ironworks.factory.material_flow import MaterialFlow, material_flow
from ironworks.factory.plant import Plant
from ironworks.factory.premises import premises
from ironworks.scenario import Scenario, read_scenario

DAY = datetime.date(2027, 3, 1)


def flow_of(scenario: Scenario, site: str, day: datetime.date) -> MaterialFlow:
    plant, draw = Plant(scenario), scenario.mode()
    return material_flow(plant, site, premises(scenario, site, draw, plant.equipment), day, draw)


def trips_of(flow: MaterialFlow) -> dict[tuple[str, str], float]:
    return {(haul.source, haul.target): haul.trips for haul in flow.hauls}


def test_trips_of_the_tiny_plant(changed: Callable[..., Scenario]) -> None:
    scenario = changed(TABLES)
    flow = flow_of(scenario, "shop", DAY)
    robots, mature = 25.0 / 7.0, scenario.mode()(scenario.defects[0].mature)
    again = robots * mature * 0.95
    assert trips_of(flow) == pytest.approx({
        ("bench", "stand"): robots + again,
        ("stand", "packing"): robots,
        ("stand", "bench"): again,
        # Six motors of 0.4 kg in trips of 4 kg.
        ("racks", "bench"): robots * 6 * 0.4 / 4.0,
        ("goods in", "racks"): robots * 6 * 0.4 / 4.0,
        ("packing", "goods out"): robots,
    })  # fmt: skip
    loads = {(haul.source, haul.target): haul.load for haul in flow.hauls}
    assert loads["stand", "packing"] == pytest.approx(8.0 + 6 * 0.4)
    assert loads["racks", "bench"] == pytest.approx(4.0)


def test_places_of_the_tiny_plant(changed: Callable[..., Scenario]) -> None:
    flow = flow_of(changed(TABLES), "shop", DAY)
    # Stock of a week and a week of cover: 25 x 2 x 6 x 0.4 kg in places of 50 kg.
    assert {one.name: one.places for one in flow.departments} == {"bench": 3, "stand": 1, "packing": 1, "racks": 3}
    assert flow.leaving["robot@shop", "assemble"] == ("bench", (("stand", 1.0),))
    assert flow.leaving["robot@shop", "pack"] == ("packing", (("goods out", 1.0),))


def test_without_stores_and_docks_parts_appear_where_they_are_needed(changed: Callable[..., Scenario]) -> None:
    flow = flow_of(changed({"halls.csv": TABLES["halls.csv"]}), "shop", DAY)
    assert set(trips_of(flow)) == {("bench", "stand"), ("stand", "packing"), ("stand", "bench")}


def test_before_a_route_opens_nothing_is_carried(changed: Callable[..., Scenario]) -> None:
    routes = "route,item,site,release,wip_cap,from,plan\nrobot@shop,robot,shop,conwip,8,2027-03-15,robot\n"
    assert not flow_of(changed({**TABLES, "routes.csv": routes}), "shop", DAY).hauls


@pytest.fixture(scope="module")
def base() -> MaterialFlow:
    return flow_of(read_scenario("tianhe"), "base", datetime.date(2029, 6, 1))


def test_what_comes_into_a_store_leaves_it(base: MaterialFlow) -> None:
    into, out = defaultdict[str, float](float), defaultdict[str, float](float)
    for haul in base.hauls:
        into[haul.target] += haul.trips
        out[haul.source] += haul.trips
    for store in ("modules", "goods"):
        assert into[store] == pytest.approx(out[store]), store
        assert into[store] > 0.0


def test_each_robot_is_carried_through_the_line_and_out(base: MaterialFlow) -> None:
    trips, robots = trips_of(base), 430.0 / 7.0
    assert trips["frame", "legs"] == pytest.approx(trips["checklist", "goods out"])
    assert trips["checklist", "goods out"] == pytest.approx(robots, rel=0.1)
    opened = sum(amount for (_, target), amount in trips.items() if target == "rework")
    assert opened == pytest.approx(sum(amount for (source, _), amount in trips.items() if source == "rework"))
    assert opened > 1.0


def test_stations_that_serve_one_item_are_one_family(base: MaterialFlow) -> None:
    families = {one.name: one.family for one in base.departments}
    assert families["finger line"] == families["hand palm"] == "hand_pair"
    assert families["frame"] == "robot"
    assert families["ageing"] == "robot: test"
    assert families["rework"] == "rework"
    assert families["goods"] == "store"
