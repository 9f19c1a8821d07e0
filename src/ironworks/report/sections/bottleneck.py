"""The bottleneck as it moves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ironworks.outcome import Elasticities, Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Chart, Section, Table, Text, chart
from ironworks.report.plots.arrows import plot_arrows
from ironworks.report.plots.elasticity import plot_elasticities
from ironworks.report.plots.owners import plot_owners
from ironworks.report.plots.theme import new_figure
from ironworks.report.view import edges

SHOWN = 14
NONE_HELPS = (
    "None of these stations limits the output for sure: making one of them faster gives no more. What limits it lies "
    "elsewhere, in the plan, in parts or in people, or in several stations at once; the worst run's page says which."
)


def bottleneck(outcome: Outcome) -> Section:
    """Elasticities by period as the measure; arrows and active periods as the explanation; loads as a check."""
    blocks: list[Block] = []
    if outcome.elasticities is None:
        blocks.append(
            Text(
                "Elasticities were not computed in this run; the explanations below stand without their measure.",
                "warning",
            )
        )
    else:
        blocks += _measure(outcome.elasticities, words.plain(outcome.item))
    arrows = _arrows(outcome)
    if arrows is not None:
        blocks.append(arrows)
    if outcome.traced is not None:
        blocks += _active(outcome)
    blocks += _loads(outcome)
    return Section("bottleneck", "Bottleneck", "What holds it back, and when?", blocks)


def _measure(e: Elasticities, item: str) -> list[Block]:
    order = np.argsort(-e.overall[:, 0], kind="stable")
    names = [words.plain(e.stations[i]) for i in order]
    figure, ax = new_figure(9.2, 0.5 * len(names) + 0.5)
    plot_elasticities(names, e.labels, e.mean[order], e.low[order], e.high[order], ax)
    caption = (
        f"How many percent more {item}s come out if all rates of a station rise by 1 %. Each number is the "
        f"mean of {e.replications} pairs of "
        f"runs that share their random numbers, with the station {words.percent(e.change)} faster in one; "
        "its 95 % interval stands below it or in the table. Bold: clear of zero. Near 1: the "
        "station alone sets the pace. Near 0: making it faster does nothing."
    )
    rows = [
        (names[k], f"{e.overall[i, 0]:.2f}", f"{e.overall[i, 1]:.2f} to {e.overall[i, 2]:.2f}")
        for k, i in enumerate(order)
    ]
    unmoved = [] if (e.overall[:, 1] > 0).any() else [Text(NONE_HELPS)]
    return [
        *unmoved,
        chart(figure, "elasticity", "Elasticity of the output", caption),
        Table("Over the whole horizon", ("Station", "Elasticity", "95 % interval"), rows, (1, 2), folded=True),
        _by_period(e, order, names),
    ]


def _by_period(e: Elasticities, order: NDArray[np.int64], names: Sequence[str]) -> Table:
    rows = []
    for column, label in enumerate(e.labels):
        for name, i in zip(names, order, strict=True):
            if np.isfinite(e.mean[i, column]):
                span = f"{e.low[i, column]:.2f} to {e.high[i, column]:.2f}"
                rows.append((label, name, f"{e.mean[i, column]:.2f}", span))
    return Table("By period", ("Period", "Station", "Elasticity", "95 % interval"), rows, (2, 3), folded=True)


def _arrows(outcome: Outcome) -> Chart | None:
    weight = outcome.arrows.sum(axis=0)
    order = [int(i) for i in np.argsort(-weight, kind="stable")[:SHOWN] if weight[i] > 0]
    if not order:
        return None
    names = outcome.replications[0].names.stations
    figure, ax = new_figure(9.2, 0.24 * len(order) + 0.6)
    plot_arrows(edges(outcome), outcome.arrows[:, order], [words.plain(names[i]) for i in order], ax)
    caption = (
        "Share of the replications, week by week, in which no arrow leaves the station: its upstream "
        "neighbours are blocked more than it is, its downstream "
        "ones starved more. White: never, dark: in all replications. This explains where things pile up; the "
        "elasticity above measures what helps."
    )
    return chart(figure, "arrows", "Where blocked and starved neighbours point", caption)


def _active(outcome: Outcome) -> list[Block]:
    traced = outcome.traced
    if traced is None:
        return []
    found = traced.bottlenecks
    order = [found.stations.index(name) for name in found.ranked()[:10]]
    order = [i for i in order if found.sole[i] + found.shifting[i] > 0]
    if not order:
        return []
    figure, ax = new_figure(9.2, 0.26 * len(order) + 0.7)
    plot_owners([words.plain(found.stations[i]) for i in order], found.sole[order], found.shifting[order], ax)
    begins, ends = (words.moment(outcome, t) for t in traced.window)
    caption = (
        f"From {begins} to {ends} of replication {traced.run.replication}: the share of time in which a "
        "station had been active longest without a pause. "
        "Dark: it alone; pale: while the bottleneck shifted from or to another one."
    )
    return [chart(figure, "owners", "Active periods in the traced week", caption)]


def _loads(outcome: Outcome) -> list[Block]:
    stations = sorted({check.station for check in outcome.capacity})
    years = sorted({check.year for check in outcome.capacity})
    load = {(check.station, check.year): check.load for check in outcome.capacity}
    if not load:
        return []
    peak = {
        s: max(
            (
                load.get((s, y), 0.0)
                for y in years
                if np.isfinite(load.get((s, y), np.nan)) or load.get((s, y)) == np.inf
            ),
            default=0.0,
        )
        for s in stations
    }
    rows = [
        [words.plain(s), *(_load(load.get((s, y), float("nan"))) for y in years)]
        for s in sorted(stations, key=lambda s: -peak[s])
        if peak[s] >= 0.5
    ][:25]
    over = sum(value > 1 for value in peak.values())
    note = (
        "Work that the plan asks for, divided by the time that places are on shift and up: a sum at the "
        "figures' values, not a simulation. "
        f"{over} of {len(stations)} stations are asked for more than they have in some year (marked ▲). "
        "Stations below 50 % are left out."
    )
    return [
        Table(
            "Load at the planned rates",
            ["Station", *map(str, years)],
            rows,
            range(1, len(years) + 1),
            note,
            folded=True,
        )
    ]


def _load(value: float) -> str:
    if np.isinf(value):
        return "no places ▲"
    return words.percent(value) + (" ▲" if value > 1 else "")
