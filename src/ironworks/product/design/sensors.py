"""What a robot senses with besides its joints, and what a bench takes hold of: sensors.csv of a design."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from ironworks.faults import FaultLog, closest
from ironworks.product.design.tree import Design
from ironworks.reading.rows import read_table
from ironworks.rows import Choice, Row
from ironworks.rows._cells import Id, Real, Text
from ironworks.tables import parse_table, read_text

__all__ = ["Sensor", "sensors_of"]

Floats = NDArray[np.float64]
_FILE = "sensors.csv"


class _SensorRow(Row):
    KEY: ClassVar = ("sensor",)
    sensor: Id
    sides: Annotated[Literal["", "lr"], Choice(("lr",))] = ""
    link: Text
    kind: Annotated[Literal["imu", "camera", "force", "ball", "marker"], Choice()]
    x: Annotated[float, Real()] = 0.0
    y: Annotated[float, Real()] = 0.0
    z: Annotated[float, Real()] = 0.0
    yaw: Annotated[float, Real(-180.0, 180.0)] = 0.0
    pitch: Annotated[float, Real(-90.0, 90.0)] = 0.0
    view: Annotated[float, Real(1.0, 179.0)] = 90.0
    pixels: Annotated[float, Real(1.0, 100000.0)] = 1280.0
    note: Text = ""


@dataclass(frozen=True)
class Sensor:
    """A sensor, or a place that a bench touches (`ball`) or looks at (`marker`), at `place` (3,) [m] of a link.

    `turn` (3, 3): its axes in the link's. A camera looks along its x, has y to its left and z up, sees `view` [rad]
    across and has a focal length of `focus` [pixel].
    """

    name: str
    kind: str
    link: str
    place: Floats
    turn: Floats
    view: float
    pixels: float

    @property
    def focus(self) -> float:
        """Focal length [pixel]."""
        return self.pixels / 2.0 / math.tan(self.view / 2.0)


def sensors_of(design: Design) -> tuple[Sensor, ...]:
    """The sensors of a design, in the order of its file; none where it has no such file.

    A limb (`Design.limb`) has those on its links. Raises ScenarioFaults.
    """
    path = design.folder / _FILE
    if not path.is_file():
        return ()
    log = FaultLog()
    text = read_text(path, log)
    table = parse_table(_FILE, text, log) if text is not None else None
    rows = read_table("sensors", _SensorRow, table, log) if table is not None else ()
    links = set(design.by_name)
    found = []
    for row in rows:
        assert isinstance(row, _SensorRow)
        for prefix, side in (("left_", 1.0), ("right_", -1.0)) if row.sides else (("", 1.0),):
            link = next((name for name in (prefix + row.link, row.link) if name in links), "")
            if not link:
                if design.is_limb:
                    continue
                mend = closest(row.link, links) or "name a link"
                log.add(_FILE, row.row_line, f"sensors.{row.row_key}.link", f"`{row.link}` is no link",
                        choices=links, mend=mend)  # fmt: skip
                continue
            place = np.array([row.x, side * row.y, row.z])
            turn = _turn(side * math.radians(row.yaw), math.radians(row.pitch))
            found.append(Sensor(prefix + row.sensor, row.kind, link, place, turn, math.radians(row.view), row.pixels))
    log.stop_on_faults()
    return tuple(found)


def _turn(yaw: float, pitch: float) -> Floats:
    """Axes after a turn about z, then about the new y (nose down is positive)."""
    a, b, c, d = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
    return np.array([[a * c, -b, a * d], [b * c, a, b * d], [-d, 0.0, c]])
