"""JSON Schema of a scenario, for editors: scenario.toml, and the rows of each table."""

from typing import Any

from ironworks.rows import REQUIRED_TABLES, TABLES, cells, column_fields
from ironworks.settings import Settings

__all__ = ["settings_schema", "table_schema", "tables_schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def settings_schema() -> dict[str, Any]:
    """JSON Schema of scenario.toml."""
    return {"$schema": _DIALECT, **Settings.model_json_schema(), "title": "scenario.toml of Ironworks"}


def table_schema(table: str) -> dict[str, Any]:
    """JSON Schema of one row of a table as an object of texts. Raises KeyError for an unknown table."""
    model = TABLES[table]
    kinds = cells(model)
    properties = {column: kinds[column].json_schema() if column in kinds else {} for column in column_fields(model)}
    required = [column for column, (_, field) in column_fields(model).items() if field.is_required()]
    return {
        "title": f"a row of {table}.csv",
        "description": (model.__doc__ or "").strip(),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def tables_schema() -> dict[str, Any]:
    """JSON Schema of all tables: an object of arrays of rows, empty cells left out."""
    return {
        "$schema": _DIALECT,
        "title": "tables of an Ironworks scenario",
        "type": "object",
        "properties": {table: {"type": "array", "items": table_schema(table)} for table in TABLES},
        "required": list(REQUIRED_TABLES),
        "additionalProperties": False,
    }
