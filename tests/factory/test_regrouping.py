"""A route as its balanced line does it: what each operation takes, how long, in which order; where defects arise."""

from datetime import date
from pathlib import Path

import pytest
from tests.divided_tiny import ROUTE, divided_tiny

from ironworks.factory.balance import BalanceError, GeneralAssignment
from ironworks.factory.balancing import line_of_route
from ironworks.factory.calendar import YEAR
from ironworks.factory.line_places import spread
from ironworks.factory.plant import Plant
from ironworks.factory.regrouping import regroup, regrouped_stations
from ironworks.reading.edits import as_changed, write_folder
from ironworks.rows import Operation
from ironworks.scenario import Scenario, read_scenario

#: Arms stay before the head; the head is mounted where covers are.
ORDER = {"bench": ("legs", "arms"), "packing": ("shell", "head", "labels"), "stand": ("test",)}


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Tiny with five elements in two operations and an untouched test."""
    return Plant(divided_tiny(tmp_path))


def assigned(plant: Plant, order: dict[str, tuple[str, ...]], **places: int) -> GeneralAssignment:
    line = line_of_route(plant, ROUTE, 1500 / YEAR, 500.0, 1.0, plant.scenario.mode())
    return GeneralAssignment(line, order, {**dict.fromkeys(order, 2), **places})


def regrouped(plant: Plant, order: dict[str, tuple[str, ...]] = ORDER, *, as_many: bool = True) -> Scenario:
    assignment = assigned(plant, order)
    return read_scenario(plant.scenario.path, edit=lambda raw: regroup(raw, plant, ROUTE, assignment, as_many=as_many))


def operations(scenario: Scenario) -> dict[str, Operation]:
    return {one.operation: one for one in scenario.operations if one.route == ROUTE}


def test_a_station_does_its_elements_as_one_operation_for_their_time_and_walks(plant: Plant) -> None:
    found = regrouped(plant)
    rows, draw = operations(found), found.mode()
    assert list(rows) == ["assemble", "cover", "test"]
    # 0.8 of 100 minutes and one walk from left to right; 0.2 of 100 and all of 60 minutes without one.
    assert draw(rows["assemble"].time) == pytest.approx((80 + 2) * 60)
    assert draw(rows["cover"].time) == pytest.approx((20 + 60) * 60)
    assert rows["assemble"].station == "bench"
    assert rows["cover"].after == ("assemble",)
    assert rows["test"].after == ("cover",)


def test_both_parts_of_an_operation_have_its_uncertain_time_in_every_draw(plant: Plant) -> None:
    found = regrouped(plant)
    for replication in range(5):
        draw, rows = found.draw(7, replication), operations(found)
        whole = (draw(rows["assemble"].time) - 120.0) / 0.8
        assert 80 * 60 < whole < 150 * 60
        assert draw(rows["cover"].time) == pytest.approx(0.2 * whole + 3600)


def test_variation_is_that_of_independent_parts(plant: Plant) -> None:
    rows = operations(regrouped(plant))
    draw = regrouped(plant).mode()
    assert draw(rows["assemble"].cv) == pytest.approx((0.8 * 20**2) ** 0.5 / 80, rel=1e-3)
    assert draw(rows["cover"].cv) == pytest.approx((0.2 * 20**2 + 6**2) ** 0.5 / 80, rel=1e-3)


def test_elements_bring_what_they_take_and_the_first_one_the_rest(plant: Plant) -> None:
    rows = operations(regrouped(plant))
    assert dict(rows["assemble"].consumes) == {"motor": 4}
    assert dict(rows["cover"].consumes) == {"motor": 2}


def test_defects_arise_where_most_of_their_operation_is_done(plant: Plant) -> None:
    names = {row.defect: row.operation for row in plant.scenario.defects}
    assert "assemble" in names.values()
    assert {row.operation for row in regrouped(plant).defects if names[row.defect] == "assemble"} == {"assemble"}
    # 55 of 100 minutes are done where covers are, and those take longer.
    late = {"bench": ("legs",), "packing": ("arms", "head", "shell", "labels"), "stand": ("test",)}
    rows = regrouped(plant, late)
    assert operations(rows)["cover"].station == "packing"
    assert {row.operation for row in rows.defects if names[row.defect] == "assemble"} == {"cover"}


def test_the_regrouped_route_can_be_balanced_again_and_does_the_same_work(plant: Plant) -> None:
    again = Plant(regrouped(plant))
    line = line_of_route(again, ROUTE, 1500 / YEAR, 500.0, 1.0, again.scenario.mode())
    first = line_of_route(plant, ROUTE, 1500 / YEAR, 500.0, 1.0, plant.scenario.mode())
    assert line.sequence == first.sequence
    assert line.now == {name: bay for bay, names in ORDER.items() for name in names}
    walk = 120.0
    total = sum(one.seconds[""] for one in line.elements) - sum(one.seconds[""] for one in first.elements)
    assert total == pytest.approx(walk, rel=0.02)


def test_as_many_places_are_spread_by_load(plant: Plant) -> None:
    before = sum(row.places for row in plant.scenario.stations if row.station in ("bench", "packing"))
    after = {row.station: row.places for row in regrouped(plant).stations}
    assert after["bench"] + after["packing"] == before == 5
    assert after["bench"] in (2, 3)


def test_a_station_without_work_is_removed_and_what_is_left_reads(plant: Plant) -> None:
    order = {"bench": ("legs", "arms", "head", "shell", "labels"), "stand": ("test",)}
    found = regrouped(plant, order)
    assert [row.station for row in found.stations] == ["bench", "stand"]
    assert list(operations(found)) == ["assemble", "test"]
    assert regrouped_stations(plant, ROUTE, assigned(plant, order)) == {"bench", "packing"}


def test_a_line_as_it_is_regroups_nothing(plant: Plant) -> None:
    same = {"bench": ("legs", "arms", "head"), "packing": ("shell", "labels"), "stand": ("test",)}
    assert not regrouped_stations(plant, ROUTE, assigned(plant, same))
    rows = operations(regrouped(plant, same))
    assert rows["cover"].time.text == "60 min"
    assert rows["cover"].consumes == ()


def test_an_assignment_that_breaks_its_line_is_refused(plant: Plant) -> None:
    wrong = {"bench": ("arms", "legs"), "packing": ("shell", "head", "labels"), "stand": ("test",)}
    with pytest.raises(BalanceError, match="arms is done before legs"):
        regrouped(plant, wrong)


def test_what_is_written_reads_as_it_was(plant: Plant, tmp_path: Path) -> None:
    folder = tmp_path / "written"
    folder.mkdir()
    raw, text = as_changed(plant.scenario.path, None, ())
    regroup(raw, plant, ROUTE, assigned(plant, ORDER))
    write_folder(raw, text, "# a line\n", folder)
    again = read_scenario(folder)
    rows = operations(again)
    assert again.mode()(rows["cover"].time) == pytest.approx(80 * 60)
    assert {row.station: row.places for row in again.stations}["packing"] == 2


def test_places_by_day_keep_to_today_s_proportion() -> None:
    scenario = read_scenario("tianhe")
    plant = Plant(scenario)
    line = line_of_route(plant, "robot@base", 10_000 / YEAR, 10_000.0, 0.85, scenario.mode())
    order = {
        bay: tuple(name for name, where in line.now.items() if where == bay) for bay in dict.fromkeys(line.now.values())
    }
    # The neck is mounted where the frame is.
    order["arms@base"] = tuple(name for name in order["arms@base"] if name != "neck")
    order["frame@base"] = (*order["frame@base"], "neck")
    assignment = GeneralAssignment(
        line, order, {bay: next(b.places for b in line.bays if b.name == bay) for bay in order}
    )
    found = Plant(read_scenario("tianhe", edit=lambda raw: regroup(raw, plant, "robot@base", assignment, as_many=True)))
    ours = sorted(regrouped_stations(plant, "robot@base", assignment))
    for day in (date(2027, 6, 1), date(2028, 6, 1), date(2030, 12, 31)):
        old, new = (sum(one.equipment.planned_places(name, day) for name in ours) for one in (plant, found))
        assert new == old
    assert found.process.work_content("robot", scenario.mode(), 1000.0, "base").people == pytest.approx(
        plant.process.work_content("robot", scenario.mode(), 1000.0, "base").people, rel=0.01
    )


def test_places_go_where_most_is_to_do() -> None:
    assert spread({"a": 10.0, "b": 20.0}, 6, {}) == {"a": 2, "b": 4}
    assert spread({"a": 10.0, "b": 20.0}, 3, {"b": 2}) == {"a": 2, "b": 1}
    assert spread({"a": 10.0, "b": 20.0}, 4, {}, {"a": 3, "b": 1}) == {"a": 3, "b": 1}
    assert spread({"a": 1.0}, 0, {}) == {}


def test_models_of_the_product_stay_with_their_elements(plant: Plant) -> None:
    folder = Path(plant.scenario.path)
    (folder / "models.csv").write_text(
        "item,model,share,kind,source\nrobot,tall,0.25,assumed,test\nrobot,short,0.75,assumed,test\n"
    )
    rows = (folder / "elements.csv").read_text().splitlines()
    marks = ["models", *("tall" if row.startswith("robot,head") else "" for row in rows[1:])]
    (folder / "elements.csv").write_text("".join(f"{row},{mark}\n" for row, mark in zip(rows, marks, strict=True)))
    text = (folder / "scenario.toml").read_text()
    (folder / "scenario.toml").write_text(f'{text}overload = "= 9"\n')
    before = Plant(read_scenario(folder))
    after = Plant(regrouped(before))
    first, second = (line_of_route(one, ROUTE, 1500 / YEAR, 500.0, 1.0, one.scenario.mode()) for one in (before, after))
    old, new = ({one.name: one.seconds for one in line.elements} for line in (first, second))
    assert old["head"]["short"] == new["head"]["short"] == 0.0
    # The walk of the bench is in the time of what is done there.
    assert new["shell"] == pytest.approx(old["shell"])
    assert new["head"] == pytest.approx(old["head"])
