"""Statistics of simulation output: warm-up, intervals, paired comparisons, probabilities, quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its confidence interval, in the unit of the data."""

    mean: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.high - self.low) / 2

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


def mean_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Student-t interval of the mean of independent values (n,); one value has an infinite interval."""
    data = _vector(values)
    mean = float(data.mean())
    if len(data) == 1:
        return Interval(mean, -math.inf, math.inf)
    error = float(data.std(ddof=1)) / math.sqrt(len(data))
    half = float(stats.t.ppf((1 + confidence) / 2, len(data) - 1)) * error
    return Interval(mean, mean - half, mean + half)


def paired(a: ArrayLike, b: ArrayLike, confidence: float = 0.95) -> Interval:
    """Interval of mean(b - a) for replications (n,) that share their random numbers pair by pair."""
    first, second = _vector(a), _vector(b)
    if len(first) != len(second):
        raise ValueError(f"paired: {len(first)} values against {len(second)}; run the same replications of both")
    return mean_interval(second - first, confidence)


def wilson(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Wilson score interval of a probability (Wilson 1927); good at 0 and 1, where the normal one collapses."""
    if not 0 <= successes <= trials or trials == 0:
        raise ValueError(f"wilson: needs 0 <= successes <= trials and trials > 0, got {successes} of {trials}")
    z = float(stats.norm.ppf((1 + confidence) / 2))
    p = successes / trials
    scale = 1 + z * z / trials
    centre = (p + z * z / (2 * trials)) / scale
    half = z / scale * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    # At the ends the formula gives 0 and 1 only up to rounding.
    low = 0.0 if successes == 0 else centre - half
    high = 1.0 if successes == trials else centre + half
    return Interval(p, low, high)


def quantile_interval(values: ArrayLike, q: float, confidence: float = 0.95) -> Interval:
    """Sample quantile with the distribution-free interval between order statistics (binomial ranks).

    Values may be infinite (never reached). Where n is too small for the confidence, the interval is open: infinite.
    """
    data = np.sort(_vector(values))
    n = len(data)
    alpha = (1 - confidence) / 2
    below = int(stats.binom.ppf(alpha, n, q))
    above = int(stats.binom.ppf(1 - alpha, n, q)) + 1
    low = float(data[below - 1]) if below >= 1 else -math.inf
    high = float(data[above - 1]) if above <= n else math.inf
    return Interval(quantile(data, q), low, high)


def quantile(values: ArrayLike, q: float) -> float:
    """Linear sample quantile that stays defined when some values are infinite."""
    data = np.sort(_vector(values))
    at = q * (len(data) - 1)
    lower, upper = data[math.floor(at)], data[math.ceil(at)]
    if lower == upper:
        return float(lower)
    weight = at - math.floor(at)
    return float(lower + weight * (upper - lower)) if weight else float(lower)


def mser5(series: ArrayLike, batch: int = 5) -> int:
    """Observations to cut from the front of a steady-state series by MSER-5 (White 1997).

    The cut minimises the squared standard error of the mean of the batch averages that remain; at most
    half of the series is cut, and when the minimum lies at that bound the run is too short: ValueError.
    A ramp has no steady state: never use this on one.
    """
    data = _vector(series)
    count = len(data) // batch
    if count < 4:
        raise ValueError(f"mser5: needs at least {4 * batch} observations, got {len(data)}")
    means = data[: count * batch].reshape(count, batch).mean(axis=1)
    left = np.arange(count, 0, -1)
    tail = np.cumsum(means[::-1])[::-1]
    squares = np.cumsum((means * means)[::-1])[::-1]
    spread = np.maximum(squares - tail * tail / left, 0.0) / (left.astype(float) ** 2)
    half = count // 2
    cut = int(np.argmin(spread[: half + 1]))
    if cut == half and spread[half] < spread[0]:
        raise ValueError("mser5: no steady state within the first half of the series; run longer")
    return cut * batch


def batch_means(series: ArrayLike, batches: int = 20, confidence: float = 0.95) -> Interval:
    """Interval of a steady-state mean from one long run, by means of non-overlapping batches."""
    data = _vector(series)
    size = len(data) // batches
    if batches < 2 or size < 1:
        raise ValueError(f"batch_means: {len(data)} observations do not fill {batches} batches (at least 2)")
    used = data[len(data) - size * batches :]
    return mean_interval(used.reshape(batches, size).mean(axis=1), confidence)


def replications_needed(values: ArrayLike, half_width: float, confidence: float = 0.95) -> int:
    """Replications for a mean interval of that half width, judged from a first sample (n,)."""
    data = _vector(values)
    if len(data) < 2 or half_width <= 0:
        raise ValueError("replications_needed: needs two values or more and a positive half width")
    deviation = float(data.std(ddof=1))
    count = len(data)
    while float(stats.t.ppf((1 + confidence) / 2, count - 1)) * deviation / math.sqrt(count) > half_width:
        count += max(1, count // 50)
    return count


def _vector(values: ArrayLike | Sequence[float]) -> Floats:
    data = np.asarray(values, dtype=float).ravel()
    if not len(data):
        raise ValueError("statistics of no values")
    return data
