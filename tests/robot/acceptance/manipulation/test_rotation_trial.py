"""A rod is turned in the hand by fingers that roll it."""

import numpy as np
import pytest
from tests.robot.acceptance.manipulation.bench_hands import right

from ironworks.robot.acceptance.manipulation import rotation_trial, things
from ironworks.robot.control.rolling_shape import link_on_rod, rolling_shape

ROD = next(one for one in things() if one.name == "rod_16")


def test_a_rod_turns_by_what_was_asked_for_and_stays_in_the_hand() -> None:
    found = rotation_trial(right(), ROD, np.random.default_rng(1))
    assert not found.lost, found.why
    assert np.degrees(found.turned) == pytest.approx(60.0, abs=15.0)
    assert np.degrees(found.tilted) < 10.0
    assert found.told == pytest.approx(found.turned, abs=np.radians(15.0))


def test_links_touch_the_rod_from_both_sides_before_they_turn_it() -> None:
    hand = right().believed
    shape = rolling_shape(hand, ROD.width, np.radians(60.0)).grasp
    hand.pose(shape.touch)
    for n, finger in enumerate(shape.fingers):
        link = link_on_rod(hand, finger, shape.centre, np.cross(shape.across, shape.up))
        apart = np.linalg.norm(link.apart)
        assert apart == pytest.approx(0.5 * ROD.width + hand.radius[finger], abs=2e-3)
        assert (1.0 if n == 0 else -1.0) * link.apart @ shape.across > 0.8 * apart


def test_a_link_passes_a_rod_where_geometry_says() -> None:
    hand = right().believed
    hand.pose(np.zeros(len(hand.joints)))
    place, turn = hand.last(1)
    centre = place - 0.01 * turn[:, 2] + 0.02 * turn[:, 1]
    link = link_on_rod(hand, 1, centre, turn[:, 0])
    assert link.share == pytest.approx(0.01)
    assert link.apart == pytest.approx(-0.02 * turn[:, 1])
