"""Work elements and tools: elements of an operation share it whole, in an order that can be followed."""

import math
from collections import defaultdict

from ironworks.checks._context import Checked
from ironworks.checks._graph import cycles
from ironworks.rows import WorkElement

#: By how much shares of an operation may miss 1.
_ROUND = 1e-4


def check(checked: Checked) -> None:
    """All checks of elements.csv and tools.csv."""
    by_item: dict[str, list[WorkElement]] = defaultdict(list)
    for row in checked.tables.elements:
        by_item[row.item].append(row)
    routes = {route.route: route.item for route in checked.tables.routes}
    operations: dict[str, dict[str, None]] = defaultdict(dict)
    for operation in checked.tables.operations:
        operations[routes.get(operation.route, "")][operation.operation] = None
    for item, rows in by_item.items():
        _names(checked, rows, operations[item])
        if checked.is_whole("elements"):
            _shares(checked, rows)
            _order(checked, rows)
    used = {tool for row in checked.tables.elements for tool in row.tools}
    if checked.is_whole("elements"):
        for tool in checked.tables.tools:
            if tool.tool not in used:
                mend = "remove it, or name it in elements.csv"
                checked.warn("tools", tool, "tool", "no element needs this tool", mend=mend)


def _names(checked: Checked, rows: list[WorkElement], operations: dict[str, None]) -> None:
    for row in rows:
        if row.operation not in operations:
            what = f"operations.csv for routes of {row.item}"
            checked.unknown("elements", row, "operation", row.operation, what, operations)
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


def _order(checked: Checked, rows: list[WorkElement]) -> None:
    names = {row.element: row for row in rows}
    for row in rows:
        for name in row.after:
            if name not in names:
                checked.unknown("elements", row, "after", name, f"elements.csv for {row.item}", names)
    for loop in cycles({name: [one for one in row.after if one in names] for name, row in names.items()}):
        problem = f"the order goes in a circle: {' after '.join((*loop, loop[0]))}"
        checked.fault("elements", names[loop[0]], "after", problem, mend="remove one `after` of it")
