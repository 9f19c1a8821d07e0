"""What the parts of a design weigh and cost: from the scenario that builds it, or from its own parts.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ironworks.faults import Fault, FaultLog, ScenarioFaults
from ironworks.product.bom import Bom
from ironworks.product.design.read import builtin_designs
from ironworks.product.design.tree import Design
from ironworks.quantities import Quantity
from ironworks.reading.rows import read_table
from ironworks.rows import Part
from ironworks.scenario import Scenario
from ironworks.tables import parse_table, read_text
from ironworks.units import parse_unit

__all__ = ["Bill", "own_bill", "scenario_bill"]


@dataclass(frozen=True)
class Bill:
    """For each part: mass [kg] and cost [in `currency`] of one piece, and pieces on the robot."""

    masses: Mapping[str, float]
    costs: Mapping[str, float]
    pieces: Mapping[str, float]
    currency: str

    @property
    def mass(self) -> float:
        """Mass of the robot [kg]."""
        return sum(n * self.masses[part] for part, n in self.pieces.items())

    @property
    def cost(self) -> float:
        """Cost of the material of the robot."""
        return sum(n * self.costs[part] for part, n in self.pieces.items())


def scenario_bill(design: Design, scenario: Scenario) -> Bill:
    """The bill of a design's item in a scenario, at the modes of its figures.

    Raises ScenarioFaults, with all of them, where the design mounts more or fewer pieces of a part than the bill has.
    """
    bom, draw = Bom.of(scenario), scenario.mode()
    if design.item not in {item.item for item in scenario.items}:
        names = tuple(item.item for item in scenario.items)
        raise ScenarioFaults(
            [Fault("design.toml", 1, "design.item", f"`{design.item}` is no item of {scenario.name}", names)]
        )
    needed = {part: n for part, n in bom.explode(design.item).items() if part in bom.parts}
    faults = []
    for part in sorted(needed.keys() | design.pieces.keys()):
        here, there = design.pieces.get(part, 0.0), needed.get(part, 0.0)
        if abs(here - there) > 1e-9:
            mend = f"mount {there - here:+g}" if part in needed else "remove it, or add it to bom.csv"
            problem = f"the design has {here:g}, the bill of {scenario.name} {there:g}"
            faults.append(Fault("mounts.csv", 0, part, problem, (), mend))
    if faults:
        raise ScenarioFaults(faults)
    masses = {part: draw(row.mass) for part, row in bom.parts.items()}
    costs = {part: draw(row.cost) for part, row in bom.parts.items()}
    return Bill(masses, costs, needed, scenario.settings.scenario.currency_code)


def own_bill(design: Design, folder: Path | None = None) -> Bill:
    """The bill of a design that brings its parts.csv. Raises ScenarioFaults for what is missing."""
    place = (folder or builtin_designs()[design.name]) / "parts.csv"
    log = FaultLog()
    text = read_text(place, log)
    table = parse_table(place.name, text, log) if text is not None else None
    rows = read_table("parts", Part, table, log) if table is not None else ()
    parts = {row.part: row for row in rows if isinstance(row, Part)}
    for name in sorted(design.pieces.keys() - parts.keys()):
        log.add("parts.csv", 0, name, "is mounted but has no row", mend="add it with its mass and cost")
    log.stop_on_faults()
    masses = {name: _literal(row.mass) for name, row in parts.items()}
    costs = {name: _literal(row.cost) for name, row in parts.items()}
    return Bill(masses, costs, design.pieces, "yuan")


def _literal(quantity: Quantity) -> float:
    return float(quantity.value * parse_unit(quantity.unit).factor)
