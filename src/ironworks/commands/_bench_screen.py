"""What `ironworks accept` prints: tables for people."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from ironworks.robot.acceptance.bench_log import LogFit, read_bench_log
from ironworks.studies.acceptance import Accepted

__all__ = ["accepted_tables", "log_tables"]

_WORST, _CAUSES = 10, 12


def accepted_tables(accepted: Accepted) -> Iterator[Table]:
    """First-pass yields, causes, what was replaced, the least capable measurements, studies; coverage and sweep."""
    yield _yields(accepted)
    if accepted.result.causes(accepted.scale):
        yield _causes(accepted)
    yield _capability(accepted)
    if accepted.coverage:
        yield _coverage(accepted)
    if accepted.sweep is not None:
        yield _sweep(accepted)


def _table(title: str, *columns: str, right: int = 1) -> Table:
    """A table whose columns from `right` on are numbers."""
    table = Table(title=title, title_justify="left", box=None)
    for i, column in enumerate(columns):
        table.add_column(column, justify="left" if i < right else "right", no_wrap=i == 0)
    return table


def _yields(accepted: Accepted) -> Table:
    units = len(accepted.result.journeys)
    table = _table(
        f"First pass of {units} units at scale {accepted.scale:g}",
        "item", "procedure", "passed", "yield", "95 % interval", "after retest", "false rejects", "escapes", "minutes",
        right=2,
    )  # fmt: skip
    for row in accepted.yields:
        table.add_row(
            row.item, row.procedure or "all", f"{row.passed}/{row.tested}", f"{row.share.estimate:.1%}",
            f"{row.share.low:.1%} to {row.share.high:.1%}", str(row.again), str(row.false_rejects), str(row.escapes),
            f"{row.minutes:.1f}", style=None if row.procedure else "bold",
        )  # fmt: skip
    return table


def _causes(accepted: Accepted) -> Table:
    causes = accepted.result.causes(accepted.scale)
    total = sum(causes.values())
    table = _table("Causes of failed first attempts", "procedure: measurement", "units", "share", "together")
    seen = 0
    for cause, count in list(causes.items())[:_CAUSES]:
        seen += count
        table.add_row(cause, str(count), f"{count / total:.0%}", f"{seen / total:.0%}")
    return table


def _capability(accepted: Accepted) -> Table:
    known = sorted(
        (row for row in accepted.capabilities if row.found is not None),
        key=lambda row: row.found.cpk.estimate if row.found else math.inf,
    )
    studies = {(s.item, s.procedure, s.measurement): s for s in accepted.result.studied()}
    table = _table(
        f"Least capable of {len(known)} measurements", "measurement", "item", "limits", "Cpk", "95 % interval",
        "%GRR", "ndc", right=3,
    )  # fmt: skip
    for row in known[:_WORST]:
        assert row.found is not None
        cpk = row.found.cpk
        study = studies.get((row.item, row.procedure, row.measurement))
        parts = study.components if study else None
        table.add_row(
            f"{row.procedure}: {row.measurement}", row.item, str(row.limits), f"{cpk.estimate:.2f}",
            f"{cpk.low:.2f} to {cpk.high:.2f}", f"{parts.percent_grr:.0f}" if parts else "",
            str(parts.ndc) if parts else "",
        )  # fmt: skip
    return table


def _coverage(accepted: Accepted) -> Table:
    table = _table(
        "Gross faults, seeded one by one", "fault", "caught by", "at", "caught", "test, min", "repair, min",
        "more if late, min", right=3,
    )  # fmt: skip
    for row in accepted.coverage:
        table.add_row(
            row.fault, f"{row.procedure} ({row.item})", row.level, f"{row.caught}/{row.seeded}", f"{row.minutes:.1f}",
            f"{row.repair_minutes:.0f}", f"{row.late_minutes:.0f}",
        )  # fmt: skip
    return table


def _sweep(accepted: Accepted) -> Table:
    sweep = accepted.sweep
    assert sweep is not None
    table = _table(
        f"Units of {sweep.units} that pass the first run, by multiple of each spread "
        f"({sweep.runs} runs in {sweep.seconds:.0f} s)",
        "spread", *(f"x {factor:g}" for factor in sweep.factors),
    )  # fmt: skip
    for name, row in sorted(
        zip(sweep.deviations, sweep.passed.tolist(), strict=True), key=lambda pair: (sum(pair[1]), pair[0])
    ):
        table.add_row(name, *(str(count) for count in row))
    return table


def log_tables(path: Path) -> Iterator[Table]:
    """Spread of parts and of the measurement for each measurement of a real bench's log, and a row for spreads.csv.

    Raises ScenarioFaults for a log that cannot be read.
    """
    log = read_bench_log(path)
    table = _table(
        f"{path.name}: {len(log.value)} readings", "measurement", "unit", "readings", "left out", "parts", "testers",
        "mean", "sd of parts", "sd of a reading", "%GRR", "ndc", "cannot tell", right=2,
    )  # fmt: skip
    rows = _table("As rows of spreads.csv", "deviation,of,sigma,distribution,lot,lot_units,kind,source,note")
    for name in log.units:
        readings = [value for value, of in zip(log.value.tolist(), log.measurement, strict=True) if of == name]
        if sum(math.isfinite(value) for value in readings) < 2:
            table.add_row(name, log.units[name], "fewer than 2")
            continue
        fit = log.fit(name)
        parts = fit.components
        table.add_row(
            name, fit.unit, str(fit.readings), str(fit.left_out), str(fit.parts), str(fit.testers), f"{fit.mean:.4g}",
            f"{math.sqrt(parts.part):.3g}", f"{fit.uncertainty:.3g}", f"{parts.percent_grr:.0f}", str(parts.ndc),
            "; ".join(fit.unseen),
        )  # fmt: skip
        if parts.part > 0.0:
            rows.add_row(_spread_row(fit, path.name))
    yield table
    if rows.row_count:
        yield rows


def _spread_row(fit: LogFit, file: str) -> str:
    sigma = f"{math.sqrt(fit.components.part):.3g}" + (f" {fit.unit}" if fit.unit else "")
    return f'{fit.measurement},,{sigma},normal,,,measured,{file},"{fit.parts} parts, {fit.readings} readings"'
