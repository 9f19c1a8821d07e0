"""Layouts as files: a plan to look at (SVG), one for CAD (DXF), and one for maps (GeoJSON)."""

from ironworks.factory.layout.drawing.dxf import write_dxf
from ironworks.factory.layout.drawing.geojson import geojson
from ironworks.factory.layout.drawing.plan import draw_plan

__all__ = ["draw_plan", "geojson", "write_dxf"]
