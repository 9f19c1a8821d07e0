"""What all plots share: colours that colour-blind readers tell apart, type, axes, date ticks, labels at line ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
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

RC: Any = {
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


def new_figure(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of `width` x `height` inches in the report's type, with one axes that leaves room for its labels."""
    with mpl.rc_context(RC):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.add_subplot()


def new_panels(count: int, across: int, width: float, height: float) -> tuple[Figure, list[Axes]]:
    """A figure with `count` axes of the same size, `across` in a row, each `height` inches high with its titles."""
    columns = min(across, count)
    rows = -(-count // columns)
    with mpl.rc_context(RC):
        figure = Figure(figsize=(width, height * rows + 0.1))
        axes = [figure.add_subplot(rows, columns, i + 1) for i in range(count)]
    total = height * rows + 0.1
    # Fixed margins in inches: laying out many panels by their texts takes longer than drawing them.
    cell = (width - 0.55) / columns
    figure.subplots_adjust(
        left=0.55 / width,
        right=1 - 0.1 / width,
        top=1 - 0.27 / total,
        bottom=0.27 / total,
        wspace=0.5 / max(cell - 0.5, 0.5),
        hspace=0.58 / (height - 0.58),
    )
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


def tidy(ax: Axes, ylabel: str = "", xlabel: str = "", grid: Literal["x", "y", ""] = "y") -> None:
    """Rules along one axis, no box, the unit of y written level above its axis."""
    for side in ("top", "right", "left" if grid == "y" else "bottom"):
        ax.spines[side].set_visible(False)
    if grid:
        ax.grid(axis=grid, color=RULE, linewidth=0.7)
    ax.set_axisbelow(True)
    ax.tick_params(length=0 if grid == "y" else 2, axis="y")
    ax.tick_params(length=3, axis="x", color="#9aa3ab")
    if ylabel:
        ax.set_title(ylabel, loc="left", fontsize=8.5, color=MUTED, pad=6)
    if xlabel:
        ax.set_xlabel(xlabel)


def date_axis(ax: Axes, dates: Dates) -> None:
    """Dates along x, from the first to the last; ticks at years, quarters, months, weeks or days."""
    first, last = (dates[0].astype("datetime64[D]"), dates[-1].astype("datetime64[D]"))
    ticks = _ticks(first, last)
    ax.set_xticks(ticks.astype("datetime64[s]"), _tick_labels(ticks))
    if len(dates) > 1:
        ax.set_xlim(dates[0], dates[-1])


def _ticks(first: np.datetime64, last: np.datetime64) -> Dates:
    days = int((last - first).astype(int))
    if days > 10:
        month = 12 if days > 800 else 3 if days > 270 else 1 if days > 75 else 0
        if month:
            months = np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]") + 1)
            chosen = months[months.astype(int) % month == 0].astype("datetime64[D]")
        else:
            step = 7 if days < 50 else 14
            chosen = np.arange(first, last + 1, step)
    else:
        chosen = np.arange(first, last + 1, max(1, days // 6))
    kept: Dates = chosen[(chosen >= first) & (chosen <= last)]
    return kept


def _tick_labels(ticks: Dates) -> list[str]:
    spacing = int((ticks[1] - ticks[0]).astype(int)) if len(ticks) > 1 else 1
    labels = []
    for i, tick in enumerate(ticks.astype("datetime64[D]").tolist()):
        if spacing > 300 or (spacing > 27 and tick.month == 1):
            labels.append(f"{tick.year}")
        elif spacing > 27:
            labels.append(f"{tick:%b %Y}" if i == 0 else f"{tick:%b}")
        else:
            labels.append(f"{tick.day} {tick:%b}" + (f" {tick.year}" if i == 0 and len(ticks) < 9 else ""))
    return labels


def thousands(ax: Axes, axis: str = "y") -> None:
    """Ticks such as 20 000 with a thin space, few of them."""
    chosen = ax.yaxis if axis == "y" else ax.xaxis
    chosen.set_major_locator(MaxNLocator(nbins=6, integer=False))
    chosen.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}".replace(",", "\u202f")))


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
    moments: Dates = np.array(start, dtype="datetime64[s]") + seconds
    return moments
