"""A layout for maps: GeoJSON (RFC 7946), longitude and latitude about the site's origin."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from ironworks.factory.layout.layout import Layout

__all__ = ["geojson"]

#: Radii of curvature of WGS 84: its greater half axis [m], and its first eccentricity squared.
_AXIS, _ECCENTRICITY = 6_378_137.0, 6.694_379_990_14e-3


def geojson(layout: Layout) -> str:
    """Halls, aisles, places and docks as features, each with its name, kind, hall and storey."""
    features = [_feature(*shape) for shape in _shapes(layout)]
    frame = _Frame(layout.problem.site.origin)
    for feature in features:
        feature["geometry"]["coordinates"] = frame.turned(feature["geometry"]["coordinates"])
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n"


class _Frame:
    """The plane that touches the ellipsoid at a site's origin."""

    def __init__(self, origin: tuple[float, float]) -> None:
        self._origin = origin
        latitude = math.radians(origin[1])
        bent = 1.0 - _ECCENTRICITY * math.sin(latitude) ** 2
        self._east = _AXIS / math.sqrt(bent) * math.cos(latitude)
        self._north = _AXIS * (1.0 - _ECCENTRICITY) / bent**1.5

    def turned(self, shape: Any) -> Any:
        """Metres east and north, however deep in lists, as degrees."""
        if isinstance(shape[0], list):
            return [self.turned(part) for part in shape]
        longitude = self._origin[0] + math.degrees(shape[0] / self._east)
        latitude = self._origin[1] + math.degrees(shape[1] / self._north)
        # Nine decimals are a tenth of a millimetre.
        return [round(longitude, 9), round(latitude, 9)]


def _feature(kind: str, name: str, corners: list[list[float]], more: dict[str, Any]) -> dict[str, Any]:
    shape = {"type": "Polygon", "coordinates": [corners]} if len(corners) > 1 else None
    return {
        "type": "Feature",
        "properties": {"kind": kind, "name": name, **more},
        "geometry": shape or {"type": "Point", "coordinates": corners[0]},
    }


def _shapes(layout: Layout) -> Iterator[tuple[str, str, list[list[float]], dict[str, Any]]]:
    halls = {hall.name: hall for hall in layout.problem.site.halls}

    def ring(hall: str, x: float, y: float, right: float, top: float) -> list[list[float]]:
        # Exterior rings run against the clock and end where they begin.
        west, south = halls[hall].corner
        corners = ((x, y), (right, y), (right, top), (x, top), (x, y))
        return [[west + across, south + up] for across, up in corners]

    for hall in halls.values():
        about = {"hall": hall.name, "building": hall.building, "storey": hall.storey}
        yield "hall", hall.name, ring(hall.name, 0.0, 0.0, hall.width, hall.depth), {**about, "m2": hall.area}
        for dock in hall.docks:
            yield "dock", dock.name, [[hall.corner[0] + dock.x, hall.corner[1] + dock.y]], about
        for lane in layout.aisles:
            if lane.hall == hall.name:
                corners = ring(hall.name, lane.x, lane.y, lane.x + lane.width, lane.y + lane.depth)
                yield "aisle", "aisle", corners, {**about, "m": lane.depth if lane.along else lane.width}
        for place in layout.places:
            if place.hall == hall.name:
                more = {**about, "department": place.department, "kw": place.space.power / 1e3}
                yield "place", f"{place.department} {place.number}", ring(hall.name, *place.footprint), more
