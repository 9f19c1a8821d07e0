"""A thumb meets the other fingers' tips, and skin on both tells."""

import numpy as np
import pytest
from tests.robot.acceptance.manipulation.bench_hands import right

from ironworks.robot.acceptance.manipulation import opposition_trial
from ironworks.robot.control.opposition import opposition


def test_the_thumb_meets_every_finger_and_both_feel_it() -> None:
    found = opposition_trial(right(), np.random.default_rng(1))
    assert [met.finger.split("_")[1] for met in found] == ["index", "middle", "ring", "little"]
    for met in found:
        assert met.felt, met.finger
        assert met.touched, met.finger
        assert met.miss < 3e-3


def test_pads_look_at_one_another_where_they_meet() -> None:
    hand = right().believed
    thumb = hand.hand.thumb or 0
    found = opposition(hand, 1)
    hand.pose(found.touch)
    line = hand.pad(thumb).place - hand.pad(1).place
    assert np.linalg.norm(line) == pytest.approx(hand.radius[thumb] + hand.radius[1], abs=1e-3)
    assert line @ hand.pad(1).normal > 0.5 * np.linalg.norm(line)
