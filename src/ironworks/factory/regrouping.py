"""A route as its balanced line does it: each station one operation of the elements that stand there."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ironworks.factory.balance import GeneralAssignment
from ironworks.factory.line_places import place_line, regrouped_stations
from ironworks.factory.plant import Plant
from ironworks.reading.edits import replace_rows
from ironworks.reading.folder import Folder
from ironworks.rows import WorkElement
from ironworks.tables import RawRow, RawTable

__all__ = ["regroup", "regrouped_stations"]

#: What one team does alike, so that its elements are one operation.
_ALIKE = ("operators", "skill", "learning", "at_unit", "distribution", "setup")
_SOURCE = {"kind": "assumed", "source": "the balanced line"}


@dataclass(frozen=True, eq=False)
class _Group:
    """What is done in one go at a station: elements in their order, or a whole operation without elements."""

    station: str
    name: str
    shares: Mapping[str, float]
    """Share of each operation of today that is done here."""
    elements: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return len(self.shares) == 1 and min(self.shares.values()) >= 1.0 - 1e-4


def regroup(raw: Folder, plant: Plant, route: str, assignment: GeneralAssignment, *, as_many: bool = False) -> None:
    """Change the tables so that a route runs the assignment, on its places or on `as_many` as today, spread anew.

    A station's elements become one operation (one for each kind of team), which takes what they take, for their share
    of the time and the walks between sides; its coefficient of variation is that of parts which vary independently. It
    is reached as its station is today. Defects arise where most of their operation is done. Raises BalanceError where
    the assignment breaks a rule of its line.
    """
    assignment.verify()
    work = _Work(plant, route, assignment)
    groups = work.groups()
    rows = raw.tables["operations"].rows
    first = next(at for at, row in enumerate(rows) if row.cells["route"] == route)
    cells = {row.cells["operation"]: row.cells for row in rows if row.cells["route"] == route}
    kept = [row.cells for row in rows if row.cells["route"] != route]
    before = sum(row.cells["route"] != route for row in rows[:first])
    made = [_operation(raw, work, one, groups, cells) for one in groups]
    replace_rows(raw, "operations", [*kept[:before], *made, *kept[before:]])
    _defects(raw, route, groups)
    _elements(raw, work, groups)
    place_line(raw, plant, route, assignment, as_many=as_many)


class _Work:
    """The route of today and its balanced line."""

    def __init__(self, plant: Plant, route: str, assignment: GeneralAssignment) -> None:
        self.plant, self.route, self.assignment, self.draw = plant, route, assignment, plant.scenario.mode()
        self.operations = {one.operation: one for one in plant.process.operations[route]}
        self.parts = {row.element: row for row in plant.process.elements[route]}
        self.today = {one.station: one for one in reversed(plant.process.operations[route])}
        self.item = plant.process.routes[route].item
        self.bays = [bay.name for bay in assignment.line.bays if bay.name in assignment.order]
        self.begins: dict[str, str] = {}
        """The element with which each divided operation begins."""
        for name in (each for bay in self.bays for each in assignment.order[bay]):
            if name in self.parts:
                self.begins.setdefault(self.parts[name].operation, name)

    def groups(self) -> list[_Group]:
        """In the order of the flow, each with a name of its own."""
        found: list[_Group] = []
        names = set(self.operations) - set(self.begins)
        for bay in self.bays:
            for elements in self._alike(self.assignment.order[bay]):
                if elements[0] not in self.parts:
                    found.append(_Group(bay, elements[0], {elements[0]: 1.0}))
                    continue
                shares: dict[str, float] = defaultdict(float)
                for name in elements:
                    shares[self.parts[name].operation] += self.parts[name].share
                most = max(shares, key=lambda name: shares[name] * self.draw(self.operations[name].time))
                free = (most, self.today[bay].operation, *(f"{most}_{n}" for n in range(2, len(self.parts) + 3)))
                name = next(name for name in free if name not in names)
                names.add(name)
                found.append(_Group(bay, name, dict(shares), tuple(elements)))
        return found

    def _alike(self, elements: Sequence[str]) -> list[list[str]]:
        """Elements of a station in runs that one team does alike; whole operations alone."""
        runs: list[list[str]] = []
        last: object = None
        for name in elements:
            if name not in self.parts:
                runs.append([name])
                last = None
                continue
            row = self.operations[self.parts[name].operation]
            kind = tuple(str(row.cell(column)) for column in _ALIKE)
            if kind == last:
                runs[-1].append(name)
            else:
                runs.append([name])
            last = kind
        return runs

    def seconds(self, one: _Group) -> float:
        """Mean time of a group for one lot, as its operations' cells say it [s], without walks."""
        return math.fsum(share * self.draw(self.operations[name].time) for name, share in one.shares.items())

    def variation(self, one: _Group) -> float:
        """Coefficient of variation: variances of an operation's parts are as their times."""
        rows = {name: self.operations[name] for name in one.shares}
        variance = math.fsum(
            share * (self.draw(rows[name].cv) * self.draw(rows[name].time)) ** 2 for name, share in one.shares.items()
        )
        mean = self.seconds(one)
        return math.sqrt(variance) / mean if mean else 0.0

    def rest(self, operation: str) -> dict[str, float]:
        """What an operation takes and no element of it names."""
        left = dict(self.operations[operation].consumes)
        for row in self.parts.values():
            if row.operation == operation:
                for part, count in row.takes:
                    left[part] -= count
        return {part: count for part, count in left.items() if count > 1e-9}

    def walks(self, one: _Group) -> int:
        """Walks from one side to another, of one piece."""
        sides = {self.parts[name].side for name in one.elements} - {"any"}
        return max(len(sides) - 1, 0)


