"""Dynamometer: current against measured torque at several speeds, and the winding's resistance from the voltage."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.joint_modules import BUS, JointModules
from ironworks.robot.least_squares import solve_each

__all__ = ["TorqueConstant"]

#: Speeds over the speed without load, and currents over the driver's limit, held one after another.
_SPEEDS, _CURRENTS = (-0.4, -0.2, 0.2, 0.4), (-0.6, -0.3, 0.3, 0.6)
#: Samples at each point; ripple of torque over its mean (six a turn of the motor); an assumption.
_SAMPLES, _RIPPLE = 120, 0.02
#: Torque cell: gain and noise over the drive's torque; current and voltage probes: gain, noise over full scale.
_CELL_GAIN, _CELL_NOISE, _PROBE_GAIN, _PROBE_NOISE = 0.002, 0.002, 0.002, 0.002


class TorqueConstant:
    """The load machine holds a speed while the driver holds a current; both directions tell torque from friction."""

    name = "torque_constant"
    item = "joint"
    minutes = 0.9
    measurements = (
        Measurement(
            "torque_constant", Limits(-18.0, 18.0, "percent"), description="torque over current against the design"
        ),
        Measurement(
            "resistance", Limits(-18.0, 18.0, "percent"), description="of the winding at 25 degC, against the design"
        ),
    )
    catches = ("wrong_lot", "open_phase")
    sees = ("torque_constant", "resistance")

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every driven joint."""
        modules, rng = JointModules.of(specimen.design, specimen.unit), specimen.rng(self.name)
        count = len(modules)
        nominal, torque = modules.designed("joint_constant"), modules.designed("torque")
        free = np.array([drive.no_load_speed(BUS) for drive in modules.drives])
        push = modules.constant * modules.phases
        gains = 1.0 + rng.normal(size=(3, count)) * [[_CELL_GAIN], [_PROBE_GAIN], [_PROBE_GAIN]]
        rows, volts = [], []
        for speed in _SPEEDS:
            for share in _CURRENTS:
                w, i = speed * free, share * torque / nominal
                turn = rng.uniform(0.0, 2.0 * np.pi, count) + np.outer(np.linspace(0.0, 1.0, _SAMPLES), 40.0 * w / free)
                ripple = 1.0 + _RIPPLE * np.sin(6.0 * turn)
                current = i + _PROBE_NOISE * torque / nominal * rng.normal(size=(_SAMPLES, count))
                shaft = push * i * ripple - modules.friction * np.sign(w) - modules.damping * w
                shaft = shaft + _CELL_NOISE * torque * rng.normal(size=(_SAMPLES, count))
                voltage = modules.resistance * i + push * w + _PROBE_NOISE * BUS * rng.normal(size=(_SAMPLES, count))
                rows.append((shaft.mean(axis=0) * gains[0], current.mean(axis=0) * gains[1], w))
                volts.append(voltage.mean(axis=0) * gains[2])
        shaft, current, w = (np.array(column) for column in zip(*rows, strict=True))
        # shaft = k i - f sign(w) - d w;  voltage = r i + e w: least squares for each joint.
        k = solve_each(np.stack([current, -np.sign(w), -w], axis=-1), shaft)[:, 0]
        r = solve_each(np.stack([current, w], axis=-1), np.array(volts))[:, 0]
        specimen.memo["torque_constant"] = dict(zip(modules.names, k, strict=True))
        designed = modules.designed("resistance")
        return {
            "torque_constant": Readings(modules.names, 100.0 * (k / nominal - 1.0), 100.0 * (push / nominal - 1.0)),
            "resistance": Readings(
                modules.names, 100.0 * (r / designed - 1.0), 100.0 * (modules.resistance / designed - 1.0)
            ),
        }
