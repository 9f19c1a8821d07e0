"""What a plan takes: stations with their orders, floor, people, and the programme that is released."""

from __future__ import annotations

from collections import defaultdict

from ironworks.factory.calendar import WEEK
from ironworks.factory.equipment import Equipment
from ironworks.report import words
from ironworks.report.blocks import Section, Table
from ironworks.report.sections.floor import plan_blocks
from ironworks.studies.plan import Decisions, PlanResult

__all__ = ["equipment", "floor", "people"]


def equipment(result: PlanResult) -> Section | None:
    """Places by day, and what is to be ordered by when."""
    if result.chosen is None:
        return None
    plan = result.chosen.tried.plan
    planned = plan.apply(result.scenario)
    standing, start = Equipment(planned), planned.settings.scenario.start
    mode = planned.mode()
    own = _own_places(result)
    # What is put off beyond the target is no part of the plan.
    steps = [row for row in plan.places if row[1] <= result.aim.day]
    rows = []
    days = sorted({day for _, day, _ in steps})
    for name, row in standing.stations.items():
        added = {day: n for station, day, n in steps if station == name}
        total = row.places + sum(added.values())
        if total or own[name]:
            rows.append(
                (
                    words.plain(name),
                    str(row.places),
                    *(str(added.get(day, "")) for day in days),
                    str(total),
                    str(own[name]),
                    words.number(total * (mode(row.footprint) if row.footprint else 0.0)),
                    words.number(total * (mode(row.power) if row.power else 0.0) / 1e3),
                )
            )
    columns = ("station", "first day", *(words.day(day) for day in days), "in all", "scenario's own", "m²", "kW")
    orders = [
        (
            words.plain(one.station),
            str(one.places),
            words.day(one.needed),
            words.day(one.order_by),
            words.big(one.money),
            "before the first day" if one.order_by < start else "",
        )
        for one in standing.orders(mode)
        if one.needed <= result.aim.day
    ]
    note = "Places by the day on which they are planned to stand; floor is that of the places, power with all at work."
    return Section(
        "equipment",
        "Stations",
        "What has to stand where and when?",
        (
            Table("Places", columns, rows, range(1, len(columns)), note),
            Table("Orders", ("station", "places", "needed", "order by", "money", ""), orders, (1, 4), folded=True),
        ),
    )


def _own_places(result: PlanResult) -> dict[str, int]:
    """Places that the scenario's own plan has ordered by the target's day."""
    total: dict[str, int] = defaultdict(int)
    for row in result.scenario.stations:
        total[row.station] = row.places
    for step in result.scenario.expansions:
        if step.date <= result.aim.day:
            total[step.station] += step.places
    return total


def floor(result: PlanResult) -> Section | None:
    """The floor plan of each site with halls."""
    then = "Of the plans that reach as much, none was found that has a place for everything."
    blocks = [
        block
        for plan in result.floors
        if plan.flow.departments
        for block in plan_blocks(plan, result.effort.sure, then)
    ]
    return Section("floor-plan", "Floor", "Does it fit the building?", blocks) if blocks else None


def people(result: PlanResult) -> Section | None:
    """People by skill and day, and the programme."""
    if result.chosen is None:
        return None
    plan = result.chosen.tried.plan
    days = sorted({day for _, day, _ in plan.people})
    own = {row.skill: row.headcount for row in sorted(result.scenario.headcount, key=lambda row: row.from_)
           if row.from_ <= result.aim.day}  # fmt: skip
    rows = []
    for skill in sorted({name for name, _, _ in plan.people}):
        steps = {day: n for name, day, n in plan.people if name == skill}
        rows.append((words.plain(skill), *(str(steps.get(day, "")) for day in days), str(own.get(skill, 0))))
    columns = ("skill", *(words.day(day) for day in days), "scenario's own at the end")
    blocks = [Table("People on each shift from a day on", columns, rows, range(1, len(columns)))]
    crews = [
        (words.plain(row.crew), str(plan.crews.get(row.crew, row.size)), str(row.size)) for row in result.scenario.crews
    ]
    if crews:
        blocks.append(Table("Crews that mend stations", ("crew", "on each shift", "scenario's own"), crews, (1, 2)))
    programme = _programme(result, plan)
    return Section("people", "People", "Whom does it take, and what is released?", (*blocks, programme))


def _programme(result: PlanResult, plan: Decisions) -> Table:
    mode = result.scenario.mode()
    own = {row.from_: mode(row.rate) for row in result.scenario.programme if row.item == result.aim.item}
    rows = [
        (words.day(day), words.number(rate * WEEK), words.number(own[day] * WEEK) if day in own else "–")
        for item, day, rate in plan.programme
        if item == result.aim.item
    ]
    return Table(
        "Programme", ("from", f"{words.plain(result.aim.item)}s a week", "scenario's own"), rows, (1, 2), folded=True
    )
