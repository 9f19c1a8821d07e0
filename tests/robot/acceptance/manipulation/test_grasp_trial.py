"""A hand as built holds things by fingertips or in its whole grip, told where they are to 5 mm and 3 degrees."""

from dataclasses import replace

import numpy as np
import pytest
from tests.robot.acceptance.manipulation.bench_hands import right

from ironworks.robot.acceptance.manipulation import Thing, grasp_trial, things
from ironworks.robot.acceptance.manipulation.grasp_trial import SLIP_LIMIT
from ironworks.robot.control.grasp_shapes import GraspKind

KINDS = [("sphere_40", GraspKind.TRIPOD), ("steel_45", GraspKind.POWER)]


def thing(name: str) -> Thing:
    return next(one for one in things() if one.name == name)


@pytest.mark.parametrize(("name", "kind"), KINDS, ids=[name for name, _ in KINDS])
def test_a_thing_is_lifted_shaken_and_tilted_without_slipping(name: str, kind: GraspKind) -> None:
    found = grasp_trial(right(), thing(name), kind, np.random.default_rng(0))
    assert found.held, found.why
    assert found.slip < SLIP_LIMIT
    assert found.taken > found.closed


def test_skin_feels_slip_and_the_grip_rises_until_it_ends() -> None:
    # Told half of its weight, and twice its friction.
    heavy = replace(thing("cube_50"), mass=0.4)
    found = grasp_trial(right(), heavy, GraspKind.TRIPOD, np.random.default_rng(2), friction=1.0, told=0.5)
    assert found.slips > 0
    assert found.held, found.why
    # What bears it at its true friction: half of the weight on each side.
    assert found.grip > 0.4 * 9.81 / (2.0 * heavy.friction)
