"""Ranked bars: defects found, days short, losses of a replication."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.plots.theme import BLUE, INK, Floats, own_axes, thousands, tidy


def plot_bars(
    names: Sequence[str],
    values: Floats,
    unit: str,
    ax: Axes | None = None,
    low: Floats | None = None,
    high: Floats | None = None,
    colour: str = BLUE,
) -> Axes:
    """Horizontal bars (n,) in `unit` in the order given, with whiskers from `low` to `high` where there are any."""
    ax = own_axes(ax, 9.2, 0.26 * len(names) + 0.7)
    rows = np.arange(len(names))
    ax.barh(rows, values, color=colour, height=0.66, linewidth=0)
    if low is not None and high is not None:
        ax.hlines(rows, low, high, color="white", linewidth=3.0)
        ax.hlines(rows, low, high, color=INK, linewidth=1.0)
    ax.set_yticks(rows, names, fontsize=8)
    ax.set_ylim(len(names) - 0.4, -0.6)
    if not len(names) or float(np.min(values)) >= 0:
        ax.set_xlim(left=0)
    tidy(ax, xlabel=unit, grid="x")
    thousands(ax, "x")
    ax.tick_params(axis="y", length=0)
    return ax
