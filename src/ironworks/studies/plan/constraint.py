"""What a scenario holds fixed and how far it can be relieved: suppliers, hand-overs, floor, lead times of equipment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ironworks.factory.calendar import DAY, YEAR
from ironworks.quantities import Quantity
from ironworks.scenario import Scenario, read_scenario
from ironworks.studies.plan.bounds import Bound
from ironworks.studies.plan.sizing import Sizing
from ironworks.studies.plan.target import Aim
from ironworks.units import parse_unit

__all__ = ["Constraint", "Level", "ceilings", "constraints", "relieved"]

_FACTORS = (1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0)
_FLOORS = (1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)
_MONTHS = (1, 2, 3, 4, 6, 9, 12, 18)
_MONTH = YEAR / 12
#: A supplier who uses less than this share of its ceiling with the probability asked for holds nothing back.
_SPARE = 0.5


@dataclass(frozen=True)
class Level:
    """One extent of a relief: in words, the cells that it changes, and what it costs until the target's day.

    `money` [base currency] is None where the scenario has no price for it.
    """

    text: str
    overrides: Mapping[str, str]
    money: float | None


@dataclass(frozen=True)
class Constraint:
    """Something that the scenario holds fixed, with ever wider reliefs of it."""

    name: str
    levels: tuple[Level, ...]
    suppliers: tuple[str, ...] = ()
    """Whose ceilings it is, the one that is least short first."""


def constraints(
    scenario: Scenario, sizing: Sizing, held: Sequence[Bound], probability: float, *, floor: bool = True
) -> list[Constraint]:
    """Suppliers that may fall short, together; sites not ready yet, the `floor` of sites, lead times of equipment.

    The bounds `held` say which suppliers those are: with the probability they have less than twice of what is needed.
    """
    makers = {part.supplier for part in scenario.parts if part.part in sizing.limited}
    factors = {name: 0.0 for name in dict.fromkeys(row.supplier for row in scenario.supply) if name in makers}
    for one in held:
        if one.name in factors:
            factors[one.name] = max(factors[one.name], one.factor(probability))
    short = sorted((name for name, factor in factors.items() if factor > _SPARE), key=factors.__getitem__)
    found = [ceilings(scenario, short)] if short else []
    mode, general = scenario.mode(), scenario.settings.scenario
    span = (general.end - general.start).days * DAY
    rent = None if scenario.settings.money.rent is None else mode(scenario.settings.money.rent)
    for site in (one for one in scenario.sites if one.site in sizing.sites):
        cell, area = f"sites.{site.site}", mode(site.area)
        if mode(site.delay) > 0.0:
            levels = [
                Level(
                    f"{site.site} handed over {_months(months)} earlier",
                    {f"{cell}.delay": _less(site.delay, months)},
                    None if rent is None else rent * area * months * _MONTH,
                )
                for months in _MONTHS
            ]
            found.append(Constraint(f"hand-over of {site.site}", tuple(levels)))
        levels = []
        for wanted in _FLOORS if floor else ():
            factor, halls = _larger(scenario, site.site, wanted)
            more = (factor - 1.0) * area
            money = None if rent is None else rent * more * span
            text = f"{more:,.0f} m2 more floor at {site.site}"
            levels.append(Level(text, {f"{cell}.area": _times(site.area, factor), **halls}, money))
        if levels:
            found.append(Constraint(f"floor of {site.site}", tuple(levels)))
    stations = [row for row in scenario.stations if row.site in sizing.sites]
    levels = [
        Level(
            f"equipment ordered {_months(months)} before the first day",
            {f"stations.{row.station}.order_lead": _less(row.order_lead, months) for row in stations},
            0.0,
        )
        for months in _MONTHS
    ]
    found.append(Constraint("orders of equipment", tuple(levels)))
    return found


def ceilings(scenario: Scenario, suppliers: Sequence[str]) -> Constraint:
    """Ceilings of some suppliers, all raised by one factor."""
    rows = [row for row in scenario.supply if row.supplier in suppliers]
    named = _listed(suppliers)
    levels = [
        Level(
            f"{named} bring {factor:g} times as much",
            {f"supply.{row.supplier}/{row.from_}.ceiling": _times(row.ceiling, factor) for row in rows},
            None,
        )
        for factor in _FACTORS
    ]
    return Constraint(f"ceilings of {named}", tuple(levels), tuple(suppliers))


def _listed(names: Sequence[str]) -> str:
    """Names in words: a, b and c."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def relieved(scenario: Scenario, levels: Sequence[Level], name: str, aim: Aim) -> Scenario:
    """The scenario, read anew by its name or folder, with reliefs. Raises ScenarioFaults for a cell out of range."""
    changes = {key: value for one in levels for key, value in one.overrides.items()}
    read = read_scenario(name, {**dict(scenario.overrides), **changes}, variant=scenario.variant)
    return replace(read, targets=(aim.row,))


def _larger(scenario: Scenario, site: str, factor: float) -> tuple[float, dict[str, str]]:
    """By how much a site's halls grow in whole bays, and their cells; the factor itself where it has no halls."""
    halls = [hall for hall in scenario.halls if hall.site == site]
    if not halls:
        return factor, {}
    bays = {hall.hall: max(hall.bays_y, round(hall.bays_y * factor)) for hall in halls}
    mode = scenario.mode()
    widths = {hall.hall: hall.bays_x * mode(hall.bay_x) * mode(hall.bay_y) for hall in halls}
    before = sum(widths[hall.hall] * hall.bays_y for hall in halls)
    after = sum(widths[name] * count for name, count in bays.items())
    return after / before, {f"halls.{name}.bays_y": str(count) for name, count in bays.items()}


def _months(months: int) -> str:
    return f"{months} month" + ("s" if months > 1 else "")


def _times(quantity: Quantity, factor: float) -> str:
    """A cell, its bounds too, times a factor."""
    if not quantity.is_literal:
        return f"= ({quantity.text[1:].strip()}) * {factor:g}"
    return _literal(quantity, lambda value: value * factor)


def _less(quantity: Quantity, months: float) -> str:
    """A cell of time, its bounds too, less some months, but not less than nothing."""
    if not quantity.is_literal:
        return f"= max(0 month, {quantity.text[1:].strip()} - {months:g} month)"
    taken = months * _MONTH / parse_unit(quantity.unit).factor
    return _literal(quantity, lambda value: max(0.0, value - taken))


def _literal(quantity: Quantity, change: Callable[[float], float]) -> str:
    bounds = ""
    if quantity.low is not None and quantity.high is not None:
        bounds = f" [{change(quantity.low):.9g}, {change(quantity.high):.9g}]"
    return f"{change(quantity.value):.9g}{bounds} {quantity.unit}"
