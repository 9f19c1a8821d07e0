"""Raw tables become typed rows; what cannot be read is noted, cell by cell."""

from typing import Any

from pydantic import ValidationError

from ironworks.faults import FaultLog, closest
from ironworks.quantities import read_quantity
from ironworks.reading.errors import explained
from ironworks.reading.folder import SETTINGS_FILE, Folder
from ironworks.reading.overrides import row_key
from ironworks.rows import STATION_TYPES, TABLES, Row, SourcedRow, Station, column_fields, measures
from ironworks.settings import Settings
from ironworks.tables import RawRow, RawTable


def read_settings(folder: Folder, log: FaultLog) -> Settings | None:
    """Check scenario.toml against its model."""
    if folder.settings is None:
        return None
    data: dict[str, Any] = dict(folder.settings)
    try:
        return Settings.model_validate(data, context={"prefix": "money"})
    except ValidationError as error:
        for entry in error.errors():
            path = [str(part) for part in entry["loc"]]
            problem, choices, mend = explained(entry, _beside(path))
            key = ".".join(path)
            log.add(*(folder.place(key) if path else (SETTINGS_FILE, 1)), key, problem, choices=choices, mend=mend)
    return None


def _beside(path: list[str]) -> list[str]:
    if len(path) == 1:
        return list(Settings.model_fields)
    section = Settings.model_fields.get(path[0])
    model = getattr(section.default, "__class__", None) if section and not section.is_required() else None
    if section is not None and not hasattr(model, "model_fields"):
        annotation = section.annotation
        model = next(
            (option for option in getattr(annotation, "__args__", (annotation,)) if hasattr(option, "model_fields")),
            None,
        )
    return list(getattr(model, "model_fields", {}))


def read_rows(folder: Folder, log: FaultLog) -> dict[str, tuple[Row, ...]]:
    """The typed rows of every table that is there, without the rows that have faults."""
    return {name: read_table(name, TABLES[name], table, log) for name, table in folder.tables.items()}


def read_table(name: str, model: type[Row], table: RawTable, log: FaultLog) -> tuple[Row, ...]:
    """The typed rows of one table, without the rows that have faults."""
    known = column_fields(model)
    header = table.columns
    for column in header:
        if column not in known:
            mend = closest(column, known) or "remove it, or put remarks into `note`"
            log.add(table.file, 1, column[:60], "is not a column of this table", choices=known, mend=mend)
    for column, (_, field) in known.items():
        if field.is_required() and column not in header:
            log.add(table.file, 1, column, "is a column that this table needs", mend=f"add the column `{column}`")
    rows, first_line = [], dict[str, int]()
    for raw in table.rows:
        key = row_key(model, raw.cells)
        if key in first_line:
            mend = f"rename or remove this one; the other is on line {first_line[key]}"
            log.add(table.file, raw.line, key[:80], "stands twice", mend=mend)
            continue
        first_line[key] = raw.line
        row = _read_row(name, model, table, raw, key, log)
        if row is not None:
            rows.append(row)
    return tuple(rows)


def _read_row(name: str, model: type[Row], table: RawTable, raw: RawRow, key: str, log: FaultLog) -> Row | None:
    known = column_fields(model)
    cells: dict[str, Any] = {column: text for column, text in raw.cells.items() if text and column in known}
    prefix = f"{name}.{key}"
    try:
        row = model.model_validate(
            {**cells, "row_line": raw.line, "row_key": key, "row_overridden": raw.overridden},
            context={"prefix": prefix},
        )
    except ValidationError as error:
        for entry in error.errors():
            column = str(entry["loc"][0]) if entry["loc"] else ""
            if entry["type"] == "missing" and column not in table.columns:
                continue
            problem, choices, mend = explained(entry, known)
            if entry["type"] == "missing":
                problem, mend = "is empty", f"fill in `{column}`"
            log.add(
                *raw.overridden.get(column, (table.file, raw.line)),
                f"{prefix[:120]}.{column}",
                problem,
                choices=choices,
                mend=mend,
            )
        return None
    if isinstance(row, SourcedRow):
        _check_source(row, table.file, prefix, log)
    return _with_type_defaults(row) if isinstance(row, Station) else row


def _check_source(row: SourcedRow, file: str, prefix: str, log: FaultLog) -> None:
    declared = measures(type(row))
    bare = [
        column
        for column, quantity in row.quantities()
        if quantity.is_literal
        and column not in row.row_overridden
        and (declared[column].sourced or quantity.is_uncertain)
    ]
    for column, missing in (("kind", row.kind is None), ("source", not row.source)):
        if bare and missing:
            mend = f"fill in `{column}`, or use a formula of figures"
            log.add(
                file,
                row.row_line,
                f"{prefix}.{column}",
                f"is empty, but {', '.join(bare)} has a number of its own",
                mend=mend,
            )


def _with_type_defaults(station: Station) -> Station:
    default = STATION_TYPES[station.type]
    cells = {
        "footprint": ("area", default.footprint),
        "power": ("power", default.power),
        "idle_power": ("power", default.idle_power),
    }
    missing = {
        column: read_quantity(text, dimension, f"station_types.{station.type}.{column}")
        for column, (dimension, text) in cells.items()
        if getattr(station, column) is None
    }
    return station.model_copy(update=missing) if missing else station
