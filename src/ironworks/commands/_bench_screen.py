"""What `ironworks accept` prints: tables for people."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from ironworks.faults import Fault, ScenarioFaults
from ironworks.robot.acceptance.bench_log import BenchLog, LogFit, read_bench_log
from ironworks.rows import DEVIATIONS
from ironworks.studies.acceptance import Accepted
from ironworks.units import DIMENSIONS, NUMBER, Dimension, UnitError, parse_unit

__all__ = ["accepted_tables", "log_tables", "read_log"]

_WORST, _CAUSES = 10, 12
#: Units in which a share of the design's value is given as it is.
_SHARES = ("", "-", "dimensionless", "percent", "%", "ppm")


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


def read_log(path: Path) -> BenchLog:
    """The log of a real bench. Raises ScenarioFaults where it cannot be read or nothing in it shows a spread."""
    log = read_bench_log(path)
    if not any(_enough(log, name) for name in log.units):
        problem = "has no measurement with 2 or more finite readings, so that it shows no spread"
        mend = "log several parts, each measured twice or more, best by two or more testers"
        raise ScenarioFaults([Fault(path.name, 0, "", problem, (), mend)], log.warnings)
    return log


def _enough(log: BenchLog, name: str) -> bool:
    readings = [value for value, of in zip(log.value.tolist(), log.measurement, strict=True) if of == name]
    return sum(math.isfinite(value) for value in readings) >= 2


def log_tables(log: BenchLog) -> Iterator[Table | str]:
    """Spread of parts and of the measurement for each measurement of a real bench's log, and rows for spreads.csv.

    Rows are texts, since a line that a table breaks cannot be pasted.
    """
    table = _table(
        f"{log.file}: {len(log.value)} readings", "measurement", "unit", "readings", "left out", "parts", "testers",
        "mean", "sd of parts", "sd of a reading", "%GRR", "ndc", "cannot tell", right=2,
    )  # fmt: skip
    rows: list[str] = []
    for name in log.units:
        if not _enough(log, name):
            table.add_row(name, log.units[name], "needs 2")
            continue
        fit = log.fit(name)
        parts = fit.components
        table.add_row(
            name, fit.unit, str(fit.readings), str(fit.left_out), str(fit.parts), str(fit.testers), f"{fit.mean:.4g}",
            f"{math.sqrt(parts.part):.3g}", f"{fit.uncertainty:.3g}", f"{parts.percent_grr:.0f}", str(parts.ndc),
            "; ".join(fit.unseen),
        )  # fmt: skip
        if parts.part > 0.0:
            rows.append(_spread_row(fit, log.file))
    yield table
    if rows:
        yield "As rows of spreads.csv:\ndeviation,of,sigma,distribution,lot,lot_units,kind,source,note"
        yield from rows


def _spread_row(fit: LogFit, file: str) -> str:
    """A row that spreads.csv takes; where it would not, what is wrong with the log's unit."""
    sigma, note = math.sqrt(fit.components.part), f"{fit.parts} parts, {fit.readings} readings"
    text = f"{sigma:.3g}" + (f" {fit.unit}" if fit.unit else "")
    share = f"{100.0 * sigma / abs(fit.mean):.3g} percent" if fit.mean else ""
    kind = DEVIATIONS.get(fit.measurement)
    if kind is None:
        note += f"; {share} of the mean" if share else ""
    elif kind.is_share and fit.unit not in _SHARES:
        if not share:
            return f"{fit.measurement}: no row, since it deviates by a share, and the mean of the readings is 0"
        text = share
    elif not kind.is_share and _dimension(fit.unit) != DIMENSIONS[kind.dimension]:
        return f"{fit.measurement}: no row, since {kind.description} is not measured in `{fit.unit}`"
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow(
        (fit.measurement, "", text, "normal", "", "", "measured", file, note),
    )
    return row.getvalue()


def _dimension(unit: str) -> Dimension | None:
    """None for a unit without a factor to SI, such as degC."""
    try:
        return parse_unit(unit).dimension if unit else NUMBER
    except UnitError:
        return None
