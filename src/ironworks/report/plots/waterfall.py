"""From nothing to a total, kind by kind: what a robot costs, what a ramp spends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.plots.theme import BLUE, INK, MUTED, PLUM, Floats, own_axes, thousands, tidy

__all__ = ["plot_waterfall"]


def plot_waterfall(
    names: Sequence[str], values: Floats, unit: str, ax: Axes | None = None, *, total: str = "total"
) -> Axes:
    """Columns (n,) in `unit`, each on top of the one before, and their sum as the last one."""
    ax = own_axes(ax, 9.2, 3.2)
    ends = np.cumsum(values)
    begins = ends - values
    sum_ = float(ends[-1]) if len(ends) else 0.0
    top = max(float(np.max(ends, initial=0.0)), 1e-12)
    for i, (begin, end, value) in enumerate(zip(begins, ends, values, strict=True)):
        ax.bar(i, value, bottom=begin, color=BLUE, width=0.62, linewidth=0)
        ax.hlines(end, i - 0.31, i + 1.31, color=MUTED, linewidth=0.6)
        ax.text(
            i, max(begin, end) + 0.015 * top, _amount(float(value)), ha="center", va="bottom", fontsize=8, color=INK
        )
    ax.bar(len(names), sum_, color=PLUM, width=0.62, linewidth=0)
    ax.text(len(names), sum_ + 0.015 * top, _amount(sum_), ha="center", va="bottom", fontsize=8, color=INK)
    ax.set_xticks(range(len(names) + 1), [*names, total])
    ax.set_ylim(0, 1.12 * top)
    tidy(ax, unit)
    thousands(ax)
    ax.tick_params(axis="x", length=0)
    return ax


def _amount(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
