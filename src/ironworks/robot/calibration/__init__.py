"""Calibration on the gantry: a unit is moved, touched and weighed, and gets the model that fits it."""

from ironworks.robot.calibration.calibrate import Calibration, calibrate, identify
from ironworks.robot.calibration.estimate import Estimate, Unseen
from ironworks.robot.calibration.finger_programme import FingerProgramme, finger_programmes_of
from ironworks.robot.calibration.fingers import Fingers, HandFound, identify_fingers
from ironworks.robot.calibration.gantry import Course, Instruments, Measured, go_through
from ironworks.robot.calibration.programme import Programme, programme_of

__all__ = [
    "Calibration",
    "Course",
    "Estimate",
    "FingerProgramme",
    "Fingers",
    "HandFound",
    "Instruments",
    "Measured",
    "Programme",
    "Unseen",
    "calibrate",
    "finger_programmes_of",
    "go_through",
    "identify",
    "identify_fingers",
    "programme_of",
]
