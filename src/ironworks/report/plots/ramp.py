"""The ramp: cumulative output with its band, and the targets drawn in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from ironworks.report.plots.fan import plot_fan, quantiles
from ironworks.report.plots.theme import BLUE, GREEN, INK, Dates, Floats, label_ends, own_axes


@dataclass(frozen=True, slots=True)
class Goal:
    """A target to draw: `height` is wanted at `date`, `label` says what in some words."""

    date: np.datetime64
    height: float
    label: str


def plot_ramp(
    dates: Dates,
    finished: Floats,
    shipped: Floats | None = None,
    goals: Sequence[Goal] = (),
    unit: str = "robots, cumulative",
    ax: Axes | None = None,
) -> Axes:
    """Draw `finished` and `shipped` (N, B) at `dates` (B,) as bands. Goals above the paper are marked at its edge."""
    ax = own_axes(ax)
    plot_fan(dates, finished, unit, ax, BLUE)
    top = float(np.nanmax(quantiles(finished)[2])) if finished.size else 1.0
    ends = [(float(quantiles(finished)[1][-1]), "finished", BLUE)]
    if shipped is not None:
        plot_fan(dates, shipped, unit, ax, GREEN, dashed=True)
        ends.append((float(quantiles(shipped)[1][-1]), "shipped", GREEN))
    near = [goal.height for goal in goals if goal.height <= 2.2 * top]
    limit = 1.12 * max([top, *near, 1.0])
    ax.set_ylim(0, limit)
    for goal in goals:
        late = goal.date > dates[0] + 0.62 * (dates[-1] - dates[0])
        align, shift = ("right", -7) if late else ("left", 7)
        outside = goal.height > limit
        height = 0.985 * limit if outside else goal.height
        marker = "^" if outside else "D"
        ax.plot([goal.date], [height], marker, color=INK, markersize=5, clip_on=False, zorder=5)
        text = f"{goal.label} (off the scale)" if outside else goal.label
        ax.annotate(
            text,
            (goal.date, height),
            xytext=(shift, 0 if outside else 4),
            textcoords="offset points",
            ha=align,
            va="top" if outside else "bottom",
            fontsize=8,
            color=INK,
            path_effects=[withStroke(linewidth=2.5, foreground="#fbfbf8")],
        )
    label_ends(ax, ends)
    return ax
