"""Standing and walking from sensors alone, with delays, in the physics of a whole robot."""

import numpy as np
from tests.robot.control.robots import walk

from ironworks.robot.control.interface import Command


def test_it_stands_still() -> None:
    stood = walk(3.0, Command())
    assert not stood.fell
    assert np.abs(stood.speeds[-250:]).max() < 0.05
    assert np.abs(stood.places[-1] - stood.places[250])[:2].max() < 0.03


def test_it_walks_as_fast_as_it_is_told_and_knows_how_fast() -> None:
    walked = walk(7.0, Command(forward=0.5, walk=True))
    assert not walked.fell
    mean = walked.speeds[-750:].mean(axis=0)
    assert abs(mean[0] - 0.5) < 0.06
    assert abs(mean[1]) < 0.04
    # The filter never sees the truth.
    error = walked.believed - walked.speeds
    assert np.sqrt((error[250:] ** 2).mean(axis=0)).max() < 0.05


def test_it_catches_itself_after_a_push_to_the_side() -> None:
    assert not walk(6.0, Command(forward=0.3, walk=True), push=(0.0, 0.25), at=3.5).fell


def test_it_stops_and_stands_when_told_to() -> None:
    stopped = walk(7.0, Command(forward=0.5, walk=True), stop=3.5)
    assert not stopped.fell
    assert np.abs(stopped.speeds[-250:]).max() < 0.06
    assert stopped.places[-1][0] > 0.5
