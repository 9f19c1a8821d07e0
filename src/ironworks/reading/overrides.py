"""Overrides of a scenario: `--set key=value` and the rows of variants.csv change raw texts before they are read."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from ironworks.faults import FaultLog, closest
from ironworks.reading.folder import Folder
from ironworks.rows import TABLES, Row, column_fields
from ironworks.settings import Settings
from ironworks.tables import RawRow, RawTable

Place = tuple[str, int]
_FIGURE_VALUE = re.compile(
    r"([-+]?[\d.]+(?:[eE][-+]?\d+)?(?=\s|\[|[A-Za-z%]|$)|[^\s\[\]=]+)\s*(?:\[([^,\]]+),([^\]]+)\])?\s*(.*)", re.DOTALL
)


def row_key(model: type[Row], cells: Mapping[str, str]) -> str:
    """The key of a raw row: its key cells joined by `/`; empty cells at the end fall away."""
    return "/".join(cells.get(column, "") for column in model.KEY).rstrip("/")


def apply_override(folder: Folder, key: str, value: str, place: Place, log: FaultLog) -> None:
    """Change one cell, figure or setting. Unknown keys are noted as faults at `place`."""
    head, _, rest = key.partition(".")
    if head in ("figure", "figures") and "." not in rest:
        _set_figure(folder, rest, value, place, log)
    elif head in TABLES:
        row_name, _, column = rest.rpartition(".")
        _set_cell(folder, head, row_name, column, value, place, log)
    else:
        _set_setting(folder, key, value, place, log)


def apply_variant(folder: Folder, name: str, log: FaultLog) -> None:
    """Apply the rows of one variant of variants.csv."""
    raw = folder.tables.get("variants", RawTable("variants.csv", (), []))
    rows = [row for row in raw.rows if row.cells.get("variant") == name]
    if not rows:
        names = tuple(dict.fromkeys(row.cells.get("variant", "") for row in raw.rows))
        mend = closest(name, names) or "add its rows to variants.csv"
        log.add("variants.csv", 0, name[:80], "is not a variant", choices=names, mend=mend)
    for row in rows:
        apply_override(folder, row.cells.get("key", ""), row.cells.get("value", ""), ("variants.csv", row.line), log)


def _find(folder: Folder, table: str, row_name: str, key: str, place: Place, log: FaultLog) -> RawRow | None:
    raw = folder.tables.get(table, RawTable(f"{table}.csv", (), []))
    for row in raw.rows:
        if row_key(TABLES[table], row.cells) == row_name:
            return row
    keys = [row_key(TABLES[table], row.cells) for row in raw.rows]
    mend = closest(row_name, keys) or f"write {'figure.ID' if table == 'figures' else f'{table}.row.column'}"
    log.add(*place, key, f"`{row_name[:60]}` is not a row of {table}.csv", choices=keys, mend=mend)
    return None


def _set_figure(folder: Folder, name: str, value: str, place: Place, log: FaultLog) -> None:
    key = f"figure.{name}"
    match = _FIGURE_VALUE.fullmatch(value.strip())
    if match is None:
        log.add(*place, key, f"`{value[:60]}` is not a value", mend="write `6` or `6 [5, 8] week`")
        return
    row = _find(folder, "figures", name, key, place, log)
    if row is None:
        return
    new = {"value": match[1], "low": (match[2] or "").strip(), "high": (match[3] or "").strip()}
    if match[4]:
        new["unit"] = match[4].strip()
    for column, text in new.items():
        row.cells[column] = text
        row.overridden[column] = place


def _set_cell(folder: Folder, table: str, row_name: str, column: str, value: str, place: Place, log: FaultLog) -> None:
    key = f"{table}.{row_name}.{column}"
    columns = list(column_fields(TABLES[table]))
    if column not in columns:
        mend = closest(column, columns) or "write table.row.column"
        log.add(*place, key, f"`{column[:60]}` is not a column of {table}.csv", choices=columns, mend=mend)
        return
    row = _find(folder, table, row_name, key, place, log)
    if row is None:
        return
    if column in TABLES[table].KEY:
        log.add(*place, key, "a row's key cannot be overridden", mend="edit the table")
        return
    row.cells[column] = value.strip()
    row.overridden[column] = place
    raw = folder.tables[table]
    if column not in raw.columns:
        raw.columns = (*raw.columns, column)


def _set_setting(folder: Folder, key: str, value: str, place: Place, log: FaultLog) -> None:
    section, _, name = key.partition(".")
    sections = [*Settings.model_fields, "figure", *TABLES]
    if section not in Settings.model_fields or not name or "." in name:
        mend = closest(section, sections) or "write table.row.column, figure.ID or section.key"
        log.add(*place, key[:80], "is not a key of the scenario", choices=sections, mend=mend)
        return
    if folder.settings is None:
        return
    inner = folder.settings.setdefault(section, {})
    if isinstance(inner, dict):
        inner[name] = _toml_value(value)
        folder.places[f"{section}.{name}"] = place


def _toml_value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text
