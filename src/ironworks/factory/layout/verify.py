"""Every rule that a layout breaks, from places, aisles and halls alone: nothing of how it was made is used."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ironworks.factory.layout.network import Network
from ironworks.factory.layout.problem import Haul
from ironworks.factory.site import Hall, over_limits, unsuitable

if TYPE_CHECKING:
    from ironworks.factory.layout.layout import Layout, Place

__all__ = ["violations"]

Corners = tuple[float, float, float, float]
#: Touching is not overlapping [m]; side of a square when ways on foot are looked for [m].
_SLACK, _SQUARE = 1e-6, 0.1


def violations(layout: Layout) -> list[str]:
    """All of them, in words; empty where the layout holds."""
    problem = layout.problem
    told = list(_counted(layout))
    ready = {hall.name: hall for hall in problem.site.ready(problem.day)}
    for name in sorted({place.hall for place in layout.places} - set(ready)):
        told.append(f"there is no hall {name} that is ready")
    for hall in ready.values():
        places = [place for place in layout.places if place.hall == hall.name]
        for place in places:
            told += [f"{_named(place)}: {reason}" for reason in unsuitable(place.space, hall)]
        told += over_limits([place.space for place in places], hall)
        told += _geometry(layout, hall, places)
        told += _on_foot(layout, hall, places)
    power = sum(place.space.power for place in layout.places)
    if power > problem.site.power * (1.0 + 1e-9):
        told.append(
            f"{problem.site.name} is connected for {problem.site.power / 1e3:,.0f} kW, not {power / 1e3:,.0f} kW"
        )
    return told + list(_carried(layout))


def _named(place: Place) -> str:
    return f"{place.department} {place.number} in {place.hall}"


def _counted(layout: Layout) -> Iterator[str]:
    there = Counter(place.department for place in layout.places)
    spaces = {department.name: department for department in layout.problem.departments}
    for name in sorted(set(there) - set(spaces)):
        yield f"nobody asked for department {name}"
    for name, department in spaces.items():
        if there[name] != department.places:
            yield f"{name} has {there[name]} places of {department.places}"
    for place in layout.places:
        if place.department in spaces and place.space != spaces[place.department].space:
            yield f"{_named(place)} has another space than its department"


def _overlap(one: Corners, other: Corners) -> bool:
    return (
        one[0] < other[2] - _SLACK and other[0] < one[2] - _SLACK
        and one[1] < other[3] - _SLACK and other[1] < one[3] - _SLACK
    )  # fmt: skip


def _geometry(layout: Layout, hall: Hall, places: list[Place]) -> Iterator[str]:
    half = hall.column / 2.0
    columns = [(x - half, y - half, x + half, y + half) for x, y in hall.columns]
    lanes = [
        (lane.x, lane.y, lane.x + lane.width, lane.y + lane.depth) for lane in layout.aisles if lane.hall == hall.name
    ]
    wide = layout.problem.aisles
    for lane in layout.aisles:
        if lane.hall == hall.name:
            width, least = (lane.depth, wide.spine) if lane.along else (lane.width, wide.cross)
            if width < least - _SLACK:
                yield f"an aisle of {hall.name} is {width:.2f} m wide, not {least:g} m"
    for free in lanes:
        if any(_overlap(free, column) for column in columns):
            yield f"a column stands in the aisle of {hall.name} at ({free[0]:.1f}, {free[1]:.1f}) m"
    clear = [place.clearance for place in places]
    stands = [place.footprint for place in places]
    for number, place in enumerate(places):
        x, y, right, top = clear[number]
        if x < -_SLACK or y < -_SLACK or right > hall.width + _SLACK or top > hall.depth + _SLACK:
            yield f"{_named(place)} reaches beyond the hall"
        if any(_overlap(clear[number], column) for column in columns):
            yield f"{_named(place)} has a column in its footprint or clearance"
        if any(_overlap(clear[number], lane) for lane in lanes):
            yield f"{_named(place)} reaches into an aisle"
        for after in range(number + 1, len(places)):
            if not _overlap(clear[number], clear[after]):
                continue
            if _overlap(stands[number], stands[after]):
                yield f"{_named(place)} stands on {_named(places[after])}"
            elif _overlap(stands[number], clear[after]) or _overlap(clear[number], stands[after]):
                yield f"{_named(place)} and {_named(places[after])} are too near for their clearance"


def _squares(hall: Hall, corners: Corners) -> tuple[slice, slice]:
    """Squares that a rectangle covers at least in part, in rows of y and columns of x."""
    x, y, right, top = (side / _SQUARE for side in corners)
    return (
        slice(max(0, int(np.floor(y + 1e-6))), max(0, int(np.ceil(top - 1e-6)))),
        slice(max(0, int(np.floor(x + 1e-6))), max(0, int(np.ceil(right - 1e-6)))),
    )


def _on_foot(layout: Layout, hall: Hall, places: list[Place]) -> Iterator[str]:
    """Whether a person of the width of a walkway gets from the aisles to each front, and the aisles are one net."""
    free = np.ones((int(np.ceil(hall.depth / _SQUARE)), int(np.ceil(hall.width / _SQUARE))), bool)
    lane = np.zeros_like(free)
    half = hall.column / 2.0
    for x, y in hall.columns:
        free[_squares(hall, (x - half, y - half, x + half, y + half))] = False
    for place in places:
        free[_squares(hall, place.footprint)] = False
    for aisle in layout.aisles:
        if aisle.hall == hall.name:
            lane[_squares(hall, (aisle.x, aisle.y, aisle.x + aisle.width, aisle.y + aisle.depth))] = True
    if ndimage.label(lane)[1] > 1:
        yield f"the aisles of {hall.name} do not hang together"
    reach = _walked(free, layout.problem.aisles.walk, lane)
    for place in places:
        x, y, right, top = place.footprint
        before = (x, top, right, top + place.space.front) if place.up else (x, y - place.space.front, right, y)
        if not reach[_squares(hall, before)].any():
            yield f"nobody gets from an aisle to the front of {_named(place)}"


def _walked(free: NDArray[np.bool_], walk: float, lane: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Middles of a square person who began in a lane. Part squares count as covered: they lose one square of width."""
    squares = max(1, int(np.floor(walk / _SQUARE + 1e-6)) - 1)
    room = ndimage.minimum_filter(free.astype(np.uint8), size=squares, mode="constant", cval=0) > 0
    pieces, count = ndimage.label(room)
    met = np.unique(pieces[lane & room])
    known = np.zeros(count + 1, bool)
    known[met] = True
    known[0] = False
    return np.asarray(known[pieces], bool)


def _carried(layout: Layout) -> Iterator[str]:
    """Whether each load gets from where it is to where it should be, over links that bear it."""
    links = layout.problem.site.links
    by_links: dict[tuple[bool, ...], list[Haul]] = defaultdict(list)
    for haul in layout.problem.hauls:
        if haul.trips > 0.0:
            by_links[tuple(link.capacity >= haul.load for link in links)].append(haul)
    first, rows = 0, dict[str, slice]()
    for name, stops in layout.stops.items():
        rows[name] = slice(first, first + len(stops))
        first += len(stops)
    points = [point for stops in layout.stops.values() for point in stops]
    for bears, hauls in by_links.items():
        strong = [link for link, bear in zip(links, bears, strict=True) if bear]
        reached = np.isfinite(Network(layout.aisles, strong).metres(points))
        for haul in hauls:
            source, target = haul.source, haul.target
            if source in rows and target in rows and not reached[rows[source], rows[target]].all():
                yield f"{haul.load:g} kg cannot get from {source} to {target}: no aisle, lift or door leads there"
