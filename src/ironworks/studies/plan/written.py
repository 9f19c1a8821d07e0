"""A plan as a scenario's folder: the tables that it decides are replaced, the others are as they were."""

from __future__ import annotations

from pathlib import Path

from ironworks.factory.calendar import DAY, WEEK
from ironworks.reading.edits import as_changed, replace_rows, set_cells, write_folder
from ironworks.reading.folder import Folder
from ironworks.scenario import Scenario
from ironworks.studies.plan.decisions import Decisions, weekend_shifts
from ironworks.studies.plan.target import Aim
from ironworks.tables import RawRow, RawTable

__all__ = ["write_scenario"]

_SOURCE = {"kind": "assumed", "source": "the plan"}


def write_scenario(scenario: Scenario, plan: Decisions, aim: Aim, folder: Path) -> None:
    """Write a whole scenario into an existing empty folder: the plan with its target, to be run until the target's day.

    What was overridden stands in the tables; variants are left out, since they speak of rows that may be gone.
    """
    ends_later = scenario.written_end is not None and aim.day > scenario.written_end
    raw, text = as_changed(
        scenario.path, scenario.variant, scenario.overrides, lambda key: key != "scenario.end" or ends_later
    )
    _decided(raw, scenario, plan, aim)
    readme = (
        f"# {scenario.name}, planned\n\nA plan for: {aim.text}. Its expansions, headcount, programme, covers, caps, "
        f"buffers, carriers and crews come from `ironworks plan`; everything else is the scenario `{scenario.name}`. "
        f"What comes after {aim.day} is not planned: run it with `--until {aim.day}`.\n"
    )
    write_folder(raw, text, readme, folder)


def _decided(raw: Folder, scenario: Scenario, plan: Decisions, aim: Aim) -> None:
    old = {
        (row.cells.get("station", ""), row.cells.get("date", "")): row.cells.get("note", "")
        for row in raw.tables.get("expansions", RawTable("", (), [])).rows
    }
    replace_rows(
        raw,
        "expansions",
        [
            {"station": name, "date": str(day), "places": str(places), "note": old.get((name, str(day)), "")}
            for name, day, places in plan.places
        ],
    )
    replace_rows(
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
    replace_rows(raw, "programme", [*kept, *steps])
    span = {"at": str(aim.day)} if aim.kind == "rate" else {"from": str(aim.begins), "to": str(aim.day)}
    quantity = f"{aim.quantity * WEEK:.12g} unit/week" if aim.kind == "rate" else f"{aim.quantity:.12g}"
    target = {"target": "plan", "text": aim.text, "kind": aim.kind, "item": aim.item, "quantity": quantity, **span}
    replace_rows(raw, "targets", [{**target, "source": "the target of the plan"}])
    set_cells(raw, "parts", "cover", {name: f"= {cover / DAY:.9g} day" for name, cover in plan.cover.items()})
    stocked = {route.route for route in scenario.routes if route.release == "stock"}
    set_cells(raw, "routes", "base_stock", {name: str(cap) for name, cap in plan.wip.items() if name in stocked})
    set_cells(raw, "routes", "wip_cap", {name: str(cap) for name, cap in plan.wip.items() if name not in stocked})
    set_cells(raw, "stations", "buffer", {name: str(places) for name, places in plan.buffers.items()})
    set_cells(raw, "fleets", "carriers", {name: str(count) for name, count in plan.carriers.items()})
    set_cells(raw, "crews", "size", {name: str(size) for name, size in plan.crews.items()})
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


def _clock(seconds: int) -> str:
    minutes = seconds // 60 % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
