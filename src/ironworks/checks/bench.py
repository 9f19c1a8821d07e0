"""The bench: each procedure runs at a test of all routes of its item, and opens a defect that this test finds."""

from ironworks.checks._context import Checked
from ironworks.rows import Procedure


def check(checked: Checked) -> None:
    """All checks of bench.csv and [acceptance]."""
    rows = checked.tables.bench
    section = checked.settings.acceptance if checked.settings else None
    if rows and checked.settings and section is None:
        mend = "add [acceptance] with design, first, mature and experience to scenario.toml"
        checked.fault("bench", rows[0], "procedure", "the scenario has no [acceptance]", mend=mend)
    if section is not None and not section.design.strip():
        place = checked.folder.place("acceptance.design")
        checked.log.add(*place, "acceptance.design", "is empty", mend="name a robot design")
    for row in rows:
        _row(checked, row)


def _row(checked: Checked, row: Procedure) -> None:
    item = next((i for i in checked.tables.items if i.item == row.item), None)
    if item is not None and item.lot != 1:
        problem = f"`{row.item}` moves in lots of {item.lot}, and a row of verdicts is one unit"
        checked.fault("bench", row, "item", problem, mend="set its lot to 1 in items.csv, or remove the procedure")
    routes = [route.route for route in checked.tables.routes if route.item == row.item]
    if item is not None and not routes and checked.is_whole("routes"):
        checked.fault("bench", row, "item", f"no route makes `{row.item}`", mend="name an item that is made")
    for route in routes:
        operations = {o.operation: o for o in checked.tables.operations if o.route == route}
        defects = {d.defect: d for d in checked.tables.defects if d.route == route}
        if row.operation not in operations:
            if checked.is_whole("operations"):
                what = f"operations.csv for route {route}"
                checked.unknown("bench", row, "operation", row.operation, what, operations)
            continue
        if not operations[row.operation].test:
            tests = tuple(name for name, o in operations.items() if o.test)
            problem = f"`{row.operation}` is not a test on route {route}"
            checked.fault("bench", row, "operation", problem, choices=tests, mend="write yes in its column `test`")
        elif row.defect not in defects:
            # What is in no route at all is a fault of its own.
            if checked.is_whole("defects") and row.defect in checked.declared("defects", "defect"):
                checked.unknown("bench", row, "defect", row.defect, f"defects.csv for route {route}", defects)
        elif defects[row.defect].test != row.operation:
            found = tuple(name for name, d in defects.items() if d.test == row.operation)
            problem = f"`{row.defect}` is found by `{defects[row.defect].test}` on route {route}, not by this test"
            mend = f"name a defect whose test is `{row.operation}`"
            checked.fault("bench", row, "defect", problem, choices=found, mend=mend)
