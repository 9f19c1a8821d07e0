"""Reversal under load with the link clamped: backlash and stiffness of the gear from the loop of torque over twist."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.joint_modules import JointModules
from ironworks.robot.play_loop import lost_motion, play_loop, triangle

__all__ = ["GearPlay"]

_SHARE, _SAMPLES = 0.5, 400
#: A dial on an arm at the output, noise [rad]; torque by the current probe, noise over the driver's limit; assumptions.
_DIAL_NOISE, _PROBE_NOISE = 2e-5, 0.002
_ARCMIN = np.degrees(1.0) * 60.0


class GearPlay:
    """Torque goes slowly from half the drive's to the opposite and back; a dial reads rotor against link."""

    name = "gear_play"
    item = "joint"
    minutes = 0.8
    measurements = (
        Measurement("backlash", Limits(None, 15.0, "arcmin"), description="lost motion less wind-up; H10's high end"),
        Measurement("stiffness", Limits(-20.0, 20.0, "percent"), description="of the gear, against the design"),
    )
    catches = ("cracked_gear",)
    needs = ("torque_constant",)
    sees = ("backlash",)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every driven joint."""
        modules, rng = JointModules.of(specimen.design, specimen.unit), specimen.rng(self.name)
        peak = _SHARE * modules.designed("torque")
        asked = triangle(_SAMPLES)[:, None] * peak
        # The driver asks for a current; what the rotor gets is as its constant and phases are.
        given = asked * modules.constant * modules.phases / modules.designed("joint_constant")
        twist = play_loop(given, modules.stiffness, modules.backlash, modules.friction)
        known = specimen.memo.get("torque_constant")
        if isinstance(known, dict):
            found = np.array([known.get(name, np.nan) for name in modules.names])
            asked = asked * found / modules.designed("joint_constant")
        seen = twist + _DIAL_NOISE * rng.normal(size=twist.shape)
        told = asked + _PROBE_NOISE * modules.designed("torque") * rng.normal(size=twist.shape)
        # The course of the command tells the way and the side: noise would turn both about.
        play, stiffness, _ = lost_motion(asked, seen, measured=told)
        designed = modules.designed("stiffness")
        return {
            "backlash": Readings(modules.names, _ARCMIN * play, _ARCMIN * modules.backlash),
            "stiffness": Readings(
                modules.names, 100.0 * (stiffness / designed - 1.0), 100.0 * (modules.stiffness / designed - 1.0)
            ),
        }
