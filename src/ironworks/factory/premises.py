"""A site of a scenario as one to lay out: its halls with docks and links, and what its stations need of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from ironworks.factory.calendar import DAY
from ironworks.factory.equipment import Equipment
from ironworks.factory.site import Dock, Hall, Link, Site, Space, space_of
from ironworks.rows.halls import Hall as HallRow
from ironworks.rows.plant import Station
from ironworks.rows.spaces import Space as SpaceRow
from ironworks.rows.spaces import Store
from ironworks.scenario import Draw, Scenario

__all__ = ["in_words", "premises", "sites_with_halls", "space_of_station", "space_of_store"]

#: Needs of a place that are numbers as they stand, by column of spaces.csv and name in `Space`.
_NEEDS = ("front", "back", "side", "height", "air", "crane")
#: Speed of carriers where no fleet of the site has one [m/s].
_SPEED = 1.0


def sites_with_halls(scenario: Scenario) -> tuple[str, ...]:
    """Names of the sites that have halls, in file order."""
    known = {hall.site for hall in scenario.halls}
    return tuple(site.site for site in scenario.sites if site.site in known)


def in_words(scenario: Scenario, site: str) -> dict[str, str]:
    """Names on a plan of a site's stations, stores and docks, by id: without the site where that tells them apart."""
    halls = {hall.hall for hall in scenario.halls if hall.site == site}
    ids = [row.station for row in scenario.stations if row.site == site]
    ids += [row.store for row in scenario.stores if row.site == site]
    ids += [row.dock for row in scenario.docks if row.hall in halls]
    words = {name: name.removesuffix(f"@{site}").replace("_", " ") for name in ids}
    count = Counter(words.values())
    return {name: word if count[word] == 1 else name for name, word in words.items()}


def premises(scenario: Scenario, name: str, draw: Draw, equipment: Equipment) -> Site:
    """Halls, docks and links of a site. Halls are ready when the plan has the site, or from their own day.

    Links count as the metres that carriers of the site would drive in their time. Raises ValueError for a site without
    halls, SiteError where they make no sense.
    """
    rows = [hall for hall in scenario.halls if hall.site == name]
    if not rows:
        known = ", ".join(sites_with_halls(scenario)) or "none"
        raise ValueError(f"site {name} has no halls; those that have: {known}")
    opens = equipment.start + timedelta(days=math.ceil(equipment.site_ready(name, draw) / DAY))
    words = in_words(scenario, name)
    halls = tuple(_hall(scenario, row, draw, opens, words) for row in rows)
    there = {hall.name for hall in halls}
    links = tuple(_links(scenario, draw, there, _speed(scenario, name, draw)))
    row = next(site for site in scenario.sites if site.site == name)
    return Site(row.description or name, halls, links, origin=(row.longitude or 0.0, row.latitude or 0.0))


def _hall(scenario: Scenario, row: HallRow, draw: Draw, opens: date, words: Mapping[str, str]) -> Hall:
    power = draw(row.power)
    return Hall(
        name=row.hall,
        bays=(row.bays_x, row.bays_y),
        bay=(draw(row.bay_x), draw(row.bay_y)),
        column=draw(row.column),
        building=row.building,
        storey=row.storey,
        corner=(draw(row.x), draw(row.y)),
        clear_height=draw(row.clear_height),
        floor_load=draw(row.floor_load),
        power=power,
        air=draw(row.air),
        heat=power if row.heat is None else draw(row.heat),
        noise=row.noise,
        crane=draw(row.crane),
        rooms=row.rooms,
        docks=tuple(
            Dock(words[dock.dock], draw(dock.x), draw(dock.y)) for dock in scenario.docks if dock.hall == row.hall
        ),
        ready=max(opens, row.from_ or opens),
    )


def _links(scenario: Scenario, draw: Draw, halls: set[str], speed: float) -> Iterator[Link]:
    for row in scenario.links:
        if row.hall in halls:
            at = ((draw(row.x), draw(row.y)), (draw(row.to_x), draw(row.to_y)))
            bears = math.inf if row.capacity is None else draw(row.capacity)
            name = row.link.removeprefix(f"{row.means}_").replace("_", " ")
            yield Link(name, (row.hall, row.to_hall), at, draw(row.time) * speed, bears, row.means)


def _speed(scenario: Scenario, site: str, draw: Draw) -> float:
    routes = {route.route for route in scenario.routes if route.site == site}
    used = {row.fleet for row in scenario.operations if row.route in routes}
    speeds = [draw(fleet.speed) for fleet in scenario.fleets if fleet.fleet in used and fleet.speed is not None]
    return min(speeds, default=_SPEED)


def space_of_station(scenario: Scenario, row: Station, name: str, draw: Draw) -> Space:
    """What one place of a station needs: from its row of spaces.csv, else that of its type, else as its type does."""
    spaces = {space.of: space for space in scenario.spaces}
    asked: list[SpaceRow] = [spaces[of] for of in (row.type, row.station) if of in spaces]
    found: dict[str, float] = {}
    size, room = None, "plain"
    for space in asked:
        for column in (*_NEEDS, "mass", "heat"):
            value = space.cell(column)
            if value is not None:
                found[column] = draw(value)
        found |= {"noise": space.noise} if space.noise is not None else {}
        size = (draw(space.width), draw(space.depth)) if space.width and space.depth else size
        room = space.room or room
    floor, power = (draw(cell) if cell else 0.0 for cell in (row.footprint, row.power))
    return space_of(name, row.type, floor, power, room=room, size=size, **found)


def space_of_store(row: Store, name: str, draw: Draw) -> Space:
    """What one place of a store needs: racks, and on them what the store says."""
    racks = space_of(name, "storage", draw(row.footprint), draw(row.power))
    return replace(racks, mass=racks.mass + draw(row.load))
