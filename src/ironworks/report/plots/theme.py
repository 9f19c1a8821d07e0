"""What all plots share: colours that colour-blind readers tell apart, type, axes, date ticks, labels at line ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from ironworks.factory.flow.result import State

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

INK = "#1c2430"
MUTED = "#5d6773"
RULE = "#dde2e5"
BLUE = "#2a74b2"
ORANGE = "#e0830f"
GREEN = "#0c7a5f"
RED = "#c23b22"
PLUM = "#46265c"
LINES = (BLUE, ORANGE, GREEN, RED, PLUM, "#7d6b12", "#86c8ee", "#8a949e")

STATE_COLOURS: dict[State, str] = {
    State.NOT_INSTALLED: "#f6f5f0",
    State.OFF_SHIFT: "#d3d8dc",
    State.DOWN: RED,
    State.WAITING_REPAIR: "#f2a68c",
    State.SETUP: "#86c8ee",
    State.WORKING: BLUE,
    State.BLOCKED: PLUM,
    State.STARVED: "#f6d84c",
    State.WAITING_SKILL: GREEN,
    State.WAITING_PART: ORANGE,
}
STATE_LABELS: dict[State, str] = {state: state.name.replace("_", " ").capitalize() for state in State} | {
    State.WAITING_REPAIR: "Waiting for repair",
    State.WAITING_SKILL: "Waiting for skill",
    State.WAITING_PART: "Waiting for part",
    State.SETUP: "Set-up",
}
STACKING = (
    State.WORKING,
    State.SETUP,
    State.DOWN,
    State.WAITING_REPAIR,
    State.WAITING_PART,
    State.WAITING_SKILL,
    State.STARVED,
    State.BLOCKED,
    State.OFF_SHIFT,
    State.NOT_INSTALLED,
)
"""From the bottom up: what the place does, what stops it, when nobody is there."""

RC: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 8.5,
    "axes.edgecolor": "#9aa3ab",
    "axes.labelcolor": MUTED,
    "axes.labelsize": 8.5,
    "axes.titlesize": 9.0,
    "axes.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "text.color": INK,
    "lines.linewidth": 1.5,
    "svg.fonttype": "none",
    "svg.hashsalt": "ironworks",
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "legend.frameon": False,
    "legend.fontsize": 8.0,
}


def new_figure(width: float, height: float, rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, Any]:
    """A figure of `width` x `height` inches in the report's type, with its array of axes (or one axes)."""
    with mpl.rc_context(RC):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots(rows, columns, **options)
    return figure, axes


def own_axes(ax: Axes | None, width: float = 9.2, height: float = 3.4) -> Axes:
    """`ax`, or the axes of a new figure that pyplot shows."""
    if ax is None:
        with mpl.rc_context(RC):
            _, ax = plt.subplots(figsize=(width, height), layout="constrained")
    return ax


def name_panel(ax: Axes, name: str) -> None:
    """Name one of several panels at its top left; the unit, if any, moves to the right."""
    unit = ax.get_title(loc="left")
    ax.set_title(unit, loc="right", fontsize=8.0, color=MUTED, pad=5)
    ax.set_title(name, loc="left", fontsize=8.8, color=INK, pad=5)


def tidy(ax: Axes, ylabel: str = "", xlabel: str = "", grid: str = "y") -> None:
    """Rules along one axis, no box, the unit of y written level above its axis."""
    for side in ("top", "right", "left" if grid == "y" else "bottom"):
        ax.spines[side].set_visible(False)
    if grid:
        ax.grid(axis=grid, color=RULE, linewidth=0.7)  # type: ignore[arg-type]
    ax.set_axisbelow(True)
    ax.tick_params(length=0 if grid == "y" else 2, axis="y")
    ax.tick_params(length=3, axis="x", color="#9aa3ab")
    if ylabel:
        ax.set_title(ylabel, loc="left", fontsize=8.5, color=MUTED, pad=6)
    if xlabel:
        ax.set_xlabel(xlabel)


def date_axis(ax: Axes, dates: Dates) -> None:
    """Dates along x, from the first to the last."""
    locator = AutoDateLocator(minticks=3, maxticks=9)
    ax.xaxis.set_major_locator(locator)
    formats = ["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%S"]
    formatter = ConciseDateFormatter(
        locator, formats=formats, zero_formats=["", "%Y", "%b", "%d %b", "%H:%M", "%H:%M"], show_offset=False
    )
    ax.xaxis.set_major_formatter(formatter)
    if len(dates) > 1:
        ax.set_xlim(dates[0], dates[-1])  # type: ignore[arg-type]


def thousands(ax: Axes, axis: str = "y") -> None:
    """Ticks such as 20 000 with a thin space, few of them."""
    chosen = ax.yaxis if axis == "y" else ax.xaxis
    chosen.set_major_locator(MaxNLocator(nbins=6, integer=False))
    chosen.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".replace(",", "\u2009")))


def percent(ax: Axes, axis: str = "y") -> None:
    """Ticks of a share 0..1 as percent."""
    chosen = ax.yaxis if axis == "y" else ax.xaxis
    chosen.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:.3g} %"))


def label_ends(ax: Axes, ends: Sequence[tuple[float, str, str]], gap: float = 0.075) -> None:
    """Names at the right end of lines, moved apart: (y in data units, text, colour); `gap` in axes heights."""
    low, high = ax.get_ylim()
    span = (high - low) or 1.0
    placed = sorted(((y - low) / span, text, colour) for y, text, colour in ends if np.isfinite(y))
    heights = [y for y, _, _ in placed]
    for i in range(1, len(heights)):
        heights[i] = max(heights[i], heights[i - 1] + gap)
    overshoot = heights[-1] - 1.0 if heights else 0.0
    if overshoot > 0:
        heights[-1] -= overshoot
        for i in range(len(heights) - 2, -1, -1):
            heights[i] = min(heights[i], heights[i + 1] - gap)
    for height, (_, text, colour) in zip(heights, placed, strict=True):
        ax.text(1.01, height, text, color=colour, transform=ax.transAxes, va="center", ha="left", fontsize=8)


def dates_of(start: np.datetime64 | str, edges: Floats) -> Dates:
    """Moments [s after `start`] as dates."""
    seconds = np.round(np.asarray(edges, dtype=float)).astype("timedelta64[s]")
    return np.datetime64(start, "s") + seconds
