"""What a rate asks for: the work that a simulation does for a piece, and what is short of a plan."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ironworks import chain
from ironworks.factory.calendar import YEAR
from ironworks.factory.flow.result import State
from ironworks.factory.plant import Plant
from ironworks.factory.requirement import Requirement, requirement
from ironworks.scenario import Scenario, read_scenario

DAY = date(2027, 3, 20)


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    """The tiny scenario."""
    return read_scenario("tiny")


def asked(scenario: Scenario, yearly: float, day: date, unit: float = 1.0, most_load: float = 1.0) -> Requirement:
    return requirement(Plant(scenario), "robot", yearly / YEAR, day, scenario.mode(), unit=unit, most_load=most_load)


def test_the_work_asked_for_is_what_the_simulation_does_for_a_piece(tiny: Scenario) -> None:
    outcome = chain.run(tiny, replications=12, seed=5, workers=1)
    pieces = np.mean([sum(len(times) for times in one.finish_times.values()) for one in outcome.replications])
    middle = asked(tiny, 1_000_000.0, DAY, unit=pieces / 2).of("places")
    plant, names = Plant(tiny), outcome.replications[0].names.stations
    busy = np.mean([one.states[:, :, State.WORKING].sum(axis=0) for one in outcome.replications], axis=0)
    for name, demand in middle.items():
        row = plant.equipment.stations[name]
        shift = plant.on_shift[row.calendar]
        share = (shift[:, 1] - shift[:, 0]).sum() / plant.horizon
        up = 1.0
        if row.mtbf is not None and row.mttr is not None:
            up = tiny.mode()(row.mtbf) / (tiny.mode()(row.mtbf) + tiny.mode()(row.mttr))
        each = demand.needs * share * up * YEAR / 1_000_000.0
        # Learning is taken at the middle of the run, and figures at their modes.
        assert each == pytest.approx(busy[names.index(name)] / pieces, rel=0.15), name


def test_twice_the_rate_asks_for_twice_the_work(tiny: Scenario) -> None:
    one, two = asked(tiny, 200_000.0, DAY), asked(tiny, 400_000.0, DAY)
    for name, demand in one.of("places").items():
        assert two.of("places")[name].needs == pytest.approx(2 * demand.needs, abs=1.0)
    for name, demand in one.of("supply").items():
        assert two.of("supply")[name].needs == pytest.approx(2 * demand.needs)


def test_a_lighter_load_and_less_experience_ask_for_more(tiny: Scenario) -> None:
    base = asked(tiny, 100_000.0, DAY, unit=200.0).of("places")
    half = asked(tiny, 100_000.0, DAY, unit=200.0, most_load=0.5).of("places")
    green = asked(tiny, 100_000.0, DAY, unit=1.0).of("places")
    assert all(half[name].needs >= 2 * base[name].needs - 1 for name in base)
    assert all(green[name].needs >= base[name].needs for name in base)
    assert any(green[name].needs > base[name].needs for name in base)


def test_a_million_a_year_is_short_of_floor_supply_and_places_until_there_is_more_of_them() -> None:
    scenario, day = read_scenario("tianhe"), date(2030, 12, 30)
    short = asked(scenario, 1e6, day, unit=5e5, most_load=0.85).short
    assert {"floor", "supply", "places"} <= {one.kind for one in short}
    assert short[0].load > 10.0
    halls = {f"halls.{name}.bays_y": "146" for name in ("a1", "a2", "b1")}
    ample = read_scenario("tianhe", {"figure.B01": "2000000 m2", **halls})
    more = (
        one.model_copy(update={"places": 60 * one.places}) if one.station.endswith("@base") else one
        for one in ample.expansions
    )
    ample = replace(ample, expansions=tuple(more))
    left = {one.kind for one in asked(ample, 1e6, day, unit=5e5, most_load=0.85).short}
    assert not {"floor", "places"} & left
    assert "supply" in left


def test_an_item_that_no_route_makes_on_the_day_is_refused(tiny: Scenario) -> None:
    closed = replace(tiny, routes=tuple(one.model_copy(update={"until": date(2027, 1, 10)}) for one in tiny.routes))
    with pytest.raises(ValueError, match="no route of robot is planned to run on 2027-03-20"):
        asked(closed, 10.0, DAY)
