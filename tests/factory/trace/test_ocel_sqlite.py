"""The SQLite form, against the rules of section 6 of the standard."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ironworks.factory.trace import Event, Kind, Ocel, Thing, ocel_log, write_ocel_sqlite

GENERAL = {"event", "object", "event_map_type", "object_map_type", "event_object", "object_object"}
Database = sqlite3.Connection


@pytest.fixture
def database(log: Ocel, tmp_path: Path):
    write_ocel_sqlite(log, tmp_path / "log.sqlite")
    with closing(sqlite3.connect(tmp_path / "log.sqlite")) as connection:
        yield connection


def tables(database: Database) -> set[str]:
    return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def columns(database: Database, table: str) -> dict[str, str]:
    return {row[1]: row[2] for row in database.execute("SELECT * FROM pragma_table_info(?)", (table,))}


def primary_key(database: Database, table: str) -> set[str]:
    return {row[1] for row in database.execute("SELECT * FROM pragma_table_info(?)", (table,)) if row[5]}


def foreign_keys(database: Database, table: str) -> set[tuple[str, str, str]]:
    rows = database.execute("SELECT * FROM pragma_foreign_key_list(?)", (table,))
    return {(row[3], row[2], row[4]) for row in rows}


def specific(database: Database, what: str) -> set[str]:
    return {f"{what}_{name}" for (name,) in database.execute(f"SELECT ocel_type_map FROM {what}_map_type")}


def rules(database: Database) -> dict[str, bool]:
    """Rule of the standard -> whether it holds."""
    there = tables(database)
    if not there >= GENERAL:
        return {"general tables": False}
    events, objects = specific(database, "event"), specific(database, "object")
    if not there >= events | objects:
        return {"a table per type": False}
    if not all("ocel_changed_field" in columns(database, table) for table in objects):
        return {"changes name their field": False}
    return {
        "no table without a type": there == GENERAL | events | objects,
        "types are unique": all(
            primary_key(database, f"{what}_map_type") == {"ocel_type"}
            and columns(database, f"{what}_map_type").keys() == {"ocel_type", "ocel_type_map"}
            for what in ("event", "object")
        ),
        "events and objects are unique": all(
            primary_key(database, what) == {"ocel_id"}
            and foreign_keys(database, what) == {("ocel_type", f"{what}_map_type", "ocel_type")}
            for what in ("event", "object")
        ),
        "event tables": all(
            primary_key(database, table) == {"ocel_id"}
            and foreign_keys(database, table) == {("ocel_id", "event", "ocel_id")}
            and columns(database, table)["ocel_time"] == "TIMESTAMP"
            for table in events
        ),
        "object tables": all(
            primary_key(database, table) == set()
            and foreign_keys(database, table) == {("ocel_id", "object", "ocel_id")}
            and columns(database, table)["ocel_time"] == "TIMESTAMP"
            for table in objects
        ),
        "events to objects": primary_key(database, "event_object")
        == {"ocel_event_id", "ocel_object_id", "ocel_qualifier"}
        and foreign_keys(database, "event_object")
        == {("ocel_event_id", "event", "ocel_id"), ("ocel_object_id", "object", "ocel_id")},
        "objects to objects": primary_key(database, "object_object")
        == {"ocel_source_id", "ocel_target_id", "ocel_qualifier"}
        and foreign_keys(database, "object_object")
        == {("ocel_source_id", "object", "ocel_id"), ("ocel_target_id", "object", "ocel_id")},
        "no key points nowhere": not database.execute("PRAGMA foreign_key_check").fetchall(),
        "each event in the table of its type": in_their_tables(database, "event"),
        "each object in the table of its type": in_their_tables(database, "object"),
        "first values at the epoch": all(
            (time == "1970-01-01 00:00:00") == (field is None)
            for table in objects
            for time, field in database.execute(f'SELECT ocel_time, ocel_changed_field FROM "{table}"')
        ),
    }


def in_their_tables(database: Database, what: str) -> bool:
    for of_type, name in database.execute(f"SELECT ocel_type, ocel_type_map FROM {what}_map_type").fetchall():
        declared = set(database.execute(f"SELECT ocel_id FROM {what} WHERE ocel_type = ?", (of_type,)))
        if set(database.execute(f'SELECT ocel_id FROM "{what}_{name}"')) != declared:
            return False
    return True


def test_sqlite_keeps_the_published_rules(database: Database) -> None:
    assert [rule for rule, holds in rules(database).items() if not holds] == []


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("general tables", "DROP TABLE object_object"),
        ("a table per type", "DROP TABLE event_Measured"),
        ("no table without a type", "CREATE TABLE notes (text TEXT)"),
        ("no key points nowhere", "INSERT INTO event_object VALUES ('1', 'nobody', 'unit')"),
        ("each event in the table of its type", "DELETE FROM event_UnitFinished"),
        ("each object in the table of its type", "DELETE FROM object_Robot"),
        ("first values at the epoch", "UPDATE object_Robot SET ocel_changed_field = NULL"),
        ("changes name their field", "ALTER TABLE object_Robot DROP COLUMN ocel_changed_field"),
    ],
)
def test_the_rules_would_catch_a_wrong_database(database: Database, rule: str, spoil: str) -> None:
    database.execute(spoil)
    assert rules(database)[rule] is False


def test_sqlite_holds_the_whole_log(log: Ocel, database: Database) -> None:
    def count(table: str) -> int:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    assert count("event") == len(log.events)
    assert count("object") == len(log.objects)
    assert count("event_object") == sum(len(event.objects) for event in log.events)
    assert count("object_object") == sum(len(thing.objects) for thing in log.objects)
    assert database.execute("SELECT value, passed, typeof(value), ocel_time FROM event_Measured").fetchall() == [
        (1.25, 0, "real", "2026-11-30 08:01:02.000000")
    ]


def test_a_change_names_its_field_and_leaves_the_others_empty(database: Database) -> None:
    rows = database.execute("SELECT ocel_changed_field, status, mass FROM object_Robot ORDER BY ocel_time").fetchall()
    assert rows[0] == (None, "not made yet", 70.2)
    assert rows[1] == ("status", "in process", None)


def test_types_with_alike_names_get_tables_of_their_own(tmp_path: Path, origin_log: Callable[..., Ocel]) -> None:
    names = ["chip set", "chip-set", "Chip Set", "手", "%"]
    write_ocel_sqlite(origin_log(names), tmp_path / "log.sqlite")
    with closing(sqlite3.connect(tmp_path / "log.sqlite")) as database:
        assert all(rules(database).values())
        assert {name for (name,) in database.execute("SELECT ocel_type FROM object_map_type")} == set(names)


@pytest.fixture
def origin_log(log: Ocel) -> Callable[..., Ocel]:
    def make(names: list[str]) -> Ocel:
        events = [Event(str(n), Kind.UNIT_CREATED, n, unit=Thing(name, "1")) for n, name in enumerate(names)]
        return ocel_log(events, log.events[0].time)

    return make


def test_a_failure_leaves_the_old_file_whole(log: Ocel, tmp_path: Path) -> None:
    path = tmp_path / "log.sqlite"
    path.write_text("old")
    log.events.append(log.events[0])
    with pytest.raises(sqlite3.IntegrityError):
        write_ocel_sqlite(log, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
