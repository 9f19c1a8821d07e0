"""First-pass yields of a sample with their intervals: one row for each procedure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.plots.theme import BLUE, INK, MUTED, Floats, own_axes, percent, tidy


def plot_first_pass(
    names: Sequence[str],
    share: Floats,
    low: Floats,
    high: Floats,
    ax: Axes | None = None,
    whole: tuple[float, float, float] | None = None,
) -> Axes:
    """Shares (n,) that passed the first time with 95 % intervals; `whole`: share, low, high of units that pass all."""
    ax = own_axes(ax, 9.2, 0.26 * (len(names) + (whole is not None)) + 0.7)
    shown = [*zip(names, share, low, high, strict=True)]
    if whole is not None:
        shown.append(("all of them", *whole))
    for row, (_, middle, least, most) in enumerate(shown):
        colour = INK if row == len(names) else BLUE
        ax.plot([least, most], [row, row], color=colour, linewidth=5, alpha=0.3, solid_capstyle="butt")
        ax.plot([middle], [row], "o", color=colour, markersize=5, clip_on=False)
        text = f"{middle * 100:.1f} %"
        ax.annotate(text, (most, row), (6, 0), textcoords="offset points", va="center", fontsize=7, color=MUTED)
    ax.set_yticks(np.arange(len(shown)), [name for name, *_ in shown], fontsize=8)
    ax.set_ylim(len(shown) - 0.4, -0.6)
    least = min((bound for *_, bound, _ in shown), default=0.0)
    ax.set_xlim(max(0.0, np.floor(least * 10 - 0.3) / 10), 1.0)
    tidy(ax, xlabel="passed at the first attempt", grid="x")
    percent(ax, "x")
    ax.tick_params(axis="y", length=0)
    return ax
