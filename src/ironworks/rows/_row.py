"""The base of all row models: a row knows its line in the file, its key, and what its columns may hold."""

from functools import cache
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from ironworks.quantities import Quantity
from ironworks.rows._cells import Cell, Choice, Measure, Text

KINDS = ("article", "public", "assumed", "measured")
Kind = Annotated[Literal["article", "public", "assumed", "measured"], Choice()]


class Row(BaseModel):
    """One row of a table.

    `row_line` is its line in the file, `row_key` its key: the cells of KEY joined by `/`. `row_overridden` says for
    columns set from outside the table from where (file, line).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True)

    KEY: ClassVar[tuple[str, ...]]

    row_line: int = Field(default=0, exclude=True)
    row_key: str = Field(default="", exclude=True)
    row_overridden: dict[str, tuple[str, int]] = Field(default={}, exclude=True)

    def cell(self, column: str) -> Any:
        """The value in a column, by its name in the file."""
        return getattr(self, column_fields(type(self))[column][0])

    def quantities(self) -> list[tuple[str, Quantity]]:
        """Columns that hold a quantity from the file, with it."""
        found = ((column, self.cell(column)) for column in column_fields(type(self)))
        return [(column, value) for column, value in found if isinstance(value, Quantity) and value.key]


class SourcedRow(Row):
    """A row whose literal quantities share one kind and one source."""

    kind: Kind | None = None
    source: Text = ""
    note: Text = ""


@cache
def column_fields(model: type[Row]) -> dict[str, tuple[str, FieldInfo]]:
    """The columns of a table in order: name in the file -> (field's name, field)."""
    last = ("kind", "source", "note") if issubclass(model, SourcedRow) else ()
    named = {
        field.alias or name: (name, field) for name, field in model.model_fields.items() if not name.startswith("row_")
    }
    return {
        column: named[column] for column in (*(c for c in named if c not in last), *(c for c in last if c in named))
    }


def cell_of(field: FieldInfo) -> Cell | None:
    """The kind of cell of a field."""
    found = next((item for item in field.metadata if isinstance(item, Cell)), None)
    if found is not None:
        return found
    for option in get_args(field.annotation):
        for item in getattr(option, "__metadata__", ()):
            if isinstance(item, Cell):
                if isinstance(item, Choice) and not item.words:
                    return Choice(get_args(get_args(option)[0]))
                return item
    return None


@cache
def cells(model: type[Row]) -> dict[str, Cell]:
    """The kind of cell of each column."""
    found = {}
    for column, (_, field) in column_fields(model).items():
        cell = cell_of(field)
        if isinstance(cell, Choice) and not cell.words:
            cell = Choice(get_args(field.annotation))
        if cell is not None:
            found[column] = cell
    return found


@cache
def measures(model: type[Row]) -> dict[str, Measure]:
    """The columns that hold quantities."""
    return {column: cell for column, cell in cells(model).items() if isinstance(cell, Measure)}
