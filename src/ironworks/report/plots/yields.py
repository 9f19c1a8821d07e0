"""First-pass yield of the tests over time, and the product of all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.plots.theme import INK, LINES, Dates, Floats, date_axis, label_ends, own_axes, percent, tidy


def plot_yields(
    dates: Dates, yields: Mapping[str, Floats], rolled: Floats | None = None, ax: Axes | None = None
) -> Axes:
    """Lines of first-pass yield 0..1 at `dates` (B,), one per test; `rolled` throughput yield in bold. nan: no test."""
    ax = own_axes(ax)
    ends = []
    for (name, values), colour in zip(yields.items(), LINES * 9, strict=False):
        ax.plot(dates, values, color=colour, linewidth=1.2)
        ends.append((_last(values), name, colour))
    if rolled is not None:
        ax.plot(dates, rolled, color=INK, linewidth=2.2)
        ends.append((_last(rolled), "rolled throughput", INK))
    drawn = np.concatenate([*yields.values(), rolled if rolled is not None else np.zeros(0)]) if ends else np.ones(1)
    lowest = float(np.nanmin(drawn)) if np.isfinite(drawn).any() else 0.0
    ax.set_ylim(max(0.0, np.floor(lowest * 10) / 10), 1.005)
    tidy(ax, "passed at the first attempt, % of units tested")
    percent(ax)
    date_axis(ax, dates)
    label_ends(ax, ends)
    return ax


def _last(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else float("nan")
