"""Which uncertain figures move the answer: rank correlations with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ironworks.report.plots.theme import BLUE, INK, MUTED, ORANGE, Floats, own_axes, tidy


def plot_beliefs(
    names: Sequence[str], mean: Floats, low: Floats, high: Floats, sure: NDArray[np.bool_], ax: Axes | None = None
) -> Axes:
    """Rank correlations (n,) of figures with the output, with 95 % intervals; pale where not `sure`."""
    ax = own_axes(ax, 9.2, 0.3 * len(names) + 0.7)
    rows = np.arange(len(names))
    for row in rows:
        colour = (BLUE if mean[row] > 0 else ORANGE) if sure[row] else "#c3cad0"
        ax.plot([low[row], high[row]], [row, row], color=colour, linewidth=5, alpha=0.45, solid_capstyle="butt")
        ax.plot([mean[row]], [row], "o", color=colour, markersize=6)
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.set_yticks(rows, names, fontsize=8)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_xlim(-1, 1)
    tidy(ax, xlabel="rank correlation with the output", grid="x")
    ax.text(0.0, 1.01, "more of it, fewer robots", transform=ax.transAxes, ha="left", fontsize=8, color=MUTED)
    ax.text(1.0, 1.01, "more of it, more robots", transform=ax.transAxes, ha="right", fontsize=8, color=MUTED)
    ax.tick_params(axis="y", length=0)
    return ax
