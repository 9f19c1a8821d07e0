"""Both hard stops, found by moving slowly into them with little torque: the range against the design."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.encoder_error import EncoderError
from ironworks.robot.joint_modules import JointModules
from ironworks.robot.spin_bench import spin

__all__ = ["JointRange"]

#: Seconds for the way between the stops, time beyond it, torque over dry friction as designed.
_WAY, _MORE, _TORQUE = 1.5, 1.2, 4.0
_STEP = 0.003


class JointRange:
    """Each module turns from the middle of its range to one stop, then to the other; its encoder reads both."""

    name = "joint_range"
    item = "joint"
    minutes = 0.6
    measurements = (
        Measurement("range", Limits(-2.5, 2.5, "deg"), description="angle between the stops against the design"),
    )
    catches = ("bent_stop",)
    sees = ("stop_angle", "encoder_accuracy")

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every driven joint that has stops."""
        modules, rng = JointModules.of(specimen.design, specimen.unit), specimen.rng(self.name)
        limits = {joint.name: (joint.low, joint.high) for joint in specimen.design.joints}
        low, high = np.array([limits[name] for name in modules.names], dtype=float).reshape(-1, 2).T
        has = np.isfinite(low)
        width = np.where(has, high - low, 1.0)
        low = np.where(has, low, 0.0)
        speed = width / _WAY
        half, whole = round((0.5 * _WAY + _MORE) / _STEP), round((_WAY + _MORE) / _STEP)
        course = np.concatenate([-np.ones(half), np.ones(whole)])[:, None] * speed
        share = np.minimum(1.0, _TORQUE * modules.designed("friction") / modules.designed("torque"))
        trace = spin(modules, course, share=share, step=_STEP, angle=low + 0.5 * width, stops=True)
        encoder = EncoderError.of(specimen.unit, modules.names)
        read = []
        for end in (half, half + whole):
            angle = trace.angle[end - 20 : end]
            seen = angle + encoder.at(angle) + encoder.noise * rng.normal(size=angle.shape)
            read.append(seen.mean(axis=0))
        found, true = read[1] - read[0] - width, modules.high - modules.low - width
        names = tuple(name for name, kept in zip(modules.names, has, strict=True) if kept)
        return {"range": Readings(names, np.degrees(found[has]), np.degrees(true[has]))}
