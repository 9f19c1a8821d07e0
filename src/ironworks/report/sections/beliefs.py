"""What has to be believed: which uncertain figures the output follows, and which parts of the chain are assumed yet."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from ironworks.figures import Figure
from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Section, Table, Text, chart
from ironworks.report.plots.beliefs import plot_beliefs
from ironworks.report.plots.theme import new_figure
from ironworks.report.view import rank_correlation

FEWEST = 12
SHOWN = 14

STAGES = (
    (
        "First-pass yields and defects",
        "figures of the scenario, learned along curves",
        "physics tests of as-built units (robot wing)",
    ),
    ("Times of calibration and end-of-line tests", "figures of the scenario", "procedures run on the simulated robot"),
    ("Operations at stations", "assigned by hand in the scenario", "line balancing under precedence and takt"),
    (
        "Floor, distances, transport times",
        "halls, footprints and carriers as figures; a plan where halls are given",
        "a building that stands; crossings and queues of carriers",
    ),
    (
        "Battery, computing, endurance",
        "mass and cost in the parts list alone",
        "cell and workload models of the product",
    ),
    ("Equipment and headcount plan", "the scenario's dates", "capacity planning against the targets"),
    ("Records of a real plant", "none yet", "the live plant; figures of kind `measured`"),
)
"""Part of the chain, what stands in for it now, what will fill it."""


@dataclass(frozen=True, slots=True)
class Belief:
    """How the total output follows one figure: Spearman's rank correlation with its 95 % interval.

    `sure`: the interval excludes zero even after allowing for the number of figures tried (Bonferroni).
    """

    id: str
    quantity: str
    range: str
    kind: str
    mean: float
    low: float
    high: float
    sure: bool


def strongest(outcome: Outcome, count: int = SHOWN) -> list[Belief]:
    """Figures by the size of their rank correlation with the output; empty with fewer than 12 replications."""
    n = len(outcome.replications)
    if n < FEWEST or not outcome.draws.ids:
        return []
    totals = outcome.output().sum(axis=1)
    known = {figure.id: figure for figure in outcome.scenario.all_figures()}
    found = []
    # Fisher's z with the factor for ranks of Fieller, Hartley and Pearson (1957).
    error = math.sqrt(1.06 / (n - 3))
    family = float(stats.norm.ppf(1 - 0.025 / len(outcome.draws.ids)))
    for column, name in enumerate(outcome.draws.ids):
        r = rank_correlation(outcome.draws.values[:, column], totals)
        if math.isnan(r) or name not in known:
            continue
        z = math.atanh(min(max(r, -0.9999), 0.9999))
        figure = known[name]
        low, high = math.tanh(z - 1.96 * error), math.tanh(z + 1.96 * error)
        found.append(Belief(name, _title(figure), _range(figure), figure.kind, r, low, high, abs(z) > family * error))
    return sorted(found, key=lambda belief: -abs(belief.mean))[:count]


def _title(figure: Figure) -> str:
    return words.plain(figure.quantity or figure.id)


def _range(figure: Figure) -> str:
    low, value, high = figure.bounds()
    unit = words.unit(figure.unit)
    return f"{words.number(value)} [{words.number(low)} to {words.number(high)}] {unit}".strip()


def beliefs(outcome: Outcome) -> Section:
    """Rank correlations of figures with the output; the stages of the chain that are assumptions yet."""
    blocks: list[Block] = []
    ranked = strongest(outcome)
    n = len(outcome.replications)
    if ranked:
        figure, ax = new_figure(9.2, 0.3 * len(ranked) + 0.8)
        mean, low, high = (np.array([getattr(b, name) for b in ranked]) for name in ("mean", "low", "high"))
        plot_beliefs([_short(b.quantity) for b in ranked], mean, low, high, np.array([b.sure for b in ranked]), ax)
        blocks.append(
            chart(
                figure,
                "beliefs",
                "Figures that the output follows",
                "Spearman's rank correlation of each uncertain figure, as drawn, with the number of "
                f"{words.plain(outcome.item)}s finished over the "
                f"horizon, in {n} replications; bars are 95 % intervals. Coloured: clear of zero even though "
                f"{len(outcome.draws.ids)} "
                "figures were tried (Bonferroni). Pale: may be chance. Figures of one group are drawn "
                "together, so one can stand in "
                "for its neighbours: a correlation ranks, it does not prove a cause.",
            )
        )
        blocks.append(
            Table(
                "The same with values",
                ("Figure", "Value [range]", "Kind", "Correlation", "95 % interval"),
                [(b.quantity, b.range, b.kind, f"{b.mean:+.2f}", f"{b.low:+.2f} to {b.high:+.2f}") for b in ranked],
                numbers=(3, 4),
                folded=True,
            )
        )
    else:
        blocks.append(
            Text(
                f"With {n} replication{'s' if n > 1 else ''} no figure can be ranked: {FEWEST} or more are "
                "needed, 60 are better.",
                "warning",
            )
        )
    blocks.append(
        Table(
            "Parts of the chain that are assumptions yet",
            ("Part", "Stands on now", "Will come from"),
            STAGES,
            note="The factory is simulated; what the robot's own physics would"
            " say is taken from the scenario's figures.",
        )
    )
    return Section("beliefs", "Beliefs", "What do we have to believe?", blocks)


def _short(text: str, limit: int = 58) -> str:
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + " …"
