"""What the parts of a design weigh and cost: from the scenario that builds it, or from its own parts.csv."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ironworks.faults import Fault, FaultLog, ScenarioFaults
from ironworks.product.bom import Bom
from ironworks.product.design.tree import Design
from ironworks.reading.rows import read_table
from ironworks.rows import Part
from ironworks.scenario import Scenario, read_scenario
from ironworks.tables import parse_table, read_text
from ironworks.units import parse_unit

__all__ = ["Bill", "bill_of"]

#: Exchange rates are figures of a scenario; a design that stands alone has one currency.
_CURRENCY = "yuan"
#: So many parts that differ are listed one by one in any case.
_ANOTHER = 5


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


def bill_of(design: Design, scenario: Scenario | str | None = None) -> Bill:
    """The bill of a design: of the scenario given here, else of the one that it names, else of its own parts.csv.

    Of a scenario the item's bill counts, at the modes of its figures. Raises ScenarioFaults, with all of them, where
    the design mounts more or fewer pieces of a part, or where a part has no mass and cost; with a single one where most
    parts differ.
    """
    given = scenario or design.scenario
    if not given:
        return _own_bill(design)
    return _scenario_bill(design, given if isinstance(given, Scenario) else read_scenario(given))


def _scenario_bill(design: Design, scenario: Scenario) -> Bill:
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
    listed = len(needed.keys() | design.pieces.keys())
    # Where most parts differ, no mend of single rows makes this bill that of the design.
    if len(faults) > _ANOTHER and len(faults) > listed / 2:
        problem = (
            f"builds another design than {design.name}: its bill of `{design.item}` differs in {len(faults)} of "
            f"{listed} parts"
        )
        own = f"the scenario that it names, `{design.scenario}`" if design.scenario else "its own parts.csv"
        mend = f"choose another scenario, or none: {design.name} is then built from {own}"
        raise ScenarioFaults([Fault(scenario.name, 0, "", problem, (), mend)])
    if faults:
        raise ScenarioFaults(faults)
    masses = {part: draw(row.mass) for part, row in bom.parts.items()}
    costs = {part: draw(row.cost) for part, row in bom.parts.items()}
    return Bill(masses, costs, needed, scenario.settings.scenario.currency_code)


def _own_bill(design: Design) -> Bill:
    log = FaultLog()
    text = read_text(design.folder / "parts.csv", log)
    table = parse_table("parts.csv", text, log) if text is not None else None
    rows = read_table("parts", Part, table, log) if table is not None else ()
    parts = {row.part: row for row in rows if isinstance(row, Part)}
    if not log.faults:
        for name in sorted(design.pieces.keys() - parts.keys()):
            log.add("parts.csv", 0, name, "is mounted but has no row", mend="add it with its mass and cost")
    masses = {name: _number(row, "mass", log) for name, row in parts.items()}
    costs = {name: _number(row, "cost", log) for name, row in parts.items()}
    log.stop_on_faults()
    return Bill(masses, costs, design.pieces, _CURRENCY)


def _number(row: Part, column: str, log: FaultLog) -> float:
    quantity = row.cell(column)
    unit = parse_unit(quantity.unit) if quantity.is_literal else None
    if unit is None or any(code != _CURRENCY for code, _ in unit.currencies):
        problem = f"`{quantity.text}` needs figures, and a design has none"
        log.add(
            "parts.csv",
            row.row_line,
            f"parts.{row.part}.{column}",
            problem,
            mend=f"write a number, money in {_CURRENCY}",
        )
        return 0.0
    return float(quantity.value * unit.factor)
