"""Confidence intervals for sums and differences of independent mean squares (modified large sample)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from scipy import optimize, stats

__all__ = ["Interval", "MeanSquare", "combination_interval", "share_interval"]


@dataclass(frozen=True, slots=True)
class MeanSquare:
    """A mean square whose expectation is a combination of variances: `df` * value / expectation is chi-squared."""

    value: float
    df: int


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its confidence interval, in the unit of the estimate."""

    estimate: float
    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def mapped(self, function: Callable[[float], float]) -> Interval:
        """The interval of an increasing function of the estimate."""
        return Interval(function(self.estimate), function(self.low), function(self.high))


def combination_interval(
    squares: Sequence[MeanSquare], coefficients: Sequence[float], confidence: float = 0.95
) -> Interval:
    """Interval of the sum of coefficient * expectation; both bounds may be negative where coefficients are.

    Positive coefficients: Graybill and Wang (J. Am. Stat. Assoc. 75, 1980); mixed signs: Ting, Burdick, Graybill,
    Jeyaratnam and Lu (J. Stat. Comput. Simul. 35, 1990). One mean square alone gives the exact interval.
    """
    alpha = (1.0 - confidence) / 2.0
    estimate = sum(c * s.value for c, s in zip(coefficients, squares, strict=True))
    low = estimate - _distance(squares, coefficients, alpha)
    high = estimate + _distance(squares, [-c for c in coefficients], alpha)
    return Interval(estimate, low, high)


def share_interval(
    squares: Sequence[MeanSquare], part: Sequence[float], rest: Sequence[float], confidence: float = 0.95
) -> Interval:
    """Interval of part / (part + rest), two combinations of the same mean squares; all three numbers in 0..1.

    The bound at which (1 - share) * part - share * rest is still compatible with zero, which for the modified large
    sample intervals is the ratio interval of Gui, Graybill, Burdick and Ting (J. Stat. Plan. Inference 48, 1995).
    """

    def contrast(share: float) -> Interval:
        mixed = [(1.0 - share) * a - share * b for a, b in zip(part, rest, strict=True)]
        return combination_interval(squares, mixed, confidence)

    first, last = contrast(0.0), contrast(1.0)
    total = first.estimate - last.estimate
    estimate = min(1.0, max(0.0, first.estimate / total)) if total > 0 else math.nan
    low = _root(lambda share: contrast(share).low, first.low, last.low)
    high = _root(lambda share: contrast(share).high, first.high, last.high)
    return Interval(estimate, low, high)


def _root(function: Callable[[float], float], first: float, last: float) -> float:
    """Where a falling function on 0..1 crosses zero, or the end beyond which it would."""
    if first <= 0.0:
        return 0.0
    return 1.0 if last >= 0.0 else float(optimize.brentq(function, 0.0, 1.0, xtol=1e-12))


def _distance(squares: Sequence[MeanSquare], coefficients: Sequence[float], alpha: float) -> float:
    """How far the lower bound lies below the estimate."""
    terms = [(c * s.value, s.df) for c, s in zip(coefficients, squares, strict=True) if c != 0.0]
    plus = [(value, df) for value, df in terms if value > 0]
    minus = [(-value, df) for value, df in terms if value < 0]
    variance = sum((_g(df, alpha) * value) ** 2 for value, df in plus)
    variance += sum((_h(df, alpha) * value) ** 2 for value, df in minus)
    for value, df in plus:
        for other, other_df in minus:
            variance += _across(df, other_df, alpha) * value * other
    if minus and len(plus) > 1:
        for i, (value, df) in enumerate(plus):
            for other, other_df in plus[:i]:
                both = _g(df + other_df, alpha) ** 2 * (df + other_df) ** 2 / (df * other_df)
                own = _g(df, alpha) ** 2 * df / other_df + _g(other_df, alpha) ** 2 * other_df / df
                variance += (both - own) / (len(plus) - 1) * value * other
    return math.sqrt(max(0.0, variance))


@cache
def _g(df: int, alpha: float) -> float:
    return float(1.0 - df / stats.chi2.ppf(1.0 - alpha, df))


@cache
def _h(df: int, alpha: float) -> float:
    return float(df / stats.chi2.ppf(alpha, df) - 1.0)


@cache
def _across(df: int, other_df: int, alpha: float) -> float:
    f = float(stats.f.ppf(1.0 - alpha, df, other_df))
    return ((f - 1.0) ** 2 - (_g(df, alpha) * f) ** 2 - _h(other_df, alpha) ** 2) / f
