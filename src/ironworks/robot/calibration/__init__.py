"""Calibration on the gantry: a unit is moved, touched and weighed, and gets the model that fits it."""

from ironworks.robot.calibration.calibrate import Calibration, calibrate, identify
from ironworks.robot.calibration.estimate import Estimate, Unseen
from ironworks.robot.calibration.gantry import Instruments, Measured, hang_loads, measure
from ironworks.robot.calibration.programme import Programme, programme_of

__all__ = [
    "Calibration",
    "Estimate",
    "Instruments",
    "Measured",
    "Programme",
    "Unseen",
    "calibrate",
    "hang_loads",
    "identify",
    "measure",
    "programme_of",
]
