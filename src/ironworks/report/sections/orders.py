"""What has to be ordered, by when."""

from __future__ import annotations

import numpy as np

from ironworks.outcome import OrderBy, Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Section, Table, Text, chart
from ironworks.report.plots.orders import KIND_COLOURS, plot_orders
from ironworks.report.plots.stack import plot_stack
from ironworks.report.plots.theme import RED, new_figure

SHOWN = 32


def orders(outcome: Outcome) -> Section:
    """Investment by half-year of the order, a Gantt of the first orders, and the whole table."""
    if not outcome.orders:
        return Section("orders", "Orders", "What must be ordered, by when?", (Text("Nothing has a lead time."),))
    late = [order for order in outcome.orders if order.late]
    blocks: list[Block] = []
    if late:
        names = words.listed([words.plain(o.what) for o in late[:5]]) + (" and others" if len(late) > 5 else "")
        blocks.append(
            Text(
                f"{len(late)} of {len(outcome.orders)} orders should have been placed before "
                f"{words.day(outcome.start)}: {names}. "
                "Unless they were, what depends on them comes later than planned.",
                "warning",
            )
        )
    ordered = sorted(outcome.orders, key=lambda order: (order.order_by, order.what))
    shown = ordered[:SHOWN]
    figure, ax = new_figure(9.2, 0.22 * len(shown) + 0.7)
    first = np.array([o.order_by for o in shown], dtype="datetime64[D]").astype("datetime64[s]")
    last = np.array([o.needed for o in shown], dtype="datetime64[D]").astype("datetime64[s]")
    plot_orders(
        [_label(o) for o in shown],
        [o.kind for o in shown],
        first,
        last,
        [o.late for o in shown],
        np.datetime64(outcome.start, "s"),
        ax,
    )
    caption = (
        f"The {len(shown)} earliest of {len(ordered)} orders. Diamond: order by; end of the bar: needed at "
        "work. The bar is delivery, installation and qualification, or hiring "
        "and training, at the figures' values. Dashed: the scenario's first day."
    )
    legend = [*((colour, kind) for kind, colour in KIND_COLOURS.items()), (RED, "ordered too late")]
    blocks.append(chart(figure, "orders", "Order-by dates", caption, legend))
    blocks += _money(outcome)
    rows = [
        (
            words.plain(o.what),
            o.kind,
            f"{words.number(o.quantity)} {o.unit}",
            words.day(o.order_by) + (" ▲" if o.late else ""),
            words.day(o.needed),
            words.span(o.lead),
            words.big(o.money) if o.money else "–",
        )
        for o in ordered
    ]
    columns = ("What", "Kind", "Quantity", "Order by", "Needed", "Lead", outcome.scenario.settings.scenario.currency)
    blocks.append(
        Table("All orders", columns, rows, (2, 3, 4, 5, 6), "▲ before the scenario's first day.", folded=True)
    )
    return Section("orders", "Orders", "What must be ordered, by when?", blocks)


def _label(order: OrderBy) -> str:
    return (
        f"{words.number(order.quantity)} {words.plain(order.what)}" if order.quantity != 1 else words.plain(order.what)
    )


def _money(outcome: Outcome) -> list[Block]:
    paid = [order for order in outcome.orders if order.money > 0 and order.kind == "equipment"]
    if not paid:
        return []
    halves = sorted({_half(order) for order in paid})
    sums = np.array([sum(o.money for o in paid if _half(o) == half) for half in halves]) / 1e6
    figure, ax = new_figure(9.2, 2.6)
    currency = outcome.scenario.settings.scenario.currency
    labels = [f"{year} H{half}" for year, half in halves]
    plot_stack(
        labels,
        {"equipment": sums},
        f"million {currency}, by date of the order",
        ax,
        [words.number(float(s)) for s in sums],
    )
    legend = ax.get_legend()
    if legend is not None:
        legend.remove()
    return [
        chart(
            figure,
            "investment",
            "Equipment to be ordered",
            f"{words.number(float(sums.sum()))} million {currency} in all, at the figures' values.",
        )
    ]


def _half(order: OrderBy) -> tuple[int, int]:
    return order.order_by.year, 1 if order.order_by.month <= 6 else 2
