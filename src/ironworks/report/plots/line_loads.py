"""A balanced line: what each station does, against the time it has."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ironworks.factory.balance import Assignment
from ironworks.report.plots.theme import BLUE, INK, MUTED, RED, own_axes, thousands, tidy

__all__ = ["plot_line_loads"]

#: Names are written into stations up to so many; parts of bars are told apart up to so many tasks.
_NAMED, _PARTED = 40, 400


def plot_line_loads(assignment: Assignment, unit: str, ax: Axes | None = None) -> Axes:
    """Bars of stations, each cut into its tasks, under a line at the cycle time; times in `unit`."""
    count = assignment.stations
    ax = own_axes(ax, min(9.2, max(3.6, 1.2 + 0.3 * count)), 3.2)
    line, loads = assignment.instance, assignment.loads
    time = dict(zip(line.names, line.times.tolist(), strict=True))
    parted = len(line) <= _PARTED
    for station in range(count):
        bottom = 0
        for name in assignment.tasks(station) if parted else []:
            ax.bar(station, time[name], bottom=bottom, width=0.8, color=BLUE, edgecolor="white", linewidth=0.6)
            if count <= _NAMED and time[name] > 0.055 * assignment.cycle and len(name) * 5 < 320 / count:
                ax.text(station, bottom + time[name] / 2, name, ha="center", va="center", fontsize=7, color="white")
            bottom += time[name]
    if not parted:
        ax.bar(np.arange(count), loads, width=0.8, color=BLUE, linewidth=0)
    ax.axhline(assignment.cycle, color=RED, linewidth=1.2)
    ax.text(count - 0.5, assignment.cycle, f" cycle {assignment.cycle}", ha="left", va="center", fontsize=8, color=RED)
    idle = 1.0 - assignment.efficiency
    ax.text(
        0.0,
        1.02,
        f"{count} stations, {100 * idle:.1f} % idle",
        transform=ax.transAxes,
        ha="left",
        va="bottom",
        color=INK,
    )
    ax.set_xlim(-0.6, count - 0.4)
    ax.set_ylim(0, 1.12 * assignment.cycle)
    step = max(1, count // 20)
    ax.set_xticks(range(0, count, step), [str(1 + at) for at in range(0, count, step)])
    tidy(ax, "", "station")
    ax.set_ylabel(unit, color=MUTED)
    thousands(ax)
    return ax
