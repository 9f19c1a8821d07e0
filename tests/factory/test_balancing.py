"""A route of a plant as a line: times at an experience, kinds of stations, what places cost."""

import pytest

from ironworks.factory.balance import cheapest_line
from ironworks.factory.balancing import bay_loads, line_of_route
from ironworks.factory.calendar import YEAR
from ironworks.factory.plant import Plant
from ironworks.scenario import read_scenario


@pytest.fixture(scope="module")
def plant() -> Plant:
    """The tiny scenario."""
    return Plant(read_scenario("tiny"))


def test_elements_take_what_operations_take_at_an_experience(plant: Plant) -> None:
    draw = plant.scenario.mode()
    line = line_of_route(plant, "robot@shop", 1000 / YEAR, 500.0, 1.0, draw)
    for one, operation in zip(line.elements, plant.process.operations["robot@shop"], strict=True):
        station = plant.equipment.stations[operation.station]
        up = 1.0
        if station.mtbf is not None and station.mttr is not None:
            up = draw(station.mtbf) / (draw(station.mtbf) + draw(station.mttr))
        assert one.seconds[""] * up >= plant.process.seconds(operation, draw, 500.0) * (1 - 1e-9)
        assert one.after == operation.after


def test_operations_stay_with_their_type_of_station(plant: Plant) -> None:
    line = line_of_route(plant, "robot@shop", 1000 / YEAR, 500.0, 1.0, plant.scenario.mode())
    types = {name: row.type for name, row in plant.equipment.stations.items()}
    for one in line.elements:
        assert {types[bay] for bay in one.allowed} == {types[line.now[one.name]]}


def test_twice_the_rate_needs_no_fewer_places_and_half_the_load_is_kept(plant: Plant) -> None:
    draw = plant.scenario.mode()
    places = []
    for yearly in (4000.0, 8000.0):
        line = line_of_route(plant, "robot@shop", yearly / YEAR, 3000.0, 0.5, draw)
        found = cheapest_line(line).assignment
        loads = bay_loads(plant, found, line.takts[0][1] / 0.5)
        assert all(0.0 < one.load <= 0.5 + 1e-9 for one in loads)
        places.append(sum(one.places for one in loads))
    assert places[0] < places[1]
