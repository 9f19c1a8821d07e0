"""A robot leans into what it climbs, smoothly, and not at all where nothing is climbed."""

import numpy as np
import pytest

from ironworks.robot.control.climbing import ClimbingLean
from ironworks.robot.control.gait_style import LINKS, LinkStyle
from ironworks.robot.control.interface import TICK

PELVIS, CHEST = (LINKS.index(name) for name in ("pelvis", "chest"))
STYLE = LinkStyle(0.01 * np.arange(1.0, 19.0).reshape(3, 2, 3))


def test_where_nothing_rises_links_are_the_very_same() -> None:
    lean = ClimbingLean()
    for rise in (0.0, -0.17, 0.0):
        assert lean.step(rise, STYLE) is STYLE


def test_a_high_riser_bends_the_chest_more_than_the_pelvis_and_a_low_one_less() -> None:
    found = {}
    for rise in (0.05, 0.17, 0.5):
        lean = ClimbingLean()
        for _ in range(round(3.0 / TICK)):
            links = lean.step(rise, STYLE).motion
        found[rise] = (links - STYLE.motion)[0, [PELVIS, CHEST], 1]
        assert np.array_equal(links[:, :, [0, 2]], STYLE.motion[:, :, [0, 2]])
    assert 0.0 < found[0.17][0] < found[0.17][1]
    assert found[0.05] == pytest.approx(found[0.17] / 3.0, rel=1e-3)
    assert found[0.5] == pytest.approx(found[0.17], rel=1e-3)


def test_the_lean_comes_and_goes_without_a_jump_and_its_rate_is_its_own() -> None:
    lean, angles, rates = ClimbingLean(), [], []
    for k in range(round(4.0 / TICK)):
        chest = (lean.step(0.17 if k * TICK < 2.0 else 0.0, STYLE).motion - STYLE.motion)[:, CHEST, 1]
        angles.append(float(chest[0]))
        rates.append(float(chest[1]))
    assert np.diff(angles) / TICK == pytest.approx(0.5 * (np.array(rates[1:]) + rates[:-1]), abs=1e-9)
    assert np.abs(np.diff(rates)).max() < 4.0 * TICK
    assert angles[-1] == pytest.approx(0.0, abs=1e-4)
