"""What of a list of footsteps can be done."""

import math

import numpy as np
import pytest

from ironworks.robot.control.footstep_reach import FootPlace, FootShape, Reach, faults
from ironworks.robot.control.interface import Footstep

FEET = FootPlace(np.array([0.0, 0.1]), 0.0), FootPlace(np.array([0.0, -0.1]), 0.0)
SHAPE = FootShape(0.045, 0.1, 0.15)


def told(side: str, ahead: float, left: float, turn: float = 0.0, gap: float = 0.02) -> list[str]:
    step = Footstep(side, (ahead, left), turn)
    return faults([step], [FootPlace(np.array([ahead, left]), turn)], FEET, SHAPE, Reach(gap=gap))


@pytest.mark.parametrize(("side", "sign"), [("left", 1.0), ("right", -1.0)])
def test_each_limit_is_told_and_holds_for_both_feet(side: str, sign: float) -> None:
    assert not told(side, 0.3, sign * 0.1)
    assert "ahead of the other foot: at most 0.350 m" in told(side, 0.4, sign * 0.1)[0]
    assert "behind the other foot: at most 0.250 m" in told(side, -0.3, sign * 0.1)[0]
    assert "0.400 m to its side" in told(side, 0.0, sign * 0.3)[0]
    assert "0.100 m to its side" in told(side, 0.0, 0.0)[0]
    assert "turned outwards by 0.60 rad" in told(side, 0.05, sign * 0.2, sign * 0.6)[0]
    assert "turned outwards by -0.30 rad" in told(side, 0.0, sign * 0.2, -sign * 0.3)[0]


def test_toes_that_would_meet_the_other_foot_are_told() -> None:
    assert not told("left", 0.0, 0.1, -0.15, gap=0.05)
    assert "from the other foot's rim" in told("left", 0.0, 0.05, -0.19, gap=0.05)[0]


def test_a_foot_that_moves_twice_is_told_with_its_number() -> None:
    steps = [Footstep("left", (0.1, 0.1)), Footstep("left", (0.2, 0.1))]
    places = [FootPlace(np.array(step.place), 0.0) for step in steps]
    assert faults(steps, places, FEET, SHAPE, Reach(), first=4) == ["footstep 5 moves the left foot twice in a row"]


def test_limits_lie_in_the_axes_of_the_landing_foot() -> None:
    heading = math.radians(90.0)
    feet = [FootPlace(np.array([-0.1, 0.0]), heading), FootPlace(np.array([0.1, 0.0]), heading)]
    step = Footstep("left", (-0.1, 0.3), heading)
    assert not faults([step], [FootPlace(np.array([-0.1, 0.3]), heading)], feet, SHAPE, Reach())


def test_limits_may_be_passed_by_a_slack_and_are_told_without_it() -> None:
    step, place = Footstep("left", (0.38, 0.1)), FootPlace(np.array([0.38, 0.1]), 0.0)
    assert not faults([step], [place], FEET, SHAPE, Reach(), slack=0.05)
    assert "at most 0.350 m" in faults([step], [place], FEET, SHAPE, Reach(), slack=0.01)[0]
