"""What `ironworks run` and `ironworks compare` print: tables for people."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from rich.table import Table

from ironworks.outcome import Outcome, TargetResult
from ironworks.studies.compare import Comparison

__all__ = ["comparison_tables", "outcome_tables"]

_YEAR = 365.25 * 86400.0
_ORDERS_SHOWN = 8


def outcome_tables(outcome: Outcome) -> Iterator[Table]:
    """Targets, dates of the Nth product, output and cost by year, bottlenecks, causes of the worst miss, orders."""
    yield _targets(outcome)
    yield _milestones(outcome)
    yield _years(outcome)
    if outcome.elasticities is not None:
        yield _elasticities(outcome)
    if outcome.misses:
        yield _causes(outcome)
    if outcome.sites:
        yield _sites(outcome)
    late = [order for order in outcome.orders if order.late]
    if late:
        yield _late(outcome)


def comparison_tables(comparison: Comparison) -> Iterator[Table]:
    """Targets and quarterly output of two scenarios, with what the second adds."""
    a, b = comparison.a, comparison.b
    table = Table(
        "target", "A", "B", "B - A", "95 % interval", title="Probability of each target", title_justify="left", box=None
    )
    for row in comparison.targets:
        table.add_row(
            row.a.text,
            f"{row.a.probability:.0%}",
            f"{row.b.probability:.0%}",
            f"{row.chance.mean * 100:+.0f} points",
            f"{row.chance.low * 100:+.0f} to {row.chance.high * 100:+.0f}",
        )
    yield table
    table = Table(
        "quarter",
        "A",
        "B",
        "B - A",
        "95 % interval",
        title=f"{a.item} finished per quarter (means)",
        title_justify="left",
        box=None,
    )
    for label, of_a, of_b, gap in zip(
        comparison.labels, comparison.output_a.tolist(), comparison.output_b.tolist(), comparison.output, strict=True
    ):
        table.add_row(
            label, f"{of_a:,.0f}", f"{of_b:,.0f}", f"{gap.mean:+,.0f}", f"{gap.low:+,.0f} to {gap.high:+,.0f}"
        )
    gap = comparison.total
    table.add_row("all", "", "", f"{gap.mean:+,.0f}", f"{gap.low:+,.0f} to {gap.high:+,.0f}", style="bold")
    yield table
    money = b.scenario.settings.scenario.currency
    cost = comparison.cost
    table = Table(title="Cost over the horizon, investment in full", title_justify="left", box=None, show_header=False)
    table.add_row(
        "B - A", f"{cost.mean / 1e6:+,.1f} M {money}", f"95 %: {cost.low / 1e6:+,.1f} to {cost.high / 1e6:+,.1f}"
    )
    yield table


def _day(outcome: Outcome, at: float) -> str:
    return outcome.date_at(at).date().isoformat() if math.isfinite(at) else "not by the end"


def _value(outcome: Outcome, target: TargetResult, value: float) -> str:
    if target.kind == "sop":
        return _day(outcome, value)
    return f"{value * _YEAR:,.0f} /year" if target.kind == "rate" else f"{value:,.0f}"


def _targets(outcome: Outcome) -> Table:
    table = Table(
        "target",
        "probability",
        "95 % interval",
        "wanted",
        "P10",
        "P50",
        "P90",
        title="Targets",
        title_justify="left",
        box=None,
    )
    for target in outcome.targets:
        table.add_row(
            target.text,
            f"{target.probability:.0%}",
            f"{target.low:.0%} to {target.high:.0%}",
            # A deadline is the end of its day, 24:00.
            _value(outcome, target, target.wanted - (1.0 if target.kind == "sop" else 0.0)),
            *(_value(outcome, target, value) for value in target.quantiles),
        )
    return table


def _milestones(outcome: Outcome) -> Table:
    table = Table(outcome.item, "P10", "P50", "P90", "reached", title="Date of the Nth", title_justify="left", box=None)
    for milestone in outcome.milestones:
        days = [_day(outcome, at) for at in milestone.quantiles]
        table.add_row(f"{milestone.count:,}", *days, f"{milestone.reached:.0%}")
    return table


def _years(outcome: Outcome) -> Table:
    money = outcome.scenario.settings.scenario.currency
    table = Table(
        "year", f"{outcome.item} (mean)", f"investment, M {money}", f"cost of one, {money} (median)", "kWh each",
        title="Years", title_justify="left", box=None,
    )  # fmt: skip
    for years in zip(*outcome.costs, strict=True):
        units = float(np.mean([year.units for year in years]))
        each = [year.per_unit for year in years if year.units]
        joules = sum(year.joules for year in years) / max(1.0, sum(year.units for year in years))
        table.add_row(
            str(years[0].year),
            f"{units:,.0f}",
            f"{np.mean([year.investment for year in years]) / 1e6:,.1f}",
            f"{np.median(each):,.0f}" if each else "",
            f"{joules / 3.6e6:,.0f}" if each else "",
        )
    return table


def _elasticities(outcome: Outcome) -> Table:
    found = outcome.elasticities
    assert found is not None
    table = Table(
        "station", "elasticity", "95 % interval", "most in",
        title=f"Bottlenecks: gain of output per gain of a station's rates ({found.replications} paired runs)",
        title_justify="left", box=None,
    )  # fmt: skip
    for i in np.argsort(-np.nan_to_num(found.overall[:, 0])).tolist():
        mean, low, high = found.overall[i].tolist()
        row = found.mean[i]
        most = found.labels[int(np.nanargmax(row))] if np.isfinite(row).any() else ""
        table.add_row(found.stations[i], f"{mean:.2f}", f"{low:.2f} to {high:.2f}", most)
    return table


def _causes(outcome: Outcome) -> Table:
    miss = outcome.misses[0]
    table = Table(
        f"{miss.unit} lost", "to", "from", "until",
        title=f"Why replication {miss.replication} missed {miss.target}: {miss.text}", title_justify="left", box=None,
    )  # fmt: skip
    for cause in miss.causes[:6]:
        table.add_row(f"{cause.lost:,.0f}", cause.text, _day(outcome, cause.begins), _day(outcome, cause.ends))
    return table


def _sites(outcome: Outcome) -> Table:
    table = Table(
        "site", "year", "floor, m2", "of", "power, MW", title="Floor and power", title_justify="left", box=None
    )
    for need in outcome.sites:
        if need.floor:
            style = "red" if need.floor > need.area else ""
            floor, area = f"{need.floor:,.0f}", f"{need.area:,.0f}"
            table.add_row(need.site, str(need.year), floor, area, f"{need.power / 1e6:,.2f}", style=style)
    return table


def _late(outcome: Outcome) -> Table:
    late = [order for order in outcome.orders if order.late]
    table = Table(
        "order", "quantity", "needed", "order by",
        title=f"{len(late)} orders are due before the first day of the scenario", title_justify="left", box=None,
    )  # fmt: skip
    for order in late[:_ORDERS_SHOWN]:
        table.add_row(
            order.what, f"{order.quantity:,.0f} {order.unit}", order.needed.isoformat(), order.order_by.isoformat()
        )
    return table
