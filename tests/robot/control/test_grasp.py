"""A hand holds things by fingertips or in its whole grip, told where they are to 5 mm and 3 degrees."""

import numpy as np
import pytest
from tests.robot.control.robots import DESIGN, MASSES, PLACES

from ironworks.robot.acceptance.manipulation.grasp_trial import SLIP_LIMIT, grasp_trial
from ironworks.robot.acceptance.manipulation.objects import things
from ironworks.robot.asbuilt import Unit
from ironworks.robot.control.grasp_shapes import GraspKind
from ironworks.robot.control.hand_kinematics import HandKinematics
from ironworks.robot.control.hand_simulation import hand_taxels
from ironworks.robot.hand_design import hands_of

KINDS = [("rod_16", GraspKind.PINCH), ("sphere_40", GraspKind.TRIPOD), ("steel_45", GraspKind.POWER)]


@pytest.mark.parametrize(("name", "kind"), KINDS, ids=[name for name, _ in KINDS])
def test_a_thing_is_lifted_shaken_and_tilted_without_slipping(name: str, kind: GraspKind) -> None:
    hand, unit = hands_of(DESIGN, MASSES)[1], Unit.nominal(PLACES)
    thing = next(one for one in things() if one.name == name)
    believed = HandKinematics(hand, MASSES, unit)
    found = grasp_trial(hand, MASSES, unit, believed, hand_taxels(DESIGN, hand), thing, kind, np.random.default_rng(0))
    assert found.held, found.why
    assert found.slip < SLIP_LIMIT
