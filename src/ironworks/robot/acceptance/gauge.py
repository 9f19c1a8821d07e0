"""Gauge repeatability and reproducibility: the crossed study of parts and operators (AIAG MSA, ANOVA method)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ironworks.robot.acceptance.mean_squares import Interval, MeanSquare, combination_interval, share_interval
from ironworks.robot.acceptance.measurement import Limits

__all__ = ["AnovaRow", "Components", "GaugeStudy", "crossed"]

STUDY_WIDTH = 6.0
_CATEGORIES = 1.41


@dataclass(frozen=True, slots=True)
class AnovaRow:
    """One line of the table: sum of squares, degrees of freedom, mean square; F and p are NaN where not tested."""

    source: str
    ss: float
    df: int
    ms: float
    f: float = math.nan
    p: float = math.nan


@dataclass(frozen=True, slots=True)
class Components:
    """Variances of one reading by source, in the square of its unit; none is negative."""

    part: float
    operator: float
    interaction: float
    repeatability: float

    @property
    def reproducibility(self) -> float:
        """Operators (testers) and their interaction with parts."""
        return self.operator + self.interaction

    @property
    def grr(self) -> float:
        """Repeatability and reproducibility: the variance of the measurement."""
        return self.reproducibility + self.repeatability

    @property
    def total(self) -> float:
        """Parts and measurement."""
        return self.part + self.grr

    @property
    def percent_grr(self) -> float:
        """Standard deviation of the measurement over that of the readings [%]; NaN where nothing varies."""
        return 100.0 * math.sqrt(self.grr / self.total) if self.total > 0 else math.nan

    @property
    def ndc(self) -> int | None:
        """Number of distinct categories, 1.41 PV / GRR rounded down; None where the measurement shows no variance."""
        return math.floor(_CATEGORIES * math.sqrt(self.part / self.grr)) if self.grr > 0 else None

    def percent_tolerance(self, limits: Limits, mean: float | None = None) -> float:
        """6 standard deviations of the measurement over the tolerance [%].

        For one-sided limits 3 standard deviations over the distance of the limit from the process mean, which is
        needed there.
        """
        if limits.two_sided:
            return 100.0 * STUDY_WIDTH * math.sqrt(self.grr) / limits.width
        if mean is None:
            raise ValueError(f"limits with one side ({limits}) need the mean of the process")
        room = limits.upper - mean if limits.low is None else mean - limits.lower
        if room <= 0:
            raise ValueError(f"the mean {mean:g} is not inside the limits ({limits})")
        return 100.0 * (STUDY_WIDTH / 2.0) * math.sqrt(self.grr) / room


@dataclass(frozen=True, slots=True)
class GaugeStudy:
    """A balanced crossed study: its ANOVA table, the variances, and what their intervals are made of.

    `table` has the lines part, operator, interaction (unless pooled) and repeatability. `interaction_p` is the p value
    of the interaction before any pooling; NaN where it could not be tested. Intervals and their estimates are those of
    the sums of mean squares, in which a negative variance of one source still counts.
    """

    parts: int
    operators: int
    trials: int
    mean: float
    table: tuple[AnovaRow, ...]
    components: Components
    pooled: bool
    interaction_p: float

    def part_interval(self, confidence: float = 0.95) -> Interval:
        """Variance of parts; bounds below zero are set to zero, as they are for the other variances."""
        return self._variance(self._coefficients()[0], confidence)

    def repeatability_interval(self, confidence: float = 0.95) -> Interval:
        """Variance of repeatability: the exact chi-squared interval."""
        return self._variance([0.0] * (len(self.table) - 1) + [1.0], confidence)

    def reproducibility_interval(self, confidence: float = 0.95) -> Interval:
        """Variance between operators, interaction included."""
        grr = self._coefficients()[1]
        return self._variance([*grr[:-1], grr[-1] - 1.0], confidence)

    def grr_interval(self, confidence: float = 0.95) -> Interval:
        """Variance of the measurement."""
        return self._variance(self._coefficients()[1], confidence)

    def percent_grr_interval(self, confidence: float = 0.95) -> Interval:
        """%GRR of study variation [%]."""
        part, grr = self._coefficients()
        share = share_interval(self._squares(), grr, part, confidence)
        return share.mapped(lambda x: 100.0 * math.sqrt(x))

    def ndc_interval(self, confidence: float = 0.95) -> Interval:
        """1.41 PV / GRR before it is rounded down; infinite where the measurement's share of variance reaches zero."""
        part, grr = self._coefficients()
        share = share_interval(self._squares(), part, grr, confidence)
        return share.mapped(lambda x: _CATEGORIES * math.sqrt(x / (1.0 - x)) if x < 1.0 else math.inf)

    def _squares(self) -> list[MeanSquare]:
        return [MeanSquare(row.ms, row.df) for row in self.table]

    def _coefficients(self) -> tuple[list[float], list[float]]:
        """What the mean squares add to the variances of parts and of the measurement."""
        p, o, r = self.parts, self.operators, self.trials
        if self.pooled:
            return [1 / (o * r), 0.0, -1 / (o * r)], [0.0, 1 / (p * r), (p * r - 1) / (p * r)]
        return (
            [1 / (o * r), 0.0, -1 / (o * r), 0.0],
            [0.0, 1 / (p * r), (p - 1) / (p * r), (r - 1) / r],
        )

    def _variance(self, coefficients: list[float], confidence: float) -> Interval:
        return combination_interval(self._squares(), coefficients, confidence).mapped(lambda x: max(0.0, x))


