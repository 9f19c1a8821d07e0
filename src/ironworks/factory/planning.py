"""Order-by dates: equipment, long-lead parts and people, each with its planned leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ironworks.factory.calendar import WEEK
from ironworks.factory.plant import Plant

__all__ = ["OrderBy", "orders"]


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
