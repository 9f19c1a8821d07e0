"""How items are made: laws of operation times, learning, precedence, and the work content of an item."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ironworks.factory.flow.laws import Constant, Exponential, Gamma, Law, Lognormal, Pert, Triangular
from ironworks.factory.flow.model import Growth, Learning
from ironworks.product.bom import Bom
from ironworks.rows.line import WorkElement
from ironworks.rows.process import Curve, Defect, Operation, Repair, Route
from ironworks.scenario import Draw, Scenario

__all__ = ["Process", "WorkContent", "experience_key", "growth", "learned_factor", "learning", "time_law"]

# Half the width of a symmetric distribution per standard deviation: triangular sd = w / sqrt(6), PERT sd = w / sqrt(7).
_WIDTHS = {"triangular": math.sqrt(6.0), "pert": math.sqrt(7.0)}


def time_law(mean: float, distribution: str, cv: float) -> Law:
    """The law of an operation's time with `mean` [s] and coefficient of variation `cv`.

    Triangular and PERT are symmetric about the mean; raises ValueError where their width would reach below 0 s.
    """
    if mean == 0.0 or distribution == "constant" or (cv == 0.0 and distribution != "exponential"):
        return Constant(mean)
    if distribution == "exponential":
        return Exponential(mean)
    if distribution == "lognormal":
        return Lognormal(mean, cv)
    if distribution == "gamma":
        return Gamma(mean, cv)
    half = _WIDTHS[distribution] * cv * mean
    if half > mean:
        raise ValueError(
            f"cv {cv:g} is too wide for {distribution}: at most {1 / _WIDTHS[distribution]:.3f}; use lognormal"
        )
    kind = Triangular if distribution == "triangular" else Pert
    return kind(mean - half, mean, mean + half)


def experience_key(operation: str, family: str, site: str) -> str:
    """What an operation's experience is counted under: pooled over stations and over the items of one family."""
    return f"{operation}|{family}|{site}"


def learning(curve: Curve, draw: Draw, at_unit: float, key: str) -> Learning:
    """The learning law of an operation whose time holds at unit number `at_unit` (lots of its own route).

    A floor makes it De Jong's curve with that incompressible share: the time nears the floor and never crosses it.
    """
    floor = draw(curve.floor)
    law, fixed = (curve.law, draw(curve.incompressible)) if floor == 0.0 else ("dejong", floor)
    return Learning(law, draw(curve.rate), at_unit=at_unit, incompressible=fixed, experience=key)


def growth(curve: Curve, draw: Draw) -> Growth:
    """The power law of a quantity that is multiplied by the curve's rate at each doubling, down to its floor."""
    floor = draw(curve.floor)
    exponent = math.log2(draw(curve.rate))
    return Growth(exponent, limit=floor if exponent < 0 else math.inf)


def half_life_growth(units: float) -> Growth:
    """The power law from 1 at the first unit to 1/2 at `units`."""
    return Growth(-math.log(2.0) / math.log(max(units, 2.0)), limit=0.0)


def learned_factor(law: Learning, n: float) -> float:
    """Time of unit `n` relative to the time at `law.at_unit` (Crawford, Wright, DeJong; see flow.model.Learning)."""
    b = math.log2(law.rate)
    if law.law == "wright":
        return float((n ** (1 + b) - (n - 1) ** (1 + b)) / law.at_unit**b)
    if law.law == "dejong":
        m = law.incompressible
        return float((m + (1 - m) * n**b) / (m + (1 - m) * law.at_unit**b))
    return float((n / law.at_unit) ** b)


@dataclass(frozen=True, slots=True)
class WorkContent:
    """Work in one piece of an item with everything made in it: person-seconds and place-seconds per station.

    A sum over operations at given experience, without rework and waiting.
    """

    item: str
    people: float
    skills: Mapping[str, float]
    stations: Mapping[str, float]


class Process:
    """Routes and operations of a scenario, indexed."""

    def __init__(self, scenario: Scenario) -> None:
        self.routes: dict[str, Route] = {route.route: route for route in scenario.routes}
        self.lots: dict[str, int] = {item.item: item.lot for item in scenario.items}
        self.families: dict[str, str] = {item.item: item.family or item.item for item in scenario.items}
        self.curves: dict[str, Curve] = {curve.curve: curve for curve in scenario.learning}
        self.operations: dict[str, list[Operation]] = defaultdict(list)
        for operation in scenario.operations:
            self.operations[operation.route].append(operation)
        self.repairs: dict[tuple[str, str], Repair] = {(one.route, one.repair): one for one in scenario.repairs}
        self.defects: dict[str, list[Defect]] = defaultdict(list)
        for defect in scenario.defects:
            self.defects[defect.route].append(defect)
        self.bom = Bom.of(scenario)
        own = {row.route for row in scenario.elements}
        self.elements: dict[str, tuple[WorkElement, ...]] = {
            name: tuple(
                row
                for row in scenario.elements
                if row.item == route.item and row.route == (name if name in own else None)
            )
            for name, route in self.routes.items()
        }
        """Work elements of each route, in file order."""

    def key(self, operation: Operation) -> str:
        """The experience key of an operation."""
        route = self.routes[operation.route]
        return experience_key(operation.operation, self.families[route.item], route.site)

    def consumes(self, route: str, pairs: tuple[tuple[str, float], ...]) -> dict[str, int]:
        """Units taken from stores for one lot of a route: pieces of bought parts, lots of made items.

        Raises ValueError where they are not whole.
        """
        pieces = self.lots[self.routes[route].item]
        needed: dict[str, int] = {}
        for part, each in pairs:
            exact = each * pieces / self.lots.get(part, 1)
            if abs(exact - round(exact)) > 1e-6 or round(exact) < 1:
                raise ValueError(
                    f"{route} takes {each:g} {part} per piece: {exact:g} units from the store for a lot of {pieces}; "
                    f"choose lots (items.csv) so that this is a whole number"
                )
            needed[part] = needed.get(part, 0) + round(exact)
        return needed

    def routes_of(self, item: str) -> list[Route]:
        """Routes that make an item, in file order."""
        return [route for route in self.routes.values() if route.item == item]

    def precedence(self, route: str) -> list[tuple[str, str]]:
        """Pairs (before, after) of operations that the table names."""
        return [(before, o.operation) for o in self.operations[route] for before in o.after]

    def work_content(self, item: str, draw: Draw, unit: float = 1.0, site: str | None = None) -> WorkContent:
        """Work in one piece of `item` and of every made item in it, when `unit` lots were made of each.

        Each item's first route counts, or the one at `site` where there is one.
        """
        skills: dict[str, float] = defaultdict(float)
        stations: dict[str, float] = defaultdict(float)
        for name, quantity in self.bom.explode(item).items():
            routes = self.routes_of(name)
            if not routes:
                continue
            route = next((r for r in routes if r.site == site), routes[0])
            for operation in self.operations[route.route]:
                each = quantity * self.seconds(operation, draw, unit) / self.lots[name]
                stations[operation.station] += each
                if operation.skill:
                    skills[operation.skill] += each * operation.operators
        return WorkContent(item, sum(skills.values()), dict(skills), dict(stations))

    def seconds(self, operation: Operation, draw: Draw, unit: float) -> float:
        """Mean station time of one lot at experience `unit` [s]."""
        mean = draw(operation.time)
        if operation.learning is None:
            return mean
        law = learning(self.curves[operation.learning], draw, draw(operation.at_unit), "")
        return mean * learned_factor(law, unit)
