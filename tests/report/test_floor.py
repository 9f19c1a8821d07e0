"""The section of the floor: the plan, needs of each hall, ways of carriers, or why there is none."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from tests.factory.halls import HALLS, folder_with_halls

from ironworks.factory.floor_plan import floor_plans, ways_of
from ironworks.factory.plant import Plant
from ironworks.outcome import Outcome
from ironworks.report import render
from ironworks.report.blocks import Block, Partial, Table, Text
from ironworks.report.sections.floor import floor
from ironworks.scenario import Scenario, read_scenario

Build = Callable[..., Outcome]


def placed(build: Build, scenario: Scenario) -> Outcome:
    plans = floor_plans(Plant(scenario))
    return replace(build(n=4), scenario=scenario, floors=plans, ways=ways_of(scenario, plans))


def texts(blocks: list[Block]) -> str:
    return " ".join(block.text for block in blocks if isinstance(block, Text))


def test_without_halls_it_says_that_no_plan_is_drawn(build: Build) -> None:
    section = floor(build(n=4))
    assert "No floor plan is drawn" in texts(list(section.blocks))


def test_a_plan_stands_on_the_page_with_its_needs_and_ways(build: Build, tmp_path: Path) -> None:
    outcome = placed(build, read_scenario(folder_with_halls(tmp_path)))
    blocks = list(floor(outcome).blocks)
    (drawn,) = (block for block in blocks if isinstance(block, Partial))
    assert "<svg" in str(drawn.data["svg"])
    assert f"{len(outcome.floors[0].layout.places)} places in 1 hall" in str(drawn.data["caption"])  # type: ignore[union-attr]
    needs, ways = (block for block in blocks if isinstance(block, Table))
    assert needs.columns[:3] == ["Hall", "Floor, m²", "Power, kW"]
    assert needs.rows[0][0] == "h1 (from 4 Jan 2027)"
    assert needs.rows[0][2] == "3.7 of 100"
    assert ways.rows[0][0] == "robot · shop: assemble"
    assert ways.rows[0][3] == "10 min"
    page = render(outcome)
    assert page.count("large enough to read every name") == 1
    HTMLParser().feed(page)


def test_what_finds_no_place_is_a_warning_with_square_metres(build: Build, tmp_path: Path) -> None:
    small = {"halls.csv": HALLS.replace("2,2,10 m,10 m", "1,1,7 m,7 m"), "docks.csv": "dock,hall,x,y\n"}
    scenario = read_scenario(folder_with_halls(tmp_path, small), {"sites.shop.area": "49 m2"})
    blocks = list(floor(placed(build, scenario)).blocks)
    warning = next(block for block in blocks if isinstance(block, Text) and block.tone == "warning")
    assert "finds no place" in warning.text
    assert "49 m2 of halls" in warning.text
    (needs,) = (block for block in blocks if isinstance(block, Table))
    assert needs.rows[0][1].endswith("of 49 ▲")
    assert "Carriers took the travel times of operations.csv" in texts(blocks)
