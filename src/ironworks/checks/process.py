"""Routes and operations: precedence, people, repairs and defects fit together."""

from collections import defaultdict

from ironworks.checks._context import Checked
from ironworks.checks._graph import cycles
from ironworks.rows import Defect, Operation


def check(checked: Checked) -> None:
    """All checks of routes, operations, repairs and defects."""
    _routes(checked)
    _precedence(checked)
    _people(checked)
    _defects(checked)
    _coverage(checked)


def _routes(checked: Checked) -> None:
    with_operations = checked.declared("operations", "route")
    default_cap = checked.settings.control.wip_cap if checked.settings else 1
    for route in checked.tables.routes:
        if route.route not in with_operations:
            checked.fault(
                "routes", route, "route", "has no operations", mend="add them to operations.csv, or remove the route"
            )
        if route.release == "conwip" and route.wip_cap is None and default_cap is None:
            checked.fault(
                "routes",
                route,
                "wip_cap",
                "is empty, but the release is conwip",
                mend="fill in wip_cap (lots), or [control] wip_cap",
            )
        if route.release == "stock" and route.base_stock is None:
            checked.fault(
                "routes", route, "base_stock", "is empty, but the release is stock", mend="fill in base_stock (lots)"
            )
        if route.from_ and route.until and route.until < route.from_:
            checked.fault(
                "routes", route, "until", f"{route.until} is before from, {route.from_}", mend="exchange them"
            )
    for curve in checked.tables.learning:
        incompressible = checked.numbers.literal.get(f"learning.{curve.row_key}.incompressible")
        if curve.law != "dejong" and incompressible is not None and incompressible.value:
            mend = "write dejong, or leave incompressible empty"
            checked.fault("learning", curve, "incompressible", f"means nothing under the law {curve.law}", mend=mend)


def _precedence(checked: Checked) -> None:
    declared = _names_by_route(checked, "operations", "operation")
    by_route: dict[str, list[Operation]] = defaultdict(list)
    for operation in checked.tables.operations:
        by_route[operation.route].append(operation)
    for route, operations in by_route.items():
        loops = cycles({operation.operation: operation.after for operation in operations})
        row = {operation.operation: operation for operation in operations}
        in_loop = {name for loop in loops for name in loop}
        for loop in loops:
            said = " after ".join((*loop, loop[0]))
            checked.fault(
                "operations",
                row[loop[0]],
                "after",
                f"the order goes in a circle: {said}",
                mend="remove one `after` of it",
            )
        seen: set[str] = set()
        for operation in operations:
            for name in operation.after:
                if name not in declared[route]:
                    checked.unknown(
                        "operations", operation, "after", name, f"operations.csv for route {route}", declared[route]
                    )
                elif name in row and name not in seen and name not in in_loop:
                    mend = f"move the line of `{name}` above this one: operations run in file order"
                    checked.fault("operations", operation, "after", f"`{name}` stands below in the file", mend=mend)
            seen.add(operation.operation)


def _names_by_route(checked: Checked, table: str, column: str) -> dict[str, dict[str, None]]:
    names: dict[str, dict[str, None]] = defaultdict(dict)
    raw = checked.folder.tables.get(table)
    for row in raw.rows if raw else ():
        names[row.cells.get("route", "")][row.cells.get(column, "")] = None
    return names


def _people(checked: Checked) -> None:
    staffed = checked.declared("headcount", "skill")
    used = {}
    for table in ("operations", "repairs"):
        for row in getattr(checked.tables, table):
            if row.operators and row.skill is None:
                choices = tuple(checked.declared("skills", "skill"))
                checked.fault(
                    table,
                    row,
                    "skill",
                    f"{row.operators} operators but no skill",
                    choices=choices,
                    mend="name their skill, or write 0 operators",
                )
            if row.skill is not None and not row.operators:
                checked.fault(
                    table,
                    row,
                    "operators",
                    f"skill `{row.skill}` but no operators",
                    mend="write how many, or leave the skill empty",
                )
            if row.skill is not None:
                used[row.skill] = (table, row)
    for skill in checked.tables.skills:
        if skill.skill not in staffed:
            checked.fault("skills", skill, "skill", "has no headcount", mend="add a row to headcount.csv")
        if skill.skill not in used and checked.is_whole("operations", "repairs"):
            checked.warn(
                "skills",
                skill,
                "skill",
                "no operation needs this skill",
                mend="remove it, or name it in operations.csv",
            )


