"""Energy and cost of one robot."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ironworks.outcome import Outcome, YearCost
from ironworks.report import words
from ironworks.report.blocks import Block, Section, Table, Text, chart
from ironworks.report.plots.bars import plot_bars
from ironworks.report.plots.stack import plot_stack
from ironworks.report.plots.theme import GREEN, new_figure
from ironworks.report.plots.waterfall import plot_waterfall

_KWH = 3.6e6
PARTS = ("material", "people", "depreciation", "energy", "overhead")


def cost(outcome: Outcome) -> Section:
    """Cost per robot by year and kind, energy per robot, totals and investment."""
    currency = outcome.scenario.settings.scenario.currency
    item = words.plain(outcome.item)
    years = sorted({entry.year for run in outcome.costs for entry in run})
    units = {year: total(outcome, year, lambda c: c.units) for year in years}
    most = max(units.values(), default=0.0)
    shown = [year for year in years if units[year] >= 0.01 * most and units[year] > 0]
    if not shown:
        return Section(
            "cost", "Cost", f"What does a {item} cost?", (Text("No unit was finished, so none has a cost."),)
        )
    parts = {name: np.array([total(outcome, y, _part(name)) / units[y] for y in shown]) for name in PARTS}
    joules = np.array([total(outcome, y, lambda c: c.joules) / units[y] / _KWH for y in shown])
    figure, ax = new_figure(9.2, 3.3)
    labels = [str(year) for year in shown]
    sums = sum(parts.values())
    plot_stack(labels, parts, f"{currency} per {item}", ax, [words.number(float(s)) for s in np.asarray(sums)])
    left_out = [str(y) for y in years if y not in shown]
    caption = (
        "All cost of the year divided by all units of the year, replications pooled. Investment enters as depreciation."
        + (f" Too few units to draw: {words.listed(left_out)}." if left_out else "")
    )
    blocks: list[Block] = [chart(figure, "cost", f"Cost of one {item}", caption)]
    last = max(shown, key=lambda year: units[year])
    figure, ax = new_figure(9.2, 3.0)
    at = shown.index(last)
    plot_waterfall(
        [name.capitalize() for name in PARTS],
        np.array([parts[name][at] for name in PARTS]),
        f"{currency} per {item}",
        ax,
        total=str(last),
    )
    caption = f"How the cost of one {item} adds up in {last}, the year with the most units."
    blocks.append(chart(figure, "waterfall", f"From material to the {item}", caption))
    figure, ax = new_figure(9.2, 0.3 * len(shown) + 0.7)
    plot_bars(labels, joules, f"kWh per {item}", ax, colour=GREEN)
    blocks.append(
        chart(
            figure,
            "energy",
            f"Energy of one {item}",
            "Electrical energy of all stations, working and idle, divided by the units of the year.",
        )
    )
    blocks.append(_table(outcome, years, currency))
    return Section("cost", "Cost", f"What does a {item} cost?", blocks)


def total(outcome: Outcome, year: int, of: Callable[[YearCost], float]) -> float:
    """The mean over replications of one entry of a year."""
    return sum(of(c) for run in outcome.costs for c in run if c.year == year) / len(outcome.costs)


def _part(name: str) -> Callable[[YearCost], float]:
    return lambda c: float(getattr(c, name))


def _table(outcome: Outcome, years: list[int], currency: str) -> Table:
    rows = []
    for year in years:
        each = [c.per_unit for run in outcome.costs for c in run if c.year == year and c.units]
        low, middle, high = (
            (words.number(float(q)) for q in np.quantile(each, (0.1, 0.5, 0.9))) if each else ("–", "–", "–")
        )
        rows.append([
            str(year),
            words.number(round(total(outcome, year, lambda c: c.units))),
            words.big(total(outcome, year, lambda c: c.investment)),
            *(words.big(total(outcome, year, _part(name))) for name in PARTS),
            low, middle, high,
        ])  # fmt: skip
    columns = ["Year", "Units", "Investment", *(name.capitalize() for name in PARTS), "Per unit P10", "P50", "P90"]
    note = (
        f"{currency}; means of the replications, and quantiles of the cost per unit. Depreciation spreads the "
        "investment over the equipment's life."
    )
    return Table("Money by year", columns, rows, range(1, len(columns)), note)
