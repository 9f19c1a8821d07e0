"""A sample as one HTML page: yields, causes, falls, capability, decisions, coverage, sensitivity."""

from __future__ import annotations

import math
from pathlib import Path

import matplotlib as mpl
import numpy as np

from ironworks.report import words
from ironworks.report.blocks import Block, Section, Table, Text, chart
from ironworks.report.page import page, write_page
from ironworks.report.plots.bars import plot_bars
from ironworks.report.plots.swept import plot_swept
from ironworks.report.plots.theme import ORANGE, RC, new_figure
from ironworks.report.walked import falls, grown
from ironworks.studies.acceptance import Accepted

__all__ = ["render_acceptance", "write_acceptance_report"]


def render_acceptance(accepted: Accepted) -> str:
    """The whole page."""
    with mpl.rc_context(RC):
        sections = [section for make in _SECTIONS if (section := make(accepted)) is not None]
    design, scenario = accepted.setup.design, accepted.setup.scenario
    units = len(accepted.result.journeys)
    return page(
        title=f"{design.title}: acceptance",
        description=(
            f"{units} units as built, drawn from the spreads of {scenario.name} at {accepted.scale:g} times their "
            "size, each tested in simulation, repaired and tested again."
        ),
        facts=(f"{units} units", f"scale {accepted.scale:g}", f"seed {accepted.result.seed}"),
        sections=sections,
    )


def write_acceptance_report(accepted: Accepted, path: str | Path) -> Path:
    """Write the page to `path`, whole or not at all. Raises OSError."""
    return write_page(render_acceptance(accepted), path)


def _yields(accepted: Accepted) -> Section:
    rows = [row for row in accepted.yields if row.procedure]
    items = [row for row in accepted.yields if not row.procedure]
    figure, ax = new_figure(9.2, 0.26 * len(rows) + 0.7)
    plot_bars(
        [f"{words.plain(row.item)}: {words.plain(row.procedure)}" for row in rows],
        np.array([100.0 * row.share.estimate for row in rows]),
        "first pass, %",
        ax,
        np.array([100.0 * row.share.low for row in rows]),
        np.array([100.0 * row.share.high for row in rows]),
    )
    caption = "Whiskers are 95 % intervals (Wilson). What was accepted only when measured again counts as passed."
    table = Table(
        "By item and procedure",
        ("item", "procedure", "passed", "yield", "95 % interval", "retested", "false rejects", "escapes", "minutes"),
        [
            (
                words.plain(row.item), words.plain(row.procedure) or "all", f"{row.passed} of {row.tested}",
                words.percent(row.share.estimate),
                f"{words.percent(row.share.low)} to {words.percent(row.share.high)}", str(row.again),
                str(row.false_rejects), str(row.escapes), words.number(row.minutes),
            )
            for row in (*items, *rows)
        ],
        numbers=range(2, 9),
        note="False rejects: every rejected true value was inside its tolerance. Escapes: accepted with a true value "
        "outside. Both count all attempts. Minutes are plant minutes of the first attempt with its retests.",
    )  # fmt: skip
    shown = chart(figure, "yields", "First-pass yield by procedure", caption)
    return Section("yield", "Yield", "Does a unit pass the first time?", (shown, table))


def _causes(accepted: Accepted) -> Section:
    causes = accepted.result.causes(accepted.scale)
    if not causes:
        return Section("causes", "Causes", "Why do units fail?", (Text("No unit failed at its first attempt."),))
    figure, ax = new_figure(9.2, 0.26 * len(causes) + 0.7)
    names = [words.plain(name).replace(":", ": ").replace("  ", " ") for name in causes]
    plot_bars(names, np.array(list(causes.values()), dtype=float), "units", ax, colour=ORANGE)
    shown = chart(figure, "causes", "Causes of failed first attempts", "Each unit counts once for each of its causes.")
    replaced = accepted.result.replaced(accepted.scale)
    table = Table("What was replaced", ("place", "times"), [(k, str(n)) for k, n in replaced.items()], numbers=(1,))
    return Section("causes", "Causes", "Why do units fail?", (shown, table))


def _capability(accepted: Accepted) -> Section:
    studies = {(s.item, s.procedure, s.measurement): s for s in accepted.result.studied()}
    known = [row for row in accepted.capabilities if row.found is not None]
    known.sort(key=lambda row: row.found.cpk.estimate if row.found else math.inf)
    rows = []
    for row in known:
        assert row.found is not None
        study = studies.get((row.item, row.procedure, row.measurement))
        parts, cpk = (study.components if study else None), row.found.cpk
        rows.append(
            (
                f"{words.plain(row.procedure)}: {words.plain(row.measurement)}", words.plain(row.item),
                str(row.limits), str(study.acceptance) if study and study.acceptance else "as the tolerance",
                words.number(cpk.estimate), f"{words.number(cpk.low)} to {words.number(cpk.high)}",
                words.number(parts.percent_grr, 2) if parts else "–", str(parts.ndc) if parts else "–",
            )
        )  # fmt: skip
    table = Table(
        "Capability of each measurement, the least capable first",
        ("measurement", "item", "tolerance", "accepted", "Cpk", "95 % interval", "%GRR", "ndc"),
        rows,
        numbers=(4, 5, 6, 7),
        note="Cpk is of readings at first tests, units with a gross fault that the procedure looks for left out. "
        "%GRR and ndc come from a crossed study of units, testers and repeats on this bench. Acceptance limits are "
        "those of least cost by JCGM 106, never wider than the tolerance.",
    )
    return Section("capability", "Capability", "How far is the process from its limits?", (table,))


def _coverage(accepted: Accepted) -> Section | None:
    if not accepted.coverage:
        return None
    table = Table(
        "Gross faults, seeded one by one on units of their own",
        ("fault", "procedure", "level", "caught", "test, min", "repair there, min", "more if found late, min"),
        [
            (
                words.plain(row.fault), f"{words.plain(row.procedure)} ({words.plain(row.item)})", row.level,
                f"{row.caught} of {row.seeded}", words.number(row.minutes), words.number(row.repair_minutes),
                words.number(row.late_minutes),
            )
            for row in accepted.coverage
        ],
        numbers=(3, 4, 5, 6),
        note="Late: the same repair on the finished robot, covers and skin off and on again. Minutes of repairs are "
        "assumptions.",
    )  # fmt: skip
    return Section("coverage", "Coverage", "What is caught where, and what does it cost to catch it late?", (table,))


def _sweep(accepted: Accepted) -> Section | None:
    sweep = accepted.sweep
    if sweep is None:
        return None
    order = sorted(range(len(sweep.deviations)), key=lambda i: (int(sweep.passed[i].sum()), sweep.deviations[i]))
    names = [words.plain(sweep.deviations[i]) for i in order]
    figure, ax = new_figure(9.2, 0.3 * len(names) + 0.7)
    plot_swept(names, [f"x {factor:g}" for factor in sweep.factors], sweep.shares[order], ax)
    caption = (
        f"Share of {sweep.units} units that pass every procedure at the first run, the same units and noise in every "
        "cell; without gross faults, retests and repairs."
    )
    blocks: list[Block] = [chart(figure, "sweep", "Yield against each spread, multiplied", caption)]
    blocks.append(Text(f"The sweep took {sweep.runs} runs of procedures in {sweep.seconds:.0f} s.", "note"))
    return Section("sensitivity", "Sensitivity", "Which spread moves the yield?", blocks)


_SECTIONS = (_yields, _causes, falls, grown, _capability, _coverage, _sweep)
