"""Bottlenecks of lines with unequal outages: the exact elasticity is the measure, the others must explain it."""

import math

import numpy as np
import pytest
from tests.factory.flow.markov import OPERATION_DEPENDENT, SerialLine, elasticities

from ironworks.factory.flow import INFINITE, Exponential, Failures, Model, Station, line, run_once
from ironworks.factory.flow.bottleneck import arrows, bottlenecks, links

LINES = {
    # Speeds are equal; the first is out rarely and for long, the second often and briefly.
    "long outages": SerialLine(
        rates=(1.0, 1.0, 1.0),
        buffers=(2, 2),
        failures=OPERATION_DEPENDENT,
        fail=(0.005, 0.04, 0.02),
        repair=(0.01, 0.4, 0.4),
    ),
    # The middle station is the fastest of the three, and holds the others back by its outages.
    "fast but down": SerialLine(
        rates=(1.1, 1.3, 1.1),
        buffers=(3, 3),
        failures=OPERATION_DEPENDENT,
        fail=(0.01, 0.04, 0.01),
        repair=(0.2, 0.06, 0.2),
    ),
    "slow at the end": SerialLine(
        rates=(1.2, 1.2, 0.8),
        buffers=(2, 2),
        failures=OPERATION_DEPENDENT,
        fail=(0.02, 0.02, 0.01),
        repair=(0.2, 0.2, 0.2),
    ),
}


def model_of(chain: SerialLine) -> Model:
    stations = [
        Station(f"s{i}", buffer=buffer, failures=Failures(Exponential(1 / fail), Exponential(1 / repair)))
        for i, (buffer, fail, repair) in enumerate(
            zip((INFINITE, *chain.buffers), chain.fail, chain.repair, strict=True)
        )
    ]
    return line(stations, [Exponential(1 / rate) for rate in chain.rates])


def simulated(model: Model, replications: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Elasticities by the same draws at 5 % faster and slower, and their standard errors."""
    step = 0.05
    found = []
    for replication in range(replications):
        row = []
        for s in model.stations:
            counts = [
                run_once(model, 40_000, warmup=500, replication=replication, scale={s.name: factor}).finished.sum()
                for factor in (1 + step, 1 - step)
            ]
            row.append(math.log(counts[0] / counts[1]) / math.log((1 + step) / (1 - step)))
        found.append(row)
    return np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / math.sqrt(replications)


@pytest.mark.parametrize("name", LINES)
def test_elasticities_with_common_random_numbers_agree_with_the_exact_ones(name):
    exact = np.array(elasticities(LINES[name]))
    found, error = simulated(model_of(LINES[name]))
    assert exact.sum() == pytest.approx(1, abs=1e-3)
    # 5 % is not infinitesimal: a hundredth is left for the curvature.
    assert (np.abs(found - exact) <= 4 * error + 0.01).all(), f"{found} +- {error}, exact {exact}"
    assert found.argmax() == exact.argmax()


@pytest.mark.parametrize("name", LINES)
def test_explanations_name_the_station_with_the_greatest_elasticity(name):
    exact = np.array(elasticities(LINES[name]))
    model = model_of(LINES[name])
    run = run_once(model, 20_000, trace=(1_000, 20_000))
    assert bottlenecks(run, (1_000, 20_000)).ranked()[0] == f"s{exact.argmax()}"
    assert arrows(run.states, links(model)).tolist() == [exact.argmax()]
