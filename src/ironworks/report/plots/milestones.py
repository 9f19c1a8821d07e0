"""When the Nth robot comes: one bar from P10 to P90 for each N."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.plots.theme import BLUE, MUTED, Dates, date_axis, own_axes, tidy


def plot_milestones(
    counts: Sequence[int], early: Dates, middle: Dates, late: Dates, span: Dates, ax: Axes | None = None
) -> Axes:
    """Draw dates (M,) of the `counts`-th robot; NaT where it is not within `span` (first, last day): drawn open."""
    ax = own_axes(ax, 9.2, 0.34 * len(counts) + 0.6)
    for row, (first, median, last) in enumerate(zip(early, middle, late, strict=True)):
        if np.isnat(first):
            continue
        end = span[-1] if np.isnat(last) else last
        ax.plot([first, end], [row, row], color=BLUE, linewidth=6, alpha=0.3, solid_capstyle="butt")
        if np.isnat(last):
            ax.plot([end], [row], ">", color=BLUE, alpha=0.6, markersize=6, clip_on=False)
        if not np.isnat(median):
            ax.plot([median], [row], "o", color=BLUE, markersize=5)
    ax.set_yticks(range(len(counts)), [f"{count:,}".replace(",", "\u202f") for count in counts])
    ax.invert_yaxis()
    tidy(ax, grid="x")
    ax.set_ylabel("Nth robot", color=MUTED)
    date_axis(ax, span)
    return ax
