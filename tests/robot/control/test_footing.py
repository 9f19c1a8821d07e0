"""Where a sole finds a hold: on the even, toes clear of risers, whatever the frame, and in the mean of noisy views."""

import math

import numpy as np
import pytest

from ironworks.robot.control.footing import Footing
from ironworks.robot.control.height_map import FloorView, HeightMap

HALF, TOE = np.array([0.096, 0.042]), 0.15
STAIRS = HeightMap.of(lambda x, y: np.clip(np.floor((x - 1.0) / 0.3) + 1.0, 0.0, 6.0) * 0.15, (-1, -1), (4, 1), 0.01)
RAMP = HeightMap.of(lambda x, y: 0.2 * x, (-1, -1), (4, 1), 0.01)


def seen(floor: HeightMap, where: tuple[float, float, float] = (0.0, 0.0, 0.9), heading: float = 0.0) -> Footing:
    footing = Footing(HALF, TOE)
    footing.register(FloorView(floor, np.array(where), heading, np.zeros(2)), np.array([0.0, 0.0, 0.9]), 0.0)
    return footing


def test_a_wish_across_an_edge_is_moved_to_the_middle_of_the_tread() -> None:
    hold = seen(STAIRS).hold(np.array([1.27, 0.0]), 0.0)
    assert hold.moved
    assert hold.place[2] == pytest.approx(0.15)
    # The tread lies between 1.0 and 1.3; from heel to toe a foot is 25 cm.
    assert 1.0 + HALF[0] < hold.place[0] < 1.3 - TOE
    assert hold.normal == pytest.approx([0.0, 0.0, 1.0])


def test_on_the_flat_a_wish_is_kept() -> None:
    hold = seen(STAIRS).hold(np.array([0.3, 0.1]), 0.4)
    assert not hold.moved
    assert hold.place == pytest.approx([0.3, 0.1, 0.0])


def test_a_slope_gives_its_normal_and_is_no_edge() -> None:
    footing = seen(RAMP)
    hold = footing.hold(np.array([1.0, 0.0]), 0.0)
    assert hold.place == pytest.approx([1.0, 0.0, 0.2], abs=2e-3)
    assert hold.normal == pytest.approx(np.array([-0.2, 0.0, 1.0]) / math.hypot(0.2, 1.0), abs=0.02)
    assert hold.height(np.array([1.09, 0.05])) == pytest.approx(0.218, abs=3e-3)
    assert footing.edge(np.array([0.5, 0.0]), np.array([1.0, 0.0])) < 0.005
    assert not footing.stepped(np.array([0.5, 0.0]), 0.0)


def test_edges_are_seen_before_they_are_met() -> None:
    footing = seen(STAIRS)
    assert footing.stepped(np.array([0.3, 0.0]), 0.0)
    assert not footing.stepped(np.array([0.3, 0.0]), math.pi)
    assert footing.edge(np.array([0.85, 0.0]), np.array([1.12, 0.0])) == pytest.approx(0.07, abs=0.02)


def test_the_map_lies_where_the_robot_believes_to_be() -> None:
    # The robot is at (0.5, 0) of the map and heads along its y; it believes to be at its origin, heading along x.
    footing = seen(RAMP, (0.5, 0.0, 1.0), 0.5 * math.pi)
    assert footing.heights(np.array([0.3, 0.0])) == pytest.approx(0.1 - 0.1, abs=2e-3)
    assert footing.heights(np.array([0.0, -0.4])) == pytest.approx(0.18 - 0.1, abs=2e-3)


def test_registrations_that_are_off_by_a_centimetre_are_averaged() -> None:
    rng, footing = np.random.default_rng(2), Footing(HALF, TOE)
    root, errors = np.array([0.0, 0.0, 0.9]), []
    for k in range(200):
        tilt = math.radians(0.5) * rng.standard_normal(2)
        where = root + 0.01 * rng.standard_normal(3)
        footing.register(FloorView(RAMP, where, math.radians(0.5) * rng.standard_normal(), tilt), root, 0.0)
        if k > 20:
            errors.append(float(footing.heights(np.array([0.5, 0.0]))) - 0.1)
    # A tenth of new variance is left by a mean that takes a fifth of each: 1 / 9.
    alone = math.hypot(0.01, 0.2 * 0.01, 0.5 * math.radians(0.5))
    assert np.std(errors) == pytest.approx(alone / 3.0, rel=0.35)
    assert abs(np.mean(errors)) < 0.003


def test_before_anything_was_seen_there_is_no_floor() -> None:
    with pytest.raises(RuntimeError, match="no floor was seen"):
        Footing(HALF, TOE).heights(np.zeros(2))
