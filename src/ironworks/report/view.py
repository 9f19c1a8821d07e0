"""Numbers that several sections read from an outcome."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.flow.result import State
from ironworks.outcome import Outcome
from ironworks.report.plots.theme import Dates, Floats, dates_of

BANDS = (
    "The line is the median of the replications (P50), the band goes from P10 to P90: in one of ten "
    "replications the value lies below the band, in one of ten above."
)


def edges(outcome: Outcome) -> Dates:
    """(B+1,) dates of the bins' edges."""
    return dates_of(str(outcome.start), outcome.edges)


def when(outcome: Outcome, seconds: Floats) -> Dates:
    """Moments of the run as dates; NaT where not finite."""
    given = np.asarray(seconds, dtype=float)
    known = np.isfinite(given)
    dates = dates_of(str(outcome.start), np.where(known, given, 0.0))
    dates[~known] = np.datetime64("NaT")
    return dates


def mean_states(outcome: Outcome) -> Floats:
    """(B, S, 10) place-seconds, averaged over the replications."""
    total = np.zeros_like(outcome.replications[0].states)
    for run in outcome.replications:
        total += run.states
    return total / len(outcome.replications)


def bins_of_year(outcome: Outcome) -> dict[int, slice]:
    """Weekly bins that begin in each calendar year."""
    begins = [outcome.date_at(float(edge)).year for edge in outcome.edges[:-1]]
    return {year: slice(begins.index(year), len(begins) - begins[::-1].index(year)) for year in sorted(set(begins))}


def on_shift(states: Floats) -> Floats:
    """Place-seconds on shift and installed, states (..., 10)."""
    total: Floats = states.sum(axis=-1) - states[..., State.NOT_INSTALLED] - states[..., State.OFF_SHIFT]
    return total


def grouped(values: Floats, size: int) -> Floats:
    """Sums over groups of `size` bins along the first axis; the last group may be shorter."""
    return np.add.reduceat(values, np.arange(0, len(values), size), axis=0)


def station_order(outcome: Outcome) -> list[int]:
    """Indices of the stations in the order in which routings visit them; those that none visits last."""
    names = outcome.replications[0].names.stations
    order: list[int] = []
    for route in outcome.scenario.routes:
        for operation in outcome.scenario.operations:
            if operation.route == route.route and operation.station in names:
                index = names.index(operation.station)
                if index not in order:
                    order.append(index)
    return order + [i for i in range(len(names)) if i not in order]


def most_loaded(outcome: Outcome, count: int) -> list[int]:
    """Stations that work the largest share of their time on shift over the whole run."""
    total = mean_states(outcome).sum(axis=0)
    available = on_shift(total)
    share = np.divide(total[:, State.WORKING], available, out=np.zeros(len(total)), where=available > 0)
    return [int(i) for i in np.argsort(-share, kind="stable")[:count]]


def rank_correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Spearman's rank correlation of (N,) values; nan where one of them does not vary."""
    ra, rb = _ranks(a), _ranks(b)
    if ra.std() == 0 or rb.std() == 0:
        return float("nan")
    return float(np.corrcoef(ra, rb)[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[inverse]
