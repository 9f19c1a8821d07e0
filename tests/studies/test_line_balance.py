"""The product's line as planned, beside the cheapest one, which is simulated where elements change their stations."""

from pathlib import Path

import numpy as np
import pytest
from tests.divided_tiny import ROUTE, divided_tiny

from ironworks import chain
from ironworks.factory.balance import BalanceError, GeneralAssignment
from ironworks.factory.balancing import line_of_route
from ironworks.factory.calendar import YEAR
from ironworks.factory.plant import Plant
from ironworks.outcome import Outcome
from ironworks.scenario import read_scenario
from ironworks.studies.line_balance import MOST_LOAD, balance_line, try_line, write_line


@pytest.fixture(scope="module")
def balanced() -> Outcome:
    return balance_line(chain.run(read_scenario("tiny"), replications=2, seed=3, workers=1))


def test_the_balanced_line_does_the_same_work_with_no_more_places_and_within_the_load(balanced: Outcome) -> None:
    line = balanced.line
    assert line is not None
    work = [sum(one.load * one.places for one in loads) for loads in (line.planned, line.balanced)]
    assert work[1] == pytest.approx(work[0])
    assert sum(one.places for one in line.balanced) <= sum(one.places for one in line.planned)
    assert all(one.load <= MOST_LOAD + 1e-6 for one in line.balanced)
    assert line.least <= line.cost


def test_every_operation_has_one_station_on_both_lines(balanced: Outcome) -> None:
    line = balanced.line
    assert line is not None
    for loads in (line.planned, line.balanced):
        assert sorted(name for one in loads for name in one.operations) == ["assemble", "pack", "test"]


def test_the_rate_is_what_the_programme_releases_in_the_last_year(balanced: Outcome) -> None:
    line = balanced.line
    assert line is not None
    # 4 weeks of 10 and 8 of 25 in the 84 days of the scenario.
    assert line.yearly == pytest.approx((4 * 10 + 8 * 25) / 84 * 365.25)


def test_a_rate_at_which_no_line_keeps_the_rules_is_told_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise BalanceError(["test needs 9 places, and stand has room for 2"])

    monkeypatch.setattr("ironworks.studies.line_balance.cheapest_line", refuse)
    line = balance_line(chain.run(read_scenario("tiny"), replications=1, seed=3, workers=1)).line
    assert line is not None
    assert line.planned
    assert not line.balanced
    assert line.problems == ("test needs 9 places, and stand has room for 2",)


def assignment(plant: Plant, **order: tuple[str, ...]) -> GeneralAssignment:
    line = line_of_route(plant, ROUTE, 1500 / YEAR, 500.0, 1.0, plant.scenario.mode())
    return GeneralAssignment(line, order, dict.fromkeys(order, 2))


def test_lines_are_tried_on_the_same_places_and_draws(tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    outcome = chain.run(divided_tiny(tmp_path / "tiny"), replications=4, seed=3, workers=1)
    plant = Plant(outcome.scenario)
    even = assignment(plant, bench=("legs", "arms"), packing=("head", "shell", "labels"), stand=("test",))
    same = assignment(plant, bench=("legs", "arms", "head"), packing=("shell", "labels"), stand=("test",))
    odd = assignment(plant, bench=("legs",), packing=("arms", "head", "shell", "labels"), stand=("test",))
    found = try_line(outcome, ROUTE, even, workers=1)
    assert found.places == 5
    assert len(found.planned) == len(found.spread) == 4
    np.testing.assert_array_equal(found.planned, outcome.output().sum(axis=1))
    # As it is, nothing changes, draw by draw.
    np.testing.assert_array_equal(try_line(outcome, ROUTE, same, workers=1).spread, found.planned)
    # Whatever is done where, a line on as many places has as much work.
    assert abs(found.spread.mean() / found.planned.mean() - 1.0) < 0.2
    assert try_line(outcome, ROUTE, odd, workers=1).cheapest.min() > 0


def test_a_line_that_is_written_is_a_scenario_to_run(tmp_path: Path) -> None:
    for name in ("tiny", "line"):
        (tmp_path / name).mkdir()
    plant = Plant(divided_tiny(tmp_path / "tiny"))
    even = assignment(plant, bench=("legs", "arms"), packing=("head", "shell", "labels"), stand=("test",))
    write_line(plant, ROUTE, even, "for 1500 a year", tmp_path / "line")
    outcome = chain.run(read_scenario(tmp_path / "line"), replications=1, seed=3, workers=1)
    assert outcome.output().sum() > 0
    assert "for 1500 a year" in (tmp_path / "line" / "README.md").read_text()


def test_a_product_that_nobody_is_planned_to_make_has_no_line() -> None:
    idle = read_scenario(
        "tiny", {f"programme.robot/{day}.rate": "0 robot/week" for day in ("2027-01-04", "2027-02-01")}
    )
    assert balance_line(chain.run(idle, replications=1, seed=3, workers=1)).line is None
