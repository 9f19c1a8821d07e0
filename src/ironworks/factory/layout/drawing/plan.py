"""The plan of a layout as a plant engineer reads it: grid, dimensions, aisles, places, and what is carried where."""

from __future__ import annotations

from ironworks.factory.layout.drawing.colours import colours
from ironworks.factory.layout.drawing.hall import draw_hall
from ironworks.factory.layout.drawing.loads import groups, pieces
from ironworks.factory.layout.drawing.sheet import Sheet
from ironworks.factory.layout.drawing.tables import draw_tables, rows_of
from ironworks.factory.layout.layout import Layout

__all__ = ["draw_plan"]

#: Around each hall [m]: for its dimensions and names; and the width of the tables.
_LEFT, _RIGHT, _BELOW, _ABOVE, _TABLES, _EDGE = 11.0, 7.0, 7.0, 13.0, 38.0, 2.0


def draw_plan(layout: Layout, scale: float = 12.0) -> str:
    """SVG of all halls that are ready, one above the other, at `scale` [pixels per m]; tables on the right."""
    problem = layout.problem
    halls = sorted(problem.site.ready(problem.day), key=lambda hall: (hall.building, hall.storey, hall.name))
    places = {hall.name: [place for place in layout.places if place.hall == hall.name] for hall in halls}
    drawn = [hall for hall in halls if places[hall.name] or len(halls) == 1] or list(halls)
    width = _LEFT + max(hall.width for hall in drawn) + _RIGHT
    height = sum(_BELOW + hall.depth + _ABOVE for hall in drawn)
    height = max(height, 30.0 + 1.5 * len(rows_of(layout)))
    sheet = Sheet(-_EDGE, -_EDGE, width + _TABLES + _EDGE, height + _EDGE, scale, f"Layout of {problem.site.name}")
    sheet.box(
        -_EDGE + 0.5, -_EDGE + 0.5, width + _TABLES + _EDGE - 0.5, height + _EDGE - 0.5, stroke="#222", width=0.12
    )
    colour = colours(problem)
    ways, together = pieces(layout), groups(layout)
    most = max((piece.trips for piece in ways), default=0.0)
    base = height
    for hall in reversed(drawn):
        base -= _ABOVE + hall.depth
        draw_hall(sheet, layout, hall, (_LEFT, base), colour, together, [p for p in ways if p.hall == hall.name], most)
        base -= _BELOW
    draw_tables(sheet, layout, width, height, _TABLES, colour, most)
    return sheet.text
