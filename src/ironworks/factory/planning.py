"""Order-by dates: equipment, long-lead parts and people, each with its planned leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ironworks.factory.calendar import WEEK
from ironworks.factory.plant import Plant
from ironworks.scenario import Draw

__all__ = ["OrderBy", "SiteNeed", "orders", "site_needs"]


@dataclass(frozen=True, slots=True)
class OrderBy:
    """One thing that must be ordered early. `late`: the order date lies before the scenario's first day."""

    what: str
    kind: Literal["equipment", "part", "people"]
    quantity: float
    unit: str
    needed: date
    order_by: date
    lead: float
    """From order to use [s]: delivery, installation, qualification; hiring and training."""
    money: float
    """[base currency]; per week for parts, per year for people."""
    late: bool


@dataclass(frozen=True, slots=True)
class SiteNeed:
    """What the plan asks of a site at the end of a year, against what it offers."""

    site: str
    year: int
    floor: float
    """Of the planned places and their operations [m2]."""
    area: float
    """That can be built on [m2]."""
    power: float
    """Of all planned places at work at once [W]."""


def site_needs(plant: Plant, draw: Draw) -> tuple[SiteNeed, ...]:
    """Floor and connected power by site and year, in file order of the sites."""
    general = plant.scenario.settings.scenario
    extra: dict[str, float] = {}
    for operation in plant.scenario.operations:
        extra[operation.station] = extra.get(operation.station, 0.0) + draw(operation.floor)
    rows = []
    for site in plant.scenario.sites:
        for year in range(general.start.year, general.end.year + 1):
            day = min(date(year, 12, 31), general.end)
            floor = power = 0.0
            for name, station in plant.equipment.stations.items():
                places = plant.equipment.planned_places(name, day) if station.site == site.site else 0
                if places:
                    floor += places * (draw(station.footprint) if station.footprint else 0.0) + extra.get(name, 0.0)
                    power += places * (draw(station.power) if station.power else 0.0)
            rows.append(SiteNeed(site.site, year, floor, draw(site.area), power))
    return tuple(rows)


def orders(plant: Plant) -> tuple[OrderBy, ...]:
    """Everything to be ordered ahead, at the figures' values, the earliest first."""
    mode = plant.scenario.mode()
    start = plant.start
    rows = [
        OrderBy(o.station, "equipment", o.places, "places", o.needed, o.order_by, o.lead, o.money, o.order_by < start)
        for o in plant.equipment.orders(mode)
    ]
    for part, needed, order, lead, rate in plant.supply.long_lead():
        weekly = rate * WEEK
        late = order < start and part.initial_stock == 0
        rows.append(
            OrderBy(part.part, "part", weekly, "pieces/week", needed, order, lead, weekly * mode(part.cost), late)
        )
    for hire in plant.people.hire_by(mode):
        late = hire.order_by < start
        rows.append(
            OrderBy(
                hire.skill, "people", hire.people, "people", hire.needed, hire.order_by, hire.lead, hire.wages, late
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.order_by, row.kind, row.what)))
