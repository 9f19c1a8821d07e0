"""Parts explosion: how many of which part go into an item, what they weigh and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ironworks.rows.products import BomLine, Part
from ironworks.scenario import Draw, Scenario

__all__ = ["Bom", "BomTotal"]


@dataclass(frozen=True, slots=True)
class BomTotal:
    """A part's share in one piece of an item: mass [kg] and cost [base currency] of its pieces, without children."""

    part: str
    make: bool
    quantity: float
    mass: float
    cost: float


@dataclass(frozen=True)
class Bom:
    """The product structure: parent -> child -> pieces of the child in one piece of the parent."""

    children: Mapping[str, Mapping[str, float]]
    parts: Mapping[str, Part]

    @classmethod
    def of(cls, scenario: Scenario) -> Bom:
        """The product structure of a scenario."""
        return cls.from_rows(scenario.parts, scenario.bom)

    @classmethod
    def from_rows(cls, parts: Iterable[Part], lines: Iterable[BomLine]) -> Bom:
        """From rows of parts.csv and bom.csv."""
        children: dict[str, dict[str, float]] = {}
        for line in lines:
            known = children.setdefault(line.parent, {})
            known[line.child] = known.get(line.child, 0.0) + line.quantity
        return cls(children, {part.part: part for part in parts})

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All names, parents before children. Raises ValueError for a part that contains itself."""
        state: dict[str, int] = {}
        found: list[str] = []

        def visit(name: str, path: tuple[str, ...]) -> None:
            if state.get(name) == 1:
                raise ValueError("a part contains itself: " + " > ".join((*path[path.index(name) :], name)))
            if name in state:
                return
            state[name] = 1
            for child in self.children.get(name, {}):
                visit(child, (*path, name))
            state[name] = 2
            found.append(name)

        for name in (*self.children, *self.parts):
            visit(name, ())
        return tuple(reversed(found))

    def explode(self, item: str) -> dict[str, float]:
        """Pieces of every part at every level in one piece of `item`, itself included."""
        needed = {item: 1.0}
        for name in self.order:
            quantity = needed.get(name, 0.0)
            if quantity:
                for child, each in self.children.get(name, {}).items():
                    needed[child] = needed.get(child, 0.0) + quantity * each
        return needed

    def bought(self, item: str) -> dict[str, float]:
        """Pieces of bought parts alone in one piece of `item`."""
        return {name: n for name, n in self.explode(item).items() if not self.is_made(name)}

    def is_made(self, name: str) -> bool:
        """Whether a part is made in the plant (or is an item outside the parts list)."""
        part = self.parts.get(name)
        return part is None or part.make_or_buy == "make"

    def used_in(self, child: str) -> tuple[str, ...]:
        """The direct parents of a part."""
        return tuple(parent for parent, lines in self.children.items() if child in lines)

    def totals(self, item: str, draw: Draw) -> tuple[BomTotal, ...]:
        """What goes into one piece of `item`, parents first, with mass and cost of each part's own material."""
        needed = self.explode(item)
        rows = []
        for name in self.order:
            part = self.parts.get(name)
            if part is not None and name in needed:
                n = needed[name]
                rows.append(BomTotal(name, self.is_made(name), n, n * draw(part.mass), n * draw(part.cost)))
        return tuple(rows)

    def mass(self, item: str, draw: Draw) -> float:
        """Mass of one piece of `item` with everything in it [kg]."""
        return sum(row.mass for row in self.totals(item, draw))

    def cost(self, item: str, draw: Draw) -> float:
        """Cost of the material in one piece of `item` [base currency]."""
        return sum(row.cost for row in self.totals(item, draw))
