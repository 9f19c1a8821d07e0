"""The face display on the head's bench: a white picture for its pixels and light, four marks for its place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ironworks.product.design import Face, face_of
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.procedures.as_designed import as_designed
from ironworks.robot.asbuilt import Unit
from ironworks.robot.face import DisplayState, measure_display

__all__ = ["FaceTest", "display_of"]


class FaceTest:
    """A camera looks at the display; what it sees is compared with the display as designed."""

    name = "face"
    item = "head"
    minutes = 8.0
    measurements = (
        Measurement("dead_lines", Limits(None, 0.0, "lines"), description="rows and columns without light"),
        Measurement("dead_pixels", Limits(None, 5.0, "pixels"), description="single ones"),
        Measurement("luminance", Limits(-22.0, 26.0, "percent"), description="of white, to the design"),
        Measurement("display_place", Limits(None, 1.7, "mm"), description="of the picture from its place in the head"),
    )
    catches = ("dead_pixels",)
    sees = ("brightness", "display_place")

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of the display."""
        face = as_designed("face", specimen, lambda _: face_of(specimen.design))
        names = specimen.unit.places.names["display"]
        if face is None or not names:
            return {one.name: Readings.none() for one in self.measurements}
        state = display_of(specimen.unit, face)
        found = measure_display(face, state, specimen.rng(self.name))
        rows = {
            "dead_lines": (found.dead_lines, len(state.dead_rows)),
            "dead_pixels": (found.dead_pixels, len(state.dead)),
            "luminance": (100.0 * (found.luminance / face.luminance - 1.0), 100.0 * (state.brightness - 1.0)),
            "display_place": (1e3 * found.offset, 1e3 * float(np.hypot(*state.shift))),
        }
        return {name: Readings(names, np.array([read]), np.array([true])) for name, (read, true) in rows.items()}


def display_of(unit: Unit, face: Face) -> DisplayState:
    """The display of a unit: its brightness and place as drawn; a fault darkens rows that its serial number chooses."""
    rng = np.random.default_rng([unit.serial, *b"display"])
    dead: set[int] = set()
    for fault in unit.struck("dead_pixels"):
        dead |= set(rng.choice(face.rows, size=round(fault.severity), replace=False).tolist())
    across, up = unit["display_place"][0]
    return DisplayState(
        np.empty((0, 2), np.intp),
        dead_rows=tuple(sorted(dead)),
        brightness=float(1.0 + unit["brightness"][0]),
        shift=(float(across), float(up)),
    )
