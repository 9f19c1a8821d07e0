"""The calibration on the gantry as a test: offsets found, and how far hands and feet are from where they should be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, sensors_of
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.asbuilt import Unit
from ironworks.robot.calibration import Course, Programme, go_through, identify, programme_of

__all__ = ["CalibrationTest"]

Floats = NDArray[np.float64]

#: Every so many postures one is left out of the identification and checked with.
_CHECK = 6
_PROGRAMMES: dict[int, tuple[Design, Programme]] = {}
#: The last unit's way through the programme: when it is measured again, only the instruments read anew.
_COURSES: list[tuple[Unit, Programme, Course]] = []


class CalibrationTest:
    """Moves, touches, looks, weighs and identifies; then predicts postures that the identification has not seen.

    The identified model is kept in the specimen's memo as `calibration`.
    """

    name = "calibration"
    item = "robot"
    minutes = 13.0
    measurements = (
        Measurement("zero_offset", Limits(-5.0, 5.0, "deg"), description="that the calibration found in an encoder"),
        Measurement(
            "end_error", Limits(None, 1.8, "mm"), description="of a hand or foot seen from the root, root mean square"
        ),
    )
    catches = ("slipped_encoder",)
    sees = ("zero_offset", "encoder_accuracy", "link_length", "link_mass", "centre_of_mass", "torque_constant")

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every joint on the gantry, and of the touched ball that is farthest out on each limb."""
        design, unit = specimen.design, specimen.unit
        programme = _programme(specimen)
        rng = specimen.rng(self.name)
        checked = range(_CHECK - 1, len(programme.angles), _CHECK)
        measured = _course(specimen, programme).read(rng)
        found = identify(design, specimen.masses, unit, specimen.population, programme, measured.without(checked))
        specimen.memo["calibration"] = found
        rows = [unit.places.names["joint"].index(name) for name in programme.joints]
        offsets = Readings(
            programme.joints,
            np.degrees(found.identified["zero_offset"][rows]),
            np.degrees(unit["zero_offset"][rows]),
        )
        ends = _ends(design)
        columns = [i for i, ball in enumerate(measured.balls) if ball.name in ends]
        balls = tuple(measured.balls[i] for i in columns)
        predicted, _ = found.places(measured.angles[checked], balls)
        error = measured.ends[np.ix_(checked, columns)] - predicted
        true = measured.true_ends[np.ix_(checked, columns)] - predicted
        return {
            "zero_offset": offsets,
            "end_error": Readings(tuple(ball.name for ball in balls), _mean(error), _mean(true)),
        }


def _mean(error: Floats) -> Floats:
    """Root mean square of distances (P, B, 3) over the postures, (B,) [mm]."""
    return np.asarray(1e3 * np.sqrt((error**2).sum(axis=2).mean(axis=0)))


def _ends(design: Design) -> set[str]:
    """For each link with balls on which no other one with balls hangs, its first ball."""
    first: dict[str, str] = {}
    for sensor in sensors_of(design):
        if sensor.kind == "ball":
            first.setdefault(sensor.link, sensor.name)
    return {
        name for link, name in first.items() if not any(other in design.below(link) for other in first if other != link)
    }


def _course(specimen: Specimen, programme: Programme) -> Course:
    if not _COURSES or _COURSES[0][0] is not specimen.unit or _COURSES[0][1] is not programme:
        _COURSES[:] = [
            (specimen.unit, programme, go_through(specimen.design, specimen.masses, specimen.unit, programme))
        ]
    return _COURSES[0][2]


def _programme(specimen: Specimen) -> Programme:
    """The programme belongs to the design: all units go through the same postures."""
    design = specimen.design
    kept = _PROGRAMMES.get(id(design))
    if kept is None or kept[0] is not design:
        kept = (design, programme_of(design, specimen.masses))
        _PROGRAMMES[id(design)] = kept
    return kept[1]
