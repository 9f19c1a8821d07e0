"""The bottleneck as it moves: how much more would come out if a station were faster, period by period."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from ironworks.report.plots.theme import BLUE, INK, MUTED, Floats, own_axes

_SHADES = LinearSegmentedColormap.from_list("elasticity", ["#ffffff", "#cfe1f1", "#6ea6d3", BLUE, "#173f66"])


def plot_elasticities(
    stations: Sequence[str],
    periods: Sequence[str],
    mean: Floats,
    low: Floats,
    high: Floats,
    ax: Axes | None = None,
) -> Axes:
    """A matrix of elasticities (C stations, P periods) with their 95 % intervals written in where there is room.

    A cell is written bold where its interval lies above zero.
    """
    ax = own_axes(ax, 9.2, 0.5 * len(stations) + 0.5)
    ax.pcolormesh(
        np.arange(len(periods) + 1),
        np.arange(len(stations) + 1),
        np.nan_to_num(mean),
        cmap=_SHADES,
        vmin=0.0,
        vmax=1.0,
        edgecolors="white",
        linewidth=2.0,
    )
    small = len(periods) > 9
    for row, column in np.ndindex(mean.shape):
        value = mean[row, column]
        if not np.isfinite(value):
            ax.text(
                column + 0.5,
                row + 0.5,
                "–" if small else "no output",
                ha="center",
                va="center",
                fontsize=6.5,
                color=MUTED,
            )
            continue
        colour = "white" if value > 0.45 else INK
        weight = "bold" if low[row, column] > 0 else "normal"
        ax.text(
            column + 0.5,
            row + 0.42,
            f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−"),
            ha="center",
            va="center",
            color=colour,
            weight=weight,
            fontsize=7.0 if small else 8.5,
        )
        if not small:
            span = f"{low[row, column]:.2f} to {high[row, column]:.2f}".replace("-", "−")
            ax.text(column + 0.5, row + 0.76, span, ha="center", va="center", color=colour, fontsize=6.2)
    labels = [_short(label, i) for i, label in enumerate(periods)] if small else list(periods)
    ax.set_xticks(np.arange(len(periods)) + 0.5, labels)
    ax.set_yticks(np.arange(len(stations)) + 0.5, stations)
    ax.set_ylim(len(stations), 0)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set_frame_on(False)
    return ax


def _short(label: str, position: int) -> str:
    """`2027 Q1` as Q1 over 2027, the year only where it begins."""
    year, _, quarter = label.rpartition(" ")
    return f"{quarter}\n{year}" if position == 0 or quarter.endswith("1") else f"{quarter}\n"
