"""Shapes of grasps: fingers meet the told thing with their pads, whichever unit's hand it is."""

from functools import lru_cache

import numpy as np
import pytest
from tests.robot.acceptance.manipulation.bench_hands import SPREADS
from tests.robot.control.robots import DESIGN, MASSES

from ironworks.robot.asbuilt import Places, Population
from ironworks.robot.control.grasp_shapes import GraspKind, GraspShape, grasp_shape
from ironworks.robot.control.hand_kinematics import HandKinematics
from ironworks.robot.hand_design import hands_of

WIDTH, HEIGHT = 0.016, 0.016


@lru_cache(maxsize=1)
def hands() -> list[HandKinematics]:
    """The right hands of some units as built, known exactly."""
    population = Population(Places.of(DESIGN), SPREADS, (), 77)
    return [HandKinematics(hands_of(DESIGN, MASSES)[1], MASSES, population.unit(serial)) for serial in range(6)]


def end_on(hand: HandKinematics, shape: GraspShape) -> float:
    """How much of the force goes along a finger, at most."""
    hand.pose(shape.touch)
    return max(abs(float(hand.pad(k).along @ shape.across)) for k in shape.fingers)


def test_pads_meet_the_told_surfaces() -> None:
    for hand in hands():
        shape = grasp_shape(hand, GraspKind.TRIPOD, WIDTH, 0.5 * HEIGHT)
        assert shape.miss < 1e-4
        hand.pose(shape.touch)
        thumb, *others = (hand.pad(k).place for k in shape.fingers)
        apart = float((thumb - np.mean(others, axis=0)) @ shape.across)
        first, *rest = hand.radius[list(shape.fingers)]
        assert apart == pytest.approx(WIDTH + first + np.mean(rest), abs=5e-4)


def test_hands_of_all_units_grasp_a_rod_alike_and_none_with_the_end_of_a_finger() -> None:
    shapes = [grasp_shape(hand, GraspKind.TRIPOD, WIDTH, 0.5 * HEIGHT) for hand in hands()]
    assert max(end_on(hand, shape) for hand, shape in zip(hands(), shapes, strict=True)) < 0.8
    assert np.ptp([shape.across for shape in shapes], axis=0).max() < 0.3
