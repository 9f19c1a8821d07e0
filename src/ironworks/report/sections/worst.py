"""The worst replication: why did it miss."""

from __future__ import annotations

import numpy as np

from ironworks.outcome import Miss, Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Folded, Heading, Section, Table, Text, chart
from ironworks.report.plots.bars import plot_bars
from ironworks.report.plots.fan import plot_fan
from ironworks.report.plots.theme import BLUE, ORANGE, label_ends, new_figure
from ironworks.report.view import edges


def worst(outcome: Outcome) -> Section:
    """For each target missed at least once: the worst run against the others, its causes, its unlucky figures."""
    if not outcome.misses:
        text = f"No target was missed in {len(outcome.replications)} replications. That is no proof that none can be."
        return Section("worst", "Worst run", "Why did it miss?", (Text(text),))
    blocks: list[Block] = []
    for i, miss in enumerate(outcome.misses):
        told = _miss(outcome, i, miss)
        heading = next(target.text for target in outcome.targets if target.name == miss.target)
        blocks += [Heading(heading), *told] if i == 0 else [Folded(f"Worst run for: {heading}", told)]
    return Section("worst", "Worst run", "Why did the worst replication miss?", blocks)


def _miss(outcome: Outcome, i: int, miss: Miss) -> list[Block]:
    target = next(t for t in outcome.targets if t.name == miss.target)
    item = words.plain(outcome.item) + "s"
    blocks: list[Block] = [Text(words.prose(miss.text))]
    position = next((k for k, run in enumerate(outcome.replications) if run.replication == miss.replication), None)
    if position is not None:
        output = outcome.output(shipped=target.kind == "shipped").cumsum(axis=1)
        figure, ax = new_figure(9.2, 2.7)
        dates = edges(outcome)
        plot_fan(dates[1:], output, f"{item}, cumulative", ax, BLUE)
        ax.plot(dates[1:], output[position], color=ORANGE)
        high = float(np.quantile(output, 0.9, axis=0).max())
        ax.set_ylim(0, max(high, 1.0) * 1.1)
        label_ends(
            ax,
            [
                (float(np.median(output[:, -1])), "all, P50", BLUE),
                (float(output[position, -1]), f"no. {miss.replication}", ORANGE),
            ],
        )
        caption = f"Replication {miss.replication} (orange) against the median and P10 to P90 of all {len(output)}."
        blocks.append(chart(figure, f"worst-{i}", "The run against the others", caption))
    causes = [cause for cause in miss.causes if cause.lost > 0][:10]
    if causes:
        figure, ax = new_figure(9.2, 0.26 * len(causes) + 0.7)
        lost = np.array([cause.lost for cause in causes])
        plot_bars([f"{words.plain(c.name)} ({c.kind})" for c in causes], lost, f"{item} lost", ax, colour=ORANGE)
        caption = (
            f"The shortfall in {item}, shared out over what held the plant back week by week; the {len(causes)} "
            "largest shares. Each is an attribution, not a promise: mending one cause uncovers the next."
        )
        blocks.append(chart(figure, f"causes-{i}", "What it lost, to what", caption))
        rows = [
            (
                words.moment(outcome, c.begins),
                words.moment(outcome, c.ends),
                words.number(round(c.lost)),
                words.prose(c.text),
            )
            for c in causes
        ]
        blocks.append(Table("The causes in words", ("From", "To", f"Lost {item}", "What happened"), rows, (2,)))
    if miss.figures:
        known = {figure.id: figure for figure in outcome.scenario.all_figures()}
        figures = [
            (known[name].quantity if name in known and known[name].quantity else name, name, words.percent(quantile))
            for name, quantile in miss.figures
        ]
        blocks.append(
            Table(
                "Figures that lay farthest out in this run",
                ("Figure", "Id", "Share of runs that drew less"),
                figures,
                (2,),
                folded=True,
            )
        )
    return blocks
