"""Acceptance of hands: simple things are grasped, held, shaken and tilted by units as built that know themselves.

Procedures here are not among `procedures.PROCEDURES`, of which the plant's table of verdicts is made.
"""

from ironworks.robot.acceptance.manipulation.grasp_trial import GraspResult, GraspTrial, grasp_trial
from ironworks.robot.acceptance.manipulation.objects import Thing, things
from ironworks.robot.acceptance.manipulation.own_hands import OwnHand, own_hands
from ironworks.robot.acceptance.manipulation.procedures import GRASP, GRASPS, GraspTest

__all__ = [
    "GRASP",
    "GRASPS",
    "GraspResult",
    "GraspTest",
    "GraspTrial",
    "OwnHand",
    "Thing",
    "grasp_trial",
    "own_hands",
    "things",
]