def _defects(checked: Checked) -> None:
    operations = _names_by_route(checked, "operations", "operation")
    repairs = _names_by_route(checked, "repairs", "repair")
    defects = _names_by_route(checked, "defects", "defect")
    position = {(row.route, row.operation): (number, row) for number, row in enumerate(checked.tables.operations)}
    for defect in checked.tables.defects:
        route = defect.route
        for column, name in (("operation", defect.operation), ("test", defect.test), ("return_to", defect.return_to)):
            if name is not None and name not in operations[route]:
                checked.unknown("defects", defect, column, name, f"operations.csv for route {route}", operations[route])
        if defect.repair is not None and defect.repair not in repairs[route]:
            checked.unknown(
                "defects", defect, "repair", defect.repair, f"repairs.csv for route {route}", repairs[route]
            )
        if defect.test is None and defect.repair is not None:
            checked.fault(
                "defects",
                defect,
                "test",
                "has a repair but no test that finds it",
                mend="name the test, or leave the repair empty",
            )
        if defect.repair is not None and defect.return_to is None:
            checked.fault(
                "defects",
                defect,
                "return_to",
                "is empty, but there is a repair",
                mend="name the operation to which a mended unit returns",
            )
        if defect.mature is not None and defect.experience is None and defect.growth is None:
            mend = "fill in experience (units until half the gap is closed) or a growth curve"
            checked.fault("defects", defect, "experience", "a mature probability needs a way there", mend=mend)
        _order(checked, defect, position)
    for repair in checked.tables.repairs:
        for name, _ in repair.causes:
            if name not in defects[repair.route]:
                checked.unknown(
                    "repairs", repair, "causes", name, f"defects.csv for route {repair.route}", defects[repair.route]
                )
        if repair.repair not in {defect.repair for defect in checked.tables.defects} and checked.is_whole("defects"):
            checked.warn(
                "repairs",
                repair,
                "repair",
                "no defect leads to this repair",
                mend="name it in defects.csv or remove it",
            )


def _order(checked: Checked, defect: Defect, position: dict[tuple[str, str], tuple[int, Operation]]) -> None:
    arises, test = position.get((defect.route, defect.operation)), position.get((defect.route, defect.test or ""))
    back = position.get((defect.route, defect.return_to or ""))
    if test is not None:
        if not test[1].test:
            mend = "write yes in its column `test`, or name a test"
            choices = tuple(name for (route, name), (_, row) in position.items() if route == defect.route and row.test)
            checked.fault(
                "defects", defect, "test", f"operation `{defect.test}` is not a test", choices=choices, mend=mend
            )
        if arises is not None and test[0] < arises[0]:
            problem = f"test `{defect.test}` runs before the defect arises at `{defect.operation}`"
            checked.fault("defects", defect, "test", problem, mend="name a test further down the route")
    if test is not None and back is not None and back[0] > test[0]:
        problem = f"a mended unit returns to `{defect.return_to}` and never meets test `{defect.test}` again"
        checked.fault(
            "defects", defect, "return_to", problem, mend="return it to the test or to an operation before it"
        )


def _coverage(checked: Checked) -> None:
    defects, operations = (
        _names_by_route(checked, "defects", "defect"),
        _names_by_route(checked, "operations", "operation"),
    )
    for row in checked.tables.coverage:
        routes = (row.route,) if row.route else tuple(route for route, names in defects.items() if row.defect in names)
        known = {name: None for route in routes for name in operations[route]}
        if row.defect in checked.declared("defects", "defect") and row.test not in known:
            checked.unknown("coverage", row, "test", row.test, "operations.csv for the defect's routes", known)
