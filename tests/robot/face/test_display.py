"""What the bench measures of a display is what was put into it."""

import dataclasses

import numpy as np
import pytest

from ironworks.product.design import Face
from ironworks.robot.face import DisplayState, draw_display, measure_display

PERFECT = DisplayState.perfect()


@pytest.fixture(scope="module")
def panel(face: Face) -> Face:
    """The humanoid's display with fewer pixels, which measures faster."""
    return dataclasses.replace(face, columns=560, rows=500)


def test_a_perfect_display_measures_as_designed(panel: Face) -> None:
    found = measure_display(panel, PERFECT, np.random.default_rng(1))
    assert (found.dead_pixels, found.dead_lines) == (0, 0)
    assert found.luminance == pytest.approx(500.0, rel=0.01)
    assert found.nonuniformity < 0.02
    assert found.colour_error < 0.002
    assert found.offset < 1e-4
    assert abs(found.roll) < 0.002


def test_dead_pixels_and_lines_are_counted_apart(panel: Face) -> None:
    dead = np.array([[10, 10], [10, 11], [250, 300], [499, 559]])
    state = dataclasses.replace(PERFECT, dead=dead, dead_rows=(42,), dead_columns=(7, 100))
    found = measure_display(panel, state, np.random.default_rng(2))
    assert (found.dead_pixels, found.dead_lines) == (4, 3)


def test_brightness_and_its_slope_are_found(panel: Face) -> None:
    state = dataclasses.replace(PERFECT, brightness=0.8, slope=(0.1, 0.05))
    found = measure_display(panel, state, np.random.default_rng(3))
    assert found.luminance == pytest.approx(400.0, rel=0.01)
    # Spots stand 0.8 of the way to the edges: (1.12 - 0.88) / 1.12.
    assert found.nonuniformity == pytest.approx(0.24 / 1.12, abs=0.02)


def test_a_colour_error_is_that_of_the_published_chromaticities(panel: Face) -> None:
    # Red and green alone make the primaries' sum: chromaticity of sRGB yellow, u' v' from x = 0.4193, y = 0.5053.
    state = dataclasses.replace(PERFECT, channels=(1.0, 1.0, 0.0))
    x, y = 0.4193, 0.5053
    yellow = np.array([4.0 * x, 9.0 * y]) / (-2.0 * x + 12.0 * y + 3.0)
    white = np.array([0.1978, 0.4683])  # D65
    found = measure_display(panel, state, np.random.default_rng(4))
    assert found.colour_error == pytest.approx(float(np.linalg.norm(yellow - white)), abs=0.003)


def test_place_in_the_head_is_found_to_a_few_hundredths_of_a_millimetre(panel: Face) -> None:
    state = dataclasses.replace(PERFECT, shift=(4e-4, -7e-4), roll=0.01)
    found = measure_display(panel, state, np.random.default_rng(5))
    assert found.shift == pytest.approx((4e-4, -7e-4), abs=5e-5)
    assert found.roll == pytest.approx(0.01, abs=0.001)


def test_drawn_displays_spread_as_told_and_the_same_seed_draws_the_same(panel: Face) -> None:
    rng = np.random.default_rng(6)
    drawn = [draw_display(panel, rng, shift=2e-4, dead_rate=1e-5) for _ in range(2000)]
    assert np.std([state.shift for state in drawn]) == pytest.approx(2e-4, rel=0.06)
    assert np.mean([len(state.dead) for state in drawn]) == pytest.approx(2.8, rel=0.06)
    one, other = (draw_display(panel, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(one.dead, other.dead)
    assert dataclasses.replace(one, dead=PERFECT.dead) == dataclasses.replace(other, dead=PERFECT.dead)


def test_a_dark_display_is_as_uneven_as_can_be(panel: Face) -> None:
    found = measure_display(panel, dataclasses.replace(PERFECT, brightness=0.0), np.random.default_rng(8))
    assert found.luminance == 0.0
    assert found.nonuniformity == 1.0
