"""Lead time and work in process."""

from __future__ import annotations

import numpy as np

from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Section, Table, chart
from ironworks.report.plots.bars import plot_bars
from ironworks.report.plots.fan import plot_fan, quantiles
from ironworks.report.plots.theme import ORANGE, PLUM, Floats, new_figure, new_panels
from ironworks.report.view import BANDS, bins_of_year, edges

_DAY = 86_400.0


def leadtime(outcome: Outcome) -> Section:
    """How long a robot takes from release to finish, how many are on the floor, and where they queue."""
    dates = edges(outcome)[1:]
    lead, wip = final_lead_time(outcome), final_wip(outcome)
    figure, axes = new_panels(2, 2, 9.2, 2.8)
    plot_fan(dates, lead / _DAY, "days from release to finish", axes[0], ORANGE)
    _, middle, high = quantiles(lead / _DAY)
    usual = np.isfinite(middle)
    # One unit that waited through a move would flatten all other weeks.
    top = 1.25 * max(float(middle[usual].max()), float(np.quantile(high[usual], 0.9))) if usual.any() else 1.0
    axes[0].set_ylim(0, top)
    cut = " Rare peaks of the band go beyond the paper." if usual.any() and high[usual].max() > top else ""
    plot_fan(dates, wip, f"{words.plain(outcome.item)}s in process", axes[1], PLUM)
    axes[1].set_ylim(bottom=0)
    caption = (
        f"{BANDS} Lead time is the mean of the units finished in the week, nights and weekends included; "
        f"weeks without one are left out.{cut}"
    )
    blocks: list[Block] = [chart(figure, "leadtime", "Lead time and work in process", caption)]
    blocks += _queues(outcome)
    blocks.append(_items(outcome))
    return Section("leadtime", "Lead time", "How long does one take, and where does it wait?", blocks)


def final_lead_time(outcome: Outcome) -> Floats:
    """(N, B) mean lead time [s] of the final product over its routings; nan where none was finished."""
    names = outcome.replications[0].names.routings
    columns = [names.index(route) for route in outcome.routes]
    rows = []
    for run in outcome.replications:
        count = run.finished[:, columns]
        weighted = np.where(count > 0, run.lead_time[:, columns], 0.0) * count
        total = count.sum(axis=1)
        rows.append(np.divide(weighted.sum(axis=1), total, out=np.full(len(total), np.nan), where=total > 0))
    return np.stack(rows)


def final_wip(outcome: Outcome) -> Floats:
    """(N, B) time-average pieces of the final product in process."""
    names = outcome.replications[0].names.routings
    columns = [names.index(route) for route in outcome.routes]
    lots = np.array([outcome.pieces[route] for route in outcome.routes], dtype=float)
    return np.stack([run.wip_mean[:, columns] @ lots for run in outcome.replications])


def _queues(outcome: Outcome) -> list[Block]:
    names = outcome.replications[0].names.stations
    years = bins_of_year(outcome)
    last = max((y for y, bins in years.items() if bins.stop - bins.start >= 26), default=max(years))
    queue = np.stack([run.queue_mean[years[last]].mean(axis=0) for run in outcome.replications])
    low, middle, high = np.quantile(queue, (0.1, 0.5, 0.9), axis=0)
    order = [int(i) for i in np.argsort(-middle, kind="stable")[:10] if middle[i] >= 0.05]
    if not order:
        return []
    figure, ax = new_figure(9.2, 0.26 * len(order) + 0.7)
    plot_bars(
        [words.plain(names[i]) for i in order],
        middle[order],
        "items waiting on average",
        ax,
        low[order],
        high[order],
        "#9d86ae",
    )
    return [
        chart(
            figure,
            "queues",
            f"Longest queues in {last}",
            "Items (lots, where parts move as lots) in front of the station. Bar: median; whisker: P10 to P90.",
        )
    ]


def _items(outcome: Outcome) -> Table:
    names = outcome.replications[0].names.routings
    lot = {item.item: item.lot for item in outcome.scenario.items}
    lots = {route.route: lot[route.item] for route in outcome.scenario.routes}
    rows = []
    for i, route in enumerate(names):
        count = np.stack([run.finished[:, i] for run in outcome.replications]).astype(float)
        times = np.stack([run.lead_time[:, i] for run in outcome.replications])
        if not count.any():
            continue
        mean = float(np.where(count > 0, times * count, 0.0)[count > 0].sum() / count.sum())
        wip = float(np.mean([run.wip_mean[:, i].mean() for run in outcome.replications]))
        rows.append(
            (
                route,
                words.number(lots.get(route, 1)),
                words.number(count.sum() / len(count)),
                words.span(mean),
                words.number(wip),
            )
        )
    columns = ("Routing", "Pieces per unit", "Units finished", "Lead time", "In process")
    return Table(
        "Lead time and work in process by routing",
        columns,
        rows,
        (1, 2, 3, 4),
        "Means over the horizon and the replications.",
        folded=True,
    )
