"""A floor that no map shows: it is where the standing foot slipped to, and the other one goes down to it faster."""

import numpy as np
import pytest

from ironworks.robot.control.unseen_floor import hurried, misses, stood_on

WAY = np.array([[0.2, 0.1, -0.01], [0.0, 0.0, -0.25], [0.0, 0.0, 0.0]])


def test_the_floor_is_where_a_foot_slipped_to_and_not_where_an_estimate_wavers() -> None:
    assert stood_on(0.1, 0.095) == 0.1
    assert stood_on(0.1, 0.082) == 0.082
    assert stood_on(0.1, 0.12) == 0.12


def test_a_foot_misses_the_floor_below_it() -> None:
    assert misses(-0.01, 0.0)
    assert not misses(-0.001, 0.0)


def test_a_foot_that_met_no_floor_goes_down_faster_and_nothing_else() -> None:
    assert np.array_equal(hurried(WAY, 0.0), WAY)
    place, velocity, _ = hurried(WAY, 0.06)
    assert place[2] < WAY[0][2] - 0.015
    assert velocity == pytest.approx([0.0, 0.0, -0.65])
    assert place[:2] == pytest.approx(WAY[0][:2])


@pytest.mark.parametrize("since", [0.01, 0.05])
def test_what_is_added_to_place_velocity_and_acceleration_is_one_motion(since: float) -> None:
    h = 1e-6
    before, (_, velocity, acceleration), after = (hurried(WAY, since + d) for d in (-h, 0.0, h))
    assert velocity - WAY[1] == pytest.approx((after[0] - before[0]) / (2.0 * h), abs=1e-6)
    assert acceleration == pytest.approx((after[1] - before[1]) / (2.0 * h), abs=1e-6)
