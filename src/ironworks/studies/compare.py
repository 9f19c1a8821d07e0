"""Two scenarios side by side, replication by replication with the same random numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.flow.statistics import Interval, paired
from ironworks.outcome import Outcome, TargetResult
from ironworks.studies.bottleneck import quarters

__all__ = ["Comparison", "TargetDifference", "compare"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TargetDifference:
    """One target in both scenarios. `chance`: difference of its probability (b - a); `value`: of its value.

    `value` is None where a start of production is never reached in some replication.
    """

    a: TargetResult
    b: TargetResult
    chance: Interval
    value: Interval | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """b against a. `labels` and `output` (pieces per quarter, b - a, with paired 95 % intervals), totals, cost."""

    a: Outcome
    b: Outcome
    targets: tuple[TargetDifference, ...]
    labels: tuple[str, ...]
    output_a: Floats
    output_b: Floats
    output: tuple[Interval, ...]
    total: Interval
    cost: Interval
    """Difference of the cost over the horizon, investment in full [base currency]."""
    correlation: float
    """Of the two total outputs over replications: what the common numbers buy."""


def compare(a: Outcome, b: Outcome) -> Comparison:
    """Compare two outcomes of the same seed, number of replications, product, start and end.

    Raises ValueError, naming what differs, where they are not comparable.
    """
    _comparable(a, b)
    spans = quarters(a)
    edges = np.array([begin for _, begin, _ in spans] + [spans[-1][2]])
    first, second = _quarterly(a, edges), _quarterly(b, edges)
    named = {target.name: target for target in b.targets}
    targets = [_target(target, named[target.name]) for target in a.targets if target.name in named]
    totals = first.sum(axis=1), second.sum(axis=1)
    steady = min(totals[0].std(), totals[1].std()) == 0
    return Comparison(
        a=a,
        b=b,
        targets=tuple(targets),
        labels=tuple(label for label, _, _ in spans),
        output_a=first.mean(axis=0),
        output_b=second.mean(axis=0),
        output=tuple(paired(first[:, q], second[:, q]) for q in range(len(spans))),
        total=paired(*totals),
        cost=paired(_spent(a), _spent(b)),
        correlation=float("nan") if steady else float(np.corrcoef(*totals)[0, 1]),
    )


def _comparable(a: Outcome, b: Outcome) -> None:
    for what, of_a, of_b in (
        ("seed", a.seed, b.seed),
        ("number of replications", len(a.replications), len(b.replications)),
        ("first day", a.start, b.start),
        ("length", float(a.edges[-1]), float(b.edges[-1])),
        ("product", a.item, b.item),
        ("currency", a.scenario.settings.scenario.currency, b.scenario.settings.scenario.currency),
    ):
        if of_a != of_b:
            raise ValueError(f"cannot compare: the {what} differs ({of_a} and {of_b})")


def _target(a: TargetResult, b: TargetResult) -> TargetDifference:
    finite = bool(np.isfinite(a.values).all() and np.isfinite(b.values).all())
    chance = paired(a.met.astype(float), b.met.astype(float))
    # A difference of probabilities cannot leave [-1, 1], as the t interval of few replications does.
    chance = Interval(chance.mean, max(-1.0, chance.low), min(1.0, chance.high))
    return TargetDifference(a, b, chance, paired(a.values, b.values) if finite else None)


def _quarterly(outcome: Outcome, edges: Floats) -> Floats:
    rows = []
    for run in outcome.replications:
        times = [np.repeat(run.finish_times[name], outcome.pieces[name]) for name in outcome.routes]
        rows.append(np.histogram(np.concatenate(times), edges)[0])
    return np.stack(rows).astype(float)


def _spent(outcome: Outcome) -> Floats:
    return np.array([sum(y.total - y.depreciation + y.investment for y in years) for years in outcome.costs])
