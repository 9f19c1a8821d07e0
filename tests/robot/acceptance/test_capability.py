"""Capability against Montgomery's example, closed forms, scipy's noncentral t and many samples."""

import math

import numpy as np
import pytest
from scipy import stats

from ironworks.robot.acceptance.capability import capability, fraction_outside
from ironworks.robot.acceptance.measurement import Limits


def sample(n: int, mean: float, sd: float, seed: int = 1) -> np.ndarray:
    """A sample with exactly this mean and standard deviation."""
    raw = np.random.default_rng(seed).normal(size=n)
    return mean + sd * (raw - raw.mean()) / raw.std(ddof=1)


def test_montgomerys_interval_of_the_capability_ratio() -> None:
    """Montgomery, Introduction to Statistical Quality Control: limits 38 and 62, n = 20, s = 1.75."""
    pp = capability(sample(20, 50.0, 1.75), Limits(38.0, 62.0)).pp
    assert pp is not None
    # Printed from the ratio already rounded to 2.29.
    assert (pp.estimate, pp.low, pp.high) == pytest.approx((2.29, 1.57, 3.01), abs=0.006)


def test_the_centred_index_has_bissells_interval() -> None:
    """Bissell 1990: Ppk (1 +- z sqrt(1/(9 n Ppk^2) + 1/(2 (n - 1))))."""
    ppk = capability(sample(20, 10.0, 1.0), Limits(6.01, 15.0)).ppk
    assert ppk.estimate == pytest.approx(1.33)
    half = 1.33 * 1.959964 * math.sqrt(1 / (9 * 20 * 1.33**2) + 1 / (2 * 19))
    assert (ppk.low, ppk.high) == pytest.approx((1.33 - half, 1.33 + half), rel=1e-6)


@pytest.mark.parametrize("limits", [Limits(None, 13.0), Limits(7.0, None)])
def test_an_index_with_one_side_has_the_noncentral_t_interval(limits: Limits) -> None:
    found = capability(sample(25, 10.0, 1.0), limits)
    assert (found.cp, found.pp) == (None, None)
    assert found.ppk.estimate == pytest.approx(1.0)
    scale = 3 * math.sqrt(25)
    assert stats.nct.sf(scale, 24, scale * found.ppk.low) == pytest.approx(0.025, rel=1e-6)
    assert stats.nct.cdf(scale, 24, scale * found.ppk.high) == pytest.approx(0.025, rel=1e-6)


def test_far_inside_its_limit_an_index_with_one_side_is_as_uncertain_as_the_spread() -> None:
    """Then the mean is known well beside the distance, and only the chi-squared law of the spread is left."""
    ppk = capability(sample(64, 0.0, 1.0), Limits(None, 1e5)).ppk
    assert (ppk.low, ppk.high) == pytest.approx(
        tuple(1e5 / 3 * np.sqrt(stats.chi2.ppf([0.025, 0.975], 63) / 63)), rel=1e-6
    )


@pytest.mark.parametrize(("index", "ppm"), [(1.0, 2699.8), (4 / 3, 63.34), (5 / 3, 0.5733), (2.0, 0.001973)])
def test_expected_fractions_are_the_published_parts_per_million(index: float, ppm: float) -> None:
    assert 1e6 * fraction_outside(Limits(-3 * index, 3 * index), 0.0, 1.0) == pytest.approx(ppm, rel=1e-3)
    assert 1e6 * fraction_outside(Limits(None, 3 * index), 0.0, 1.0) == pytest.approx(ppm / 2, rel=1e-3)


def test_a_fraction_outside_is_what_a_monte_carlo_counts() -> None:
    draws = np.random.default_rng(3).normal(10.4, 0.8, 200_000)
    limits = Limits(9.0, 12.0)
    got = fraction_outside(limits, 10.4, 0.8)
    counted = np.mean((draws < 9.0) | (draws > 12.0))
    assert got == pytest.approx(counted, abs=4 * math.sqrt(got / 200_000))


@pytest.mark.parametrize("limits", [Limits(6.0, 13.0), Limits(None, 13.0)])
@pytest.mark.parametrize("subgroups", [None, [i // 4 for i in range(40)]])
def test_intervals_cover_the_truth_as_often_as_they_say(limits: Limits, subgroups: list[int] | None) -> None:
    rng = np.random.default_rng(8)
    runs, hits = 150, np.zeros(2)
    for _ in range(runs):
        found = capability(rng.normal(10.0, 1.0, 40), limits, subgroups, confidence=0.9)
        hits += [1.0 in found.cpk, 1.0 in found.ppk]
    assert (np.abs(hits / runs - 0.9) < 4 * math.sqrt(0.09 / runs)).all()


def test_degrees_of_freedom_of_the_moving_range_match_its_spread() -> None:
    rng = np.random.default_rng(9)
    found = [capability(rng.normal(0.0, 1.0, 30), Limits(-3.0, 3.0)) for _ in range(1000)]
    within = np.array([x.within for x in found])
    assert within.mean() == pytest.approx(1.0, abs=4 * within.std() / math.sqrt(1000))
    assert (within.mean() / within.std()) ** 2 / 2 == pytest.approx(found[0].within_df, rel=0.15)


def test_a_drift_spoils_the_long_term_alone() -> None:
    lots = np.repeat(np.arange(10), 10)
    data = sample(100, 0.0, 0.5, seed=4) + 0.3 * lots
    found = capability(data, Limits(-5.0, 8.0), lots.tolist())
    assert found.within == pytest.approx(0.5, rel=0.2)
    assert found.sd > 1.7 * found.within
    assert found.cpk.estimate > 1.7 * found.ppk.estimate


def test_what_is_seen_outside_is_counted() -> None:
    found = capability([1.0, 2.0, 3.0, 4.0, 9.0], Limits(1.0, 4.0))
    assert found.seen_outside == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("values", "said"),
    [([1.0, 2.0], "3 or more"), ([1.0, 2.0, math.nan], "finite readings"), ([2.0, 2.0, 2.0], "do not vary")],
)
def test_what_has_no_capability_is_refused(values: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        capability(values, Limits(0.0, 5.0))


def test_subgroups_need_repeats_and_one_label_each() -> None:
    with pytest.raises(ValueError, match="no subgroup"):
        capability([1.0, 2.0, 3.0], Limits(0.0, 5.0), ["a", "b", "c"])
    with pytest.raises(ValueError, match="2 labels"):
        capability([1.0, 2.0, 3.0], Limits(0.0, 5.0), ["a", "b"])
