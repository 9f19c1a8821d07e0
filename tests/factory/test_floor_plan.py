"""Floor plans of scenarios: they hold every rule, or say what is lacking; and carriers drive as far as they say."""

import datetime
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factory.halls import HALLS, TABLES
from tests.factory.layout.test_plan import holds

from ironworks import chain
from ironworks.factory.floor_plan import FloorPlan, floor_plan, floor_plans, fullest_day, ways_of
from ironworks.factory.plant import Plant
from ironworks.factory.routings import Routings
from ironworks.scenario import Scenario, read_scenario

Changed = Callable[..., Scenario]
CARRIED = ("robot@shop", "assemble")


def planned(scenario: Scenario, day: datetime.date = datetime.date(2027, 3, 1)) -> FloorPlan:
    return floor_plan(Plant(scenario), "shop", day)


def test_a_plan_holds_by_a_checker_of_the_tests_own(changed: Changed) -> None:
    plan = planned(changed(TABLES))
    assert plan.findings == ()
    assert plan.layout is not None
    holds(plan.layout)
    assert {one.kind: one.needs for one in plan.needs}["power"] == pytest.approx(3 * 500.0 + 2000.0 + 200.0)
    assert not any(need.short for need in plan.needs)


@given(st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_halls_a_plan_holds_or_findings_say_why_not(changed: Changed, data: st.DataObject) -> None:
    bays = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
    bay = data.draw(st.integers(5, 14))
    power, air = data.draw(st.integers(1, 30)), data.draw(st.integers(1, 60))
    halls = (
        HALLS.replace("2,2,10 m,10 m", f"{bays[0]},{bays[1]},{bay} m,{bay} m")
        .replace("100 kW", f"{power} kW").replace("50 m3", f"{air} m3")
    )  # fmt: skip
    docks = TABLES["docks.csv"].replace("15 m", "4 m").replace("20 m", f"{bays[0] * bay} m")
    area = bays[0] * bays[1] * bay**2
    scenario = changed(
        {**TABLES, "halls.csv": halls, "docks.csv": docks},
        sites__shop__area=f"{area} m2", layout__iterations="50",
        stations__bench__places=str(data.draw(st.integers(1, 9))),
    )  # fmt: skip
    plan = planned(scenario)
    assert (plan.layout is None) == bool(plan.findings)
    if plan.layout is not None:
        holds(plan.layout)
    floor = next(need for need in plan.needs if need.kind == "floor")
    assert floor.has == pytest.approx(area)
    assert not floor.short or plan.layout is None


def test_a_hall_that_is_too_small_is_a_finding_with_square_metres(changed: Changed) -> None:
    halls = {**TABLES, "halls.csv": HALLS.replace("2,2,10 m,10 m", "1,1,7 m,7 m"), "docks.csv": "dock,hall,x,y\n"}
    plan = planned(changed(halls, sites__shop__area="49 m2"))
    assert plan.layout is None
    (floor,) = (need for need in plan.needs if need.kind == "floor")
    needed = sum(one.places * one.space.area for one in plan.flow.departments) / 0.75
    assert (floor.halls, floor.needs, floor.has) == (("h1",), pytest.approx(needed), pytest.approx(49.0))
    assert floor.short
    assert any("49 m2 of halls" in finding and f"{needed:,.0f} m2 are needed" in finding for finding in plan.findings)
    assert plan.metres == {}


def test_a_hall_that_is_short_for_what_can_stand_nowhere_else_is_named(changed: Changed) -> None:
    halls = (
        HALLS.replace("2,2,10 m,10 m", "2,1,10 m,10 m")
        + HALLS.splitlines()[1]
        .replace("h1", "h2")
        .replace("2,2,10 m,10 m", "2,1,10 m,10 m")
        .replace("plain clean", "plain")
        + "\n"
    )
    spaces = "of,room\nbench,clean\n"
    docks = "dock,hall,x,y\n"
    scenario = changed(
        {**TABLES, "halls.csv": halls, "docks.csv": docks, "spaces.csv": spaces}, stations__bench__places="17"
    )
    plan = planned(scenario)
    assert plan.layout is None
    (short,) = (need for need in plan.needs if need.short and need.kind == "floor")
    assert short.halls == ("h1",)
    wanted = f"h1: 200 m2 of floor, {short.needs:,.0f} m2 needed by what can stand nowhere else"
    assert wanted in plan.findings


def test_a_day_before_the_halls_are_ready_is_a_finding(changed: Changed) -> None:
    plan = planned(changed(TABLES, halls__h1__from="2027-02-01"), datetime.date(2027, 1, 10))
    assert "no hall of A rented workshop is ready on 2027-01-10" in plan.findings[0]


def test_the_chance_of_the_floor_is_counted_in_the_draws(changed: Changed) -> None:
    scenario = changed(TABLES, sites__shop__area="400 [60, 420] m2")
    draws = [scenario.draw(1, i) for i in range(40)]
    plan = floor_plan(Plant(scenario), "shop", datetime.date(2027, 3, 1), draws)
    needed = sum(one.places * one.space.area for one in plan.flow.departments) / 0.75
    assert plan.chance == sum(draw(scenario.sites[0].area) >= needed for draw in draws) / 40
    assert 0.0 < plan.chance <= 1.0


def test_the_same_seed_gives_the_same_plan(changed: Changed) -> None:
    scenario = changed(TABLES)
    one, other = planned(scenario), planned(scenario)
    assert one.layout is not None
    assert other.layout is not None
    assert one.layout.places == other.layout.places
    assert one.metres == other.metres


def test_carriers_drive_as_far_as_the_plan_says(changed: Changed) -> None:
    scenario = changed(TABLES)
    plant, draw = Plant(scenario), scenario.mode()
    plans = floor_plans(plant)
    ways = ways_of(scenario, plans)
    assert set(ways) == {CARRIED}
    layout = plans[0].layout
    assert layout is not None
    assert ways[CARRIED] == layout.metres["bench", "stand"] > 0.0
    row = next(row for row in scenario.operations if row.operation == "assemble")
    routings: Routings = plant._routings
    assert routings.travel(row, draw) == 600.0
    assert routings.walked(ways).travel(row, draw) == pytest.approx(40.0 + ways[CARRIED] / 0.5)
    travel = plant.walked(ways).model(draw).routings[0].operations[0].travel
    assert travel is not None
    assert travel.mean == pytest.approx(40.0 + ways[CARRIED] / 0.5)
    assert plant.model(draw).routings[0].operations[0].travel.mean == 600.0  # type: ignore[union-attr]


def test_tables_hold_where_layout_asks_for_them_or_carriers_have_no_speed(changed: Changed) -> None:
    plan = SimpleNamespace(metres={CARRIED: 30.0, ("robot@shop", "test"): 10.0})
    assert ways_of(changed(TABLES), [plan]) == {CARRIED: 30.0}  # type: ignore[list-item]
    assert ways_of(changed(TABLES, layout__travel="tables"), [plan]) == {}  # type: ignore[list-item]
    slow = {**TABLES, "fleets.csv": TABLES["fleets.csv"].replace("0.5 m/s", "")}
    assert ways_of(changed(slow), [plan]) == {}  # type: ignore[list-item]


def test_a_run_takes_the_ways_of_its_plan_whatever_the_workers(changed: Changed) -> None:
    scenario = changed(TABLES)
    one, two = (chain.run(scenario, workers=n, replications=2) for n in (1, 2))
    assert set(one.ways) == {CARRIED}
    assert one.ways == two.ways
    assert (one.output() == two.output()).all()
    alone = chain.replicate(scenario, [chain.Job(one.seed, 0)], workers=1)[0]
    assert alone.times.tolist() == chain.replicate(
        scenario, [chain.Job(one.seed, 0)], ways=one.ways, workers=1
    )[0].times.tolist()  # fmt: skip
    idle = {"operations.robot@shop/assemble.travel", "stores.racks.load"}
    assert idle.isdisjoint(one.draws.ids)


def test_a_run_goes_on_with_the_tables_where_there_is_no_plan(changed: Changed) -> None:
    halls = {**TABLES, "halls.csv": HALLS.replace("2,2,10 m,10 m", "1,1,7 m,7 m"), "docks.csv": "dock,hall,x,y\n"}
    outcome = chain.run(changed(halls, sites__shop__area="49 m2"), workers=1, replications=1)
    assert outcome.floors[0].layout is None
    assert outcome.ways == {}
    assert floor_plans(Plant(read_scenario("tiny"))) == ()


def test_the_fullest_day_is_the_first_with_most_floor() -> None:
    plant = Plant(read_scenario("tianhe"))
    assert fullest_day(plant, "base") == datetime.date(2029, 1, 1)
    assert fullest_day(plant, "pilot") == datetime.date(2027, 5, 3)


def test_the_built_in_base_fits_its_halls() -> None:
    scenario = read_scenario("tianhe", {"layout.iterations": "200"})
    plan = floor_plan(Plant(scenario), "base", datetime.date(2029, 1, 1))
    assert plan.findings == ()
    assert plan.layout is not None
    holds(plan.layout)
    assert ways_of(scenario, [plan]).keys() == {("robot@base", "dress"), ("robot@base", "end_of_line")}
    halls = {place.department: place.hall for place in plan.layout.places}
    assert halls["head bench"] == "a2"
