"""What a test declares and how a reading is judged: limits with a unit, an acceptance interval, a verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Limits", "Measurement", "Verdict", "judge", "judge_all"]


class Verdict(IntEnum):
    """The outcome of one measurement; the larger one is the worse one, so that `max` judges a procedure."""

    PASS = 0
    MARGINAL = 1
    FAIL = 2

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Limits:
    """A tolerance (or acceptance) interval with both ends included; one of `low` and `high` may be None.

    `low` and `high` are in `unit`; an empty unit is a plain number.
    """

    low: float | None
    high: float | None
    unit: str = ""

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise ValueError("limits need a low end, a high end or both")
        if not all(math.isfinite(end) for end in (self.low, self.high) if end is not None):
            raise ValueError(f"limits are finite numbers, not {self.low} and {self.high}; None leaves an end open")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"the low limit {self.low} is not below the high limit {self.high}")

    @property
    def lower(self) -> float:
        """The low end, minus infinity where there is none."""
        return -math.inf if self.low is None else self.low

    @property
    def upper(self) -> float:
        """The high end, infinity where there is none."""
        return math.inf if self.high is None else self.high

    @property
    def two_sided(self) -> bool:
        """Whether both ends are given."""
        return self.low is not None and self.high is not None

    @property
    def width(self) -> float:
        """Distance of the ends in `unit`; infinite for one-sided limits."""
        return self.upper - self.lower

    def __contains__(self, value: float) -> bool:
        """Whether a value lies inside; NaN and infinities never do, whatever end is open."""
        return math.isfinite(value) and self.lower <= value <= self.upper

    def shrunk(self, guard_low: float, guard_high: float) -> Limits:
        """These limits with each given end moved inwards by a guard band in `unit`; a negative one moves it outwards.

        Raises ValueError where nothing would be left.
        """
        low = None if self.low is None else self.low + guard_low
        high = None if self.high is None else self.high - guard_high
        if low is not None and high is not None and low >= high:
            raise ValueError(
                f"guard bands of {guard_low:g} and {guard_high:g} leave nothing of {self}: "
                "measure with less uncertainty or widen the tolerance"
            )
        return Limits(low, high, self.unit)

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        if self.low is None:
            return f"at most {self.high:g}{unit}"
        if self.high is None:
            return f"at least {self.low:g}{unit}"
        return f"{self.low:g} to {self.high:g}{unit}"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One declared measurement: its name, the tolerance that a true value must keep, and what readings are accepted.

    Without an acceptance interval a reading is compared with the tolerance itself (simple acceptance, JCGM 106, 8.2).
    """

    name: str
    limits: Limits
    acceptance: Limits | None = None
    description: str = ""

    def __post_init__(self) -> None:
        if self.acceptance is not None and self.acceptance.unit != self.limits.unit:
            raise ValueError(f"{self.name}: acceptance in `{self.acceptance.unit}`, limits in `{self.limits.unit}`")

    @property
    def unit(self) -> str:
        """The unit of limits and readings."""
        return self.limits.unit

    def guarded(self, acceptance: Limits) -> Measurement:
        """The same measurement with another acceptance interval."""
        return replace(self, acceptance=acceptance)

    def judge(self, value: float) -> Verdict:
        """The verdict on one reading in `unit`."""
        return judge(self.limits, value, self.acceptance)


def judge(limits: Limits, value: float, acceptance: Limits | None = None) -> Verdict:
    """Pass inside the acceptance interval; outside it marginal while inside the tolerance, otherwise fail.

    What passes is therefore exactly what the risks of the acceptance interval speak of. NaN and infinities fail.
    """
    if value in (acceptance or limits):
        return Verdict.PASS
    return Verdict.MARGINAL if value in limits else Verdict.FAIL


def judge_all(limits: Limits, values: ArrayLike, acceptance: Limits | None = None) -> NDArray[np.int8]:
    """`judge` for readings of any shape; codes of `Verdict` in the same shape."""
    readings = np.asarray(values, dtype=np.float64)
    verdicts = np.full(readings.shape, Verdict.FAIL, dtype=np.int8)
    for interval, verdict in ((limits, Verdict.MARGINAL), (acceptance or limits, Verdict.PASS)):
        verdicts[np.isfinite(readings) & (readings >= interval.lower) & (readings <= interval.upper)] = verdict
    return verdicts
