"""Figures of a design: figures.csv beside its other tables, in the form that a scenario's has.

What is inside the robot (cells, chips, models, drivers) belongs to the design and not to a scenario: the same robot
from two plants has the same pack, and a design that no scenario builds has one too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ironworks.faults import FaultLog, closest
from ironworks.figures import Figure
from ironworks.formulas import Expression, compiled, names_in
from ironworks.product.design.tree import Design
from ironworks.reading.figures import read_figures
from ironworks.reading.rows import read_table
from ironworks.rows import FigureRow, Row
from ironworks.tables import parse_table, read_text
from ironworks.units import parse_unit

__all__ = ["DesignFigures", "figures_of", "read_rows_of"]

_FILE = "figures.csv"


@dataclass(frozen=True)
class DesignFigures:
    """Figures by id. What is asked for and is not there, or in another dimension, goes to `log` as a fault."""

    figures: Mapping[str, Figure]
    log: FaultLog = field(compare=False)

    def bounds(self, key: str, unit: str = "-") -> tuple[float, float, float]:
        """Low, value and high of a figure in a unit; equal where it is certain."""
        figure = self.figures.get(key)
        wanted = parse_unit(unit)
        if figure is None:
            mend = closest(key, self.figures) or f"add a figure `{key}`" + (f" in {unit}" if unit != "-" else "")
            self.log.add(_FILE, 0, key, "is missing", mend=mend)
            return 1.0, 1.0, 1.0
        if figure.dimension != wanted.dimension:
            self.log.add(_FILE, 0, f"figures.{key}.unit", f"`{figure.unit}` is no {unit}", mend=f"give it in {unit}")
            return 1.0, 1.0, 1.0
        low, value, high = (bound * figure.factor / wanted.factor for bound in figure.bounds())
        return low, value, high

    def value(self, key: str, unit: str = "-") -> float:
        """A figure in a unit."""
        return self.bounds(key, unit)[1]

    def number(self, formula: Expression, file: str, line: int, key: str) -> float:
        """A formula of figures, in SI; a name that is none goes to the log under file, line and key."""
        unknown = sorted(names_in(formula) - self._values.keys())
        for name in unknown:
            mend = closest(name, self._values) or f"add it to {_FILE}"
            self.log.add(file, line, key, f"`{name}` is no figure of the design", choices=self._values, mend=mend)
        if unknown:
            return 1.0
        order = list(self._values)
        return compiled(formula, {name: i for i, name in enumerate(order)})(list(self._values.values()))

    @cached_property
    def _values(self) -> dict[str, float]:
        return {f.id: f.value * f.factor for f in self.figures.values() if f.value is not None}


def figures_of(design: Design) -> DesignFigures:
    """Read a design's figures; none where it has no such file. Raises ScenarioFaults for a broken one."""
    log = FaultLog()
    rows = [row for row in read_rows_of(design, _FILE, FigureRow, log) if isinstance(row, FigureRow)]
    figures = read_figures(rows, log)
    log.stop_on_faults()
    return DesignFigures(figures, log)


def read_rows_of(design: Design, file: str, model: type[Row], log: FaultLog) -> tuple[Row, ...]:
    """The rows of one table of a design, faults in the log; none where there is no such file."""
    path = design.folder / file
    text = read_text(path, log) if path.is_file() else None
    table = parse_table(file, text, log) if text is not None else None
    return read_table(file.removesuffix(".csv"), model, table, log) if table is not None else ()