def _operation(
    raw: Folder, work: _Work, one: _Group, groups: Sequence[_Group], cells: Mapping[str, dict[str, str]]
) -> dict[str, str]:
    after = " ".join(_after(work, one, groups))
    there = [cells[name] for name in one.shares]
    made = {**there[0], "operation": one.name, "after": after, "station": one.station}
    if one.elements:
        made["time"] = _time(raw, work, one, cells)
        made["consumes"] = " ".join(f"{part}:{count:g}" for part, count in _taken(work, one).items())
    if not one.is_whole:
        made |= {"cv": f"{work.variation(one):.4g}", **_SOURCE, "note": f"elements {' '.join(one.elements)}"}
    for column in ("floor", "power"):
        if any(row.get(column) for row in there):
            made[column] = _most(raw, work, [(name, cells[name].get(column, "")) for name in one.shares], column)
    for column in ("travel", "fleet"):
        if column in made:
            made[column] = cells[work.today[one.station].operation].get(column, "")
    return made


def _time(raw: Folder, work: _Work, one: _Group, cells: Mapping[str, dict[str, str]]) -> str:
    texts = {name: _formula(raw, work, name, "time", cells[name]["time"]) for name in one.shares}
    terms = [text if share >= 1.0 - 1e-4 else f"{share:.9g} * ({text})" for (name, share), text in zip(
        one.shares.items(), texts.values(), strict=True)]  # fmt: skip
    walk = ((raw.settings or {}).get("line") or {}).get("walk")
    turns = work.walks(one) * work.plant.process.lots[work.item]
    if walk and turns:
        terms.append(f"{turns} * ({str(walk).lstrip('= ')})")
    elif one.is_whole:
        return cells[next(iter(one.shares))]["time"]
    return f"= {' + '.join(terms)}"


def _most(raw: Folder, work: _Work, texts: Sequence[tuple[str, str]], column: str) -> str:
    given = [(name, text) for name, text in texts if text]
    if len(given) == 1:
        return given[0][1]
    return f"= max({', '.join(_formula(raw, work, name, column, text) for name, text in given)})"


