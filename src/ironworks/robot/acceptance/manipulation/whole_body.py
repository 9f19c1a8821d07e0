"""What a unit does with its whole body besides walking: the programme of every unit."""

from ironworks.robot.acceptance.manipulation.box_lift import box_carry, box_lift
from ironworks.robot.acceptance.manipulation.squat_to_stand import squat_to_stand
from ironworks.robot.acceptance.walking.procedures import WalkingTest

__all__ = ["MANIPULATION"]

MANIPULATION: tuple[WalkingTest, ...] = (squat_to_stand(), box_lift(), box_carry())
"""Getting up from a squat, a box of 5 kg lifted with both hands, and carried; 65 s simulated."""
