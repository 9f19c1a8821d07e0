"""Tables of a scenario as text, changed by a program and written as a new folder."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ironworks.faults import FaultLog
from ironworks.reading.folder import SETTINGS_FILE, Folder, read_folder
from ironworks.reading.overrides import apply_override, apply_variant, row_key
from ironworks.rows import TABLES
from ironworks.tables import RawRow, RawTable, format_table

__all__ = ["as_changed", "replace_rows", "set_cells", "write_folder"]


def as_changed(
    path: Path,
    variant: str | None,
    overrides: Sequence[tuple[str, str]],
    keeps: Callable[[str], bool] = lambda key: True,
) -> tuple[Folder, str]:
    """A folder's tables and the text of its scenario.toml, with what was overridden: settings where `keeps` says so.

    Variants are left out, since they speak of rows that may be gone. Raises ScenarioFaults.
    """
    log = FaultLog()
    raw = read_folder(path, log)
    text = (path / SETTINGS_FILE).read_text(encoding="utf-8-sig")
    if variant is not None:
        apply_variant(raw, variant, log)
    for key, value in overrides:
        if key.partition(".")[0] in {*TABLES, "figure"}:
            apply_override(raw, key, value, ("--set", 0), log)
        elif keeps(key):
            text = _setting(raw, text, key, value)
    log.stop_on_faults()
    raw.tables.pop("variants", None)
    return raw, text


def write_folder(raw: Folder, text: str, readme: str, folder: Path) -> None:
    """Write a whole scenario into an existing empty folder."""
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    for name, table in raw.tables.items():
        rows = [[row.cells.get(column, "") for column in table.columns] for row in table.rows]
        (folder / f"{name}.csv").write_text(format_table(table.columns, rows), encoding="utf-8", newline="")
    (folder / "README.md").write_text(readme, encoding="utf-8")


def replace_rows(raw: Folder, name: str, rows: Sequence[Mapping[str, str]]) -> None:
    """A table with other rows; columns that none of them has fall away, and a table without rows."""
    table = raw.tables.get(name)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if table is not None:
        columns = [c for c in table.columns if c in columns] + [c for c in columns if c not in table.columns]
    if not columns:
        raw.tables.pop(name, None)
        return
    raw.tables[name] = RawTable(f"{name}.csv", tuple(columns), [RawRow(0, dict(row)) for row in rows])


def set_cells(raw: Folder, name: str, column: str, values: Mapping[str, str]) -> None:
    """One column's cells, by the keys of their rows."""
    if not values:
        return
    table = raw.tables[name]
    if column not in table.columns:
        table.columns = (*table.columns, column)
    for row in table.rows:
        key = row_key(TABLES[name], row.cells)
        if key in values:
            row.cells[column] = values[key]


def _setting(raw: Folder, text: str, key: str, value: str) -> str:
    """The text of scenario.toml with one key set."""
    section, _, name = key.partition(".")
    lines = text.splitlines()
    known = raw.places.get(key)
    if known is not None:
        lines[known[1] - 1] = f"{name} = {_toml(value)}"
        return "\n".join(lines) + "\n"
    place = raw.places.get(section)
    if place is None:
        return "\n".join([*lines, "", f"[{section}]", f"{name} = {_toml(value)}"]) + "\n"
    lines.insert(place[1], f"{name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: str) -> str:
    try:
        tomllib.loads(f"value = {value}")
    except ValueError:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return value
