"""Supply: which parts were waited for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Section, Table, Text, chart
from ironworks.report.plots.bars import plot_bars
from ironworks.report.plots.stock import plot_stock
from ironworks.report.plots.theme import GREEN, ORANGE, new_figure, new_panels
from ironworks.report.view import BANDS, edges

_DAY = 86_400.0
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Shortage:
    """Days in which some start waited for a bought part: P10, P50, P90 of the replications over the horizon."""

    name: str
    column: int
    low: float
    middle: float
    high: float
    mean: float


def days_short(outcome: Outcome) -> list[Shortage]:
    """Bought parts by the days in which something waited for them, longest first; those never short left out."""
    stores = outcome.replications[0].names.stores
    bought = {part.part for part in outcome.scenario.parts if part.make_or_buy == "buy"}
    days = np.stack([run.short.sum(axis=0) for run in outcome.replications]) / _DAY
    found = []
    for i, name in enumerate(stores):
        if name in bought and days[:, i].any():
            low, middle, high = (float(q) for q in np.quantile(days[:, i], (0.1, 0.5, 0.9)))
            found.append(Shortage(name, i, low, middle, high, float(days[:, i].mean())))
    return sorted(found, key=lambda s: (-s.middle, -s.mean))


def supply(outcome: Outcome) -> Section:
    """Days short by part, stock of the gating parts over time."""
    shortages = days_short(outcome)
    if not shortages:
        return Section("supply", "Supply", "Which parts run out?", (Text("No bought part was ever waited for."),))
    top = shortages[:15]
    figure, ax = new_figure(9.2, 0.26 * len(top) + 0.7)
    low, middle, high = (np.array([getattr(s, name) for s in top]) for name in ("low", "middle", "high"))
    plot_bars(
        [words.plain(s.name) for s in top], middle, "days in which a start waited for the part", ax, low, high, ORANGE
    )
    blocks: list[Block] = [
        chart(
            figure,
            "short",
            "Days short",
            f"Calendar days over the whole horizon, of {_horizon(outcome)} in all. Bar: median; whisker: P10 to P90.",
        )
    ]
    gating = [s for s in shortages if s.mean >= 0.5][:SHOWN]
    if gating:
        figure, axes = new_panels(len(gating), 2, 9.2, 2.0)
        widths = np.diff(outcome.edges)
        for ax, shortage in zip(axes, gating, strict=True):
            stock = np.stack([run.stock[:, shortage.column] for run in outcome.replications]).astype(float)
            share = np.mean([run.short[:, shortage.column] for run in outcome.replications], axis=0) / widths
            plot_stock(edges(outcome), stock, share, "pieces on hand", ax, words.plain(shortage.name))
        legend = [
            (GREEN, "stock on hand"),
            (ORANGE, "share of the week in which something waited for it (full height: all of it)"),
        ]
        blocks.append(chart(figure, "stock", "Stock of the gating parts", BANDS, legend))
    blocks.append(_table(outcome, shortages))
    return Section("supply", "Supply", "Which parts run out?", blocks)


def _horizon(outcome: Outcome) -> str:
    return f"{words.number((outcome.edges[-1] - outcome.edges[0]) / _DAY)} days"


def _table(outcome: Outcome, shortages: list[Shortage]) -> Table:
    parts = {part.part: part for part in outcome.scenario.parts}
    mode = outcome.scenario.mode()
    rows = []
    for s in shortages:
        part = parts[s.name]
        lead = words.span(mode(part.lead_time)) if part.lead_time is not None else "–"
        used = float(np.mean([run.consumed[:, s.column].sum() for run in outcome.replications]))
        rows.append(
            (
                words.plain(s.name),
                part.supplier or "–",
                lead,
                words.number(round(used)),
                words.number(round(s.low)),
                words.number(round(s.middle)),
                words.number(round(s.high)),
            )
        )
    columns = ("Part", "Supplier", "Lead time", "Used, mean", "Days short P10", "P50", "P90")
    return Table("All bought parts that were short", columns, rows, (2, 3, 4, 5, 6), folded=True)
