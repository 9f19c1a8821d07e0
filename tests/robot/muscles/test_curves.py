"""The curves of force are MuJoCo's own, and their slopes are those of the curves."""

import mujoco
import numpy as np
import pytest
from tests.robot.muscles.hinge import compiled, hinge

from ironworks.robot.muscles.curves import Curves


@pytest.mark.parametrize("shortest", [0.55, 0.75, 0.95])
def test_forces_are_those_of_mujoco_at_every_length_and_speed(shortest: float) -> None:
    model, _, _ = compiled(*hinge(shortest, 1.2, 0.7))
    curves = Curves(model, np.array([0, 1]))
    low, high = model.actuator_lengthrange[0]
    # Far beyond both ends of the range, so that every piece of every curve is met.
    for length in np.linspace(low - 3.0 * (high - low), high + 5.0 * (high - low), 121):
        for speed in np.linspace(-1.5, 1.5, 13):
            forces = curves.at(np.full(2, length), np.full(2, speed))
            prm = model.actuator_gainprm[0, :9]
            gain = mujoco.mju_muscleGain(length, speed, model.actuator_lengthrange[0], 1.0, prm)
            bias = mujoco.mju_muscleBias(length, model.actuator_lengthrange[0], 1.0, model.actuator_biasprm[0, :9])
            assert forces.active[0] == pytest.approx(-gain, abs=1e-9)
            assert forces.passive[0] == pytest.approx(-bias, abs=1e-9)


def test_slopes_are_those_of_the_curves() -> None:
    model, _, _ = compiled(*hinge(0.6, 1.3, 0.7))
    curves = Curves(model, np.array([0, 1]))
    low, high = model.actuator_lengthrange[0]
    step = 1e-7
    for length in np.linspace(low - 0.07, high + 0.31, 97):
        here, less, more = (curves.at(np.full(2, length + d), np.full(2, -0.1)) for d in (0.0, -step, step))
        rise = (more.active - less.active) / (2.0 * step)
        np.testing.assert_allclose(here.active_slope, rise, rtol=1e-5, atol=0.05)
        np.testing.assert_allclose(
            here.passive_slope, (more.passive - less.passive) / (2.0 * step), rtol=1e-5, atol=0.05
        )