def _formula(raw: Folder, work: _Work, operation: str, column: str, text: str) -> str:
    """A cell as a part of a formula: a range becomes a figure of its own."""
    quantity = getattr(work.operations[operation], column)
    if not quantity.is_literal:
        return text.lstrip("= ")
    if not quantity.is_uncertain:
        return text
    row = work.operations[operation]
    name = re.sub(r"\W+", "_", f"{column}_{work.route}_{operation}")
    figure = {
        "id": name, "quantity": f"{column} of {operation} on {work.route}", "value": f"{quantity.value:.9g}",
        "low": f"{quantity.low:.9g}", "high": f"{quantity.high:.9g}", "unit": quantity.unit,
        "kind": row.kind or "assumed", "source": row.source or _SOURCE["source"], "role": "input",
    }  # fmt: skip
    table = raw.tables.setdefault("figures", RawTable("figures.csv", (), []))
    table.columns = (*table.columns, *(one for one in figure if one not in table.columns))
    if all(one.cells.get("id") != name for one in table.rows):
        table.rows.append(RawRow(0, figure))
    return name


def _after(work: _Work, one: _Group, groups: Sequence[_Group]) -> list[str]:
    """Groups before it: of elements the one before, and whole operations that any of its operations wait for."""
    ahead = list(one.shares)
    waits: dict[str, None] = {}
    divided: set[str] = set()
    seen = set(ahead)
    while ahead:
        for name in work.operations[ahead.pop()].after:
            if name in seen:
                continue
            seen.add(name)
            if name in work.begins:
                divided.add(name)
                ahead.append(name)
            else:
                waits[name] = None
    before = groups[: groups.index(one)]
    chain = [other.name for other in before if other.elements and (one.elements or divided & set(other.shares))]
    return [*chain[-1:], *waits]


def _taken(work: _Work, one: _Group) -> dict[str, float]:
    """What a group takes: what its elements name, and the rest of an operation with its first element on the line."""
    taken: dict[str, float] = defaultdict(float)
    for name in one.elements:
        operation = work.parts[name].operation
        for part, count in work.parts[name].takes:
            taken[part] += count
        if name == work.begins[operation]:
            for part, count in work.rest(operation).items():
                taken[part] += count
    return dict(taken)


def _defects(raw: Folder, route: str, groups: Sequence[_Group]) -> None:
    """Defects arise where most of their operation is done; units come back to where its first element is."""
    for row in raw.tables["defects"].rows if "defects" in raw.tables else ():
        if row.cells.get("route") != route:
            continue
        for column, pick in (("operation", _where_most), ("return_to", _where_first)):
            if row.cells.get(column):
                row.cells[column] = pick(groups, row.cells[column])


def _where_most(groups: Sequence[_Group], operation: str) -> str:
    return max(groups, key=lambda one: one.shares.get(operation, 0.0)).name


def _where_first(groups: Sequence[_Group], operation: str) -> str:
    return next(one.name for one in groups if operation in one.shares)


def _elements(raw: Folder, work: _Work, groups: Sequence[_Group]) -> None:
    """The elements of this route by its new operations; whole operations that are done alone are no elements."""
    table = raw.tables.get("elements")
    if table is None:
        return
    source = {row.cells["element"]: row.cells for row in table.rows if _is_of(work.parts, row.cells)}
    process = work.plant.process
    others = [one.route for one in process.routes_of(work.item) if one.route != work.route]
    kept = [row.cells for row in table.rows if row.cells.get("route") != work.route]
    if not any(row.route is None for name in others for row in process.elements[name]):
        kept = [cells for cells in kept if cells.get("item") != work.item or cells.get("route")]
    made = []
    for one in groups:
        whole = work.seconds(one)
        for name in one.elements:
            row = work.parts[name]
            share = row.share * work.draw(work.operations[row.operation].time) / whole
            cells = {**source[name], "operation": one.name, "share": f"{share:.9g}", "route": work.route}
            made.append(cells)
    replace_rows(raw, "elements", [*kept, *made])


def _is_of(parts: Mapping[str, WorkElement], cells: Mapping[str, str]) -> bool:
    row = parts.get(cells.get("element", ""))
    return row is not None and cells.get("item") == row.item and (cells.get("route") or None) == row.route
