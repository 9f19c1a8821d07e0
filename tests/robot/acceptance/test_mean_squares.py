"""Intervals of mean squares where they are known exactly, and where many draws tell."""

import numpy as np
import pytest
from scipy import stats

from ironworks.robot.acceptance.mean_squares import MeanSquare, combination_interval, share_interval


def test_one_mean_square_has_the_exact_interval() -> None:
    got = combination_interval([MeanSquare(2.5, 7)], [3.0], 0.9)
    exact = 3.0 * 7 * 2.5 / stats.chi2.ppf([0.95, 0.05], 7)
    assert (got.low, got.high) == pytest.approx(tuple(exact))


def test_a_share_of_two_mean_squares_has_the_exact_f_interval() -> None:
    got = share_interval([MeanSquare(6.0, 9), MeanSquare(2.0, 20)], [1.0, 0.0], [0.0, 1.0], 0.95)
    ratio = 3.0 / stats.f.ppf([0.975, 0.025], 9, 20)
    assert got.estimate == pytest.approx(0.75)
    assert (got.low, got.high) == pytest.approx(tuple(ratio / (1 + ratio)))


def test_a_difference_reaches_zero_where_the_f_test_does() -> None:
    quantile = stats.f.ppf(0.95, 5, 12)
    got = combination_interval([MeanSquare(quantile, 5), MeanSquare(1.0, 12)], [1.0, -1.0], 0.9)
    assert got.low == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("coefficients", [(0.2, 0.5, 1.0), (0.3, 0.4, -0.5), (1.0, -0.7, -0.2)])
def test_intervals_cover(coefficients: tuple[float, ...]) -> None:
    rng = np.random.default_rng(4)
    true, dfs, runs = np.array([3.0, 1.5, 1.0]), np.array([6, 4, 30]), 2000
    target = float(np.dot(coefficients, true))
    draws = true * rng.chisquare(dfs, (runs, 3)) / dfs
    hits = [
        target
        in combination_interval([MeanSquare(v, int(d)) for v, d in zip(row, dfs, strict=True)], coefficients, 0.9)
        for row in draws
    ]
    assert 0.88 <= np.mean(hits) <= 0.95


def test_shares_stay_between_nothing_and_all() -> None:
    squares = [MeanSquare(1.0, 3), MeanSquare(5.0, 3)]
    got = share_interval(squares, [1.0, -1.0], [0.0, 1.0])
    assert got.estimate == 0.0
    assert got.low == 0.0
    assert 0.0 < got.high < 1.0
