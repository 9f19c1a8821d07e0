"""Draws line-loads.png of the documentation anew: `python docs/images/line_loads.py`."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from ironworks.factory.balance import LineInstance, shortest_cycle
from ironworks.report.plots.line_loads import plot_line_loads
from ironworks.report.plots.theme import RC

TASKS, STATIONS = 70, 20

if __name__ == "__main__":
    rng = np.random.default_rng(7)
    order = tuple((int(rng.integers(max(0, task - 12), task)), task) for task in range(1, TASKS))
    line = LineInstance(rng.integers(4, 90, TASKS), order)
    figure = plot_line_loads(shortest_cycle(line, STATIONS).assignment, "seconds").get_figure()
    assert isinstance(figure, Figure)
    with mpl.rc_context(RC):
        figure.savefig(Path(__file__).parent / "line-loads.png", dpi=110, facecolor="white", bbox_inches="tight")
