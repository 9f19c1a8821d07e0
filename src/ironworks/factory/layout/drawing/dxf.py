"""A layout for CAD: DXF R2010 in metres, one layer for each kind of thing. Needs `ezdxf` (the extra `cad`)."""

from __future__ import annotations

import importlib.util
from itertools import pairwise
from pathlib import Path
from typing import Any

from ironworks.factory.layout.drawing.loads import groups
from ironworks.factory.layout.layout import Layout
from ironworks.factory.layout.qap import LayoutError
from ironworks.factory.site import Hall

__all__ = ["LAYERS", "write_dxf"]

LAYERS = {
    "WALLS": 7, "COLUMNS": 7, "GRID": 8, "AISLES": 2, "PLACES": 5, "FRONTS": 1, "CLEARANCE": 9, "DOCKS": 3, "LINKS": 3,
    "NAMES": 7, "DIMENSIONS": 8,
}  # fmt: skip
"""Each layer and its colour, by AutoCAD's index."""
#: Halls that lie above one another on the site are drawn beside each other [m].
_BETWEEN = 30.0


def write_dxf(layout: Layout, path: Path) -> None:
    """Write it, halls beside each other by storey, whole or not at all.

    Raises LayoutError where `ezdxf` is not installed, or where its own audit finds an error.
    """
    if importlib.util.find_spec("ezdxf") is None:
        raise LayoutError(["DXF needs the package ezdxf: install ironworks with the extra `cad`"])
    import ezdxf
    from ezdxf import units

    document = ezdxf.new("R2010", setup=True, units=units.M)
    for name, colour in LAYERS.items():
        document.layers.add(name, color=colour, linetype="DASHDOT" if name == "GRID" else "CONTINUOUS")
    left = 0.0
    for hall in layout.problem.site.ready(layout.problem.day):
        _draw(document.modelspace(), layout, hall, left)
        left += hall.width + _BETWEEN
    audit = document.audit()
    if audit.has_errors:
        raise LayoutError([f"DXF: {error.message}" for error in audit.errors])
    beside = path.with_name(path.name + ".part")
    document.saveas(beside)
    beside.replace(path)


def _draw(space: Any, layout: Layout, hall: Hall, left: float) -> None:
    def box(layer: str, x: float, y: float, right: float, top: float) -> None:
        corners = [(left + x, y), (left + right, y), (left + right, top), (left + x, top)]
        space.add_lwpolyline(corners, close=True, dxfattribs={"layer": layer})

    def name(text: str, x: float, y: float, height: float) -> None:
        words = space.add_text(text, height=height, dxfattribs={"layer": "NAMES", "style": "OpenSans"})
        words.set_placement((left + x, y), align=_align())

    box("WALLS", 0.0, 0.0, hall.width, hall.depth)
    half = hall.column / 2.0
    for x, y in hall.columns if half > 0.0 else ():
        box("COLUMNS", x - half, y - half, x + half, y + half)
    along, up = hall.lines
    for text, at in along:
        space.add_line((left + at, -2.0), (left + at, hall.depth + 2.0), dxfattribs={"layer": "GRID"})
        space.add_circle((left + at, -3.0), 1.0, dxfattribs={"layer": "GRID"})
        name(text, at, -3.0, 0.9)
    for text, at in up:
        space.add_line((left - 2.0, at), (left + hall.width + 2.0, at), dxfattribs={"layer": "GRID"})
        space.add_circle((left + hall.width + 3.0, at), 1.0, dxfattribs={"layer": "GRID"})
        name(text, hall.width + 3.0, at, 0.9)
    for lane in layout.aisles:
        if lane.hall == hall.name:
            box("AISLES", lane.x, lane.y, lane.x + lane.width, lane.y + lane.depth)
    for place in layout.places:
        if place.hall == hall.name:
            box("PLACES", *place.footprint)
            box("CLEARANCE", *place.clearance)
            x, y, right, top = place.footprint
            front = top if place.up else y
            space.add_line((left + x, front), (left + right, front), dxfattribs={"layer": "FRONTS"})
    for group in groups(layout):
        if group.places[0].hall == hall.name:
            name(group.department, group.middle[1], group.middle[2], 0.8)
    for dock in hall.docks:
        space.add_circle((left + dock.x, dock.y), 1.0, dxfattribs={"layer": "DOCKS"})
        name(dock.name, dock.x, dock.y - 2.0, 0.8)
    for link in layout.problem.site.links:
        for where, (x, y) in zip(link.halls, link.at, strict=True):
            if where == hall.name:
                box("LINKS", x - 1.2, y - 1.2, x + 1.2, y + 1.2)
                name(f"{link.kind} {link.name}", x, y - 2.0, 0.8)
    name(f"{hall.name}, storey {hall.storey}", hall.width / 2.0, hall.depth + 9.0, 1.6)
    _measured(space, [at for _, at in along], left, hall.depth + 4.0, 0.0)
    _measured(space, [0.0, hall.width], left, hall.depth + 6.0, 0.0)
    _measured(space, [at for _, at in up], left - 4.0, 0.0, 90.0)


def _measured(space: Any, marks: list[float], x: float, y: float, angle: float) -> None:
    """A chain of dimensions, along x or (90 degrees) along y."""
    for low, high in pairwise(marks):
        ends = ((x + low, y), (x + high, y)) if angle == 0.0 else ((x, y + low), (x, y + high))
        dimension = space.add_linear_dim(
            base=(x, y), p1=ends[0], p2=ends[1], angle=angle, dimstyle="EZ_M_100_H25_CM",
            dxfattribs={"layer": "DIMENSIONS"},
        )  # fmt: skip
        dimension.render()


def _align() -> Any:
    from ezdxf.enums import TextEntityAlignment

    return TextEntityAlignment.MIDDLE_CENTER
