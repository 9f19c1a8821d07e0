"""Beside the plan: departments, what the signs mean, scale and title."""

from __future__ import annotations

from ironworks.factory.layout.drawing.colours import FLOW
from ironworks.factory.layout.drawing.hall import WIDEST
from ironworks.factory.layout.drawing.sheet import Sheet
from ironworks.factory.layout.layout import Layout

__all__ = ["draw_tables", "rows_of"]

_ROW = 1.5


def rows_of(layout: Layout) -> list[tuple[str, str, str, str]]:
    """Department, places, area with clearance and power, as words; those without places are left out."""
    return [
        (one.name, f"{one.places}", f"{one.places * one.space.area:,.0f}", f"{one.places * one.space.power / 1e3:,.0f}")
        for one in layout.problem.departments if one.places
    ]  # fmt: skip


def draw_tables(
    sheet: Sheet, layout: Layout, x: float, height: float, width: float, colour: dict[str, str], most: float
) -> None:
    """Tables from x on, from the top of a sheet of that height down [m]; `most`: trips a day of the widest arrow."""
    right = x + width - 1.0
    y = height - 2.0
    sheet.words(x, y, "Departments", 1.5, "start", bold=True)
    columns = (x + 23.0, x + 30.0, right)
    for name, at in zip(("places", "m2", "kW"), columns, strict=True):
        sheet.words(at, y, name, 1.0, "end", colour="#555")
    y -= 1.2 * _ROW
    for row in rows_of(layout):
        sheet.box(x, y - 0.5, x + 1.6, y + 0.5, colour[row[0]], "#333", 0.05)
        sheet.words(x + 2.3, y, row[0], 1.0, "start")
        for text, at in zip(row[1:], columns, strict=True):
            sheet.words(at, y, text, 1.0, "end")
        y -= _ROW
    sheet.line([(x, y + 0.75), (right, y + 0.75)], "#444", 0.05)
    problem = layout.problem
    area = sum(one.places * one.space.area for one in problem.departments)
    power = sum(one.places * one.space.power for one in problem.departments)
    for text, at in zip((f"{len(layout.places)}", f"{area:,.0f}", f"{power / 1e3:,.0f}"), columns, strict=True):
        sheet.words(at, y, text, 1.0, "end", bold=True)
    sheet.words(x + 2.3, y, "all, with clearance", 1.0, "start", bold=True)
    _signs(sheet, x, y - 3.0, most)
    _title(sheet, layout, x, right)


def _signs(sheet: Sheet, x: float, y: float, most: float) -> None:
    sheet.box(x, y - 0.7, x + 3.0, y + 0.7, "#eee", "#333", 0.06)
    sheet.line([(x + 0.1, y + 0.55), (x + 2.9, y + 0.55)], "#333", 0.16)
    sheet.words(x + 4.0, y, "place; the thick side is its front", 1.0, "start")
    sheet.box(x, y - 2.7, x + 3.0, y - 1.4, stroke="#777", width=0.03, dash="0.3 0.25")
    sheet.words(x + 4.0, y - 2.0, "service clearance", 1.0, "start")
    sheet.box(x, y - 4.7, x + 3.0, y - 3.4, "#f4f1e4", "#b9ad7a", 0.1, "1 0.5")
    sheet.words(x + 4.0, y - 4.0, "aisle, kept free", 1.0, "start")
    if most > 0.0:
        for row, part in enumerate((1.0, 0.25)):
            up = y - 6.0 - 2.0 * row
            sheet.line([(x, up), (x + 3.0, up)], FLOW, WIDEST * part, opacity=0.62)
            sheet.words(x + 4.0, up, f"{most * part:,.0f} trips a day in one direction", 1.0, "start")


def _title(sheet: Sheet, layout: Layout, x: float, right: float) -> None:
    problem = layout.problem
    halls = len({place.hall for place in layout.places})
    rows = [
        f"{layout.work / 1e3:,.1f} km driven with loads in a day",
        f"{len(layout.places)} places in {halls} hall{'s' if halls > 1 else ''}; checked: no rule is broken"
        if not layout.broken
        else f"{len(layout.broken)} rules are broken",
    ]
    sheet.box(x, 0.0, right, 11.0, stroke="#222", width=0.12)
    sheet.line([(x, 6.0), (right, 6.0)], "#222", 0.06)
    # The arrow to the north needs the last metres.
    size = min(1.8, (right - x - 7.0) / (0.62 * max(len(problem.site.name), 1)))
    sheet.words(x + 1.0, 9.6, problem.site.name, size, "start", bold=True)
    sheet.words(x + 1.0, 7.4, "Floor plan: departments, aisles and transport", 1.05, "start")
    for row, text in enumerate(rows):
        sheet.words(x + 1.0, 4.8 - 1.6 * row, text, 0.95, "start")
    for part in range(4):
        sheet.box(
            x + 1.0 + 5.0 * part, 0.9, x + 6.0 + 5.0 * part, 1.3, "#222" if part % 2 == 0 else "#fff", "#222", 0.05
        )
    for mark in (0, 10, 20):
        sheet.words(x + 1.0 + mark, 2.0, f"{mark}", 0.8)
    sheet.words(x + 22.6, 1.1, "m", 0.9)
    north = right - 3.0
    sheet.line([(north, 10.2), (north - 1.1, 7.0), (north, 7.8), (north + 1.1, 7.0)], "#222", 0.08, fill="#222")
    sheet.words(north + 1.9, 9.4, "N", 1.2, bold=True)
