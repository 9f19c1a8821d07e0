"""Order-by dates: one bar from the order to the first use, late ones marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.plots.theme import BLUE, GREEN, INK, ORANGE, RED, Dates, date_axis, own_axes, tidy

KIND_COLOURS = {"equipment": BLUE, "part": ORANGE, "people": GREEN}


def plot_orders(
    names: Sequence[str],
    kinds: Sequence[str],
    order_by: Dates,
    needed: Dates,
    late: Sequence[bool],
    start: Any,
    ax: Axes | None = None,
) -> Axes:
    """Bars from `order_by` to `needed` (n,), coloured by kind; red points where `late`; a line at `start`."""
    ax = own_axes(ax, 9.2, 0.22 * len(names) + 0.7)
    for row, (kind, first, last, red) in enumerate(zip(kinds, order_by, needed, late, strict=True)):
        ax.plot([first, last], [row, row], color=KIND_COLOURS[kind], linewidth=5, alpha=0.75, solid_capstyle="butt")
        ax.plot([first], [row], "D", color=RED if red else INK, markersize=4, zorder=4)
    ax.axvline(start, color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
    ax.set_yticks(range(len(names)), names, fontsize=7.5)
    ax.set_ylim(len(names) - 0.4, -0.6)
    tidy(ax, grid="x")
    if len(names):
        margin = (needed.max() - order_by.min()) / 40
        date_axis(ax, np.array([order_by.min() - margin, needed.max() + margin]))
    ax.tick_params(axis="y", length=0)
    return ax
