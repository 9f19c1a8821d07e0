"""A line's precedence graph, from left to right, its tasks coloured by station."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from numpy.typing import NDArray

from ironworks.factory.balance import Assignment, LineInstance
from ironworks.report.plots.theme import INK, LINES, MUTED, own_axes

__all__ = ["plot_precedence"]

#: Names are written up to so many tasks; rounds in which tasks move towards their neighbours.
_NAMED, _ROUNDS = 120, 24


def plot_precedence(assignment: Assignment, ax: Axes | None = None) -> Axes:
    """Tasks as dots in columns by the longest chain before them, lines from left to right as they must follow.

    Stations next to one another have different colours, and every task of a small line tells its station.
    """
    line = assignment.instance
    column, row = _places(line)
    tall = float(row.max() - row.min()) if len(row) else 0.0
    ax = own_axes(ax, min(11.0, max(4.0, 0.62 * (column.max() + 2))), min(8.0, max(2.2, 0.42 * (tall + 2))))
    edges = [((column[a], row[a]), (column[b], row[b])) for a, b in line.reduced]
    ax.add_collection(LineCollection(edges, colors=MUTED, linewidths=0.6, alpha=0.55, zorder=1))
    size = float(np.clip(9000 / max(len(line), 1), 12, 260))
    colours = [LINES[int(at) % len(LINES)] for at in assignment.station]
    ax.scatter(column, row, s=size, c=colours, edgecolors="white", linewidths=0.8, zorder=2)
    if len(line) <= _NAMED:
        short = all(len(name) <= 3 for name in line.names)
        for task, name in enumerate(line.names):
            below = f"{assignment.station[task] + 1}" if short else f"{name} ({assignment.station[task] + 1})"
            if short:
                ax.text(column[task], row[task], name, ha="center", va="center", fontsize=7, color="white", zorder=3)
            ax.annotate(
                below, (column[task], row[task]), xytext=(0, -9), textcoords="offset points", ha="center", va="top",
                fontsize=6, color=INK, zorder=3,
            )  # fmt: skip
    ax.set_axis_off()
    ax.margins(0.06, 0.12)
    said = "number below: station" if len(line) <= _NAMED else "colour: station"
    ax.set_title(f"{len(line)} tasks, order strength {line.order_strength:.2f}; {said}", loc="left", color=INK)
    return ax


def _places(line: LineInstance) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Column and row of each task: layers of the longest path, rows by neighbours' means (Sugiyama et al. 1981)."""
    n = len(line)
    column = np.zeros(n, np.int64)
    follows = line.follows
    for task in np.argsort(follows.sum(axis=0), kind="stable"):
        before = np.flatnonzero(follows[:, task])
        column[task] = column[before].max() + 1 if len(before) else 0
    near: list[list[int]] = [[] for _ in range(n)]
    for a, b in line.reduced:
        near[a].append(b)
        near[b].append(a)
    row = np.zeros(n)
    for layer in range(int(column.max()) + 1 if n else 0):
        inside = np.flatnonzero(column == layer)
        row[inside] = np.arange(len(inside)) - (len(inside) - 1) / 2
    for turn in range(_ROUNDS):
        layers = range(int(column.max()) + 1) if turn % 2 == 0 else range(int(column.max()), -1, -1)
        for layer in layers:
            inside = np.flatnonzero(column == layer)
            wanted = np.array([np.mean(row[near[task]]) if near[task] else row[task] for task in inside])
            ranked = inside[np.argsort(wanted, kind="stable")]
            # As near to where they would be as a gap of one between neighbours lets them.
            places = np.sort(wanted)
            spread = np.maximum.accumulate(places - np.arange(len(ranked))) + np.arange(len(ranked))
            row[ranked] = spread - (spread.mean() - places.mean())
    return column, row
