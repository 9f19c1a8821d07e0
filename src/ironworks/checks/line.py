"""Work elements, tools and models: elements of an operation share it whole, in an order that can be followed."""

import math
from collections import defaultdict

from ironworks.checks._context import Checked
from ironworks.checks._graph import cycles
from ironworks.rows import Model, Operation, WorkElement

#: By how much shares of an operation may miss 1.
_ROUND = 1e-4


def check(checked: Checked) -> None:
    """All checks of elements.csv, tools.csv and models.csv."""
    _models(checked)
    own: dict[tuple[str, str], list[WorkElement]] = defaultdict(list)
    for row in checked.tables.elements:
        own[row.item, row.route or ""].append(row)
    items = {route.route: route.item for route in checked.tables.routes}
    for (item, route), rows in own.items():
        if route and items.get(route, item) != item:
            mend = f"name one of {item}'s routes"
            checked.fault("elements", rows[0], "route", f"`{route}` makes {items[route]}, not {item}", mend=mend)
            continue
        where = route or f"routes of {item}"
        routes = {
            one for one, made in items.items() if made == item and (one == route if route else (item, one) not in own)
        }
        if not routes:
            mend = "remove them, or the rows with a route"
            checked.warn("elements", rows[0], "route", f"each route of {item} has elements of its own", mend=mend)
            continue
        operations: dict[str, list[Operation]] = defaultdict(list)
        for operation in checked.tables.operations:
            if operation.route in routes:
                operations[operation.operation].append(operation)
        _names(checked, rows, operations, where)
        if checked.is_whole("elements"):
            _shares(checked, rows)
            _order(checked, rows, where)
            _taken(checked, rows, operations)
    used = {tool for row in checked.tables.elements for tool in row.tools}
    if checked.is_whole("elements"):
        for tool in checked.tables.tools:
            if tool.tool not in used:
                mend = "remove it, or name it in elements.csv"
                checked.warn("tools", tool, "tool", "no element needs this tool", mend=mend)


def _models(checked: Checked) -> None:
    """Models of an item share its pieces whole, each element's are known, and each has something of its own."""
    models: dict[str, list[Model]] = defaultdict(list)
    for one in checked.tables.models:
        models[one.item].append(one)
    for row in checked.tables.elements:
        known = [one.model for one in models.get(row.item, ())]
        for name in row.models:
            if name not in known:
                checked.unknown("elements", row, "models", name, f"models.csv for {row.item}", known)
    if not checked.is_whole("models", "elements"):
        return
    for item, rows in models.items():
        shares = [checked.bounds(one.share) for one in rows]
        total = math.fsum(one[1] for one in shares if one is not None)
        if None not in shares and abs(total - 1.0) > _ROUND:
            problem = f"the models of {item} share {total:.4g} of its pieces"
            checked.fault("models", rows[-1], "share", problem, mend="make them sum to 1")
        if not any(row.models for row in checked.tables.elements if row.item == item):
            mend = "name those that need it in the column models of elements.csv, or remove the models"
            checked.warn("models", rows[0], "model", f"no element tells the models of {item} apart", mend=mend)


def _names(checked: Checked, rows: list[WorkElement], operations: dict[str, list[Operation]], where: str) -> None:
    for row in rows:
        if row.operation not in operations:
            checked.unknown("elements", row, "operation", row.operation, f"operations.csv for {where}", operations)
        elif any(one.test for one in operations[row.operation]):
            mend = "leave the test whole: what it finds is found at one place"
            checked.fault("elements", row, "operation", f"`{row.operation}` is a test", mend=mend)
        if row.element in operations:
            mend = "name the element otherwise: a line has both"
            checked.fault("elements", row, "element", f"`{row.element}` is also an operation", mend=mend)


def _shares(checked: Checked, rows: list[WorkElement]) -> None:
    shares: dict[str, list[float]] = defaultdict(list)
    last = {row.operation: row for row in rows}
    for row in rows:
        shares[row.operation].append(row.share)
    for operation, parts in shares.items():
        if abs(math.fsum(parts) - 1.0) > _ROUND:
            problem = f"elements of {operation} share {math.fsum(parts):.4g} of its time"
            checked.fault("elements", last[operation], "share", problem, mend="make them sum to 1")


def _order(checked: Checked, rows: list[WorkElement], where: str) -> None:
    names = {row.element: row for row in rows}
    for row in rows:
        for name in row.after:
            if name not in names:
                checked.unknown("elements", row, "after", name, f"elements.csv for {where}", names)
    for loop in cycles({name: [one for one in row.after if one in names] for name, row in names.items()}):
        problem = f"the order goes in a circle: {' after '.join((*loop, loop[0]))}"
        checked.fault("elements", names[loop[0]], "after", problem, mend="remove one `after` of it")


def _taken(checked: Checked, rows: list[WorkElement], operations: dict[str, list[Operation]]) -> None:
    taken: dict[tuple[str, str], float] = defaultdict(float)
    for row in rows:
        for part, count in row.takes:
            taken[row.operation, part] += count
            for one in operations.get(row.operation, ()):
                there = dict(one.consumes).get(part, 0.0)
                if taken[row.operation, part] > there + 1e-9:
                    problem = f"elements of {row.operation} take {taken[row.operation, part]:g} `{part}`"
                    mend = f"take at most what operation {one.operation} of {one.route} consumes: {there:g}"
                    checked.fault("elements", row, "takes", problem, choices=[n for n, _ in one.consumes], mend=mend)
                    break
