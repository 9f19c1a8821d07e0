"""What the stations do all day."""

from __future__ import annotations

import numpy as np

from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Section, chart, state_legend
from ironworks.report.plots.states import plot_state_bars, plot_states
from ironworks.report.plots.theme import new_figure, new_panels
from ironworks.report.view import bins_of_year, edges, grouped, mean_states, most_loaded, on_shift, station_order

SHOWN = 12
_WEEKS = 4


def stations(outcome: Outcome) -> Section:
    """States stacked over time for the busiest stations, and one bar for each station in the last year."""
    states = mean_states(outcome)
    names = outcome.replications[0].names.stations
    chosen = most_loaded(outcome, SHOWN)
    dates = edges(outcome)
    kept = np.append(dates[:-1][::_WEEKS], dates[-1])
    figure, axes = new_panels(len(chosen), 3, 9.2, 1.6)
    for ax, index in zip(axes, chosen, strict=True):
        plot_states(kept, grouped(states[:, index], _WEEKS), ax, words.plain(names[index]))
    caption = (
        f"The {len(chosen)} stations with the largest share of work in their time on shift, busiest first. "
        "All places of a station together, mean of "
        f"{len(outcome.replications)} replications, in steps of {_WEEKS} weeks. The ten states make up the "
        "whole calendar."
    )
    blocks: list[Block] = [chart(figure, "states", "States of stations over time", caption, state_legend())]
    order = station_order(outcome)
    years = bins_of_year(outcome)
    last = max((y for y, bins in years.items() if bins.stop - bins.start >= min(26, len(states))), default=max(years))
    total = states[years[last]].sum(axis=0)
    installed = [i for i in order if on_shift(total)[i] > 0]
    if installed:
        figure, ax = new_figure(9.2, 0.2 * len(installed) + 0.6)
        plot_state_bars([words.plain(names[i]) for i in installed], total[installed], ax)
        caption = (
            f"Time on shift in {last}, mean of the replications; stations in the order of the routings. Time "
            "off shift is left out."
        )
        blocks.append(
            chart(figure, "state-bars", f"All stations in {last}", caption, state_legend(on_shift_alone=True))
        )
    return Section("stations", "Stations", "What do the stations do all day?", blocks)
