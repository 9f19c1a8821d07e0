"""A quantity over time in all replications: the median as a line, P10 to P90 as a band."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.plots.theme import BLUE, Dates, Floats, date_axis, own_axes, thousands, tidy


def plot_fan(
    dates: Dates,
    values: Floats,
    unit: str,
    ax: Axes | None = None,
    colour: str = BLUE,
    label: str = "",
    dashed: bool = False,
) -> Axes:
    """Draw `values` (N replications, B) at `dates` (B,) in `unit`: band P10 to P90, line P50. nan is left out."""
    ax = own_axes(ax)
    low, middle, high = quantiles(values)
    if len(values) > 1:
        ax.fill_between(dates, low, high, color=colour, alpha=0.18, linewidth=0)
    ax.plot(dates, middle, color=colour, label=label or None, linestyle="--" if dashed else "-")
    tidy(ax, unit)
    thousands(ax)
    date_axis(ax, dates)
    return ax


def quantiles(values: Floats) -> tuple[Floats, Floats, Floats]:
    """P10, P50, P90 of each column of `values` (N, B), nan where a column has no number."""
    result = np.full((3, values.shape[1]), np.nan)
    filled = ~np.isnan(values).all(axis=0)
    if filled.any():
        result[:, filled] = np.nanquantile(values[:, filled], (0.1, 0.5, 0.9), axis=0)
    return result[0], result[1], result[2]
