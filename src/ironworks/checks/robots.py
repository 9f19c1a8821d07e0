"""Spreads and gross faults are given in the unit of what deviates."""

from ironworks.checks._context import Checked
from ironworks.rows import DEVIATIONS, GROSS_FAULTS, Row
from ironworks.units import DIMENSIONS, EXAMPLES


def check(checked: Checked) -> None:
    """All checks of how units of a robot differ."""
    for row in checked.tables.spreads:
        wanted = DEVIATIONS[row.deviation].dimension
        _dimension(checked, "spreads", row, "sigma", wanted)
        if row.distribution == "lognormal" and wanted != "number":
            mend = "write normal or uniform"
            checked.fault("spreads", row, "distribution", "is lognormal, which only a share can be", mend=mend)
    for fault in checked.tables.gross_faults:
        _dimension(checked, "gross_faults", fault, "severity", GROSS_FAULTS[fault.fault].dimension)


def _dimension(checked: Checked, table: str, row: Row, column: str, wanted: str) -> None:
    key = f"{table}.{row.row_key}.{column}"
    found = checked.numbers.dimensions.get(key)
    if found not in (None, DIMENSIONS[wanted]):
        mend = f"write for example `{EXAMPLES[wanted]}`"
        problem = f"is of dimension {found}, but what deviates is of dimension {wanted}"
        checked.fault(table, row, column, problem, mend=mend)
