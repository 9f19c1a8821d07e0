"""Step and sine on the gantry: overshoot, gain, phase lag and error of every driven joint."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.procedures.as_designed import as_designed
from ironworks.robot.acceptance.procedures.power_on import colours
from ironworks.robot.asbuilt import Unit
from ironworks.robot.rig import Rig

__all__ = ["Tracking"]

Floats = NDArray[np.float64]

#: Step [rad] and its seconds; sine's amplitude [rad], frequency [Hz], periods; time to come to rest first [s].
_STEP, _STEP_TIME, _SINE, _HERTZ, _PERIODS, _REST = 0.03, 0.4, 0.05, 1.0, 2, 0.3


class Tracking:
    """Groups of joints step in turn, then all follow a sine at once, thirds of a period apart along a limb.

    What counts is the difference from the same motion of a unit as designed: lag differs tenfold between a hip and a
    finger, and says little by itself.
    """

    name = "tracking"
    item = "robot"
    minutes = 5.0
    measurements = (
        Measurement("overshoot", Limits(-4.5, 4.5, "percent"), description="beyond a step, over the step"),
        Measurement("phase_lag", Limits(-0.7, 0.7, "deg"), description="of the sine at 1 Hz"),
        Measurement("gain", Limits(-0.007, 0.007), description="of the sine at 1 Hz"),
        Measurement("rms_error", Limits(-0.0025, 0.0025), description="beside the sine, over its amplitude"),
    )
    catches: tuple[str, ...] = ()
    sees = (
        "link_length",
        "link_mass",
        "centre_of_mass",
        "zero_offset",
        "encoder_accuracy",
        "torque_constant",
        "friction",
        "damping",
    )

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every driven joint, less those of a unit as designed."""
        joints, found = self._measure(specimen, specimen.unit, specimen.rng(self.name))
        _, wanted = as_designed(
            self.name, specimen, lambda unit: self._measure(specimen, unit, np.random.default_rng(0))
        )
        return {
            name: Readings(joints, read - wanted[name][1], true - wanted[name][1])
            for name, (read, true) in found.items()
        }

    @staticmethod
    def _measure(
        specimen: Specimen, unit: Unit, rng: np.random.Generator
    ) -> tuple[tuple[str, ...], dict[str, tuple[Floats, Floats]]]:
        """Joints, and for each measurement what is read and what is true (J,)."""
        rig = Rig(specimen.design, specimen.masses, unit, rng)
        group = colours(specimen.design, rig.joints)
        # Off the stops, so that none is met.
        stand = np.minimum(np.maximum(rig.stand, rig.low + 3.0 * _SINE), rig.high - 3.0 * _SINE)
        rig.rest(stand)
        start = stand + rig.misread(stand)
        rig.follow(np.tile(start, (round(_REST / rig.tick), 1)))
        over = {"read": np.full(len(start), np.nan), "true": np.full(len(start), np.nan)}
        steps = round(_STEP_TIME / rig.tick)
        for colour in range(3):
            mine = group == colour
            stepped = start + np.where(mine, _STEP, 0.0)
            record = rig.follow(np.tile(stepped, (steps, 1)))
            exact = record.true_angle + rig.misread(record.true_angle)
            for name, angle in (("read", record.angle), ("true", exact)):
                # What gravity leaves over is no overshoot: the end is where it comes to rest.
                end = angle[-10:].mean(axis=0)
                top = (angle - end).max(axis=0) / _STEP
                over[name][mine] = 100.0 * top[mine]
            rig.follow(np.tile(start, (steps // 2, 1)))
        time = np.arange(round((_PERIODS + 0.5) / _HERTZ / rig.tick)) * rig.tick
        phase = 2.0 * np.pi * (_HERTZ * time[:, None] - group / 3.0)
        ramp = np.minimum(1.0, time * 4.0 * _HERTZ)[:, None]
        record = rig.follow(start + _SINE * ramp * np.sin(phase))
        kept = slice(round(0.5 / _HERTZ / rig.tick), None)
        read = _sine(record.angle[kept], phase[kept])
        true = _sine((record.true_angle + rig.misread(record.true_angle))[kept], phase[kept])
        found = {"overshoot": (over["read"], over["true"])}
        found |= {name: (read[name], true[name]) for name in read}
        return rig.joints, found


def _sine(angle: Floats, phase: Floats) -> dict[str, Floats]:
    """Least squares on sine and cosine of the command's phase (T, J), and what is left beside them."""
    sine, cosine = np.sin(phase), np.cos(phase)
    about = angle - angle.mean(axis=0)
    # Whole periods: the two are orthogonal and have no mean.
    in_phase, behind = 2.0 * (about * sine).mean(axis=0), 2.0 * (about * cosine).mean(axis=0)
    left = about - in_phase * sine - behind * cosine
    return {
        "phase_lag": np.degrees(np.arctan2(-behind, in_phase)),
        "gain": np.hypot(in_phase, behind) / _SINE,
        "rms_error": np.sqrt((left**2).mean(axis=0)) / _SINE,
    }
