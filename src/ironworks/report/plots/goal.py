"""One target in all replications: a dot each, and the line that it had to reach."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ironworks.report.plots.theme import BLUE, INK, ORANGE, date_axis, own_axes, thousands, tidy


def plot_goal(values: NDArray[Any], met: NDArray[np.bool_], wanted: Any, unit: str, ax: Axes | None = None) -> Axes:
    """Stack one dot per replication over its value (N,); those that met the target are blue, the others orange.

    `values` and `wanted` are numbers in `unit`, or dates. Values that never came (nan, NaT) are left out.
    """
    ax = own_axes(ax, 9.2, 1.6)
    there = ~np.isnan(values)
    kept, good = values[there], met[there]
    if len(kept):
        reach = np.append(kept, np.asarray(wanted, dtype=kept.dtype))
        low, high = reach.min(), reach.max()
        width = (high - low) / 60 if high > low else np.ones(1, dtype="int64").astype((kept - kept).dtype)[0]
        columns = np.round((kept - low) / width).astype(int)
        order = np.lexsort((~good, columns))
        seen: dict[int, int] = {}
        heights = np.zeros(len(kept))
        for i in order:
            heights[i] = seen.get(int(columns[i]), 0)
            seen[int(columns[i])] = int(heights[i]) + 1
        xs = low + columns * width
        size = float(np.clip(40 / max(max(seen.values()) / 6, 1), 4, 40))
        ax.scatter(xs, heights + 0.5, s=size, c=np.where(good, BLUE, ORANGE), linewidths=0)
        ax.set_ylim(0, max(6, max(seen.values()) + 1))
        _scale(ax, np.append(kept, np.asarray(wanted, dtype=kept.dtype)))
    ax.axvline(wanted, color=INK, linewidth=1.1, linestyle=(0, (4, 2)))
    ax.set_yticks([])
    tidy(ax, xlabel=unit, grid="")
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(True)
    return ax


def _scale(ax: Axes, shown: NDArray[Any]) -> None:
    """Room at both sides; dates or numbers along x."""
    low, high = shown.min(), shown.max()
    margin = (high - low) / 25 if high > low else np.ones(1, dtype="int64").astype((shown - shown).dtype)[0]
    if np.issubdtype(shown.dtype, np.datetime64):
        date_axis(ax, np.array([low - margin, high + margin]))
    else:
        thousands(ax, "x")
        ax.set_xlim(low - margin, high + margin)
