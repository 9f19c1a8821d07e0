"""Getting to a stand from a squat, and down and up once more."""

from __future__ import annotations

from ironworks.robot.acceptance.walking.course import Leg, Stage
from ironworks.robot.acceptance.walking.judges import FALLS, PEAK_TORQUE, WANDER, WINDING, climbs
from ironworks.robot.acceptance.walking.procedures import WalkingTest
from ironworks.robot.control import Command

__all__ = ["squat_to_stand"]

#: By how much the pelvis rises where the centre of mass does by 1 [m/m]: trunk and arms stand up besides.
_PELVIS = 0.85
#: Seconds in the squat, to get up or down, and to stand.
_WAITS, _MOVES, _STANDS = 1.0, 2.5, 5.0


def squat_to_stand(drop: float = 0.2) -> WalkingTest:
    """It begins with its centre of mass so far lowered [m], gets up and stands; then down and up again."""
    low, high = Command(height=-drop), Command(height=0.0)
    legs = (
        Leg("squat", _WAITS, low, _WAITS),
        Leg("up", _MOVES, high, _MOVES),
        Leg("stand", _STANDS, high),
        Leg("down", _MOVES, low, _MOVES),
        Leg("up_again", _MOVES, high, _MOVES),
        Leg("stand_again", _STANDS, high),
    )
    judges = (FALLS, PEAK_TORQUE, WINDING, WANDER, climbs(_PELVIS * drop))
    return WalkingTest("squat_to_stand", legs, judges, Stage(crouch=drop))
