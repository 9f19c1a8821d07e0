"""The answer first: each target's chance, what holds it back, what has to be believed."""

from __future__ import annotations

import numpy as np

from ironworks.outcome import Outcome, TargetResult
from ironworks.report import words
from ironworks.report.blocks import Partial, Section, chart
from ironworks.report.plots.goal import plot_goal
from ironworks.report.plots.theme import new_figure
from ironworks.report.sections.beliefs import strongest
from ironworks.report.sections.supply import days_short
from ironworks.report.view import when

_WEEK = 604_800.0
FEW = 30
"""Replications below which the page says that they are few."""
TENTHS = 10
"""Replications below which one in ten means nothing."""


def answer(outcome: Outcome) -> Section:
    """Targets in a sentence each, with the three things that a reader asks next."""
    data: dict[str, object] = {
        "targets": [_target(outcome, i, target) for i, target in enumerate(outcome.targets)],
        "headline": headline(outcome),
        "holds": holds_back(outcome),
        "believe": _believe(outcome),
    }
    return Section("answer", "Answer", "Can we build it by then?", (Partial("answer.html.j2", data),))


def headline(outcome: Outcome) -> str:
    """The output over the horizon in one sentence."""
    totals = outcome.output().sum(axis=1)
    low, middle, high = (words.number(float(q)) for q in np.quantile(totals, (0.1, 0.5, 0.9)).round())
    last = words.day(outcome.date_at(float(outcome.edges[-1]) - 1.0).date())
    item = f"{words.plain(outcome.item)}s by {last}"
    if low == high:
        return f"{middle} {item}, the same in nearly all replications."
    if len(totals) < TENTHS:
        least, most = words.number(float(totals.min())), words.number(float(totals.max()))
        return f"{middle} {item} in the median of {len(totals)} replications, which lie between {least} and {most}."
    return f"{middle} {item} in the median, {low} to {high} in eight of ten replications."


def sentence(outcome: Outcome, target: TargetResult) -> str:
    """One target: chance, interval, and how far away the median is."""
    n = len(target.met)
    met = int(target.met.sum())
    low, middle, high = (words.goal_value(outcome, target, q) for q in target.quantiles)
    few = "" if n >= FEW else ", few to judge by"
    values = "" if n == 1 else f" (P10 {low}, P90 {high})"
    return (
        f"Met in {met} of {n} replication{'s' if n > 1 else ''}{few}, so its probability lies between "
        f"{words.percent(target.low)} and "
        f"{words.percent(target.high)} (95 % interval). In the median: {middle}{values}."
    )


def _target(outcome: Outcome, index: int, target: TargetResult) -> dict[str, object]:
    figure, ax = new_figure(6.2, 0.85)
    if target.kind == "sop":
        plot_goal(when(outcome, target.values), target.met, when(outcome, np.array([target.wanted]))[0], "", ax)
    else:
        scale = _WEEK if target.kind == "rate" else 1.0
        unit = "per week" if target.kind == "rate" else ""
        plot_goal(target.values * scale, target.met, target.wanted * scale, unit, ax)
    missing = int((~np.isfinite(target.values)).sum())
    note = f"{missing} replication{'s' if missing > 1 else ''} never got there." if missing else ""
    return {
        "name": target.name,
        "text": target.text,
        "verdict": words.chance(target),
        "percent": words.percent(target.probability),
        "low": target.low,
        "high": target.high,
        "probability": target.probability,
        "sentence": sentence(outcome, target),
        "wanted": words.goal_value(outcome, target, target.wanted),
        "dots": chart(figure, f"goal-{index}", target.text, note),
        "source": _source(outcome, target.name),
    }


def _source(outcome: Outcome, name: str) -> str:
    return next((row.source for row in outcome.scenario.targets if row.target == name), "")


def holds_back(outcome: Outcome) -> list[str]:
    """Sentences, the most weighty first, on what limits the output."""
    found = []
    if outcome.elasticities is not None:
        e = outcome.elasticities
        order = np.argsort(-e.overall[:, 0])
        sure = [int(i) for i in order if e.overall[i, 1] > 0][:2]
        for i in sure:
            mean, low, high = e.overall[i]
            found.append(
                f"{words.plain(e.stations[i]).capitalize()}: 1 % faster gives {mean:.2f} % more "
                f"{words.plain(outcome.item)}s over the "
                f"whole horizon ({low:.2f} to {high:.2f} %)."
            )
        if not sure:
            found.append(
                "No single station: none of the candidates raises the output for sure when it alone is made faster."
            )
    if outcome.misses:
        miss = outcome.misses[0]
        for cause in miss.causes[:2]:
            found.append(f"In the worst run: {words.prose(cause.text)}")
    parts = days_short(outcome)[:1]
    for part in parts:
        if part.middle >= 1:
            found.append(
                f"{words.plain(part.name).capitalize()} was the part waited for longest: "
                f"{words.number(round(part.middle))} days in the "
                f"median (P10 {words.number(round(part.low))}, P90 {words.number(round(part.high))})."
            )
    return found


def _believe(outcome: Outcome) -> dict[str, object]:
    figures = [figure for figure in outcome.scenario.all_figures() if figure.role == "input"]
    assumed = len(outcome.assumed)
    ranked = strongest(outcome)
    return {
        "inputs": words.number(len(figures)),
        "assumed": words.number(assumed),
        "uncertain": words.number(len(outcome.draws.ids)),
        "share": words.percent(assumed / len(figures)) if figures else "–",
        "strongest": [
            {
                "quantity": belief.quantity,
                "text": f"{belief.range}; the {'more' if belief.mean > 0 else 'less'}, the better "
                f"(rank correlation {belief.mean:+.2f}, {belief.low:+.2f} to {belief.high:+.2f})",
            }
            for belief in ranked
            if belief.sure
        ][:3],
        "replications": len(outcome.replications),
    }
