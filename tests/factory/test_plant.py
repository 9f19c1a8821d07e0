"""What a scenario's rows become in the flow's model."""

import time
from collections.abc import Callable

import pytest

from ironworks.factory.calendar import DAY, WEEK
from ironworks.factory.flow.laws import Constant, Exponential, Lognormal
from ironworks.factory.flow.model import BaseStock, Conwip, Saturated
from ironworks.factory.flow.validate import validate
from ironworks.factory.plant import Plant
from ironworks.scenario import Scenario, read_scenario


def test_rows_become_the_model() -> None:
    scenario = read_scenario("tiny")
    model = Plant(scenario).model(scenario.mode())
    bench, stand, _ = model.stations
    assert (bench.places, bench.buffer, bench.calendar, bench.attended) == (3, 4, "day", True)
    assert stand.failures is not None
    assert (stand.failures.uptime, stand.failures.repair) == (Exponential(20 * 3600), Exponential(3600))
    (routing,) = model.routings
    assert isinstance(routing.release, Conwip)
    assemble, test, _ = routing.operations
    assert (assemble.time, assemble.consumes) == (Lognormal(3 * 3600, 0.2), {"motor": 6})
    assert (test.time, test.false_reject) == (Constant(1800), 0.01)
    assert test.finds == {"robot@shop/loose_joint": 0.95}
    (defect,) = model.defects
    assert (defect.return_to, defect.success, defect.max_loops) == ("robot@shop.test", 0.9, 3)
    assert defect.repair.station == "bench"


@pytest.mark.parametrize("name", ["tiny", "tianhe"])
def test_models_are_valid(name: str) -> None:
    scenario = read_scenario(name)
    plant = Plant(scenario)
    validate(plant.model(scenario.mode()))
    validate(plant.model(scenario.draw(1, 0)))


def test_a_model_of_the_whole_plant_takes_milliseconds() -> None:
    scenario = read_scenario("tianhe")
    plant = Plant(scenario)
    plant.model(scenario.mode())
    begun = time.process_time()
    for i in range(5):
        plant.model(scenario.draw(1, i))
    assert (time.process_time() - begun) / 5 < 0.06


def test_release_rules(changed: Callable[..., Scenario]) -> None:
    header = "route,item,site,release,wip_cap,base_stock,from,until,plan,priority,note\n"
    rules = {"saturated": Saturated, "conwip": Conwip}
    for word, rule in rules.items():
        row = f"robot@shop,robot,shop,{word},5,,2027-01-11,2027-03-07,,,\n"
        scenario = changed({"routes.csv": header + row})
        (routing,) = Plant(scenario).model(scenario.mode()).routings
        assert isinstance(routing.release, rule)
        assert (routing.opens, routing.closes) == (WEEK, 9 * WEEK)
        assert routing.plan is None
    assert BaseStock(5).level == 5


def test_a_draw_changes_times_and_another_figure_leaves_them() -> None:
    scenario = read_scenario("tiny")
    plant = Plant(scenario)
    draw = scenario.draw(1, 0)
    one = plant.model(draw).routings[0].operations[0].time.mean
    two = plant.model(scenario.draw(1, 1)).routings[0].operations[0].time.mean
    slower = scenario.with_values(draw, {"motor_lead": 9 * WEEK})
    assert one != two
    assert plant.model(slower).routings[0].operations[0].time.mean == one


def test_engineering_changes_reach_their_routes(changed: Callable[..., Scenario]) -> None:
    ecn = "ecn,item,date,serial,setback,routes,kind,source,note\n"
    ecn += "g8,robot,2027-02-01,,0.3,,assumed,x,\ng9,robot,,80,0.2,robot@shop,assumed,x,\n"
    scenario = changed({"ecn.csv": ecn})
    eight, nine = Plant(scenario).model(scenario.mode()).routings[0].changes
    assert (eight.setback, eight.time, eight.serial) == (0.3, 28 * DAY, None)
    assert (nine.setback, nine.time, nine.serial) == (0.2, None, 80)


def test_the_move_of_the_whole_plant_hands_over_its_experience() -> None:
    scenario = read_scenario("tianhe")
    model = Plant(scenario).model(scenario.mode())
    (move,) = model.moves
    keys = {o.learning.experience for r in model.routings for o in r.operations if o.learning}
    assert move.experience
    assert {key for pair in move.experience for key in pair} <= keys
    assert all(old.endswith("|pilot") for old, _ in move.experience)
    assert set(move.places) <= {station.name for station in model.stations}


def test_a_site_that_comes_after_the_horizon_is_no_fault(changed: Callable[..., Scenario]) -> None:
    late = "site,description,available,delay,area,kind,source,note\nshop,x,2027-01-11,60 week,400 m2,assumed,x,\n"
    scenario = changed({"sites.csv": late})
    validate(Plant(scenario).model(scenario.mode()))
