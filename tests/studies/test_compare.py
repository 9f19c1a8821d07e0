"""Two scenarios on the same random numbers."""

import numpy as np
import pytest

from ironworks import chain
from ironworks.outcome import Outcome
from ironworks.scenario import read_scenario
from ironworks.studies.compare import compare


def outcome_of(variant: str | None = None, replications: int = 5, seed: int = 1) -> Outcome:
    return chain.run(read_scenario("tiny", variant=variant), workers=1, replications=replications, seed=seed)


@pytest.fixture(scope="module")
def base() -> Outcome:
    return outcome_of()


def test_a_scenario_against_itself_differs_by_nothing(base: Outcome) -> None:
    found = compare(base, outcome_of())
    assert found.total.mean == found.total.half_width == 0
    assert found.cost.mean == 0
    assert all(row.chance.mean == 0 for row in found.targets)


def test_differences_are_means_of_pairs(base: Outcome) -> None:
    slow = outcome_of("slow_supplier")
    found = compare(base, slow)
    gap = slow.output().sum(axis=1) - base.output().sum(axis=1)
    assert found.total.mean == pytest.approx(gap.mean())
    assert found.output[0].mean == pytest.approx(gap.mean())
    start = next(row for row in found.targets if row.a.name == "start")
    assert start.chance.mean == pytest.approx(start.b.probability - start.a.probability)
    assert -1 <= start.chance.low <= start.chance.mean


def test_what_a_second_stand_costs_is_its_price_at_least(base: Outcome) -> None:
    found = compare(base, outcome_of("two_stands"))
    assert found.cost.mean > 190_000


def test_common_numbers_make_the_interval_narrower(base: Outcome) -> None:
    faster = chain.run(read_scenario("tiny", {"operations.robot@shop/test.time": "25 min"}), workers=1, replications=5)
    found = compare(base, faster)
    spread = np.hypot(found.a.output().sum(axis=1).std(ddof=1), found.b.output().sum(axis=1).std(ddof=1))
    assert found.total.half_width <= 2.78 * spread / np.sqrt(5) + 1e-9


def test_what_cannot_be_compared_is_named(base: Outcome) -> None:
    with pytest.raises(ValueError, match="number of replications differs"):
        compare(base, outcome_of(replications=2))
    with pytest.raises(ValueError, match="seed differs"):
        compare(base, outcome_of(seed=2))
