"""Units on their legs, as sections of the page of acceptance: falls, and yield by deviation, size and procedure."""

from __future__ import annotations

import numpy as np

from ironworks.report import words
from ironworks.report.blocks import Block, Section, Table, Text, chart
from ironworks.report.plots.swept import plot_swept
from ironworks.report.plots.theme import new_figure
from ironworks.studies.acceptance import Accepted
from ironworks.studies.walking import Walked

__all__ = ["falls", "grown"]


def falls(accepted: Accepted) -> Section | None:
    """What units in a row show, and each fall; None for a sample that did not walk."""
    if not isinstance(accepted, Walked):
        return None
    sample = accepted.sample
    said = (
        f"{sample.fallen} of {sample.walked} units fell, {sample.in_a_row} in a row did not: with 95 % confidence at "
        f"least {words.percent(sample.proven)} of all stay on their feet through {sample.simulated:.0f} s."
    )
    blocks: list[Block] = [Text(said)]
    if sample.falls:
        rows = [
            (
                str(serial), words.plain(fell.procedure), words.plain(fell.leg), words.number(fell.time),
                f"{fell.place[0]:.1f}, {fell.place[1]:.1f}", words.number(fell.told), fell.cause,
            )
            for serial, fell in sample.falls
        ]  # fmt: skip
        columns = ("unit", "procedure", "leg", "after, s", "at, m", "told after, s", "why")
        note = "Told: when the robot itself said so; a dash where it did not notice."
        blocks.append(Table("Falls", columns, rows, numbers=(3, 4, 5), note=note))
    return Section("falls", "Falls", "Does it stay on its feet?", blocks)


def grown(accepted: Accepted) -> Section | None:
    """The sweep of a sample that walked: all procedures as a picture, each one as a row; None where there is none."""
    if not isinstance(accepted, Walked) or accepted.grown is None:
        return None
    sweep = accepted.grown
    counts = sweep.counts()
    names = [words.plain(name) for name in sweep.deviations]
    levels = [f"x {factor:g}" for factor in sweep.factors]
    figure, ax = new_figure(9.2, 0.3 * len(names) + 0.7)
    plot_swept(names, levels, counts / max(sweep.units, 1), ax)
    caption = (
        f"Share of {sweep.units} units that pass every procedure with one deviation made larger, the same units and "
        "noise in every cell. Controllers know each unit as its calibration found it before, and nothing of what was "
        "added. A unit that failed every procedure did not walk with more."
    )
    each = np.array([sweep.counts(procedure) for procedure in sweep.procedures])
    rows = [
        (name, words.plain(procedure), *(str(count) for count in each[p, d]))
        for d, name in enumerate(names)
        for p, procedure in enumerate(sweep.procedures)
    ]
    table = Table(
        f"Units of {sweep.units} that pass, by deviation, procedure and size",
        ("deviation", "procedure", *levels),
        rows,
        numbers=range(2, 2 + len(levels)),
        note="x 1 is the unit as it is. The delay of commands grows from nothing in steps of 0.4 ms.",
    )
    took = Text(f"The sweep took {sweep.runs} runs of procedures in {sweep.seconds:.0f} s.", "note")
    blocks = (chart(figure, "grown", "Yield against each deviation, multiplied", caption), table, took)
    return Section("grown", "Deviations", "Which deviation makes it fail?", blocks)