def crossed(values: ArrayLike, pool_above: float = 0.25) -> GaugeStudy:
    """Study of readings (parts, operators, trials), all random, at least 2 of each.

    The interaction is pooled with the error where its p value is above `pool_above` (1 never pools, 0 always does).
    Variances are the ANOVA estimates, set to zero where negative (Burdick, Borror and Montgomery, Design and Analysis
    of Gauge R&R Studies, 2005). Main effects are tested against the interaction, or the pooled error.
    """
    data = np.asarray(values, dtype=np.float64)
    if data.ndim != 3 or min(data.shape) < 2:
        raise ValueError(f"a crossed study needs 2 or more parts, operators and trials, not an array {data.shape}")
    if not np.isfinite(data).all():
        raise ValueError("a crossed study needs a finite reading in every cell")
    p, o, r = data.shape
    mean = float(data.mean())
    cells, of_part, of_operator = data.mean(axis=2), data.mean(axis=(1, 2)), data.mean(axis=(0, 2))
    ss_part = o * r * float(((of_part - mean) ** 2).sum())
    ss_operator = p * r * float(((of_operator - mean) ** 2).sum())
    ss_inter = r * float(((cells - of_part[:, None] - of_operator[None, :] + mean) ** 2).sum())
    ss_error = float(((data - cells[:, :, None]) ** 2).sum())
    inter = _row("interaction", ss_inter, (p - 1) * (o - 1))
    error = _row("repeatability", ss_error, p * o * (r - 1))
    inter = _tested(inter, error)
    pooled = inter.p > pool_above
    if pooled:
        error = _row("repeatability", ss_inter + ss_error, inter.df + error.df)
    against = error if pooled else inter
    part = _tested(_row("part", ss_part, p - 1), against)
    operator = _tested(_row("operator", ss_operator, o - 1), against)
    components = Components(
        part=max(0.0, (part.ms - against.ms) / (o * r)),
        operator=max(0.0, (operator.ms - against.ms) / (p * r)),
        interaction=0.0 if pooled else max(0.0, (inter.ms - error.ms) / r),
        repeatability=error.ms,
    )
    table = (part, operator, error) if pooled else (part, operator, inter, error)
    return GaugeStudy(p, o, r, mean, table, components, pooled, inter.p)


def _row(source: str, ss: float, df: int) -> AnovaRow:
    return AnovaRow(source, ss, df, ss / df)


def _tested(row: AnovaRow, against: AnovaRow) -> AnovaRow:
    if against.ms <= 0.0:
        return row
    f = row.ms / against.ms
    return AnovaRow(row.source, row.ss, row.df, row.ms, f, float(stats.f.sf(f, row.df, against.df)))
