"""Grasps as procedures: what they declare they give, hand by hand."""

import numpy as np
import pytest
from tests.robot.acceptance.manipulation.bench_hands import afresh, specimen

from ironworks.robot.acceptance.manipulation import GRASP, GRASPS, own_hands, things
from ironworks.robot.acceptance.manipulation.procedures import LOST, SLIP


def test_at_least_twelve_things_differ_in_size_mass_and_friction() -> None:
    assert len(things()) >= 12
    for of in ("width", "mass", "friction"):
        values = [getattr(thing, of) for thing in things()]
        assert max(values) >= 2.0 * min(values)
    assert {test.kind for test in GRASPS} == {"pinch", "tripod", "power"}


def test_each_procedure_has_a_name_of_its_own() -> None:
    names = [test.name for test in GRASP]
    assert len(set(names)) == len(names)


def test_both_hands_give_what_a_grasp_declares() -> None:
    test = next(one for one in GRASPS if one.name == "power_can_52")
    found = test.run(afresh())
    assert found[LOST.name].places == ("left_hand", "right_hand")
    assert found[LOST.name].true.tolist() == [0.0, 0.0]
    assert found[SLIP.name].values == pytest.approx(found[SLIP.name].true, abs=1.0)


def test_a_hand_knows_itself_by_its_calibration_and_not_by_the_truth() -> None:
    one = specimen()
    names = one.unit.places.names["joint"]
    for own in own_hands(one):
        rows = [names.index(name) for name in own.believed.joints]
        true = one.unit["zero_offset"][rows]
        middle = 0.5 * (own.believed.low + own.believed.high)
        found = own.believed.reading(middle) - middle
        assert np.abs(found - true).max() > 1e-5
        assert np.abs(found - true).mean() < 0.3 * np.abs(true).mean()
        assert len(own.skin.gain) == len(own.taxels)
