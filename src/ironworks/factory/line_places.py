"""Places of a line's stations day by day: as a balance has them in the end, before that in proportion to today's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from ironworks.factory.balance import GeneralAssignment
from ironworks.factory.plant import Plant
from ironworks.reading.edits import replace_rows
from ironworks.reading.folder import Folder

__all__ = ["place_line", "regrouped_stations", "spread"]


def regrouped_stations(plant: Plant, route: str, assignment: GeneralAssignment) -> frozenset[str]:
    """Stations that an assignment gives other work than today's; none where it leaves all as it is."""
    parts = {row.element for row in plant.process.elements[route]}
    now = assignment.line.now
    moved = {name for name, bay in assignment.bay.items() if now[name] != bay}
    if not moved:
        return frozenset()
    touched = [name for name in assignment.bay if name in parts or name in moved]
    return frozenset(bay for name in touched for bay in (now[name], assignment.bay[name]))


def place_line(raw: Folder, plant: Plant, route: str, assignment: GeneralAssignment, *, as_many: bool = False) -> None:
    """Change stations and expansions so that the route's stations have the assignment's places in the end.

    Stations where elements are or were done, or that an operation leaves for another, share theirs: each day in
    proportion to what they have together today, spread by load; with `as_many` they keep today's number. Stations that
    also work for other routes are left alone, and so are places that a move brings, but for those to a station that the
    assignment does not use: they go where most is to do. Such a station is removed.
    """
    shared = regrouped_stations(plant, route, assignment)
    others = {row.station for name, rows in plant.process.operations.items() if name != route for row in rows}
    others |= {row.station for row in plant.scenario.repairs if row.route != route}
    ours = [bay.name for bay in assignment.line.bays if bay.name not in others]
    teams = [[name for name in ours if name in shared], *([name] for name in ours if name not in shared)]
    from_there = {name for move in plant.scenario.moves for name in move.stations}
    for team in (team for team in teams if team):
        _place(raw, plant, team, assignment, as_many)
    gone = {name for name in shared & set(ours) - from_there if name not in assignment.order}
    for table, column in (("stations", "station"), ("spaces", "of")):
        if table in raw.tables:
            rows = raw.tables[table].rows
            raw.tables[table].rows = [row for row in rows if row.cells.get(column) not in gone]


def _place(raw: Folder, plant: Plant, team: Sequence[str], assignment: GeneralAssignment, as_many: bool) -> None:
    steps = [row for row in plant.scenario.expansions if row.station in team]
    initial = {name: plant.equipment.stations[name].places for name in team}
    own = {name: initial[name] + sum(row.places for row in steps if row.station == name) for name in team}
    end = plant.scenario.settings.scenario.end
    moved = {name: max(plant.equipment.planned_places(name, end) - own[name], 0) for name in team}
    load = {name: assignment.load(name, "", 1.0) for name in team if name in assignment.order}
    _redirect(raw, load, own, moved)
    now = sum(own.values())
    wanted = sum(assignment.places.get(name, 0) for name in team) - sum(moved.values())
    final = now if as_many else max(wanted, 0)
    last = spread(load, final, moved)
    stages: list[tuple[date | None, dict[str, int]]] = []
    for day in (None, *sorted({row.date for row in steps})):
        there = sum(initial.values()) + sum(row.places for row in steps if day is not None and row.date <= day)
        # What a move brings later is not there before.
        stages.append((day, spread(load, math.ceil(final * there / now) if now > 0 else 0, {}, last)))
    for row in raw.tables["stations"].rows:
        if row.cells["station"] in team:
            row.cells["places"] = str(stages[0][1].get(row.cells["station"], 0))
    notes = {(row.station, row.date): row.note for row in steps}
    made = []
    for (_, before), (day, after) in pairwise(stages):
        for name in team:
            if (change := after.get(name, 0) - before.get(name, 0)) and day is not None:
                note = notes.get((name, day), "the balanced line")
                made.append({"station": name, "date": str(day), "places": str(change), "note": note})
    table = raw.tables.get("expansions")
    kept = [row.cells for row in table.rows if row.cells["station"] not in team] if table is not None else []
    replace_rows(raw, "expansions", [*kept, *made])


def _redirect(raw: Folder, load: Mapping[str, float], own: Mapping[str, int], moved: dict[str, int]) -> None:
    """Moves to stations without work go to the one whose places have most to do."""
    for idle in [name for name, count in moved.items() if count and name not in load]:
        goal = max(load, key=lambda name: load[name] / max(own[name] + moved[name], 1))
        moved[goal] += moved.pop(idle)
        moved[idle] = 0
        for row in raw.tables["moves"].rows:
            names = row.cells["to_stations"].split()
            row.cells["to_stations"] = " ".join(goal if name == idle else name for name in names)


def spread(
    load: Mapping[str, float], total: int, beside: Mapping[str, int], most: Mapping[str, int] | None = None
) -> dict[str, int]:
    """`total` places: one for each station, the others one by one where each place has most to do.

    `load` [s]: what one unit takes at a station; `beside`: places there that are not counted; `most` at each. None at
    all for a total of 0.
    """
    if total <= 0:
        return {}
    found = dict.fromkeys(load, 1)
    for _ in range(total - len(load)):
        free = [name for name in load if most is None or found[name] < most[name]]
        if not free:
            break
        found[max(free, key=lambda name: load[name] / (found[name] + beside.get(name, 0)))] += 1
    return found
