"""Which station the arrows of blocked and starved neighbours point at, over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from ironworks.report.plots.theme import PLUM, Dates, Floats, date_axis, own_axes, tidy

_SHADES = LinearSegmentedColormap.from_list("arrow", ["#ffffff", "#d9cbe3", "#8d6aa5", PLUM])


def plot_arrows(dates: Dates, weights: Floats, stations: Sequence[str], ax: Axes | None = None) -> Axes:
    """Shade `weights` (B, S): the share of replications in which the station was the week's bottleneck.

    dates: (B+1,) edges of the bins.
    """
    ax = own_axes(ax, 9.2, 0.24 * len(stations) + 0.6)
    edges = dates.astype("datetime64[s]")
    ax.pcolormesh(
        edges, np.arange(len(stations) + 1), weights.T, cmap=_SHADES, vmin=0, vmax=1, edgecolors="face", linewidth=0.4
    )
    ax.set_yticks(np.arange(len(stations)) + 0.5, stations)
    ax.set_ylim(len(stations), 0)
    tidy(ax, grid="")
    date_axis(ax, dates)
    ax.spines["bottom"].set_visible(True)
    ax.tick_params(axis="y", length=0)
    return ax
