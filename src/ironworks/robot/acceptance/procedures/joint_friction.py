"""Slow and faster runs without load, both ways: dry and viscous friction from the current."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.joint_modules import BUS, JointModules
from ironworks.robot.spin_bench import spin

__all__ = ["JointFriction"]

#: Speeds over the speed without load, each held for so many seconds of which the last part counts.
_SPEEDS, _HOLD, _COUNTS = (0.05, 0.5, -0.05, -0.5), 0.6, 0.2
_STEP = 0.002
#: Current probe's noise over the driver's limit; cogging over the dry friction; assumptions.
_PROBE_NOISE, _COGGING = 0.002, 0.05


class JointFriction:
    """A speed loop turns the joint on its bench; the dynamometer's torque constant makes torque of the current."""

    name = "joint_friction"
    item = "joint"
    minutes = 0.7
    measurements = (
        Measurement("friction", Limits(None, 2.05), description="dry friction over the design's"),
        Measurement("damping", Limits(None, 2.4), description="viscous friction over the design's"),
    )
    catches = ("tight_bearing",)
    needs = ("torque_constant",)
    sees = ("friction", "damping")

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every driven joint."""
        modules, rng = JointModules.of(specimen.design, specimen.unit), specimen.rng(self.name)
        nominal = modules.designed("joint_constant")
        known = specimen.memo.get("torque_constant")
        constant = nominal
        if isinstance(known, dict):
            constant = np.array([known.get(name, k) for name, k in zip(modules.names, nominal, strict=True)])
        free = np.array([drive.no_load_speed(BUS) for drive in modules.drives])
        hold, counts = round(_HOLD / _STEP), round(_COUNTS / _STEP)
        trace = spin(modules, np.repeat(np.outer(_SPEEDS, free), hold, axis=0), step=_STEP)
        most = modules.designed("torque") / nominal
        cogging = _COGGING * modules.designed("friction") / nominal
        current = trace.current + most * _PROBE_NOISE * rng.normal(size=trace.current.shape)
        turn = trace.angle * modules.designed("ratio") * 6.0
        current += cogging * np.sin(turn + rng.uniform(0.0, 2.0 * np.pi, len(modules)))
        ends = [slice((k + 1) * hold - counts, (k + 1) * hold) for k in range(len(_SPEEDS))]
        torque = np.array([current[end].mean(axis=0) for end in ends]) * constant
        speed = np.array([trace.speed[end].mean(axis=0) for end in ends])
        slow, fast = 0.5 * (torque[0] - torque[2]), 0.5 * (torque[1] - torque[3])
        w_slow, w_fast = 0.5 * (speed[0] - speed[2]), 0.5 * (speed[1] - speed[3])
        turns = w_fast > 2.0 * w_slow
        damping = np.where(turns, (fast - slow) / np.where(turns, w_fast - w_slow, 1.0), np.nan)
        friction = slow - damping * w_slow
        f, d = modules.designed("friction"), modules.designed("damping")
        return {
            "friction": Readings(modules.names, friction / f, modules.friction / f),
            "damping": Readings(modules.names, damping / d, modules.damping / d),
        }
