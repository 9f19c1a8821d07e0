"""What a check sees: the rows, what the raw tables declare, and the log."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from ironworks.faults import FaultLog, closest
from ironworks.formulas import interval, names_in
from ironworks.quantities import Quantity
from ironworks.reading.figures import Numbers
from ironworks.reading.folder import Folder
from ironworks.rows import Row, Tables
from ironworks.settings import Settings


@dataclass(frozen=True)
class Checked:
    """The scenario under check."""

    tables: Tables
    settings: Settings | None
    folder: Folder
    numbers: Numbers
    log: FaultLog
    written_end: dt.date | None = None
    """The end in scenario.toml, before anything changed it."""

    def declared(self, table: str, column: str) -> dict[str, None]:
        """Every name in a column, rows with faults included, so that one fault does not cause others."""
        raw = self.folder.tables.get(table)
        return dict.fromkeys(row.cells.get(column, "") for row in raw.rows) if raw else {}

    def is_whole(self, *tables: str) -> bool:
        """Whether these tables were read without losing a row: conclusions from what is absent need it."""
        raw = self.folder.tables
        return all(len(raw[name].rows) == len(getattr(self.tables, name)) for name in tables if name in raw)

    def bounds(self, quantity: Quantity) -> tuple[float, float, float] | None:
        """Least, likeliest and most that a quantity may be, in SI; None where its cell is wrong."""
        expression = self.numbers.expressions.get(quantity.key) if quantity.key else quantity.formula
        if expression is None:
            return None
        figures = {**self.numbers.named, **self.numbers.literal}
        ends = {name: [end * figures[name].factor for end in figures[name].bounds()] for name in names_in(expression)}
        low, high = interval(expression, {name: (least, most) for name, (least, _, most) in ends.items()})
        middle, _ = interval(expression, {name: (likely, likely) for name, (_, likely, _) in ends.items()})
        return low, middle, high

    def fault(
        self, table: str, row: Row, column: str, problem: str, *, choices: Iterable[str] = (), mend: str = ""
    ) -> None:
        """Note a fault in a cell of a row."""
        place = row.row_overridden.get(column, (f"{table}.csv", row.row_line))
        self.log.add(*place, f"{table}.{row.row_key}.{column}", problem, choices=choices, mend=mend)

    def warn(self, table: str, row: Row, column: str, problem: str, *, mend: str = "") -> None:
        """Note a warning about a cell of a row."""
        place = row.row_overridden.get(column, (f"{table}.csv", row.row_line))
        self.log.warn(*place, f"{table}.{row.row_key}.{column}", problem, mend=mend)

    def unknown(self, table: str, row: Row, column: str, name: str, what: str, known: Iterable[str]) -> None:
        """Note that a cell names something that is nowhere."""
        names = tuple(name for name in known if name)
        mend = closest(name, names) or f"add it to {what} or name another"
        self.fault(table, row, column, f"`{name[:60]}` is not in {what}", choices=names, mend=mend)


@cache
def key_column(model: type[Row]) -> str:
    """The first column of a table's key: what references name."""
    return model.KEY[0]
