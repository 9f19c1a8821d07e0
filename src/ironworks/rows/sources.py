"""Where numbers come from and how they may be varied: figures and variants as rows of their tables."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from ironworks.quantities import CellError
from ironworks.rows._cells import Cell, Choice, FigureId, Id, Text
from ironworks.rows._row import KINDS, Row


@dataclass(frozen=True)
class FigureKind(Cell):
    """The kind of a figure's source."""

    def read(self, text: str, key: str) -> str:
        if text == "memory":
            raise CellError(
                "a figure from memory has no source", KINDS, "make it `assumed` with a range, or find its source"
            )
        return Choice(KINDS).read(text, key)

    def json_schema(self) -> dict[str, object]:
        return {"enum": list(KINDS)}


class FigureRow(Row):
    """One line of figures.csv. Value, low and high are in `unit`; a figure that is no input may hold any text."""

    KEY: ClassVar = ("id",)
    id: Annotated[str, FigureId()]
    quantity: Text
    value: Text
    low: Text = ""
    high: Text = ""
    unit: Text = ""
    kind: Annotated[str, FigureKind()]
    source: Text
    role: Annotated[Literal["input", "target", "observation", "check", "context"], Choice()]
    distribution: Annotated[Literal["pert", "uniform", "triangular", "fixed"], Choice()] = "pert"
    group: Text = ""
    note: Text = ""


class Variant(Row):
    """One override of a named variant: `key` is `table.row.column`, `figure.ID` or `section.key` of scenario.toml."""

    KEY: ClassVar = ("variant", "key")
    variant: Id
    key: Text
    value: Text
    note: Text = ""
