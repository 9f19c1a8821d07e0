"""A plan as one HTML page: the answer, what stands in the way, its cost, what to install and whom to hire by when."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np

from ironworks.factory.calendar import YEAR
from ironworks.report import plan_resources, words
from ironworks.report.blocks import Block, Section, Table, Text, chart
from ironworks.report.page import page, write_page
from ironworks.report.plots.bars import plot_bars
from ironworks.report.plots.front import plot_front
from ironworks.report.plots.theme import RC, new_figure
from ironworks.report.plots.waterfall import plot_waterfall
from ironworks.studies.plan import Bound, PlanResult

__all__ = ["render_plan", "said", "write_plan_report"]

#: Share of what there is from which on a limit is shown openly.
_NEAR = 0.4
_PARTS = ("investment", "people", "energy", "material", "overhead")


def render_plan(result: PlanResult) -> str:
    """The whole page."""
    takes = (plan_resources.equipment, plan_resources.floor, plan_resources.people)
    makers = (_answer, _bounds, _front, _money, _worth, *takes)
    with mpl.rc_context(RC):
        sections = [section for make in makers if (section := make(result)) is not None]
    general = result.scenario.settings.scenario
    return page(
        title=f"{general.title}: a plan",
        description=f"Wanted: {result.aim.words()}, with a probability of {words.percent(result.probability)}.",
        facts=(
            f"{words.day(general.start)} to {words.day(result.aim.day)}",
            f"{words.number(result.replications)} replications",
            f"seed {result.seed}",
        ),
        sections=sections,
    )


def write_plan_report(result: PlanResult, path: str | Path) -> Path:
    """Write the page to `path`, whole or not at all. Raises OSError."""
    return write_page(render_plan(result), path)


def said(result: PlanResult) -> Iterator[str]:
    """The answer in sentences."""
    currency = result.scenario.settings.scenario.currency
    if result.broken:
        for one in result.broken:
            factor = one.factor(result.probability)
            yield (
                f"No plan of these routes can do it: {_bound_words(one.kind, one.name)} suffices in "
                f"{words.percent(one.chance)} of futures; {words.number(factor, 2)} times as much as there is would in "
                f"{words.percent(result.probability)}."
            )
        return
    assert result.chosen is not None
    assert result.confirmed is not None
    chance = result.confirmed.probability
    interval = f"{words.percent(chance.mean)} ({words.percent(chance.low)} to {words.percent(chance.high)})"
    tested = f"{len(result.confirmed.values)} replications"
    if result.refusal is None:
        yield (
            f"A plan meets the target in {interval} of {tested} that no choice was made on. Until the target's day it "
            f"spends {words.big(result.chosen.outlay.investment)} {currency} on equipment and "
            f"{words.big(result.chosen.outlay.wages)} on wages."
        )
    else:
        yield (
            f"No plan was found. The best one meets the target in {interval} of {tested}; what it reaches with "
            f"{words.percent(result.probability)} is {result.aim.words(result.refusal.reached)}."
        )
        enough = [one for one in result.refusal.reliefs if one.suffices]
        if enough:
            money = "" if enough[0].money is None else f", at {words.big(enough[0].money)} {currency}"
            yield f"The cheapest relief that would do: {words.prose(enough[0].text)}{money}."
        if result.refusal.later is not None:
            yield f"The same target is met in time by {words.day(result.refusal.later[0])} without any relief."
    for floor in result.floors:
        if floor.layout is None and floor.flow.departments:
            lacks = "; ".join(floor.findings)
            yield f"{floor.premises.name} has no place for all of it on {words.day(floor.day)}: {lacks}."
    if result.hand is not None:
        own = result.hand.probability.mean
        text = (
            f"The scenario's own plan spends {words.big(result.hand_outlay.total)} {currency} and meets the target in "
            f"{words.percent(own)} of {len(result.hand.values)} replications"
        )
        alike = result.as_likely
        if alike is not None and alike.outlay.total < result.hand_outlay.total:
            text += (
                f"; on the same ones a plan for {words.big(alike.outlay.total)} {currency} does in "
                f"{words.percent(alike.tried.probability.mean)}"
            )
        yield text + "."


def _bound_words(kind: str, name: str) -> str:
    return f"the floor of {words.plain(name)}" if kind == "floor" else f"the supply of {words.plain(name)}"


def _answer(result: PlanResult) -> Section:
    blocks: list[Block] = [Text(sentence) for sentence in said(result)]
    if result.chosen is not None:
        blocks.append(Text(f"The plan in short: {words.prose(result.chosen.knobs.text)}.", "note"))
    if result.refusal is not None and result.refusal.reliefs:
        currency = result.scenario.settings.scenario.currency
        rows = [
            (
                words.prose(one.text),
                "–" if one.money is None else words.big(one.money),
                words.percent(one.probability.mean),
                f"{words.percent(one.probability.low)} to {words.percent(one.probability.high)}",
                "yes" if one.suffices else "no",
            )
            for one in result.refusal.reliefs
        ]
        note = (
            f"Each is the least of its kind, in coarse steps, with which the search's plan would do. Money in "
            f"{currency} until the target's day, rent alone; a dash where the scenario has no price."
        )
        blocks.append(
            Table(
                "What would make it possible",
                ("relief", "money", "probability", "95 % interval", "enough"),
                rows,
                (1, 2),
                note,
            )
        )
    return Section("answer", "Answer", "Can it be done, with what, and for how much?", blocks)


def _bounds(result: PlanResult) -> Section:
    near = [one for one in result.bounds if one.kind == "floor" or one.factor(result.probability) >= _NEAR]
    far = [one for one in result.bounds if one not in near]
    note = (
        "Medians over futures. Floor: of the places that the work takes at full load, with weekend teams. In all: what "
        "the target's span takes against all that can come until its end. A year: the target's rate against the "
        "ceiling on its day."
    )
    columns = ("what", "needed", "there is", "suffices in", "factor for the probability", "")
    blocks = [Table("Limits", columns, [_bound_row(result, one) for one in near], (1, 2, 3, 4), note)]
    if far:
        rows = [_bound_row(result, one) for one in far]
        blocks.append(Table("Limits that are far away", columns, rows, (1, 2, 3, 4), folded=True))
    return Section("bounds", "Limits", "What can no plan get around?", blocks)


def _bound_row(result: PlanResult, one: Bound) -> tuple[str, ...]:
    scale = 1.0 if one.strict else YEAR
    needs, has = (words.number(float(np.median(values)) * scale) for values in (one.needs, one.has))
    unit = " m²" if one.kind == "floor" else " in all" if one.strict else " a year"
    return (
        _bound_words(one.kind, one.name),
        f"{needs}{unit}",
        f"{has}{unit}",
        words.percent(one.chance),
        words.number(one.factor(result.probability), 2),
        "no plan gets around it" if one.strict else "stocks bridge it for a while",
    )


def _front(result: PlanResult) -> Section | None:
    if not result.points or result.chosen is None or result.confirmed is None:
        return None
    million = 1e6
    currency = result.scenario.settings.scenario.currency
    points = result.points
    front = [points.index(one) for one in result.front]
    chance = result.confirmed.probability
    figure, ax = new_figure(9.2, 3.6)
    plot_front(
        np.array([one.outlay.total for one in points]) / million,
        np.array([one.tried.probability.mean for one in points]),
        front,
        f"equipment and wages until {words.day(result.aim.day)}, million {currency}",
        ax,
        wanted=result.probability,
        hand=None if result.hand is None else (result.hand_outlay.total / million, result.hand.probability.mean),
        chosen=(result.chosen.outlay.total / million, chance.mean, chance.low, chance.high),
    )
    # What was not confirmed has its interval from the search.
    fresh = f" on {len(result.confirmed.values)} fresh replications" if result.attempts else ""
    caption = (
        f"Each dot is a plan on {result.effort.screen // 2} to {result.effort.sure} replications that all share; blue: "
        f"none was both cheaper and likelier. The bar is the 95 % interval of the plan{fresh}."
    )
    rows = [
        (
            words.big(one.outlay.investment),
            words.big(one.outlay.wages),
            words.percent(one.tried.probability.mean),
            f"{words.percent(one.tried.probability.low)} to {words.percent(one.tried.probability.high)}",
            str(len(one.tried.values)),
            words.prose(one.knobs.text),
        )
        for one in result.front
    ]
    columns = ("equipment", "wages", "probability", "95 % interval", "replications", "plan")
    return Section(
        "front",
        "Probability",
        "What does more certainty cost?",
        (
            chart(figure, "front", "Probability against outlay", caption),
            Table("Plans that none beats", columns, rows, (0, 1, 2, 4), f"Money in {currency}."),
        ),
    )


def _money(result: PlanResult) -> Section | None:
    costs = result.confirmed.costs if result.confirmed is not None else ()
    if not costs:
        return None
    general = result.scenario.settings.scenario
    names = [*_PARTS]
    totals = np.array([np.mean([sum(getattr(year, name) for year in run) for run in costs]) for name in names])
    figure, ax = new_figure(9.2, 3.2)
    plot_waterfall(
        [name.capitalize() for name in names], totals / 1e6, f"million {general.currency}", ax, total="Spent"
    )
    caption = (
        f"All that is spent from {words.day(general.start)} to {words.day(result.aim.day)}, means of {len(costs)} "
        "replications. Overhead holds the rent of whole sites. What stood on the first day is in the investment."
    )
    rows = []
    for i, year in enumerate(costs[0]):
        each = [run[i] for run in costs]
        units = float(np.mean([one.units for one in each]))
        spent = float(np.mean([one.total for one in each]))
        rows.append(
            (
                str(year.year),
                words.number(round(units)),
                words.big(float(np.mean([one.investment for one in each]))),
                words.big(spent),
                words.number(round(spent / units)) if units else "–",
            )
        )
    made = sum(np.mean([run[i].units for run in costs]) for i in range(len(costs[0])))
    item = words.plain(result.aim.item)
    text = (
        f"Over the ramp one {item} costs {words.number(round(float(totals.sum() / made)))} {general.currency}, with "
        f"all equipment charged to the {words.number(round(float(made)))} made until then."
        if made
        else f"No {item} was made."
    )
    columns = ("year", f"{item}s", "investment", "cost with depreciation", f"per {item}")
    return Section(
        "money",
        "Money",
        "What does the ramp cost?",
        (
            Text(text),
            chart(figure, "waterfall", "What the ramp spends", caption),
            Table("By year", columns, rows, (1, 2, 3, 4), f"{general.currency}; means of the replications."),
        ),
    )


def _worth(result: PlanResult) -> Section | None:
    if not result.marginals:
        return None
    rate = result.aim.kind == "rate"
    scale = YEAR if rate else 1.0
    unit = f"{words.plain(result.aim.item)}s" + (" a year" if rate else "")
    figure, ax = new_figure(9.2, 0.26 * len(result.marginals) + 0.8)
    plot_bars(
        [words.prose(one.change) for one in result.marginals],
        np.array([one.gain.mean * scale for one in result.marginals]),
        f"{unit} more",
        ax,
        np.array([one.gain.low * scale for one in result.marginals]),
        np.array([one.gain.high * scale for one in result.marginals]),
    )
    rows = [
        (
            words.prose(one.change),
            words.number(one.gain.mean * scale),
            f"{100 * one.probability:+.0f}",
            words.number(round(one.outlay)),
            words.number(round(one.outlay / (one.gain.mean * scale))) if one.gain.low > 0 and one.outlay > 0 else "–",
        )
        for one in result.marginals
    ]
    currency = result.scenario.settings.scenario.currency
    note = f"Money in {currency} until the target's day. A price stands where the gain's interval is above 0."
    columns = ("change", f"{unit} more", "points of probability", "outlay", f"outlay per {unit}")
    caption = (
        f"Change of what the target counts, on {result.effort.screen} replications that all plans share; whiskers are "
        "paired 95 % intervals."
    )
    return Section(
        "worth",
        "Worth",
        "What is one more of something worth?",
        (
            chart(figure, "worth", "One more of something", caption),
            Table("In money", columns, rows, (1, 2, 3, 4), note, folded=True),
        ),
    )
