"""Yields and rework."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Section, Table, Text, chart
from ironworks.report.plots.bars import plot_bars
from ironworks.report.plots.theme import RED, Dates, Floats, new_figure
from ironworks.report.plots.yields import plot_yields
from ironworks.report.view import edges, grouped

_WEEKS = 4
FEWEST = 20
"""Tests in a group of weeks below which a yield is not drawn."""


def quality(outcome: Outcome) -> Section:
    """First-pass yield by test, rolled throughput yield, the defect Pareto, repairs and scrap."""
    attempts = pooled_tests(outcome)
    if not attempts:
        return Section(
            "quality", "Quality", "Does it pass the first time?", (Text("No operation of this plant is a test."),)
        )
    blocks: list[Block] = []
    final = {key: pair for key, pair in attempts.items() if key[0] == outcome.item}
    dates = edges(outcome)[1:]
    dates = np.append(dates[_WEEKS - 1 :: _WEEKS], dates[-1:])[: len(grouped(outcome.edges[:-1], _WEEKS))]
    if final:
        blocks.append(_yields(outcome, final, dates))
    blocks += [_tests(attempts), *_pareto(outcome), _rework(outcome)]
    return Section("quality", "Quality", "Does it pass the first time?", blocks)


def pooled_tests(outcome: Outcome) -> dict[tuple[str, str], tuple[Floats, Floats]]:
    """First attempts and first passes per bin (B,), over all replications, by (item, operation); routes are pooled."""
    names = outcome.replications[0].names.operations
    item_of = {route.route: route.item for route in outcome.scenario.routes}
    tests = sum(run.first_tests for run in outcome.replications)
    passes = sum(run.first_passes for run in outcome.replications)
    found: dict[tuple[str, str], tuple[Floats, Floats]] = {}
    for operation in outcome.scenario.operations:
        full = f"{operation.route}.{operation.operation}"
        if full not in names or not np.any(tests[:, names.index(full)]):  # type: ignore[index]
            continue
        column = names.index(full)
        key = (item_of[operation.route], operation.operation)
        n, k = found.get(key, (np.zeros(len(outcome.edges) - 1), np.zeros(len(outcome.edges) - 1)))
        found[key] = (n + tests[:, column], k + passes[:, column])  # type: ignore[index]
    return found


def rolled(final: Mapping[tuple[str, str], tuple[Floats, Floats]]) -> float:
    """Product of the first-pass yields over the whole horizon."""
    return float(np.prod([k.sum() / n.sum() for n, k in final.values()]))


def _yields(outcome: Outcome, final: Mapping[tuple[str, str], tuple[Floats, Floats]], dates: Dates) -> Block:
    lines: dict[str, Floats] = {}
    for (_, operation), (n, k) in final.items():
        tested, passed = grouped(n, _WEEKS), grouped(k, _WEEKS)
        lines[operation] = np.divide(passed, tested, out=np.full(len(tested), np.nan), where=tested >= FEWEST)
    product = np.prod(np.stack(list(lines.values())), axis=0)
    lowest = sorted(lines, key=lambda name: np.nanmean(lines[name]) if np.isfinite(lines[name]).any() else 1.0)[:7]
    figure, ax = new_figure(9.2, 3.6)
    plot_yields(dates, {words.plain(name): lines[name] for name in lowest}, product, ax)
    left_out = (
        f" The {len(lines) - len(lowest)} best tests are left out of the lines, not of the product."
        if len(lines) > len(lowest)
        else ""
    )
    caption = (
        f"First-pass yield of the tests of the {words.plain(outcome.item)}, all replications pooled, in steps "
        f"of {_WEEKS} weeks; steps with fewer than {FEWEST} "
        "tests are not drawn. Rolled throughput yield (bold): the product of all tests, the share that needs "
        f"no repair at all.{left_out}"
    )
    return chart(figure, "yields", f"First-pass yield of the {words.plain(outcome.item)}", caption)


def _tests(attempts: Mapping[tuple[str, str], tuple[Floats, Floats]]) -> Table:
    rows = []
    for (item, operation), (n, k) in sorted(attempts.items(), key=lambda pair: pair[1][1].sum() / pair[1][0].sum()):
        half = int(np.searchsorted(np.cumsum(n), n.sum() * 0.9))
        late = k[half:].sum() / n[half:].sum() if n[half:].sum() else float("nan")
        rows.append(
            (
                words.plain(item),
                words.plain(operation),
                words.number(float(n.sum())),
                words.percent(k.sum() / n.sum()),
                words.percent(late),
            )
        )
    note = (
        "All replications pooled. Last tenth: the last 10 % of the first attempts, when the plant has "
        "learned. One lot counts as one unit."
    )
    return Table(
        "All tests",
        ("Item", "Test", "First attempts", "Passed", "in the last tenth"),
        rows,
        (2, 3, 4),
        note,
        folded=True,
    )


def _pareto(outcome: Outcome) -> list[Block]:
    names = outcome.replications[0].names.defects
    n = len(outcome.replications)
    found = np.stack([run.found.sum(axis=0) for run in outcome.replications]).astype(float)
    escaped = sum(run.escaped.sum(axis=0) for run in outcome.replications) / n
    order = [int(i) for i in np.argsort(-found.mean(axis=0), kind="stable") if found[:, i].any()]
    if not order:
        return []
    shown = order[:15]
    share = found.mean(axis=0)[shown].sum() / found.mean(axis=0).sum()
    figure, ax = new_figure(9.2, 0.26 * len(shown) + 0.7)
    low, middle, high = np.quantile(found[:, shown], (0.1, 0.5, 0.9), axis=0)
    plot_bars(
        [words.plain(names[i]) for i in shown],
        middle,
        "found by tests over the horizon, per replication",
        ax,
        low,
        high,
        RED,
    )
    caption = (
        f"Bar: median of the replications; whisker: P10 to P90. These {len(shown)} make up "
        f"{words.percent(float(share))} of all defects found."
    )
    total_escaped = float(np.sum(escaped))
    worst = int(np.argmax(escaped))
    note = (
        f"Defects that no test found and that left the plant in finished units: {words.number(total_escaped)} "
        "per replication on average" + (f", most often {words.plain(names[worst])}." if total_escaped > 0 else ".")
    )
    return [chart(figure, "pareto", "Defects found", caption), Text(note)]


def _rework(outcome: Outcome) -> Table:
    names = outcome.replications[0].names
    n = len(outcome.replications)
    rows = []
    for i, route in enumerate(names.routings):
        done = sum(int(run.finished[:, i].sum()) for run in outcome.replications)
        scrapped = sum(int(run.scrapped[:, i].sum()) for run in outcome.replications)
        operations = [j for j, name in enumerate(names.operations) if name.startswith(f"{route}.")]
        rejects = sum(int(run.rejects[:, operations].sum()) for run in outcome.replications)
        if not rejects and not scrapped:
            continue
        share = scrapped / (done + scrapped) if done + scrapped else float("nan")
        rows.append(
            (
                route,
                words.number(done / n),
                words.number(rejects / n),
                words.number(rejects / done if done else float("nan")),
                words.number(scrapped / n),
                words.percent(share),
            )
        )
    columns = ("Routing", "Finished", "Failed tests", "per finished unit", "Scrapped", "of all")
    return Table(
        "Rework and scrap by routing",
        columns,
        rows,
        (1, 2, 3, 4, 5),
        "Mean of a replication, in units of the routing (lots, where parts move as lots).",
        folded=True,
    )
