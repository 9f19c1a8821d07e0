"""Every name in a table is declared where it should be."""

from ironworks.checks._context import Checked, key_column
from ironworks.rows import TABLES, Ref, Refs, cells

_OWN_COLUMN = {"repairs": "repair", "defects": "defect", "programme": "item", "learning": "curve"}


def check(checked: Checked) -> None:
    """References declared by the row models (a station, a skill, a calendar, ...)."""
    for table, model in TABLES.items():
        references = {column: cell for column, cell in cells(model).items() if isinstance(cell, Ref)}
        for column, cell in references.items():
            target = cell.column or _OWN_COLUMN.get(cell.table) or key_column(TABLES[cell.table])
            known = checked.declared(cell.table, target)
            for row in getattr(checked.tables, "figure_rows" if table == "figures" else table):
                value = row.cell(column)
                names = value if isinstance(cell, Refs) else (value,) if value else ()
                for name in names:
                    if name not in known:
                        checked.unknown(table, row, column, name, f"{cell.table}.csv", known)
