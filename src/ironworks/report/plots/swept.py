"""Yield by spread and by the multiple of it: a matrix to read which one matters, and from where on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from ironworks.report.plots.theme import INK, RED, Floats, own_axes

_SHADES = LinearSegmentedColormap.from_list("swept", [RED, "#eeb8a8", "#ffffff"])


def plot_swept(names: Sequence[str], levels: Sequence[str], shares: Floats, ax: Axes | None = None) -> Axes:
    """Shade shares (D names, L levels) that pass, 0..1: the redder, the fewer; each is written in its cell."""
    ax = own_axes(ax, 9.2, 0.3 * len(names) + 0.7)
    ax.pcolormesh(
        np.arange(len(levels) + 1), np.arange(len(names) + 1), shares, cmap=_SHADES, vmin=0.0, vmax=1.0,
        edgecolors="white", linewidth=2.0,
    )  # fmt: skip
    for row, column in np.ndindex(shares.shape):
        value = shares[row, column]
        colour = "white" if value < 0.25 else INK
        ax.text(
            column + 0.5, row + 0.52, f"{100.0 * value:.0f} %", ha="center", va="center", color=colour, fontsize=7.5
        )
    ax.set_xticks(np.arange(len(levels)) + 0.5, levels)
    ax.set_yticks(np.arange(len(names)) + 0.5, names)
    ax.set_ylim(len(names), 0)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.set_frame_on(False)
    return ax
