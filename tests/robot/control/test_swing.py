"""The way of a sole: it begins at rest, lands at a speed, at the right places, and its derivatives are its own."""

import numpy as np
import pytest

from ironworks.robot.control.swing import Swing

START, END, TIME = np.array([0.0, 0.1, 0.0]), np.array([0.3, 0.12, 0.05]), 0.4


@pytest.mark.parametrize("edge", [0.0, 0.05])
def test_it_leaves_at_rest_and_lands_at_the_speed_at_which_a_late_foot_sinks(edge: float) -> None:
    swing = Swing(START, 0.07, edge)
    for elapsed, place, speed in ((0.0, START, 0.0), (TIME * (1.0 - 1e-9), END, -0.25)):
        at, velocity, _ = swing.at(END, TIME, elapsed)
        assert at == pytest.approx(place, abs=1e-6)
        assert velocity == pytest.approx([0.0, 0.0, speed], abs=1e-6)
    assert max(swing.at(END, TIME, t)[0][2] for t in np.linspace(0.0, TIME, 50)) > 0.05 + 0.04


@pytest.mark.parametrize("edge", [0.0, 0.05])
@pytest.mark.parametrize("elapsed", [0.05, 0.17, 0.31])
def test_velocity_and_acceleration_are_derivatives(elapsed: float, edge: float) -> None:
    swing, h = Swing(START, 0.07, edge), 1e-5
    before, (place, velocity, acceleration), after = (swing.at(END, TIME, elapsed + d) for d in (-h, 0.0, h))
    assert velocity == pytest.approx((after[0] - before[0]) / (2 * h), abs=1e-6)
    assert acceleration == pytest.approx((after[0] - 2 * place + before[0]) / h**2, abs=1e-3)


def test_a_late_foot_goes_on_downwards() -> None:
    swing = Swing(START, 0.07)
    place, velocity, _ = swing.at(END, TIME, TIME + 0.1)
    assert place[2] == pytest.approx(END[2] - 0.025)
    assert velocity[2] < 0.0


def test_over_an_edge_it_rises_before_it_goes_ahead() -> None:
    end = np.array([0.6, 0.1, 0.34])
    for elapsed in np.linspace(0.0, 0.6, 60):
        place, _, _ = Swing(START, 0.07, 0.085).at(end, 0.6, float(elapsed))
        # Two risers of 17 cm: a toe 15 cm ahead of the sole's middle is above each before it is there.
        toe = place[0] + 0.13
        assert place[2] > (0.34 if toe > 0.43 else 0.17 if toe > 0.17 else 0.0) - 1e-9


def test_over_a_single_riser_before_its_toe_it_is_high_enough_in_time() -> None:
    # From the tread before the landing: a riser of 17 cm begins 1.5 cm before the toe.
    end = np.array([0.54, 0.1, 0.17])
    places = np.array([Swing(START, 0.07, 0.113).at(end, 0.6, float(t))[0] for t in np.linspace(0.0, 0.6, 600)])
    passes = places[np.argmax(places[:, 0] > 0.015)]
    assert passes[2] > 0.17 + 0.03
