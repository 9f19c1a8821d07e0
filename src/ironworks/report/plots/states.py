"""What the places of stations do: states stacked over time, or as one bar per station."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.plots.theme import (
    STACKING,
    STATE_COLOURS,
    Dates,
    Floats,
    date_axis,
    name_panel,
    own_axes,
    percent,
    tidy,
)


def plot_states(dates: Dates, states: Floats, ax: Axes | None = None, title: str = "") -> Axes:
    """Stack the shares of the 10 states over time. states: (B, 10) place-seconds; dates: (B+1,) edges."""
    ax = own_axes(ax, 3.0, 1.8)
    total = states.sum(axis=1, keepdims=True)
    share = np.divide(states, total, out=np.zeros_like(states), where=total > 0)[:, list(STACKING)]
    heights = np.vstack([share, share[-1:]]).T
    colours = [STATE_COLOURS[state] for state in STACKING]
    ax.stackplot(dates, heights, colors=colours, step="post", linewidth=0)
    ax.set_ylim(0, 1)
    tidy(ax, grid="")
    percent(ax)
    date_axis(ax, dates)
    ax.set_yticks([0, 0.5, 1])
    ax.spines["bottom"].set_visible(True)
    if title:
        name_panel(ax, title)
    return ax


def plot_state_bars(stations: Sequence[str], states: Floats, ax: Axes | None = None) -> Axes:
    """One bar per station with the shares of its states on shift. states: (S, 10) place-seconds."""
    on_shift = list(STACKING[:8])
    ax = own_axes(ax, 9.2, 0.2 * len(stations) + 0.6)
    kept = states[:, on_shift]
    total = kept.sum(axis=1, keepdims=True)
    share = np.divide(kept, total, out=np.zeros_like(kept), where=total > 0)
    left = np.zeros(len(stations))
    for column, state in enumerate(on_shift):
        ax.barh(range(len(stations)), share[:, column], left=left, color=STATE_COLOURS[state], height=0.74, linewidth=0)
        left += share[:, column]
    ax.set_yticks(range(len(stations)), stations, fontsize=7.5)
    ax.set_ylim(len(stations) - 0.4, -0.6)
    ax.set_xlim(0, 1)
    tidy(ax, xlabel="share of the time on shift", grid="x")
    percent(ax, "x")
    ax.tick_params(axis="y", length=0)
    return ax
