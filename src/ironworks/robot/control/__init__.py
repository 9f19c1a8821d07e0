"""Control of a robot from its sensors alone: one interface for the bench, the mind and users."""

from ironworks.robot.control.contact_guard import Contact, ContactGuard
from ironworks.robot.control.control_model import ControlModel, held_joints
from ironworks.robot.control.estimator import Estimator
from ironworks.robot.control.fall import Fall, FallGuard, FallState
from ironworks.robot.control.floor_sensor import FloorSensor
from ironworks.robot.control.footsteps import FootstepReport, FootstepState, Landing
from ironworks.robot.control.gait_style import HUMAN, PLAIN, GaitStyle
from ironworks.robot.control.gaze_aim import GazeReport, GazeState
from ironworks.robot.control.height_map import FloorView, HeightMap
from ironworks.robot.control.interface import (
    TICK,
    Command,
    Controller,
    Footstep,
    GazeGoal,
    HandGoal,
    Hands,
    JointCommand,
    Observation,
)
from ironworks.robot.control.momentum_observer import MomentumObserver
from ironworks.robot.control.muscle_control import MuscleControl
from ironworks.robot.control.simulation import SimulatedRobot
from ironworks.robot.control.state_source import StateSource
from ironworks.robot.control.step_planner import Gait
from ironworks.robot.control.walking import Walking

__all__ = [
    "HUMAN",
    "PLAIN",
    "TICK",
    "Command",
    "Contact",
    "ContactGuard",
    "ControlModel",
    "Controller",
    "Estimator",
    "Fall",
    "FallGuard",
    "FallState",
    "FloorSensor",
    "FloorView",
    "Footstep",
    "FootstepReport",
    "FootstepState",
    "Gait",
    "GaitStyle",
    "GazeGoal",
    "GazeReport",
    "GazeState",
    "HandGoal",
    "Hands",
    "HeightMap",
    "JointCommand",
    "Landing",
    "MomentumObserver",
    "MuscleControl",
    "Observation",
    "SimulatedRobot",
    "StateSource",
    "Walking",
    "held_joints",
]
