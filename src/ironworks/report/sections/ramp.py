"""The ramp: how many, by when."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Section, Table, chart
from ironworks.report.plots.fan import plot_fan
from ironworks.report.plots.milestones import plot_milestones
from ironworks.report.plots.ramp import Goal, plot_ramp
from ironworks.report.plots.theme import BLUE, GREEN, INK, Floats, label_ends, new_figure
from ironworks.report.view import BANDS, bins_of_year, edges, when

_WEEK = 604_800.0


def ramp(outcome: Outcome) -> Section:
    """Cumulative and weekly output with bands and targets, output by year, dates of the Nth robot."""
    item = words.plain(outcome.item) + "s"
    dates = edges(outcome)
    finished = outcome.output()
    shipped = outcome.output(shipped=True) if outcome.shipments else None
    zero = np.zeros((len(finished), 1))
    total = np.hstack([zero, finished.cumsum(axis=1)])
    sent = np.hstack([zero, shipped.cumsum(axis=1)]) if shipped is not None else None
    figure, ax = new_figure(9.2, 3.9)
    plot_ramp(dates, total, sent, _goals(outcome, total, sent), f"{item}, cumulative", ax)
    legend = [(BLUE, "finished")] + ([(GREEN, "shipped (dashed)")] if shipped is not None else [])
    blocks: list[Block] = [
        chart(
            figure,
            "ramp",
            "Cumulative output",
            f"{BANDS} A diamond is a target: its count is added to the median at the day from which it "
            "counts. An arrow at the top: the "
            "target lies above the paper. Point at the drawing to read it out.",
            legend,
            (dates, {"finished": total} | ({"shipped": sent} if sent is not None else {})),
        )
    ]
    figure, ax = new_figure(9.2, 3.0)
    plot_fan(dates[1:], finished, f"{item} per week", ax, BLUE)
    ends = [(float(np.median(finished[:, -1])), "finished", BLUE)]
    if shipped is not None:
        plot_fan(dates[1:], shipped, f"{item} per week", ax, GREEN, dashed=True)
        ends.append((float(np.median(shipped[:, -1])), "shipped", GREEN))
    ax.set_ylim(0, max(1.0, float(np.quantile(finished, 0.9, axis=0).max())) * 1.15)
    _draw_rates(outcome, ax)
    label_ends(ax, ends)
    blocks.append(
        chart(
            figure,
            "weekly",
            "Output per week",
            f"{BANDS} Dips are holidays, moves and shortages.",
            legend,
            (dates[1:], {"finished": finished} | ({"shipped": shipped} if shipped is not None else {})),
        )
    )
    blocks.append(_by_year(outcome, finished, shipped))
    if outcome.milestones:
        blocks += _milestones(outcome)
    return Section("ramp", "Ramp", "How many, by when?", blocks)


def _goals(outcome: Outcome, total: Floats, sent: Floats | None) -> list[Goal]:
    goals = []
    for target in outcome.targets:
        if target.kind == "rate":
            continue
        at = when(outcome, np.array([target.ends]))[0]
        if target.kind == "sop":
            goals.append(Goal(when(outcome, np.array([target.wanted]))[0], 0.0, "start of production wanted"))
            continue
        line = sent if target.kind == "shipped" and sent is not None else total
        before = float(np.median(line[:, min(np.searchsorted(outcome.edges, target.begins), line.shape[1] - 1)]))
        goals.append(Goal(at, before + target.wanted, f"{words.number(target.wanted)} {target.kind} wanted"))
    return goals


def _draw_rates(outcome: Outcome, ax: Axes) -> None:
    top = ax.get_ylim()[1]
    for target in outcome.targets:
        if target.kind != "rate":
            continue
        at = when(outcome, np.array([target.ends]))[0]
        height = target.wanted * _WEEK
        outside = height > top
        ax.plot([at], [top if outside else height], "^" if outside else "D", color=INK, markersize=5, clip_on=False)
        text = f"{words.number(height)} a week wanted" + (" (off the scale)" if outside else "")
        ax.annotate(
            text,
            (at, top if outside else height),
            xytext=(-8, -2),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=8,
            path_effects=[withStroke(linewidth=2.5, foreground="#fbfbf8")],
        )


def _by_year(outcome: Outcome, finished: Floats, shipped: Floats | None) -> Table:
    rows = []
    for year, bins in bins_of_year(outcome).items():
        row = [str(year)]
        for values in (finished, shipped):
            if values is not None:
                row += [
                    words.number(float(q)) for q in np.quantile(values[:, bins].sum(axis=1), (0.1, 0.5, 0.9)).round()
                ]
        rows.append(row)
    columns = ["Year", "Finished P10", "P50", "P90"] + (["Shipped P10", "P50", "P90"] if shipped is not None else [])
    note = (
        "Weeks count for the year in which they begin. A P10 year in every year would be much less likely "
        "than one in ten."
    )
    return Table(f"{words.plain(outcome.item).capitalize()}s by year", columns, rows, range(1, len(columns)), note)


def _milestones(outcome: Outcome) -> list[Block]:
    milestones = [milestone for milestone in outcome.milestones if milestone.reached > 0]
    rows = []
    for m in outcome.milestones:
        low, middle, high = (words.moment(outcome, q) for q in m.quantiles)
        rows.append((words.number(m.count), low, middle, high, words.percent(m.reached)))
    blocks: list[Block] = []
    if milestones:
        figure, ax = new_figure(9.2, 0.34 * len(milestones) + 0.7)
        early, middle_dates, late = (when(outcome, np.array([m.quantiles[k] for m in milestones])) for k in range(3))
        plot_milestones([m.count for m in milestones], early, middle_dates, late, edges(outcome)[[0, -1]], ax)
        caption = (
            "Bar from P10 to P90 of the date, point at P50. An arrow: in one of ten replications it is not "
            "within the horizon."
        )
        blocks.append(chart(figure, "milestones", f"Date of the Nth {words.plain(outcome.item)}", caption))
    columns = ("Nth", "P10 (early)", "P50", "P90 (late)", "Reached within the horizon")
    blocks.append(Table("The same as dates", columns, rows, (0, 1, 2, 3, 4), folded=bool(milestones)))
    return blocks
