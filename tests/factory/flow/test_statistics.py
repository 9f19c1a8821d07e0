"""Statistics against scipy, brute force and published intervals."""

import math

import numpy as np
import pytest
from scipy import stats

from ironworks.factory.flow.statistics import (
    batch_means,
    mean_interval,
    mser5,
    paired,
    quantile,
    quantile_interval,
    replications_needed,
    wilson,
)


def sample(n: int = 40, seed: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).gamma(3.0, 2.0, n)


def test_mean_interval_is_scipys_t_interval() -> None:
    data = sample()
    got = mean_interval(data, 0.9)
    low, high = stats.t.interval(0.9, len(data) - 1, data.mean(), stats.sem(data))
    assert (got.mean, got.low, got.high) == pytest.approx((data.mean(), low, high))


def test_one_value_has_an_infinite_interval() -> None:
    assert mean_interval([3.0]).half_width == math.inf


def test_paired_is_scipys_paired_interval() -> None:
    a, b = sample(seed=1), sample(seed=2)
    expected = stats.ttest_rel(b, a).confidence_interval(0.95)
    got = paired(a, b)
    assert (got.low, got.high) == pytest.approx((expected.low, expected.high))


def test_paired_is_narrower_than_apart_when_numbers_are_common() -> None:
    common = sample()
    noise = np.random.default_rng(3).normal(0, 0.1, len(common))
    apart = stats.ttest_ind(common + 1, common).confidence_interval(0.95)
    assert paired(common, common + 1 + noise).half_width < 0.1 * (apart.high - apart.low) / 2


def test_paired_refuses_unequal_lengths() -> None:
    with pytest.raises(ValueError, match="same replications"):
        paired([1.0, 2.0], [1.0])


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_newcombes_published_intervals(successes: int, trials: int, low: float, high: float) -> None:
    got = wilson(successes, trials)
    assert (got.low, got.high) == pytest.approx((low, high), abs=5e-5)


def test_wilson_agrees_with_scipy() -> None:
    for successes in (0, 3, 45, 50):
        expected = stats.binomtest(successes, 50).proportion_ci(0.95, method="wilson")
        got = wilson(successes, 50)
        assert (got.low, got.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_fifty_replications_leave_eight_points_at_nine_tenths() -> None:
    assert wilson(45, 50).half_width == pytest.approx(0.08, abs=0.01)


def test_median_interval_of_ten_lies_between_the_second_and_the_ninth() -> None:
    data = np.arange(1.0, 11.0)
    got = quantile_interval(data, 0.5)
    assert (got.mean, got.low, got.high) == (5.5, 2.0, 9.0)


def test_quantile_interval_covers_as_often_as_it_says() -> None:
    generator = np.random.default_rng(11)
    truth = stats.expon.ppf(0.8)
    hits = sum(truth in quantile_interval(generator.exponential(size=60), 0.8) for _ in range(1000))
    assert hits >= 935


def test_quantile_interval_is_open_where_too_few_values_bound_it() -> None:
    assert quantile_interval(sample(10), 0.95).high == math.inf


def test_quantile_is_numpys_and_bears_infinity() -> None:
    data = sample()
    for q in (0.0, 0.1, 0.37, 1.0):
        assert quantile(data, q) == pytest.approx(np.quantile(data, q))
    assert quantile([1.0, 2.0, math.inf], 0.5) == 2.0
    assert quantile([1.0, math.inf, math.inf], 0.9) == math.inf


def brute_mser5(series: np.ndarray) -> int:
    means = [series[i : i + 5].mean() for i in range(0, len(series) - 4, 5)]
    score = [np.var(means[d:]) / (len(means) - d) for d in range(len(means) // 2 + 1)]
    return 5 * int(np.argmin(score))


def test_mser5_is_the_minimum_that_brute_force_finds() -> None:
    generator = np.random.default_rng(7)
    for scale in (0.0, 3.0, 10.0):
        series = generator.normal(10, 1, 400) - scale * np.exp(-np.arange(400) / 15)
        assert mser5(series) == brute_mser5(series)


def test_mser5_cuts_a_step() -> None:
    series = np.concatenate([np.zeros(50), np.full(200, 9.0)]) + np.random.default_rng(1).normal(0, 0.1, 250)
    assert mser5(series) == 50


def test_mser5_refuses_a_ramp() -> None:
    with pytest.raises(ValueError, match="no steady state"):
        mser5(np.arange(200.0))


def test_batch_means_widens_for_correlated_output_as_theory_says() -> None:
    generator = np.random.default_rng(2)
    n, phi = 100_000, 0.8
    noise = generator.normal(size=n)
    series = np.empty(n)
    series[0] = noise[0] / math.sqrt(1 - phi**2)
    for i in range(1, n):
        series[i] = phi * series[i - 1] + noise[i]
    theory = stats.t.ppf(0.975, 19) * (1 / (1 - phi)) / math.sqrt(n)
    assert batch_means(series, 20).half_width == pytest.approx(theory, rel=0.4)
    assert mean_interval(series).half_width < 0.5 * theory


def test_batch_means_refuses_too_little() -> None:
    with pytest.raises(ValueError, match="do not fill"):
        batch_means([1.0, 2.0, 3.0], 20)


def test_replications_needed_reaches_the_width() -> None:
    data = sample(20)
    n = replications_needed(data, 0.5)
    wanted = stats.t.ppf(0.975, n - 1) * data.std(ddof=1) / math.sqrt(n)
    assert 0.48 < wanted <= 0.5
