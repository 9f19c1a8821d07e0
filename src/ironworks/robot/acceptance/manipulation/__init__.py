"""Acceptance of hands: simple things are grasped, held, shaken, tilted and turned by units as built.

Procedures here are not among `procedures.PROCEDURES`, of which the plant's table of verdicts is made.
"""

from ironworks.robot.acceptance.manipulation.grasp_trial import GraspResult, GraspTrial, grasp_trial
from ironworks.robot.acceptance.manipulation.objects import Thing, things
from ironworks.robot.acceptance.manipulation.own_hands import OwnHand, own_hands
from ironworks.robot.acceptance.manipulation.procedures import GRASP, GRASPS, ROTATION, GraspTest, RotationTest
from ironworks.robot.acceptance.manipulation.rotation_trial import RotationResult, rotation_trial

__all__ = [
    "GRASP",
    "GRASPS",
    "ROTATION",
    "GraspResult",
    "GraspTest",
    "GraspTrial",
    "OwnHand",
    "RotationResult",
    "RotationTest",
    "Thing",
    "grasp_trial",
    "own_hands",
    "rotation_trial",
    "things",
]
