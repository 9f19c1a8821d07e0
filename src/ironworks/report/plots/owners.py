"""Active-period bottlenecks: shares of time as the sole and as a shifting bottleneck."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.plots.theme import PLUM, Floats, own_axes, percent, tidy


def plot_owners(stations: Sequence[str], sole: Floats, shifting: Floats, ax: Axes | None = None) -> Axes:
    """Bars per station (S,): `sole` share of the window dark, `shifting` share pale behind it."""
    ax = own_axes(ax, 9.2, 0.26 * len(stations) + 0.7)
    rows = np.arange(len(stations))
    ax.barh(rows, sole, color=PLUM, height=0.66, linewidth=0, label="sole")
    ax.barh(rows, shifting, left=sole, color="#c7b3d4", height=0.66, linewidth=0, label="shifting")
    ax.set_yticks(rows, stations, fontsize=8)
    ax.set_ylim(len(stations) - 0.4, -0.6)
    tidy(ax, xlabel="share of the window's time", grid="x")
    percent(ax, "x")
    ax.tick_params(axis="y", length=0)
    ax.legend(loc="lower right", frameon=False, fontsize=8)
    return ax
