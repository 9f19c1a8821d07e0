"""A floor plan as plain numbers, for the result files of `ironworks run` and `ironworks layout`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ironworks.factory.floor_plan import FloorPlan

__all__ = ["floor_summary"]


def floor_summary(plan: FloorPlan) -> dict[str, Any]:
    """Site, date, findings, needs of each hall in SI, and metres after each operation; null where there is no plan."""
    found = plan.layout
    return {
        "site": plan.site,
        "date": plan.day,
        "findings": list(plan.findings),
        "places": len(found.places) if found else None,
        "metres_a_day": found.work if found else None,
        "chance_of_floor": plan.chance,
        "halls": [{"hall": hall.name, "ready": hall.ready, "m2": hall.area} for hall in plan.premises.halls],
        "needs": [{**asdict(need), "halls": list(need.halls), "short": need.short} for need in plan.needs],
        "metres": [
            {"route": route, "operation": operation, "metres": metres}
            for (route, operation), metres in plan.metres.items()
        ],
    }
