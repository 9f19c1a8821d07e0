"""A reference arrives, and is never faster or more abrupt than told on the way."""

import numpy as np

from ironworks.robot.control.glide import Glide
from ironworks.robot.control.interface import TICK

GOAL = np.array([0.3, -0.2, 0.1])


def way(seconds: float, speed: float | None = None) -> tuple[np.ndarray, Glide, float, float]:
    glide, place, fastest, hardest = Glide(3, 0.5, 2.0), np.zeros(3), 0.0, 0.0
    for _ in range(round(seconds / TICK)):
        place = place + glide.step(GOAL - place, speed)
        fastest = max(fastest, float(np.linalg.norm(glide.velocity)))
        hardest = max(hardest, float(np.linalg.norm(glide.acceleration)))
    return place, glide, fastest, hardest


def test_it_arrives_at_rest() -> None:
    place, glide, _, _ = way(4.0)
    assert np.abs(place - GOAL).max() < 1e-4
    assert np.linalg.norm(glide.velocity) < 1e-3


def test_it_is_no_faster_and_no_more_abrupt_than_told() -> None:
    _, _, fastest, hardest = way(4.0)
    assert 0.35 < fastest <= 0.5 + 1e-9
    assert hardest <= 2.0 + 1e-9


def test_a_way_may_be_slower() -> None:
    place, _, fastest, _ = way(1.0, speed=0.1)
    assert fastest <= 0.1 + 1e-9
    assert np.linalg.norm(place) < 0.1
