"""A route of a plant as a line: times at an experience, kinds of stations, what places cost."""

from dataclasses import replace

import pytest

from ironworks.factory.balance import BalanceError, GeneralAssignment, cheapest_line
from ironworks.factory.balancing import bay_loads, line_of_route, planned_loads
from ironworks.factory.calendar import YEAR
from ironworks.factory.plant import Plant
from ironworks.quantities import constant
from ironworks.rows import Model, WorkElement
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
        loads = bay_loads(plant, "robot@shop", found, line.takts[0][1] / 0.5)
        assert all(0.0 < one.load <= 0.5 + 1e-9 for one in loads)
        places.append(sum(one.places for one in loads))
    assert places[0] < places[1]


def divided(plant: Plant, **after: tuple[str, ...]) -> Plant:
    """The plant with its first operation in three elements, of which the second strains."""
    shares = {"legs": 0.5, "arms": 0.3, "head": 0.2}
    rows = [
        WorkElement(
            item="robot", element=name, operation="assemble", share=share, after=after.get(name, ()),
            side="left" if name == "arms" else "any", strain=0.5 if name == "arms" else 0.0,
        )
        for name, share in shares.items()
    ]  # fmt: skip
    return Plant(replace(plant.scenario, elements=tuple(rows)))


def test_elements_share_the_time_of_their_operation_and_keep_their_own_order(plant: Plant) -> None:
    draw = plant.scenario.mode()
    whole = line_of_route(plant, "robot@shop", 1000 / YEAR, 500.0, 1.0, draw)
    line = line_of_route(divided(plant, head=("legs",)), "robot@shop", 1000 / YEAR, 500.0, 1.0, draw)
    seconds = {one.name: one.seconds[""] for one in line.elements}
    assert seconds["legs"] + seconds["arms"] + seconds["head"] == pytest.approx(whole.elements[0].seconds[""])
    found = {one.name: one for one in line.elements}
    assert found["head"].after == ("legs",)
    assert found["arms"].after == ()
    assert found["arms"].side == "left"
    assert found["arms"].strain == pytest.approx(0.5 * seconds["arms"])


def test_an_operation_waits_for_all_elements_of_those_before_it(plant: Plant) -> None:
    line = line_of_route(divided(plant), "robot@shop", 1000 / YEAR, 500.0, 1.0, plant.scenario.mode())
    after = {one.name: set(one.after) for one in line.elements}
    waits = [one.operation for one in plant.process.operations["robot@shop"] if "assemble" in one.after]
    assert waits
    for name in waits:
        assert after[name] >= {"legs", "arms", "head"}


def test_a_bay_says_how_many_elements_of_an_operation_it_does(plant: Plant) -> None:
    parts = divided(plant)
    draw = parts.scenario.mode()
    line = line_of_route(parts, "robot@shop", 1000 / YEAR, 500.0, 1.0, draw)
    order = {"bench": ("legs", "arms"), "stand": ("test",), "packing": ("head", "pack")}
    loads = bay_loads(parts, "robot@shop", GeneralAssignment(line, order, dict.fromkeys(order, 1)), 3600.0)
    assert [one.operations for one in loads] == [("assemble 2/3",), ("test",), ("assemble 1/3", "pack")]
    assert [one.elements for one in loads] == list(order.values())


def test_today_all_elements_are_where_their_operation_is(plant: Plant) -> None:
    parts = divided(plant)
    line = line_of_route(parts, "robot@shop", 1000 / YEAR, 500.0, 1.0, parts.scenario.mode())
    loads = {one.bay: one for one in planned_loads(parts, "robot@shop", line, 3600.0)}
    assert loads["bench"].operations == ("assemble",)
    assert loads["bench"].elements == ("legs", "arms", "head")


def mixed(plant: Plant, overload: float, **models: float) -> Plant:
    """The plant with its first operation in three elements, of which the head is mounted on tall robots alone."""
    parts = divided(plant).scenario
    marks = {"head": ("tall",)}
    elements = [row.model_copy(update={"models": marks.get(row.element, ())}) for row in parts.elements]
    shares = tuple(Model(item="robot", model=name, share=constant(share, "number")) for name, share in models.items())
    line = parts.settings.line.model_copy(update={"overload": constant(overload, "number")})
    settings = parts.settings.model_copy(update={"line": line})
    return Plant(replace(parts, elements=tuple(elements), models=shares, settings=settings))


def test_an_element_of_one_model_takes_it_as_long_that_the_mean_stays(plant: Plant) -> None:
    draw = plant.scenario.mode()
    alike = line_of_route(divided(plant), "robot@shop", 1000 / YEAR, 500.0, 1.0, draw)
    line = line_of_route(mixed(plant, 0.0, tall=0.25, short=0.75), "robot@shop", 1000 / YEAR, 500.0, 1.0, draw)
    assert line.shares == {"tall": 0.25, "short": 0.75}
    for one, mean in zip(line.elements, alike.elements, strict=True):
        assert 0.25 * one.seconds["tall"] + 0.75 * one.seconds["short"] == pytest.approx(mean.seconds[""])
    head = next(one for one in line.elements if one.name == "head")
    assert head.seconds["short"] == 0.0
    assert head.seconds["tall"] == pytest.approx(4.0 * next(e for e in alike.elements if e.name == "head").seconds[""])


def test_a_station_is_loaded_with_the_mean_and_tells_what_each_model_needs(plant: Plant) -> None:
    parts = mixed(plant, 9.0, tall=0.25, short=0.75)
    line = line_of_route(parts, "robot@shop", 1000 / YEAR, 500.0, 1.0, parts.scenario.mode())
    bench = next(one for one in planned_loads(parts, "robot@shop", line, 3600.0) if one.bay == "bench")
    assert bench.load == pytest.approx(0.25 * bench.models["tall"] + 0.75 * bench.models["short"])
    assert bench.models["tall"] > bench.load > bench.models["short"]
    assert bench.models["tall"] / bench.models["short"] == pytest.approx((0.8 + 0.2 * 4) / 0.8)


def test_no_model_exceeds_the_mean_by_more_than_the_overload(plant: Plant) -> None:
    draw, places = plant.scenario.mode(), {}
    for overload in (0.0, 0.6):
        line = line_of_route(
            mixed(plant, overload, tall=0.25, short=0.75), "robot@shop", 6000 / YEAR, 3000.0, 1.0, draw
        )
        found = cheapest_line(line).assignment
        found.verify()
        places[overload] = sum(found.places.values())
        bay = found.bay["head"]
        room = line.takts[0][1] * found.places[bay]
        assert found.load(bay, "tall", 1.0) <= room * (1.0 + overload) + 1e-6
    assert places[0.0] > places[0.6]
    bays = tuple(replace(bay, places=max(found.places.get(bay.name, 0), 1)) for bay in line.bays)
    with pytest.raises(BalanceError, match="for tall"):
        cheapest_line(replace(line, overload=0.0, bays=bays))
