"""Two routes on one programme."""

from collections.abc import Callable

import pytest

from ironworks.factory.calendar import WEEK
from ironworks.factory.plant import Plant
from ironworks.factory.sharing import plan_shares
from ironworks.scenario import Scenario, read_scenario

ROUTES = (
    "route,item,site,release,wip_cap,base_stock,from,until,plan,priority,note\n"
    "robot@shop,robot,shop,conwip,8,,2027-01-04,,robot,,\nrobot@two,robot,shop,conwip,8,,2027-02-01,,robot,,\n"
)


def two_routes(changed: Callable[..., Scenario]) -> Scenario:
    """tiny with a second, twice as quick route from the fifth week on."""
    path = read_scenario("tiny").path
    operations = (path / "operations.csv").read_text(encoding="utf-8")
    second = [line.replace("robot@shop", "robot@two") for line in operations.splitlines()[1:]]
    quick = [line.replace("= assemble_time", "= assemble_time / 2").replace("30 min", "15 min") for line in second]
    quick = [line.replace("20 min", "10 min") for line in quick]
    return changed({"routes.csv": ROUTES, "operations.csv": operations + "\n".join(quick) + "\n"})


def test_shares_follow_what_each_route_can_make(changed: Callable[..., Scenario]) -> None:
    scenario = two_routes(changed)
    plant = Plant(scenario)
    shares = plan_shares(plant.process, plant.equipment, scenario.mode())
    assert shares["robot@shop"] == [(0.0, 1.0), (4 * WEEK, pytest.approx(1 / 3))]
    assert shares["robot@two"] == [(0.0, 0.0), (4 * WEEK, pytest.approx(2 / 3))]


def test_together_they_release_the_programme(changed: Callable[..., Scenario]) -> None:
    scenario = two_routes(changed)
    one, two = Plant(scenario).model(scenario.mode()).routings
    assert one.plan is not None
    assert two.plan is not None
    assert one.plan[-1][1] == pytest.approx(40 + 200 / 3)
    assert one.plan[-1][1] + two.plan[-1][1] == pytest.approx(240)


def test_a_route_alone_follows_the_whole() -> None:
    scenario = read_scenario("tiny")
    plant = Plant(scenario)
    assert plan_shares(plant.process, plant.equipment, scenario.mode()) == {}
