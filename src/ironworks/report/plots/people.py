"""People of one skill: planned on shift and at work, over time."""

from __future__ import annotations

from matplotlib.axes import Axes

from ironworks.report.plots.fan import plot_fan
from ironworks.report.plots.theme import BLUE, INK, Dates, Floats, name_panel, own_axes


def plot_people(dates: Dates, busy: Floats, planned: Floats, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw people `busy` (N, B) on average on shift as a band, and the `planned` headcount (B,) as a step line.

    dates: (B+1,) edges of the bins.
    """
    ax = own_axes(ax, 4.5, 2.0)
    plot_fan(dates[1:], busy, "people on shift", ax, BLUE)
    ax.step(dates[1:], planned, where="pre", color=INK, linewidth=1.1)
    ax.set_ylim(bottom=0)
    ax.set_xlim(dates[0], dates[-1])
    if title:
        name_panel(ax, title)
    return ax
