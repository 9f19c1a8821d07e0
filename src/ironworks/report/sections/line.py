"""The line of the product: how loaded its stations are as planned, and what the cheapest line would have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.balancing import BayLoad
from ironworks.factory.flow.statistics import paired
from ironworks.outcome import Line, LineTrial, Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Chart, Section, Table, Text, chart
from ironworks.report.plots.bay_loads import plot_bay_loads
from ironworks.report.plots.theme import new_figure
from ironworks.studies.line_balance import MOST_LOAD

Floats = NDArray[np.float64]

#: Replications of fewer tell no interval.
_FEW = 4


def line(outcome: Outcome) -> Section | None:
    """Loads against takt, as planned and balanced."""
    found = outcome.line
    if found is None:
        return None
    item = words.plain(outcome.item)
    if not found.planned:
        return None
    highest = max(found.planned, key=lambda one: one.load)
    text = (
        f"Route {words.plain(found.route)} is planned to make {words.number(round(found.yearly))} {item}s a year at "
        f"the end, one every {words.span(found.takt)} on shift. As planned it has {_places(found.planned)} places; the "
        f"most loaded, {words.plain(highest.bay)}, is needed {words.percent(highest.load)} of its time."
    )
    models = [(each, name, one.bay) for one in found.planned for name, each in one.models.items()]
    if models:
        each, name, bay = max(models)
        text += (
            f" If all pieces were {words.plain(name)}, {words.plain(bay)} would be needed {words.percent(each)} of it."
        )
    blocks: list[Block] = [Text(text), _chart(found, found.planned, "planned")]
    if found.problems:
        blocks.append(Text(f"No line keeps the rules at that rate. {'. '.join(found.problems)}.", "warning"))
    else:
        blocks += _balanced(found, outcome.scenario.settings.scenario.currency)
        if found.trial is not None:
            blocks.append(Text(_tried(found, found.trial, item, outcome.scenario.settings.scenario.end.year)))
    return Section("line", "Line", "Is the work spread evenly over the stations?", blocks)


def _balanced(found: Line, currency: str) -> list[Block]:
    least = f"at least {words.big(found.least)} for any line"
    proof = "proven the cheapest" if found.cost <= found.least * (1 + 1e-9) else least
    note = (
        f"The cheapest line found for that rate has {_places(found.balanced)} places. Sums at the figures’ values and "
        "the experience of the last year, without rework and waiting: what uncertain figures, learning and repair take "
        f"is the distance between the two. A station of the balanced line is loaded to {words.percent(MOST_LOAD)} at "
        f"most. It costs {words.big(found.cost)} {currency} a year in people and equipment, {proof}."
    )
    return [_chart(found, found.balanced, "balanced"), Text(note, "note"), _table(found)]


def _tried(found: Line, trial: LineTrial, item: str, year: int) -> str:
    before = float(trial.planned.mean())
    there, least = _places(found.planned), _places(found.balanced)
    return (
        f"Simulated in {len(trial.planned)} of these futures, the plant makes {words.number(round(before))} {item}s in "
        f"{year} as planned. With the work divided as balanced, on as many places ({trial.places} where that changes "
        f"anything), it makes {_against(trial.planned, trial.spread)}; with the cheapest line’s {least} places instead "
        f"of {there}, {_against(trial.planned, trial.cheapest)}. Where other stations hold the plant, a better line "
        "moves little."
    )


def _against(planned: Floats, made: Floats) -> str:
    """A mean, and its difference from the planned one, with an interval where there are replications enough."""
    before, told = float(planned.mean()), words.number(round(float(made.mean())))
    if len(planned) < _FEW or before == 0.0:
        return told
    gain = paired(planned, made)
    return f"{told} ({_signed(gain.low / before)} to {_signed(gain.high / before)} with 95 % confidence)"


def _signed(share: float) -> str:
    return f"{'+' if share >= 0 else '−'}{words.percent(abs(share))}"


def _chart(found: Line, loads: Sequence[BayLoad], how: str) -> Chart:
    figure, ax = new_figure(9.2, 0.7 + 0.3 * len(loads))
    # As planned there is nothing to set places against.
    plot_bay_loads([replace(one, planned=0) for one in loads] if how == "planned" else loads, found.takt, ax)
    caption = (
        "Share of takt that the places of a station need; in the bar its operations, or how many elements of them."
    )
    if any(one.models for one in loads):
        caption += " Marks: what they would need if all pieces were of one model."
    return chart(figure, f"line-{how}", f"Loads as {how}", caption)


def _table(found: Line) -> Table:
    before = {one.bay: one for one in found.planned}
    after = {one.bay: one for one in found.balanced}
    rows = []
    for bay in dict.fromkeys((*before, *after)):
        cells = [words.plain(bay)]
        for side in (before, after):
            one = side.get(bay)
            cells += (
                [" + ".join(map(words.plain, one.operations)), str(one.places), words.percent(one.load)]
                if one
                else ["\u2013", "0", "\u2013"]
            )
        rows.append(cells)
    columns = ("Station", "As planned", "places", "load", "Balanced", "places", "load")
    return Table("The line station by station", columns, rows, (2, 3, 5, 6), folded=True)


def _places(loads: Sequence[BayLoad]) -> int:
    return sum(one.places for one in loads)
