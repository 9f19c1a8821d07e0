"""People: who is present when, whom to hire by when, and what they earn."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from ironworks.factory.calendar import DAY, WEEK, Floats, by_calendar, seconds, shifts_at
from ironworks.factory.flow.kernels.random import stream_key
from ironworks.rows.people import Crew, Headcount
from ironworks.scenario import Draw, Scenario

__all__ = ["HireBy", "People", "present"]


@dataclass(frozen=True, slots=True)
class HireBy:
    """`people` (on the payroll, all shifts) of a skill must be sought by `order_by` to work from `needed` on."""

    skill: str
    needed: date
    order_by: date
    people: float
    lead: float
    wages: float
    """[base currency per year]"""


def present(
    plan: Sequence[tuple[float, int]], horizon: float, absence: float, vacancy: float, uniforms: Floats
) -> list[tuple[float, int]]:
    """Operators present week by week: binomial(planned, (1 - absence) (1 - vacancy)), one uniform per week.

    plan: (time [s], planned people on shift), sorted. The same uniform gives more people where more are planned, so
    two plans compare with common random numbers. Steps: (time [s], people).
    """
    chance = (1.0 - absence) * (1.0 - vacancy)
    steps: list[tuple[float, int]] = []
    for i, (begins, planned) in enumerate(plan):
        ends = plan[i + 1][0] if i + 1 < len(plan) else horizon
        if ends <= begins:
            continue
        first, last = int(begins // WEEK), math.ceil(ends / WEEK)
        counts = _binomial(planned, chance, uniforms[first:last])
        for week, people in zip(range(first, last), counts.tolist(), strict=True):
            at = max(begins, week * WEEK)
            if not steps or steps[-1][1] != people:
                steps.append((at, people))
    return steps


class People:
    """The headcount plan of a scenario."""

    def __init__(self, scenario: Scenario) -> None:
        general = scenario.settings.scenario
        self._start = general.start
        self._horizon = scenario.planned_days * DAY
        self._skills = {row.skill: row for row in scenario.skills}
        self._plans: dict[str, list[Headcount]] = {skill: [] for skill in self._skills}
        for row in scenario.headcount:
            self._plans[row.skill].append(row)
        for rows in self._plans.values():
            rows.sort(key=lambda row: row.from_)
        self._crews = [(row, first) for row in scenario.crews if (first := _first_day(scenario, row)) is not None]
        self._calendars = by_calendar(scenario.calendars)
        self._station_calendars = {row.station: row.calendar for row in scenario.stations}
        self._users: dict[str, set[str]] = defaultdict(set)
        work = [(row.skill, row.station) for row in scenario.operations] + [
            (row.skill, row.station) for row in scenario.repairs
        ]
        for skill, station in work:
            if skill:
                self._users[skill].add(self._station_calendars[station])
        mode = scenario.mode()
        self._leads = {skill: mode(row.hiring_lead) + mode(row.training) for skill, row in self._skills.items()}

    def plan(self, skill: str, draw: Draw) -> list[tuple[float, int]]:
        """Planned people on shift, (time [s], people), with the delays that the draw's leads bring.

        Hiring starts its planned lead before the date, but not before the scenario; a lead that turns out longer
        delays the newcomers. People of the first day are there already; departures are on their day.
        """
        row = self._skills[skill]
        lead = draw(row.hiring_lead) + draw(row.training)
        steps: list[tuple[float, int]] = []
        before = 0
        for step in self._plans[skill]:
            at = seconds(self._start, step.from_)
            if step.headcount > before and at > 0:
                at = max(at, max(0.0, at - self._leads[skill]) + lead)
            before = step.headcount
            while steps and steps[-1][0] >= at:
                steps.pop()
            steps.append((max(0.0, at), step.headcount))
        return steps

    def headcount(self, skill: str, draw: Draw, seed: int, replication: int) -> list[tuple[float, int]]:
        """Operators present on each shift over time, for one replication: (time [s], people)."""
        row = self._skills[skill]
        vacancy = self._vacancy(skill, draw)
        weeks = math.ceil(self._horizon / WEEK)
        # numpy's counter-based Philox, keyed like every other draw, gives the whole series at once.
        key = int(stream_key(seed, replication, skill, "absence"))
        uniforms = np.random.Generator(np.random.Philox(key=key)).random(weeks)
        return present(self.plan(skill, draw), self._horizon, draw(row.absence), vacancy, uniforms)

    def presence(self, skill: str, draw: Draw) -> float:
        """Share of the planned people who are there on average: what absence and vacancies leave."""
        return (1.0 - draw(self._skills[skill].absence)) * (1.0 - self._vacancy(skill, draw))

    def _vacancy(self, skill: str, draw: Draw) -> float:
        # Each leaver leaves a gap for a hiring lead and a training.
        row = self._skills[skill]
        return min(0.9, draw(row.attrition) * (draw(row.hiring_lead) + draw(row.training)))

    def payroll(self, skill: str, day: date) -> float:
        """People on the payroll for the plan of a day: those on shift, times shifts. Absence is not covered."""
        planned = 0
        for step in self._plans[skill]:
            if step.from_ <= day:
                planned = step.headcount
        return float(planned * self.shifts(skill, day))

    def shifts(self, skill: str, day: date) -> int:
        """Shifts that a skill works: those of its own calendar, or the most of any station that it serves."""
        own = self._skills[skill].calendar
        calendars = {own} if own else self._users[skill]
        return max((shifts_at(self._calendars[name], day) for name in calendars if name in self._calendars), default=1)

    def wages(self, draw: Draw, begins: date, ends: date) -> float:
        """Wages of the planned payroll and of crews from `begins` to before `ends` [base currency]."""
        total = 0.0
        for skill, steps in self._plans.items():
            names = {own} if (own := self._skills[skill].calendar) else self._users[skill]
            days = {step.from_ for step in steps} | self._changes(names)
            for first, last in itertools.pairwise(sorted({begins, ends, *(d for d in days if begins < d < ends)})):
                time = (last - first).days * DAY
                total += self.payroll(skill, first) * draw(self._skills[skill].wage) * time
        for crew, opens in self._crews:
            opened = min(max(begins, opens), ends)
            days = self._changes({crew.calendar})
            for first, last in itertools.pairwise(sorted({opened, ends, *(d for d in days if opened < d < ends)})):
                people = crew.size * shifts_at(self._calendars[crew.calendar], first)
                total += people * draw(crew.wage) * (last - first).days * DAY
        return total

    def _changes(self, calendars: Iterable[str]) -> set[date]:
        """Days on which calendars gain or lose a shift."""
        rows = [row for name in calendars for row in self._calendars.get(name, ())]
        ends = {row.until + timedelta(days=1) for row in rows if row.until}
        return ends | {row.from_ for row in rows if row.from_}

    def hire_by(self, draw: Draw) -> list[HireBy]:
        """Every planned increase with the date by which hiring must start."""
        rows = []
        for skill, steps in self._plans.items():
            before, lead = 0.0, self._leads[skill]
            wage = draw(self._skills[skill].wage) * 365.25 * DAY
            for step in steps:
                now = self.payroll(skill, step.from_)
                if now > before and step.from_ > self._start:
                    order = step.from_ - timedelta(days=math.ceil(lead / DAY))
                    rows.append(HireBy(skill, step.from_, order, now - before, lead, (now - before) * wage))
                before = now
        return rows

    def skills(self) -> Mapping[str, Sequence[Headcount]]:
        """The plan by skill."""
        return self._plans


def _first_day(scenario: Scenario, crew: Crew) -> date | None:
    """When the first station that a crew serves is planned to stand; None where there is none."""
    served = {row.station for row in scenario.stations if row.crew == crew.crew}
    sites = {site.site: max(site.available, scenario.settings.scenario.start) for site in scenario.sites}
    days = [sites[row.site] for row in scenario.stations if row.station in served and row.places]
    days += [row.date for row in scenario.expansions if row.station in served and row.places > 0]
    return min(days, default=None)


def _binomial(n: int, p: float, uniforms: Floats) -> NDArray[np.int64]:
    """Binomial quantiles of the uniforms."""
    if n == 0 or p >= 1.0:
        return np.full(len(uniforms), n if p >= 1.0 else 0, dtype=np.int64)
    k = np.arange(n + 1)
    logs = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + k * math.log(p) + (n - k) * math.log1p(-p)
    cumulative = np.cumsum(np.exp(logs))
    return np.minimum(np.searchsorted(cumulative, uniforms), n).astype(np.int64)
