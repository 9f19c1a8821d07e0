"""Parts, bills of materials and suppliers: nothing missing, nothing left over, no part inside itself."""

from collections import Counter, defaultdict

from ironworks.checks._context import Checked
from ironworks.checks._graph import cycles


def check(checked: Checked) -> None:
    """All checks of parts and bills of materials."""
    _names(checked)
    _cycles(checked)
    _make_or_buy(checked)
    _unused(checked)
    _consumption(checked)


def _names(checked: Checked) -> None:
    known = {**checked.declared("parts", "part"), **checked.declared("items", "item")}
    for line in checked.tables.bom:
        if line.parent not in known:
            checked.unknown("bom", line, "parent", line.parent, "parts.csv or items.csv", known)
        if line.parent == line.child:
            checked.fault("bom", line, "child", f"`{line.child}` is a child of itself", mend="remove the line")
    parts = checked.declared("parts", "part")
    for table in ("operations", "repairs"):
        for row in getattr(checked.tables, table):
            for name, _ in row.consumes:
                if name not in parts:
                    checked.unknown(table, row, "consumes", name, "parts.csv", parts)
    for part in checked.tables.parts:
        if part.alternate == part.part:
            checked.fault(
                "parts",
                part,
                "alternate",
                "a part cannot stand in for itself",
                mend="name another part or leave it empty",
            )


def _cycles(checked: Checked) -> None:
    children = defaultdict(list)
    first = {}
    for line in checked.tables.bom:
        if line.parent != line.child:
            children[line.parent].append(line.child)
            first[line.parent, line.child] = line
    for loop in cycles(children):
        said = " -> ".join((*loop, loop[0]))
        line = first[loop[-1], loop[0]]
        checked.fault("bom", line, "child", f"parts contain themselves: {said}", mend="remove one line of this circle")


def _make_or_buy(checked: Checked) -> None:
    items, routed = checked.declared("items", "item"), checked.declared("routes", "item")
    suppliers_needed = ("supplier", "lead_time", "lot")
    for part in checked.tables.parts:
        if part.make_or_buy == "make":
            if part.part not in items:
                mend = "add it to items.csv, or buy it"
                checked.fault("parts", part, "make_or_buy", "is made here but is no item", mend=mend)
            elif part.part not in routed:
                mend = "add a route to routes.csv, or buy it"
                checked.fault("parts", part, "make_or_buy", "is made here but has no route", mend=mend)
            continue
        if part.part in items or part.part in routed:
            table = "routes.csv" if part.part in routed else "items.csv"
            checked.fault(
                "parts", part, "make_or_buy", f"is bought but stands in {table}", mend="write make, or remove it there"
            )
            continue
        for column in suppliers_needed:
            if part.cell(column) is None:
                checked.fault(
                    "parts",
                    part,
                    column,
                    f"a bought part needs its {column}",
                    mend=f"fill in `{column}`, or make it here",
                )
    made = checked.declared("parts", "part")
    for item in checked.tables.items:
        if item.item not in made and item.item not in routed and item.item not in checked.declared("bom", "parent"):
            mend = "add it to parts.csv with a route, or give it lines in bom.csv"
            checked.fault("items", item, "item", "is neither made nor a user of parts", mend=mend)


def _unused(checked: Checked) -> None:
    used = dict.fromkeys(checked.declared("bom", "child"))
    for table in ("operations", "repairs"):
        for cell in checked.declared(table, "consumes"):
            used.update(dict.fromkeys(word.partition(":")[0] for word in cell.split()))
    final = {item.item for item in checked.tables.items if item.final}
    sold = final | set(checked.declared("targets", "item"))
    alternates = checked.declared("parts", "alternate")
    if not checked.is_whole("items"):
        return
    for part in checked.tables.parts:
        if part.part not in used and part.part not in sold and part.part not in alternates:
            mend = "add a line to bom.csv, or remove the part" + (
                "; a product is `final` in items.csv" if part.make_or_buy == "make" else ""
            )
            checked.fault("parts", part, "part", "nothing uses this part", mend=mend)
    if checked.tables.items and not final:
        checked.fault(
            "items",
            checked.tables.items[0],
            "final",
            "no item is the product",
            mend="write yes for the product that targets speak of",
        )


def _consumption(checked: Checked) -> None:
    if not checked.is_whole("bom", "operations", "routes"):
        return
    wanted: dict[str, Counter[str]] = defaultdict(Counter)
    for line in checked.tables.bom:
        wanted[line.parent][line.child] += line.quantity  # type: ignore[assignment]
    for route in checked.tables.routes:
        operations = [operation for operation in checked.tables.operations if operation.route == route.route]
        taken: Counter[str] = Counter()
        for operation in operations:
            for name, number in operation.consumes:
                taken[name] += number  # type: ignore[assignment]
                if name not in wanted[route.item] and name in checked.declared("parts", "part"):
                    choices = tuple(wanted[route.item])
                    mend = f"add it to bom.csv under `{route.item}`, or take it out"
                    checked.fault(
                        "operations",
                        operation,
                        "consumes",
                        f"`{name}` is not in the bill of `{route.item}`",
                        choices=choices,
                        mend=mend,
                    )
        if not operations:
            continue
        for child, quantity in wanted[route.item].items():
            if child not in taken:
                mend = f"add {child}:{quantity:g} to the operation that takes it"
                checked.fault(
                    "routes", route, "item", f"no operation of the route consumes `{child}` of its bill", mend=mend
                )
            elif abs(taken[child] - quantity) > 1e-9 * quantity:
                last = [operation for operation in operations if child in dict(operation.consumes)][-1]
                problem = f"the route consumes {taken[child]:g} `{child}`, the bill of `{route.item}` has {quantity:g}"
                checked.fault(
                    "operations", last, "consumes", problem, mend="make them equal (pieces per piece of the item)"
                )
