"""Acceptance of hands and of the whole body: things grasped by a hand, a box lifted with both, a stand from a squat.

Procedures here are not among `procedures.PROCEDURES`, of which the plant's table of verdicts is made.
"""

from ironworks.robot.acceptance.manipulation.box import Box
from ironworks.robot.acceptance.manipulation.box_lift import box_carry, box_lift
from ironworks.robot.acceptance.manipulation.grasp_trial import GraspResult, GraspTrial, grasp_trial
from ironworks.robot.acceptance.manipulation.objects import Thing, things
from ironworks.robot.acceptance.manipulation.opposition_trial import Met, opposition_trial
from ironworks.robot.acceptance.manipulation.own_hands import OwnHand, own_hands
from ironworks.robot.acceptance.manipulation.procedures import (
    GRASP,
    GRASPS,
    ROTATION,
    GraspTest,
    OppositionTest,
    RotationTest,
)
from ironworks.robot.acceptance.manipulation.rotation_trial import RotationResult, rotation_trial
from ironworks.robot.acceptance.manipulation.squat_to_stand import squat_to_stand
from ironworks.robot.acceptance.manipulation.whole_body import MANIPULATION

__all__ = [
    "GRASP",
    "GRASPS",
    "MANIPULATION",
    "ROTATION",
    "Box",
    "GraspResult",
    "GraspTest",
    "GraspTrial",
    "Met",
    "OppositionTest",
    "OwnHand",
    "RotationResult",
    "RotationTest",
    "Thing",
    "box_carry",
    "box_lift",
    "grasp_trial",
    "opposition_trial",
    "own_hands",
    "rotation_trial",
    "squat_to_stand",
    "things",
]
