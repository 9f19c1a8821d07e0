"""People: needed and present."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ironworks.factory.calendar import by_calendar, intervals
from ironworks.factory.flow.result import State
from ironworks.factory.people import People
from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Block, Section, Table, Text, chart
from ironworks.report.plots.people import plot_people
from ironworks.report.plots.theme import BLUE, INK, Floats, new_panels
from ironworks.report.view import edges, mean_states
from ironworks.rows import Operation, Repair
from ironworks.scenario import Scenario

_HOUR = 3600.0
SHOWN = 8


def people(outcome: Outcome) -> Section:
    """People at work and present by skill over time; hours that stations waited for people."""
    skills = outcome.replications[0].names.skills
    if not skills:
        return Section("people", "People", "Have we the people?", (Text("No operation of this plant needs people."),))
    shift = {skill: on_shift_seconds(outcome, skill) for skill in skills}
    busy = {skill: at_work(outcome, i, shift[skill]) for i, skill in enumerate(skills)}
    there = {skill: present(outcome, skill) for skill in skills}
    order = sorted(skills, key=lambda skill: -float(there[skill].max(initial=0.0)))
    shown = order[:SHOWN]
    figure, axes = new_panels(len(shown), 2, 9.2, 1.95)
    for ax, skill in zip(axes, shown, strict=True):
        plot_people(edges(outcome), busy[skill], there[skill], ax, words.plain(skill))
    caption = (
        "Blue: people in use on average per hour of the shift (median and P10 to P90). Black: people present on each "
        "shift, median of the replications, after hiring, training, attrition and absence. Where blue reaches black, "
        "people are the limit. The time of a job counts on shift, in the week in which it ends, so that a week that "
        "ends long jobs can stand above black."
    )
    blocks: list[Block] = [chart(figure, "people", "People by skill", caption, [(BLUE, "in use"), (INK, "present")])]
    blocks.append(_table(outcome, order, busy, there, shift))
    return Section("people", "People", "Have we the people?", blocks)


def on_shift_seconds(outcome: Outcome, skill: str) -> Floats:
    """(B,) seconds of each bin in which the skill's calendar (or its stations' longest one) is on shift."""
    scenario = outcome.scenario
    calendars = by_calendar(scenario.calendars)
    row = next((row for row in scenario.skills if row.skill == skill), None)
    station = {s.station: s.calendar for s in scenario.stations}
    users = {station[o.station] for o in _steps(scenario) if o.skill == skill}
    wanted = {row.calendar} if row is not None and row.calendar else users
    days = int(np.ceil(outcome.edges[-1] / 86_400.0))
    free = [holiday.date for holiday in scenario.holidays]
    spans = [intervals(calendars[name], outcome.start, days, free) for name in wanted if name in calendars]
    return np.max([_overlap(span, outcome.edges) for span in spans], axis=0) if spans else np.diff(outcome.edges)


def _overlap(spans: Floats, edges: Floats) -> Floats:
    """Seconds of sorted, disjoint `spans` (n, 2) within each bin."""
    if not len(spans):
        return np.zeros(len(edges) - 1)
    times = spans.ravel()
    worked = np.append(0.0, np.cumsum(spans[:, 1] - spans[:, 0]))
    total = np.interp(edges, times, np.stack([worked[:-1], worked[1:]], axis=1).ravel())
    return np.diff(total)


def at_work(outcome: Outcome, column: int, shift: Floats) -> Floats:
    """(N, B) people of a skill at work on average while on shift; nan in weeks without a shift."""
    seconds = np.stack([run.operators[:, column] for run in outcome.replications])
    return np.divide(seconds, shift, out=np.full_like(seconds, np.nan), where=shift > 0)


def present(outcome: Outcome, skill: str) -> Floats:
    """(B,) people present on each shift, median of the replications, as each of them drew it."""
    plan = People(outcome.scenario)
    rows = []
    for run in outcome.replications:
        draw = outcome.scenario.draw(outcome.seed, run.replication)
        steps = plan.headcount(skill, draw, outcome.seed, run.replication)
        times = np.array([time for time, _ in steps])
        counts = np.array([0.0, *(count for _, count in steps)])
        rows.append(counts[np.searchsorted(times, outcome.edges[:-1], side="right")])
    middle: Floats = np.median(rows, axis=0)
    return middle


def _steps(scenario: Scenario) -> tuple[Operation | Repair, ...]:
    return (*scenario.operations, *scenario.repairs)


def _table(
    outcome: Outcome, order: Sequence[str], busy: dict[str, Floats], there: dict[str, Floats], shift: dict[str, Floats]
) -> Table:
    scenario = outcome.scenario
    names = outcome.replications[0].names.stations
    waiting = mean_states(outcome)[:, :, State.WAITING_SKILL].sum(axis=0)
    rows = []
    for skill in order:
        users = {o.station for o in _steps(scenario) if o.skill == skill}
        waited = sum(float(waiting[names.index(s)]) for s in users if s in names) / _HOUR
        worked = float(np.nansum(busy[skill].mean(axis=0) * shift[skill]))
        paid = float((there[skill] * shift[skill]).sum())
        rows.append((
            words.plain(skill),
            words.number(float(there[skill][0])),
            words.number(float(there[skill][-1])),
            words.percent(worked / paid if paid else float("nan")),
            words.number(round(waited)),
        ))  # fmt: skip
    columns = (
        "Skill",
        "Present at first",
        "at last",
        "In use while present",
        "Place-hours waited, all stations of the skill",
    )
    return Table(
        "People in figures",
        columns,
        rows,
        (1, 2, 3, 4),
        "Mean of the replications over the horizon. A station that uses two skills counts for both.",
        folded=True,
    )
