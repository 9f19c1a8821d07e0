"""Stations of a balanced route: the share of takt that their places need, and how many places there are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes

from ironworks.factory.balancing import BayLoad
from ironworks.report.plots.theme import BLUE, INK, MUTED, RED, own_axes, percent, tidy

__all__ = ["plot_bay_loads"]

_MARKERS = "oD^vs*ph"


def plot_bay_loads(loads: Sequence[BayLoad], takt: float, ax: Axes | None = None) -> Axes:
    """A bar per station against its takt [s]; beside it the places that it has, and those that are planned.

    Marks show what each model of the product would need, where they differ.
    """
    ax = own_axes(ax, 7.6, 0.7 + 0.3 * len(loads))
    rows = np.arange(len(loads))
    most = max(1.0, *(load for one in loads for load in one.models.values()), 0.0) + 0.03
    ax.barh(rows, [one.load for one in loads], height=0.62, color=BLUE, linewidth=0)
    ax.axvline(1.0, color=RED, linewidth=1.2)
    ax.text(1.0, -0.75, f"takt {takt / 60:.1f} min for each place", ha="center", va="bottom", fontsize=8, color=RED)
    for row, one in enumerate(loads):
        more = f" of {one.planned} planned" if one.planned else ""
        ax.text(
            most, row, f"{one.places} place{'s' if one.places > 1 else ''}{more}", va="center", fontsize=8, color=INK
        )
        if one.load > 0.3:
            ax.text(0.01, row, " + ".join(one.operations), va="center", fontsize=7.5, color="white")
        else:
            ax.text(one.load + 0.01, row, " + ".join(one.operations), va="center", fontsize=7.5, color=MUTED)
    differ = {
        row: one.models for row, one in enumerate(loads) if len({round(each, 6) for each in one.models.values()}) > 1
    }
    names = dict.fromkeys(name for models in differ.values() for name in models)
    for model, marker in zip(names, cycle(_MARKERS), strict=False):
        there = [(models[model], row) for row, models in differ.items()]
        ax.plot(*zip(*there, strict=True), marker, color=INK, markersize=4.5, mew=0.8, mec="white", label=model)
    if differ:
        ax.legend(loc="upper left", bbox_to_anchor=(0.0, -0.12), ncols=len(_MARKERS), fontsize=8, frameon=False)
    ax.set_yticks(rows, [one.bay for one in loads])
    ax.set_ylim(len(loads) - 0.4, -0.6)
    ax.set_xlim(0.0, most + 0.29)
    ax.set_xticks(np.arange(0.0, 1.01, 0.25))
    tidy(ax, grid="x")
    percent(ax, "x")
    return ax
