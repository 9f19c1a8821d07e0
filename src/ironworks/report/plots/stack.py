"""Stacked columns by year: what a robot costs, what is spent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.plots.theme import INK, LINES, Floats, own_axes, thousands, tidy


def plot_stack(
    columns: Sequence[str], parts: Mapping[str, Floats], unit: str, ax: Axes | None = None, note: Sequence[str] = ()
) -> Axes:
    """Stack `parts` (name -> (n,) in `unit`) over the n `columns`; `note` is written over each column."""
    ax = own_axes(ax, 4.5, 3.0)
    bottom = np.zeros(len(columns))
    for (name, values), colour in zip(parts.items(), LINES, strict=False):
        heights = np.nan_to_num(values)
        ax.bar(range(len(columns)), heights, bottom=bottom, color=colour, width=0.62, label=name, linewidth=0)
        bottom += heights
    top = float(bottom.max()) if len(bottom) else 0.0
    for x, text in enumerate(note):
        ax.text(x, bottom[x] + 0.015 * top, text, ha="center", va="bottom", fontsize=8, color=INK)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_ylim(0, top * 1.12 or 1)
    tidy(ax, unit)
    thousands(ax)
    ax.tick_params(axis="x", length=0)
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=8)
    return ax
