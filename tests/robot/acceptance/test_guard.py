"""Guard bands and risks against JCGM 106:2012, Deaver's tables, scipy's bivariate normal and a Monte Carlo."""

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from ironworks.robot.acceptance.guard import (
    Process,
    conformance_probability,
    cost_optimal,
    expected_cost,
    global_risks,
    guarded_acceptance,
    posterior,
    specific_consumer_risk,
    specific_producer_risk,
)
from ironworks.robot.acceptance.measurement import Limits

# JCGM 106:2012, clause 9: resistors of 1500 ohm +- 0.2 ohm, made with 0.12 ohm and measured with 0.04 ohm.
RESISTOR, MADE, MEASURED = Limits(1499.8, 1500.2, "ohm"), Process(1500.0, 0.12), 0.04


def bivariate(limits: Limits, acceptance: Limits, uncertainty: float, process: Process) -> tuple[float, float]:
    """Consumer's and producer's risk from scipy's bivariate normal distribution of true value and reading."""
    both = stats.multivariate_normal(
        [process.mean] * 2, [[process.sd**2] * 2, [process.sd**2, process.sd**2 + uncertainty**2]]
    )
    wide = process.mean + 40 * np.hypot(process.sd, uncertainty) * np.array([-1, 1])
    true = np.clip([limits.lower, limits.upper], *wide)
    read = np.clip([acceptance.lower, acceptance.upper], *wide)
    good = both.cdf([true[1], read[1]], lower_limit=[true[0], read[0]])
    accepted = np.diff(stats.norm.cdf(read, process.mean, np.hypot(process.sd, uncertainty)))[0]
    conforming = np.diff(stats.norm.cdf(true, process.mean, process.sd))[0]
    return accepted - good, conforming - good


@pytest.mark.parametrize(("p", "z"), [(0.80, 0.84), (0.90, 1.28), (0.95, 1.64), (0.99, 2.33), (0.999, 3.09)])
def test_conformance_probability_is_table_1_of_jcgm_106(p: float, z: float) -> None:
    assert conformance_probability(Limits(None, 10.0), 10.0 - 0.3 * z, 0.3) == pytest.approx(p, abs=2e-3)
    assert conformance_probability(Limits(10.0, None), 10.0 + 0.3 * z, 0.3) == pytest.approx(p, abs=2e-3)


def test_the_resistors_of_jcgm_106() -> None:
    risks = global_risks(RESISTOR, Limits(1499.82, 1500.18, "ohm"), MEASURED, MADE)
    assert round(risks.conforming, 2) == 0.90
    assert round(risks.consumer, 2) == 0.01
    assert round(risks.producer, 2) == 0.07


@pytest.mark.parametrize(
    ("tolerance", "ratio", "guard", "consumer", "producer"),
    [(2.0, 4.0, 1.0, 0.0080, 0.0148), (2.5, 4.0, 1.0, 0.0025, None), (2.0, 2.0, 0.91, 0.008, 0.066)],
)
def test_deavers_published_risks(
    tolerance: float, ratio: float, guard: float, consumer: float, producer: float | None
) -> None:
    """Deaver, How to Maintain Your Confidence, NCSL 1993: tolerance in process spreads, ratio of the spreads."""
    limits = Limits(-tolerance, tolerance)
    risks = global_risks(limits, Limits(-guard * tolerance, guard * tolerance), 1 / ratio, Process(0.0, 1.0))
    assert risks.consumer == pytest.approx(consumer, abs=1e-4)
    if producer is not None:
        assert risks.producer == pytest.approx(producer, abs=2e-4)


@pytest.mark.parametrize("limits", [Limits(-1.0, 2.0), Limits(None, 1.5), Limits(-1.0, None)])
@pytest.mark.parametrize("uncertainty", [0.01, 0.2, 1.5])
@pytest.mark.parametrize("guard", [-0.3, 0.0, 0.4])
def test_global_risks_are_those_of_the_bivariate_normal(limits: Limits, uncertainty: float, guard: float) -> None:
    process, acceptance = Process(0.3, 0.8), limits.shrunk(guard, guard)
    risks = global_risks(limits, acceptance, uncertainty, process)
    assert (risks.consumer, risks.producer) == pytest.approx(
        bivariate(limits, acceptance, uncertainty, process), abs=1e-5
    )
    # What is accepted is good or an escape.
    assert risks.accepted == pytest.approx(risks.conforming - risks.producer + risks.consumer, abs=1e-12)


