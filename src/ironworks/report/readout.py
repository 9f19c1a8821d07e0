"""Values of a drawing at each date, for the reader who points at it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from ironworks.report.drawing import SIDE
from ironworks.report.plots.fan import quantiles
from ironworks.report.plots.theme import Dates, Floats


def readout(ax: Axes, dates: Dates, series: Mapping[str, Floats]) -> dict[str, object]:
    """What the page shows at a date: P10, P50, P90 of each of `series` (name -> (N, B)) at `dates` (B,).

    `begins` and `ends` are the sides of the plotting area as shares of the drawing's width. To be called when the
    figure is laid out, after it was drawn.
    """
    figure = ax.figure
    box, width = ax.get_position(), figure.get_figwidth() * 72  # type: ignore[union-attr]
    rows = {name: np.stack(quantiles(values)) for name, values in series.items()}
    return {
        "begins": round((box.x0 * width + SIDE) / (width + 2 * SIDE), 4),
        "ends": round((box.x1 * width + SIDE) / (width + 2 * SIDE), 4),
        "dates": np.datetime_as_string(dates, unit="D").tolist(),
        "series": [
            {"name": name, "values": [[None if np.isnan(x) else round(float(x), 1) for x in row] for row in values]}
            for name, values in rows.items()
        ],
    }
