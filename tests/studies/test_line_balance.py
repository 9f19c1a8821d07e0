"""The product's line as planned, beside the cheapest one."""

import pytest

from ironworks import chain
from ironworks.factory.balance import BalanceError
from ironworks.outcome import Outcome
from ironworks.scenario import read_scenario
from ironworks.studies.line_balance import MOST_LOAD, balance_line


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


def test_a_product_that_nobody_is_planned_to_make_has_no_line() -> None:
    idle = read_scenario(
        "tiny", {f"programme.robot/{day}.rate": "0 robot/week" for day in ("2027-01-04", "2027-02-01")}
    )
    assert balance_line(chain.run(idle, replications=1, seed=3, workers=1)).line is None
