"""An object-centric event log as an OCEL 2.0 SQLite database."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

from ironworks.factory.trace.ocel import EPOCH, Ocel, OcelObject
from ironworks.factory.trace.record import Value

COLUMN_TYPES = {str: "TEXT", int: "INTEGER", float: "REAL", bool: "BOOLEAN"}

_TABLES = """
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL UNIQUE);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL UNIQUE);
CREATE TABLE event (
  ocel_id TEXT PRIMARY KEY,
  ocel_type TEXT NOT NULL REFERENCES event_map_type (ocel_type)) WITHOUT ROWID;
CREATE TABLE object (
  ocel_id TEXT PRIMARY KEY,
  ocel_type TEXT NOT NULL REFERENCES object_map_type (ocel_type)) WITHOUT ROWID;
CREATE TABLE event_object (
  ocel_event_id TEXT REFERENCES event (ocel_id),
  ocel_object_id TEXT REFERENCES object (ocel_id),
  ocel_qualifier TEXT,
  PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier)) WITHOUT ROWID;
CREATE TABLE object_object (
  ocel_source_id TEXT REFERENCES object (ocel_id),
  ocel_target_id TEXT REFERENCES object (ocel_id),
  ocel_qualifier TEXT,
  PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier)) WITHOUT ROWID;
"""


def write_ocel_sqlite(log: Ocel, path: Path) -> None:
    """Write `log` to `path`, whole or not at all.

    One table per event type and per object type besides the six general ones, as section 6 of the standard has them;
    times are UTC. A file that is there already is replaced.
    """
    temporary = path.with_name(path.name + ".part")
    temporary.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(temporary)) as database:
            database.execute("PRAGMA synchronous = OFF")  # The rename makes it whole, not the journal.
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA cache_size = -65536")  # KiB
            database.executescript(_TABLES)
            _write_objects(database, log)
            _write_events(database, log)
            database.commit()
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_objects(database: sqlite3.Connection, log: Ocel) -> None:
    tables = _table_names(log.object_types)
    database.executemany("INSERT INTO object_map_type VALUES (?, ?)", tables.items())
    database.executemany("INSERT INTO object VALUES (?, ?)", ((thing.id, thing.type) for thing in log.objects))
    for name, attributes in log.object_types.items():
        table = f'"object_{tables[name]}"'
        columns = _columns(attributes)
        database.execute(
            f"CREATE TABLE {table} (ocel_id TEXT NOT NULL REFERENCES object (ocel_id), "
            f"ocel_time TIMESTAMP NOT NULL, ocel_changed_field TEXT{columns})"
        )
        marks = ", ".join("?" * (3 + len(attributes)))
        rows = (row for thing in log.objects if thing.type == name for row in _history(thing, list(attributes)))
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    pairs = ((thing.id, target, qualifier) for thing in log.objects for target, qualifier in thing.objects)
    database.executemany("INSERT INTO object_object VALUES (?, ?, ?)", pairs)


def _write_events(database: sqlite3.Connection, log: Ocel) -> None:
    tables = _table_names(log.event_types)
    database.executemany("INSERT INTO event_map_type VALUES (?, ?)", tables.items())
    database.executemany("INSERT INTO event VALUES (?, ?)", ((event.id, event.type) for event in log.events))
    for name, attributes in log.event_types.items():
        table = f'"event_{tables[name]}"'
        database.execute(
            f"CREATE TABLE {table} (ocel_id TEXT PRIMARY KEY REFERENCES event (ocel_id), "
            f"ocel_time TIMESTAMP NOT NULL{_columns(attributes)}) WITHOUT ROWID"
        )
        marks = ", ".join("?" * (2 + len(attributes)))
        rows = (
            (event.id, _time(event.time), *(event.attributes.get(a) for a in attributes))
            for event in log.events
            if event.type == name
        )
        database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    pairs = ((event.id, target, qualifier) for event in log.events for target, qualifier in event.objects)
    database.executemany("INSERT INTO event_object VALUES (?, ?, ?)", pairs)


def _history(thing: OcelObject, attributes: list[str]) -> Iterable[tuple[Value | None, ...]]:
    """The first values in one row, then a row per change that names what changed."""
    first: dict[str, Value] = {}
    changes = []
    for name, value, time in thing.history:
        if time == EPOCH and name not in first:
            first[name] = value
        else:
            changes.append((name, value, time))
    yield (thing.id, "1970-01-01 00:00:00", None, *(first.get(a) for a in attributes))
    for name, value, time in changes:
        yield (thing.id, _time(time), name, *(value if a == name else None for a in attributes))


def _table_names(types: Mapping[str, object]) -> dict[str, str]:
    """Type -> the part of its table's name after `event_` or `object_`: letters and digits, none twice."""
    names: dict[str, str] = {}
    for name in types:
        plain = "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", name)) or "Type"
        # SQLite does not tell small from capital letters in names of tables.
        taken = {other.lower() for other in names.values()}
        unique = next(c for n in range(len(types) + 1) if (c := f"{plain}{n or ''}").lower() not in taken)
        names[name] = unique
    return names


def _columns(attributes: Mapping[str, type]) -> str:
    quoted = (f'"{name.replace(chr(34), chr(34) * 2)}" {COLUMN_TYPES[t]}' for name, t in attributes.items())
    return "".join(f", {column}" for column in quoted)


def _time(time: datetime) -> str:
    return time.replace(tzinfo=None).isoformat(" ", "microseconds")
