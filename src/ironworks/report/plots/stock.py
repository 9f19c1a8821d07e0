"""Stock of one part over time; the weeks in which something waited for it are shaded."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.plots.fan import plot_fan
from ironworks.report.plots.theme import GREEN, ORANGE, Dates, Floats, name_panel, own_axes


def plot_stock(dates: Dates, stock: Floats, short: Floats, unit: str, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw `stock` (N, B) as a band at the bins' ends; shade by `short` (B,), the share of each week that waited.

    dates: (B+1,) edges of the bins.
    """
    ax = own_axes(ax, 4.5, 2.0)
    plot_fan(dates[1:], stock, unit, ax, GREEN)
    top = max(float(np.nanmax(np.nanquantile(stock, 0.9, axis=0))), 1.0) * 1.1
    ax.set_ylim(0, top)
    share = np.clip(np.append(short, short[-1:]), 0, 1)
    ax.fill_between(dates, 0, share * top, step="post", color=ORANGE, alpha=0.75, linewidth=0, zorder=0)
    ax.set_xlim(dates[0], dates[-1])
    if title:
        name_panel(ax, title)
    return ax