def test_global_risks_are_what_a_monte_carlo_counts() -> None:
    rng = np.random.default_rng(11)
    n = 400_000
    true = rng.normal(MADE.mean, MADE.sd, n)
    reading = true + rng.normal(0.0, MEASURED, n)
    good = np.abs(true - 1500.0) <= 0.2
    accepted = np.abs(reading - 1500.0) <= 0.18
    risks = global_risks(RESISTOR, Limits(1499.82, 1500.18, "ohm"), MEASURED, MADE)
    for got, counted in (
        (risks.consumer, accepted & ~good),
        (risks.producer, ~accepted & good),
        (risks.accepted, accepted),
    ):
        assert got == pytest.approx(counted.mean(), abs=4 * np.sqrt(got * (1 - got) / n))


def test_accepting_nothing_costs_every_good_unit() -> None:
    risks = global_risks(RESISTOR, None, MEASURED, MADE)
    assert (risks.consumer, risks.accepted) == (0.0, 0.0)
    assert risks.producer == risks.conforming


def test_the_posterior_is_bayes_on_a_grid() -> None:
    grid = np.linspace(1499, 1501, 20001)
    density = stats.norm.pdf(grid, MADE.mean, MADE.sd) * stats.norm.pdf(1500.15, grid, MEASURED)
    density /= integrate.trapezoid(density, grid)
    mean = integrate.trapezoid(density * grid, grid)
    sd = np.sqrt(integrate.trapezoid(density * (grid - mean) ** 2, grid))
    assert posterior(MADE, 1500.15, MEASURED) == pytest.approx((mean, sd), rel=1e-9)
    outside = integrate.trapezoid(np.where(grid > 1500.2, density, 0.0), grid)
    assert specific_consumer_risk(RESISTOR, 1500.15, MEASURED, MADE) == pytest.approx(outside, abs=1e-3)


def test_specific_risks_complement_each_other() -> None:
    for process in (None, MADE):
        both = [f(RESISTOR, 1500.19, MEASURED, process) for f in (specific_consumer_risk, specific_producer_risk)]
        assert sum(both) == pytest.approx(1.0)


@pytest.mark.parametrize(("r", "at_least"), [(1.0, 0.977), (0.82, 0.95), (0.0, 0.5), (-1.0, 0.023)])
def test_at_a_guarded_limit_the_conformance_probability_is_that_of_clause_8(r: float, at_least: float) -> None:
    acceptance = guarded_acceptance(Limits(None, 5.0, "mm"), 0.1, r)
    assert acceptance.high == pytest.approx(5.0 - 0.2 * r)
    assert conformance_probability(Limits(None, 5.0, "mm"), acceptance.upper, 0.1) == pytest.approx(at_least, abs=1e-3)


@pytest.mark.parametrize("process", [Process(0.0, 1.0), Process(0.9, 0.7)])
@pytest.mark.parametrize(("false_accept", "false_reject"), [(50.0, 1.0), (1.0, 1.0), (1.0, 8.0)])
def test_the_cost_optimal_interval_is_the_one_that_a_search_finds(
    process: Process, false_accept: float, false_reject: float
) -> None:
    limits, uncertainty = Limits(-2.0, 1.5), 0.3

    def cost(ends: np.ndarray) -> float:
        consumer, producer = bivariate(limits, Limits(*ends), uncertainty, process)
        return false_accept * consumer + false_reject * producer

    found = optimize.minimize(cost, [-2.0, 1.5], method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-12})
    best = cost_optimal(limits, uncertainty, process, false_accept, false_reject)
    assert best is not None
    assert (best.low, best.high) == pytest.approx(found.x, abs=0.02)
    risks = global_risks(limits, best, uncertainty, process)
    assert expected_cost(risks, false_accept, false_reject) <= found.fun + 1e-6


def test_one_sided_cost_optimum_has_the_critical_conformance_probability() -> None:
    process = Process(4.0, 0.5)
    for limits in (Limits(None, 5.0), Limits(3.0, None)):
        best = cost_optimal(limits, 0.2, process, 9.0, 1.0)
        assert best is not None
        end = best.high if best.low is None else best.low
        assert conformance_probability(limits, *posterior(process, end, 0.2)) == pytest.approx(0.9)


def test_equal_costs_and_a_flat_prior_give_simple_acceptance() -> None:
    best = cost_optimal(RESISTOR, 0.001, Process(1500.0, 1e6), 1.0, 1.0)
    assert best is not None
    assert (best.low, best.high) == pytest.approx((1499.8, 1500.2), abs=1e-6)


def test_where_no_reading_is_sure_enough_nothing_is_accepted() -> None:
    assert cost_optimal(Limits(-0.1, 0.1), 1.0, Process(0.0, 5.0), 100.0, 1.0) is None


def test_numbers_that_mean_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="uncertainty"):
        conformance_probability(RESISTOR, 1500.0, 0.0)
    with pytest.raises(ValueError, match="costs"):
        cost_optimal(RESISTOR, MEASURED, MADE, 0.0, 1.0)
    with pytest.raises(ValueError, match="process"):
        Process(1.0, 0.0)
