"""Draws layout.svg of the documentation anew: `python docs/images/layout.py`.

The stations that tianhe plans at its base for a day of 2028, in a hall of ours and a storey above it.
"""

import datetime
from pathlib import Path

from ironworks.factory.equipment import Equipment
from ironworks.factory.layout import Department, Haul, LayoutProblem, plan_layout
from ironworks.factory.layout.drawing import draw_plan
from ironworks.factory.site import Dock, Hall, Link, Share, Site, space_of
from ironworks.scenario import Scenario, read_scenario

DAY, ROBOTS = datetime.date(2028, 6, 1), 40.0
#: Families by the route that an item is made on; the rest is assembly.
FAMILIES = {
    "rotary_set": "actuators", "planetary_set": "actuators", "linear_set": "actuators", "finger_set": "hands",
    "hand_pair": "hands", "spine": "modules", "pack": "battery", "head": "modules", "skin": "skin",
    "computer": "modules",
}  # fmt: skip


def departments(scenario: Scenario) -> list[Department]:
    """Stations of the base with places on that day."""
    draw, equipment = scenario.mode(), Equipment(scenario)
    family = {row.station: FAMILIES.get(row.route.split("@")[0], "assembly") for row in scenario.operations}
    found = []
    for row in scenario.stations:
        count = equipment.planned_places(row.station, DAY)
        if row.station.endswith("@base") and count:
            name = row.station.removesuffix("@base").replace("_", " ")
            space = space_of(name, row.type, draw(row.footprint), draw(row.power))
            found.append(Department(name, space, count, family.get(row.station, "rework")))
    return found


def hauls(scenario: Scenario, there: set[str]) -> list[Haul]:
    """One set of each item a robot: from step to step, from its last step to who takes it, from the gate to all."""
    rows = [row for row in scenario.operations if row.route.endswith("@base")]
    name = {row.operation + row.route: row.station.removesuffix("@base").replace("_", " ") for row in rows}
    last = {row.route.split("@")[0]: name[row.operation + row.route] for row in rows}
    found = []
    for row in rows:
        here = name[row.operation + row.route]
        found += [Haul(name[before + row.route], here, ROBOTS, 40.0) for before in row.after]
        taken = [item for item, _ in row.consumes]
        found += [Haul(last[item], here, ROBOTS, 30.0) for item in taken if item in last]
        if any(item not in last for item in taken):
            found.append(Haul("goods in", here, ROBOTS / 4.0, 150.0))
    found.append(Haul(last["robot"], "goods out", ROBOTS, 80.0))
    return [haul for haul in found if {haul.source, haul.target} <= there]


def main() -> None:
    """The drawing beside this file."""
    scenario = read_scenario("tianhe")
    docks = (Dock("goods in", 0.0, 42.0), Dock("goods out", 144.0, 42.0))
    ground = Hall(
        "H1", (12, 6), docks=docks, crane=200.0, clear_height=8.0, floor_load=30e3, building="A", power=3e6, heat=3e6
    )
    upper = Hall(
        "H2", (6, 3), storey=2, clear_height=4.5, floor_load=10e3, building="A", rooms=("plain", "clean"), crane=200.0
    )
    lift = Link("L1", ("H1", "H2"), ((0.0, 54.0), (0.0, 20.0)), 70.0, capacity=3000.0)
    site = Site("Tianhe base, our assumption", (ground, upper), (lift,), Share(0.3, 0.7, 1.0), area=110_000.0)
    asked = departments(scenario)
    there = {department.name for department in asked} | {dock.name for dock in docks}
    layout = plan_layout(LayoutProblem(site, tuple(asked), tuple(hauls(scenario, there))), 20.0, seed=1)
    path = Path(__file__).parent / "layout.svg"
    path.write_text(draw_plan(layout, 9.0), encoding="utf-8")
    print(f"{len(layout.places)} places, {layout.work / 1e3:.1f} km a day, {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
