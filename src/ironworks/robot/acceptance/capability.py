"""Process capability: Cp, Cpk, Pp and Ppk with confidence intervals, for limits with one or two sides."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

from ironworks.robot.acceptance.mean_squares import Interval
from ironworks.robot.acceptance.measurement import Limits

__all__ = ["Capability", "capability", "fraction_outside"]

Floats = NDArray[np.float64]
_TWO_SQRT_PI = 2.0 / math.sqrt(math.pi)
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)


@dataclass(frozen=True, slots=True)
class Capability:
    """How a sample fits its limits; `sd` is the overall, `within` the short-term standard deviation, in the unit.

    Cp and Cpk speak of the short term, Pp and Ppk of everything seen. Cp and Pp are None for limits with one side.
    `expected_outside` is the fraction outside by a normal distribution of `mean` and `sd`, `seen_outside` the counted
    one. `within_df` are the degrees of freedom of `within`; not whole ones for moving ranges.
    """

    n: int
    mean: float
    sd: float
    within: float
    within_df: float
    cp: Interval | None
    cpk: Interval
    pp: Interval | None
    ppk: Interval
    expected_outside: float
    seen_outside: float


def capability(
    values: ArrayLike, limits: Limits, subgroups: Sequence[Hashable] | None = None, confidence: float = 0.95
) -> Capability:
    """Capability of finite readings (n,) in the order in which they were made, in the unit of the limits.

    The short-term spread is the pooled one of the subgroups (one label per reading, say the lot), or, without labels,
    the mean moving range of neighbours over 2/sqrt(pi).
    """
    data = np.asarray(values, dtype=np.float64)
    if data.ndim != 1 or len(data) < 3:
        raise ValueError(f"capability needs a row of 3 or more readings, not an array {data.shape}")
    if not np.isfinite(data).all():
        raise ValueError("capability needs finite readings: leave out what was not measured, and count it as failed")
    mean, sd = float(data.mean()), float(data.std(ddof=1))
    within, within_df = _moving_range(data) if subgroups is None else _pooled(data, subgroups)
    if sd == 0.0 or within == 0.0:
        raise ValueError("the readings do not vary: the capability is not finite")
    n = len(data)
    inside = (data >= limits.lower) & (data <= limits.upper)
    return Capability(
        n, mean, sd, within, within_df,
        cp=_potential(limits, within, within_df, confidence),
        cpk=_centred(limits, mean, within, n, within_df, confidence),
        pp=_potential(limits, sd, n - 1, confidence),
        ppk=_centred(limits, mean, sd, n, n - 1, confidence),
        expected_outside=fraction_outside(limits, mean, sd),
        seen_outside=1.0 - float(inside.mean()),
    )  # fmt: skip


def fraction_outside(limits: Limits, mean: float, sd: float) -> float:
    """Fraction of a normal distribution that lies outside the limits."""
    if not sd > 0:
        raise ValueError(f"a standard deviation is above 0, not {sd}")
    return float(special.ndtr((limits.lower - mean) / sd) + special.ndtr((mean - limits.upper) / sd))


def _pooled(data: Floats, subgroups: Sequence[Hashable]) -> tuple[float, float]:
    if len(subgroups) != len(data):
        raise ValueError(f"{len(subgroups)} labels of subgroups for {len(data)} readings")
    names = {name: i for i, name in enumerate(dict.fromkeys(subgroups))}
    group = np.array([names[name] for name in subgroups])
    df = len(data) - len(names)
    if df < 1:
        raise ValueError("no subgroup has 2 readings: the short-term spread cannot be seen")
    means = np.bincount(group, data) / np.bincount(group)
    return math.sqrt(float(((data - means[group]) ** 2).sum()) / df), float(df)


def _moving_range(data: Floats) -> tuple[float, float]:
    """Short-term spread, and the degrees of freedom of a chi with the same relative variance."""
    n = len(data)
    sigma = float(np.abs(np.diff(data)).mean()) / _TWO_SQRT_PI
    # Second moments of |x1 - x2| and of |x1 - x2| |x2 - x3| for independent standard normal x.
    own = 2.0 - _TWO_SQRT_PI**2
    neighbour = _TWO_SQRT_PI**2 * (math.sqrt(0.75) + math.pi / 12.0 - 1.0)
    relative = ((n - 1) * own + 2 * (n - 2) * neighbour) / ((n - 1) * _TWO_SQRT_PI) ** 2
    return sigma, 1.0 / (2.0 * relative)


def _potential(limits: Limits, sigma: float, df: float, confidence: float) -> Interval | None:
    if not limits.two_sided:
        return None
    index = limits.width / (6.0 * sigma)
    low, high = (math.sqrt(float(stats.chi2.ppf(q, df)) / df) for q in _tails(confidence))
    return Interval(index, index * low, index * high)


def _centred(limits: Limits, mean: float, sigma: float, n: int, df: float, confidence: float) -> Interval:
    """Cpk: Bissell's interval (Applied Statistics 39, 1990); the exact one, noncentral t, for limits with one side."""
    index = min(limits.upper - mean, mean - limits.lower) / (3.0 * sigma)
    if limits.two_sided:
        quantile = float(special.ndtri(_tails(confidence)[1]))
        half = quantile * math.sqrt(1.0 / (9.0 * n) + index**2 / (2.0 * df))
        return Interval(index, index - half, index + half)
    scale = 3.0 * math.sqrt(n)
    low, high = (_noncentrality(scale * index, df, 1.0 - q) / scale for q in _tails(confidence))
    return Interval(index, low, high)


def _noncentrality(t: float, df: float, probability: float) -> float:
    """The noncentrality at which a t statistic stays below `t` with this probability."""
    spread = _scale_range(df)
    ends = (t * spread[0], t * spread[1])
    return float(
        optimize.brentq(
            lambda delta: _noncentral_t(t, df, delta) - probability, min(ends) - 9.0, max(ends) + 9.0, xtol=1e-10
        )
    )


def _noncentral_t(t: float, df: float, delta: float) -> float:
    """P(T <= t) for noncentral t: the normal probability of t s - delta over the scale s = chi / sqrt(df).

    scipy's own gives NaN for many noncentralities beyond some 40, which large samples and good processes reach.
    """
    low, high = _scale_range(df)
    steep = [delta / t + k / abs(t) for k in (-9.0, -3.0, 0.0, 3.0, 9.0)] if t else []
    smooth = [1.0 + k / math.sqrt(2.0 * df) for k in (-3.0, 0.0, 3.0)]
    edges = np.array([low, *sorted(x for x in steep + smooth if low < x < high), high])
    half = np.diff(edges)[:, None] / 2.0
    s = edges[:-1, None] + half * (1.0 + _NODES)
    # The density of s up to a factor, with its exponent near 0 at the mode.
    weight = half * _WEIGHTS * np.exp((df - 1.0) * np.log(s) + 0.5 * df * (1.0 - s**2))
    return float((weight * special.ndtr(t * s - delta)).sum() / weight.sum())


def _scale_range(df: float) -> tuple[float, float]:
    """Where all but 2e-13 of chi / sqrt(df) lies."""
    low, high = np.sqrt(np.array([special.chdtri(df, 1.0 - 1e-13), special.chdtri(df, 1e-13)]) / df)
    return float(low), float(high)


def _tails(confidence: float) -> tuple[float, float]:
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"a confidence lies between 0 and 1, not at {confidence}")
    return (1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0
