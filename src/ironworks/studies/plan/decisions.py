"""What a plan decides: places with dates, people, the programme, stocks, works in process and shifts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from ironworks.factory.plant import Plant
from ironworks.quantities import constant
from ironworks.rows.people import Headcount, Shift
from ironworks.rows.plant import Expansion
from ironworks.rows.products import ProgrammeStep
from ironworks.scenario import Draw, Scenario

__all__ = ["Decisions", "Outlay", "as_planned", "outlay"]


@dataclass(frozen=True)
class Decisions:
    """One plan: whole tables of what it decides, and changes of single cells of the others. None leaves a table."""

    places: tuple[tuple[str, date, int], ...]
    """(station, date, places more or fewer), sorted."""
    people: tuple[tuple[str, date, int], ...]
    """(skill, from, people on each shift), sorted."""
    programme: tuple[tuple[str, date, float], ...]
    """(item, from, pieces per second), sorted, of the items that it decides; other items keep their programme."""
    cover: Mapping[str, float] = field(default_factory=dict)
    """Stock ahead of demand by part [s]."""
    wip: Mapping[str, int] = field(default_factory=dict)
    """Cap of works in process, or stock of finished lots, by route."""
    buffers: Mapping[str, int] = field(default_factory=dict)
    """Input places by station."""
    carriers: Mapping[str, int] = field(default_factory=dict)
    """Carriers by fleet."""
    crews: Mapping[str, int] = field(default_factory=dict)
    """People on each shift by crew."""
    weekend: date | None = None
    """From when a weekend team works at every calendar that has five days."""

    @cached_property
    def key(self) -> str:
        """The same for the same decisions."""
        parts = (self.places, self.people, self.programme, self.weekend)
        return repr(
            (*parts, *(sorted(one.items()) for one in (self.cover, self.wip, self.buffers, self.carriers, self.crews)))
        )

    def apply(self, scenario: Scenario) -> Scenario:
        """The scenario with this plan."""
        expansions = [
            Expansion(station=station, date=day, places=places, row_key=f"{station}/{day}")
            for station, day, places in self.places
        ]
        people = [
            Headcount.model_validate({"skill": skill, "from": day, "headcount": count, "row_key": f"{skill}/{day}"})
            for skill, day, count in self.people
        ]
        decided = {item for item, _, _ in self.programme}
        programme = [
            ProgrammeStep.model_validate(
                {"item": item, "from": day, "rate": constant(rate, "rate"), "row_key": f"{item}/{day}"}
            )
            for item, day, rate in self.programme
        ]
        return replace(
            scenario,
            expansions=tuple(expansions),
            headcount=tuple(people),
            programme=(*(row for row in scenario.programme if row.item not in decided), *programme),
            parts=tuple(
                part.model_copy(update={"cover": constant(self.cover[part.part], "time")})
                if part.part in self.cover
                else part
                for part in scenario.parts
            ),
            routes=tuple(
                route.model_copy(update={_cap(route.release): self.wip[route.route]})
                if route.route in self.wip
                else route
                for route in scenario.routes
            ),
            stations=tuple(
                one.model_copy(update={"buffer": self.buffers[one.station]}) if one.station in self.buffers else one
                for one in scenario.stations
            ),
            fleets=tuple(
                one.model_copy(update={"carriers": self.carriers[one.fleet]}) if one.fleet in self.carriers else one
                for one in scenario.fleets
            ),
            crews=tuple(
                one.model_copy(update={"size": self.crews[one.crew]}) if one.crew in self.crews else one
                for one in scenario.crews
            ),
            calendars=(*scenario.calendars, *weekend_shifts(scenario, self.weekend)),
        )


def weekend_shifts(scenario: Scenario, begins: date | None) -> tuple[Shift, ...]:
    """Two teams of 10 h on Saturday and Sunday at every calendar that works Monday to Friday alone."""
    if begins is None:
        return ()
    named = dict.fromkeys(row.calendar for row in scenario.calendars)
    idle = [
        name for name in named if not any({5, 6} & set(row.days) for row in scenario.calendars if row.calendar == name)
    ]
    hour = 3600
    # The odd minute keeps the teams apart from those of the week, who are other people.
    spans = ((7 * hour + 60, 17 * hour + 1860, 12 * hour), (17 * hour + 1860, 4 * hour + 60, 22 * hour))
    return tuple(
        Shift.model_validate(
            {
                "calendar": name,
                "days": (5, 6),
                "start": start,
                "end": end,
                "breaks": ((rest, rest + 1800),),
                "from": begins,
                "row_key": f"{name}/{start}",
            }
        )
        for name in idle
        for start, end, rest in spans
    )


def as_planned(scenario: Scenario) -> Decisions:
    """What the scenario's own tables decide; its programme stays as it is."""
    return Decisions(
        tuple(sorted((row.station, row.date, row.places) for row in scenario.expansions)),
        tuple(sorted((row.skill, row.from_, row.headcount) for row in scenario.headcount)),
        (),
    )


@dataclass(frozen=True, slots=True)
class Outlay:
    """What a plan spends until its target's day besides material: equipment and wages [base currency]."""

    investment: float
    wages: float

    @property
    def total(self) -> float:
        """Equipment and wages [base currency]."""
        return self.investment + self.wages


def outlay(plant: Plant, draw: Draw) -> Outlay:
    """What a plan spends with the prices and wages of a draw."""
    general = plant.scenario.settings.scenario
    ordered = {name: row.places for name, row in plant.equipment.stations.items()}
    for row in plant.scenario.expansions:
        # What is put off beyond the plan is not ordered within it.
        ordered[row.station] += max(0, row.places) if row.date <= general.end else 0
    investment = sum(places * draw(plant.equipment.stations[name].price) for name, places in ordered.items())
    return Outlay(investment, plant.people.wages(draw, general.start, general.end))


def _cap(release: str) -> str:
    return "base_stock" if release == "stock" else "wip_cap"
