"""Muscles: tendons in the model, the activations that make wanted torques, and the torques that can be made."""

from ironworks.robot.muscles.activation import Activation, activations
from ironworks.robot.muscles.posture import MuscleMap, Musculature
from ironworks.robot.muscles.tendons import add_muscles, length_range
from ironworks.robot.muscles.torque_box import TorqueBox, torque_box

__all__ = [
    "Activation",
    "MuscleMap",
    "Musculature",
    "TorqueBox",
    "activations",
    "add_muscles",
    "length_range",
    "torque_box",
]
