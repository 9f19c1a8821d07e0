"""A plan as a scenario's folder: the tables that it decides are replaced, the others are as they were."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from ironworks.factory.calendar import DAY, WEEK
from ironworks.faults import FaultLog
from ironworks.reading.folder import SETTINGS_FILE, Folder, read_folder
from ironworks.reading.overrides import apply_override, apply_variant, row_key
from ironworks.rows import TABLES
from ironworks.scenario import Scenario
from ironworks.studies.plan.decisions import Decisions, weekend_shifts
from ironworks.studies.plan.target import Aim
from ironworks.tables import RawRow, RawTable, format_table

__all__ = ["write_scenario"]

_SOURCE = {"kind": "assumed", "source": "the plan"}


def write_scenario(scenario: Scenario, plan: Decisions, aim: Aim, folder: Path) -> None:
    """Write a whole scenario into an existing empty folder: the plan with its target, to be run until the target's day.

    What was overridden stands in the tables; variants are left out, since they speak of rows that may be gone.
    """
    log = FaultLog()
    raw = read_folder(scenario.path, log)
    text = (scenario.path / SETTINGS_FILE).read_text(encoding="utf-8-sig")
    if scenario.variant is not None:
        apply_variant(raw, scenario.variant, log)
    for key, value in scenario.overrides:
        if key.partition(".")[0] in {*TABLES, "figure"}:
            apply_override(raw, key, value, ("--set", 0), log)
        elif key != "scenario.end" or (scenario.written_end is not None and aim.day > scenario.written_end):
            text = _setting(raw, text, key, value)
    log.stop_on_faults()
    _decided(raw, scenario, plan, aim)
    raw.tables.pop("variants", None)
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    for name, table in raw.tables.items():
        rows = [[row.cells.get(column, "") for column in table.columns] for row in table.rows]
        (folder / f"{name}.csv").write_text(format_table(table.columns, rows), encoding="utf-8", newline="")
    (folder / "README.md").write_text(
        f"# {scenario.name}, planned\n\nA plan for: {aim.text}. Its expansions, headcount, programme, covers, caps, "
        f"buffers, carriers and crews come from `ironworks plan`; everything else is the scenario `{scenario.name}`. "
        f"What comes after {aim.day} is not planned: run it with `--until {aim.day}`.\n",
        encoding="utf-8",
    )


def _decided(raw: Folder, scenario: Scenario, plan: Decisions, aim: Aim) -> None:
    old = {
        (row.cells.get("station", ""), row.cells.get("date", "")): row.cells.get("note", "")
        for row in raw.tables.get("expansions", RawTable("", (), [])).rows
    }
    _replace(
        raw,
        "expansions",
        [
            {"station": name, "date": str(day), "places": str(places), "note": old.get((name, str(day)), "")}
            for name, day, places in plan.places
        ],
    )
    _replace(
        raw,
        "headcount",
        [{"skill": skill, "from": str(day), "headcount": str(count)} for skill, day, count in plan.people],
    )
    decided = {item for item, _, _ in plan.programme}
    kept = [row.cells for row in raw.tables["programme"].rows if row.cells.get("item") not in decided]
    steps = [
        {"item": item, "from": str(day), "rate": f"{rate * WEEK:.9g} unit/week", **_SOURCE}
        for item, day, rate in plan.programme
    ]
    _replace(raw, "programme", [*kept, *steps])
    span = {"at": str(aim.day)} if aim.kind == "rate" else {"from": str(aim.begins), "to": str(aim.day)}
    quantity = f"{aim.quantity * WEEK:.12g} unit/week" if aim.kind == "rate" else f"{aim.quantity:.12g}"
    target = {"target": "plan", "text": aim.text, "kind": aim.kind, "item": aim.item, "quantity": quantity, **span}
    _replace(raw, "targets", [{**target, "source": "the target of the plan"}])
    _cells(raw, "parts", "cover", {name: f"= {cover / DAY:.9g} day" for name, cover in plan.cover.items()})
    stocked = {route.route for route in scenario.routes if route.release == "stock"}
    _cells(raw, "routes", "base_stock", {name: str(cap) for name, cap in plan.wip.items() if name in stocked})
    _cells(raw, "routes", "wip_cap", {name: str(cap) for name, cap in plan.wip.items() if name not in stocked})
    _cells(raw, "stations", "buffer", {name: str(places) for name, places in plan.buffers.items()})
    _cells(raw, "fleets", "carriers", {name: str(count) for name, count in plan.carriers.items()})
    _cells(raw, "crews", "size", {name: str(size) for name, size in plan.crews.items()})
    shifts = [
        {
            "calendar": row.calendar,
            "days": "sat sun",
            "start": _clock(row.start),
            "end": _clock(row.end),
            "breaks": " ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in row.breaks),
            "from": str(row.from_),
            "overtime": "0",
            "note": "weekend team of the plan",
        }
        for row in weekend_shifts(scenario, plan.weekend)
    ]
    if shifts:
        table = raw.tables["calendars"]
        table.columns = (*table.columns, *(c for c in shifts[0] if c not in table.columns))
        table.rows += [RawRow(0, cells) for cells in shifts]


def _replace(raw: Folder, name: str, rows: Sequence[Mapping[str, str]]) -> None:
    """A table with other rows; columns that none of them has fall away, and a table without rows."""
    table = raw.tables.get(name)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if table is not None:
        columns = [c for c in table.columns if c in columns] + [c for c in columns if c not in table.columns]
    if not columns:
        raw.tables.pop(name, None)
        return
    raw.tables[name] = RawTable(f"{name}.csv", tuple(columns), [RawRow(0, dict(row)) for row in rows])


def _cells(raw: Folder, name: str, column: str, values: Mapping[str, str]) -> None:
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


def _clock(seconds: int) -> str:
    minutes = seconds // 60 % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
