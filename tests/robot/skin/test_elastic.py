"""Depths of a ball in a layer, against pressures that are integrated and against MuJoCo at rest."""

from dataclasses import replace

import numpy as np
import pytest
from tests.robot.skin.limb import SOFT

from ironworks.robot.skin.elastic import foundation, hertz, press


def test_the_pressure_of_hertz_carries_the_load() -> None:
    """p = p0 sqrt(1 - r^2/a^2) with p0 = 2 E* a / (pi R) over the circle of contact (Johnson, equations 3.39, 4.22)."""
    found = hertz(SOFT, 3.0)
    plane = SOFT.modulus / (1.0 - SOFT.poisson**2)
    r = np.linspace(0.0, found.contact, 200_001)
    peak = 2.0 * plane * found.contact / (np.pi * SOFT.radius)
    pressure = peak * np.sqrt(1.0 - (r / found.contact) ** 2)
    assert np.trapezoid(2.0 * np.pi * r * pressure, r) == pytest.approx(3.0, rel=1e-5)


def test_the_springs_of_a_foundation_carry_the_load() -> None:
    """Each is shortened by depth - r^2 / 2R, and holds M times that over the thickness."""
    found = foundation(SOFT, 3.0)
    confined = SOFT.modulus * 0.7 / (1.3 * 0.4)
    r = np.linspace(0.0, found.contact, 200_001)
    pressure = confined * (found.depth - r**2 / (2.0 * SOFT.radius)) / SOFT.thickness
    assert np.trapezoid(2.0 * np.pi * r * pressure, r) == pytest.approx(3.0, rel=1e-6)


def test_a_thick_layer_is_a_half_space_and_a_thin_one_a_foundation() -> None:
    assert press(replace(SOFT, thickness=0.1)) == hertz(SOFT, SOFT.load)
    thin = replace(SOFT, thickness=0.001)
    assert press(thin) == foundation(thin, SOFT.load)
    assert press(thin).stiffness > hertz(thin, SOFT.load).stiffness


def test_loads_follow_the_exponent() -> None:
    for law in (hertz, foundation):
        one, other = law(SOFT, 1.0), law(SOFT, 8.0)
        assert (other.depth / one.depth) ** one.exponent == pytest.approx(8.0)
