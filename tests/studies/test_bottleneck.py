"""Elasticities on plants whose bottleneck is known."""

import numpy as np
import pytest

from ironworks import chain
from ironworks.outcome import Outcome
from ironworks.scenario import read_scenario
from ironworks.studies import bottleneck

# Benches and packing are quick, motors plenty, no plan holds: the stand alone decides.
STAND = {
    "figure.assemble_time": "20 min",
    "operations.robot@shop/test.time": "3 h",
    "supply.motor_maker/2027-01-04.ceiling": "9000 unit/week",
    "parts.motor.initial_stock": "9000",
    "routes.robot@shop.plan": "",
    # A test that is done before the night begins would fill the shift by leaps.
    "stations.stand.attended": "yes",
    "stations.stand.shift_end": "suspend",
}


@pytest.fixture(scope="module")
def explained() -> Outcome:
    outcome = chain.run(read_scenario("tiny", STAND), workers=1, replications=4)
    return bottleneck.explain(outcome, workers=1, replications=4)


def test_the_station_that_decides_has_the_elasticity(explained: Outcome) -> None:
    found = explained.elasticities
    assert found is not None
    at = {name: found.overall[i, 0] for i, name in enumerate(found.stations)}
    assert at["stand"] == pytest.approx(1.0, abs=0.15)
    assert abs(at["bench"]) < 0.1
    assert abs(at["packing"]) < 0.1


def test_arrows_and_active_periods_name_it_too(explained: Outcome) -> None:
    assert bottleneck.candidates(explained, 1) == ["stand"]
    assert explained.traced is not None
    assert explained.traced.bottlenecks.ranked()[0] == "stand"


def test_the_mean_lies_in_its_interval(explained: Outcome) -> None:
    found = explained.elasticities
    assert found is not None
    assert (found.low <= found.mean).all()
    assert (found.mean <= found.high).all()
    assert found.replications == 4


def test_the_traced_week_is_a_week_of_the_run(explained: Outcome) -> None:
    assert explained.traced is not None
    begin, end = explained.traced.window
    times = explained.traced.run.log[:, 0] * 1e-6
    assert len(times)
    assert times.min() >= begin
    assert times.max() <= end
    assert (explained.traced.run.finished == explained.replications[0].finished).all()


def test_quarters_cover_the_horizon() -> None:
    outcome = chain.run(read_scenario("tiny"), workers=1, replications=1)
    assert [label for label, _, _ in bottleneck.quarters(outcome)] == ["2027 Q1"]


def test_elasticity_of_nothing_is_not_a_number() -> None:
    assert np.isnan(bottleneck._elasticity(np.zeros(3), np.zeros((2, 3)))).all()
