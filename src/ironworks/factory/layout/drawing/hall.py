"""One hall on a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ironworks.factory.layout.drawing.colours import FLOW
from ironworks.factory.layout.drawing.loads import Group, Piece
from ironworks.factory.layout.drawing.sheet import Sheet
from ironworks.factory.layout.layout import Layout
from ironworks.factory.site import Hall

__all__ = ["WIDEST", "draw_hall"]

WIDEST = 1.3
"""Width of the arrow for the most trips [m]."""
_THINNEST = 0.08
_GRID, _LANE, _EDGE = "#8a8a8a", "#f4f1e4", "#b9ad7a"


def draw_hall(
    sheet: Sheet, layout: Layout, hall: Hall, corner: tuple[float, float], colour: dict[str, str],
    together: Sequence[Group], ways: Sequence[Piece], most: float,
) -> None:  # fmt: skip
    """A hall with its south-west corner at a place of the sheet [m]; `most`: trips a day of the widest arrow."""
    x, y = corner
    _head(sheet, layout, hall, x, y)
    sheet.box(x, y, x + hall.width, y + hall.depth, fill="#fdfdfb")
    _lanes(sheet, layout, hall, x, y)
    _grid(sheet, hall, x, y)
    for place in layout.places:
        if place.hall == hall.name:
            left, low, right, top = place.clearance
            sheet.box(x + left, y + low, x + right, y + top, stroke="#777", width=0.03, dash="0.3 0.25")
    for place in layout.places:
        if place.hall == hall.name:
            left, low, right, top = place.footprint
            told = f"{place.department} {place.number}: {place.space.width:.1f} m x {place.space.depth:.1f} m"
            sheet.box(x + left, y + low, x + right, y + top, colour[place.department], "#333", 0.06, title=told)
            front = y + (top - 0.12 if place.up else low + 0.12)
            sheet.line([(x + left + 0.1, front), (x + right - 0.1, front)], "#333", 0.16)
    for piece in ways:
        _arrow(sheet, piece, x, y, most)
    _walls(sheet, layout, hall, x, y)
    taken: list[tuple[float, float, float, float]] = []
    for group in sorted(together, key=lambda one: -sum(place.space.area for place in one.places)):
        if group.places[0].hall == hall.name:
            _named(sheet, group, x, y, taken)


def _head(sheet: Sheet, layout: Layout, hall: Hall, x: float, y: float) -> None:
    building = f"building {hall.building}, " if hall.building else ""
    sheet.words(x, y + hall.depth + 10.4, f"{hall.name}: {building}storey {hall.storey}", 1.7, "start", bold=True)
    crane = f", crane {hall.crane:,.0f} kg" if hall.crane else ""
    power = sum(place.space.power for place in layout.places if place.hall == hall.name)
    sheet.words(
        x, y + hall.depth + 8.6,
        f"{hall.area:,.0f} m2; clear height {hall.clear_height:g} m, floor {hall.floor_load / 1e3:g} kN/m2{crane}; "
        f"{power / 1e3:,.0f} of {hall.power / 1e3:,.0f} kW used; rooms: {', '.join(hall.rooms)}",
        1.05, "start", colour="#555",
    )  # fmt: skip


def _grid(sheet: Sheet, hall: Hall, x: float, y: float) -> None:
    along, up = hall.lines
    for name, at in along:
        sheet.line([(x + at, y - 2.2), (x + at, y + hall.depth + 2.2)], _GRID, 0.035, "1.2 0.3 0.2 0.3")
        sheet.circle(x + at, y - 3.2, 1.0, "#fff", _GRID, 0.08)
        sheet.words(x + at, y - 3.2, name, 1.05)
    for name, at in up:
        sheet.line([(x - 2.2, y + at), (x + hall.width + 2.2, y + at)], _GRID, 0.035, "1.2 0.3 0.2 0.3")
        sheet.circle(x + hall.width + 3.2, y + at, 1.0, "#fff", _GRID, 0.08)
        sheet.words(x + hall.width + 3.2, y + at, name, 1.05)
    _dimension(sheet, [x + at for _, at in along], y + hall.depth + 3.4, y + hall.depth, along=True)
    _dimension(sheet, [x, x + hall.width], y + hall.depth + 5.6, y + hall.depth, along=True)
    _dimension(sheet, [y + at for _, at in up], x - 5.2, x, along=False)
    _dimension(sheet, [y, y + hall.depth], x - 7.4, x, along=False)


def _dimension(sheet: Sheet, marks: Sequence[float], line: float, wall: float, along: bool) -> None:
    """A chain of dimensions [m] along a line, with slanted strokes at its marks."""

    def at(place: float, off: float) -> tuple[float, float]:
        return (place, off) if along else (off, place)

    beyond = 0.5 if line > wall else -0.5
    sheet.line([at(marks[0], line), at(marks[-1], line)], "#444", 0.05)
    for mark in marks:
        sheet.line([at(mark, line - beyond), at(mark, line + beyond)], "#444", 0.04)
        slant = [at(mark - 0.35, line - 0.35), at(mark + 0.35, line + 0.35)]
        sheet.line(slant, "#444", 0.12)
    for low, high in pairwise(marks):
        across, up = at((low + high) / 2.0, line + 0.75 if along else line - 0.75)
        sheet.words(across, up, f"{high - low:.2f}", 0.95, turned=not along, colour="#444")


def _lanes(sheet: Sheet, layout: Layout, hall: Hall, x: float, y: float) -> None:
    lanes = [lane for lane in layout.aisles if lane.hall == hall.name]
    for lane in lanes:
        sheet.box(x + lane.x, y + lane.y, x + lane.x + lane.width, y + lane.y + lane.depth, _LANE, _EDGE, 0.1, "1 0.5")
    for lane in lanes:
        # Where aisles cross, no line is on the floor.
        right, top = lane.x + lane.width - 0.1, lane.y + lane.depth - 0.1
        sheet.box(x + lane.x + 0.1, y + lane.y + 0.1, x + right, y + top, _LANE)
    for lane in lanes:
        wide = lane.depth if lane.along else lane.width
        at = (lane.x + 0.62 * lane.width, lane.y + 0.3) if lane.along else (lane.x + 0.35, lane.y + 0.8 * lane.depth)
        text, up = f"aisle {wide:.2f} m", 0.55 if lane.along else 0.0
        sheet.words(x + at[0] + 0.55 - up, y + at[1] + up, text, 0.8, turned=not lane.along, colour="#8a7d45")


def _walls(sheet: Sheet, layout: Layout, hall: Hall, x: float, y: float) -> None:
    half = hall.column / 2.0
    sheet.box(x, y, x + hall.width, y + hall.depth, stroke="#111", width=0.35)
    for at, up in hall.columns:
        sheet.box(x + at - half, y + up - half, x + at + half, y + up + half, fill="#111")
    for dock in hall.docks:
        out_x = -1 if dock.x == 0.0 else 1 if dock.x == hall.width else 0
        out_y = 0 if out_x else -1 if dock.y == 0.0 else 1
        wide, deep = (0.3, 2.0) if out_x else (2.0, 0.3)
        sheet.box(x + dock.x - wide, y + dock.y - deep, x + dock.x + wide, y + dock.y + deep, "#fff", "#111", 0.12)
        tip, base = 0.5, 2.0
        points = [
            (x + dock.x + out_x * tip, y + dock.y + out_y * tip),
            (x + dock.x + out_x * base + 0.9 * out_y, y + dock.y + out_y * base + 0.9 * out_x),
            (x + dock.x + out_x * base - 0.9 * out_y, y + dock.y + out_y * base - 0.9 * out_x),
        ]
        sheet.line(points, "#111", 0.1, fill="#fff")
        sheet.words(
            x + dock.x + 2.9 * out_x,
            y + dock.y + 2.9 * out_y,
            dock.name,
            1.15,
            turned=bool(out_x),
            bold=True,
            halo=True,
        )
    for link in layout.problem.site.links:
        for name, (at, up) in zip(link.halls, link.at, strict=True):
            if name == hall.name:
                left, low = x + at, y + up
                left = left - 2.6 if at < hall.width / 2.0 else left + 0.2
                sheet.box(left, low - 1.2, left + 2.4, low + 1.2, "#fff", "#111", 0.12)
                sheet.line([(left, low - 1.2), (left + 2.4, low + 1.2)], "#111", 0.06)
                sheet.line([(left, low + 1.2), (left + 2.4, low - 1.2)], "#111", 0.06)
                sheet.words(left + 2.3, low - 1.9, f"{link.kind} {link.name}", 0.9, "end", bold=True)


def _arrow(sheet: Sheet, piece: Piece, x: float, y: float, most: float) -> None:
    """An arrow beside the middle line, on the right of who drives."""
    width = max(_THINNEST, WIDEST * piece.trips / most)
    (left, low), (right, top) = piece.start, piece.end
    length = abs(right - left) + abs(top - low)
    if length < 1e-6:
        return
    way = (right - left) / length, (top - low) / length
    off = width / 2.0 + 0.06
    across, up = x + way[1] * off, y - way[0] * off
    sheet.line([(across + left, up + low), (across + right, up + top)], FLOW, width, opacity=0.62)
    if length > 4.0:
        head, half = max(0.7, 0.8 * width), max(0.35, 0.75 * width)
        # Not in the middle, where the head of who comes the other way would be too.
        middle = left + 0.4 * (right - left) + across, low + 0.4 * (top - low) + up
        sheet.line(
            [
                (middle[0] + way[0] * head, middle[1] + way[1] * head),
                (middle[0] - way[0] * head * 0.4 - way[1] * half, middle[1] - way[1] * head * 0.4 + way[0] * half),
                (middle[0] - way[0] * head * 0.4 + way[1] * half, middle[1] - way[1] * head * 0.4 - way[0] * half),
            ],
            "none", fill=FLOW,
        )  # fmt: skip


def _named(sheet: Sheet, group: Group, x: float, y: float, taken: list[tuple[float, float, float, float]]) -> None:
    """Words on a group, moved up or down off the words that are there already."""
    _, middle, up = group.middle
    corners = [place.footprint for place in group.places]
    wide = max(corner[2] for corner in corners) - min(corner[0] for corner in corners)
    text = f"{group.department} \u00d7{len(group.places)}" if len(group.places) > 1 else group.department
    size = min(1.25, max(0.85, wide / (0.6 * len(text))))
    half = 0.3 * size * len(text)
    for step in (0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0):
        low = up + 1.15 * size * step
        box = (middle - half, low - size / 2.0, middle + half, low + size / 2.0)
        if not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken
        ):
            break
    taken.append(box)
    sheet.words(x + middle, y + low, text, size, bold=True, halo=True)
