"""A robot whose spine and girdle are pulled by muscles walks, within the torques that they can make."""

import numpy as np
import pytest
from tests.robot.control.robots import DESIGN, FINGERS, MASSES, PLACES, model

from ironworks.product.design import muscles_of
from ironworks.robot.asbuilt import Unit
from ironworks.robot.control import (
    TICK,
    Command,
    ControlModel,
    Estimator,
    FallGuard,
    MuscleControl,
    SimulatedRobot,
    Walking,
)
from ironworks.robot.muscles import Musculature, torque_box


def pulled_unit() -> Unit:
    """Drives that pull 5 % less or more than they are asked for."""
    unit = Unit.nominal(PLACES)
    signs = np.random.default_rng(4).choice([-1.0, 1.0], len(unit["torque_constant"]))
    unit["torque_constant"][:] = 0.05 * signs
    return unit


def test_it_walks_with_muscles_as_fast_as_without() -> None:
    unit = pulled_unit()
    robot = SimulatedRobot(DESIGN, MASSES, unit, np.random.default_rng(2), frozen=FINGERS, muscled=True)
    believed = ControlModel(DESIGN, MASSES, unit, muscled=True)
    control = MuscleControl(FallGuard(Walking(Estimator())))
    control.reset(believed)
    observation = robot.begin()
    begun, speeds, pulls, leans = robot.time, [], [], []
    for _ in range(round(6.0 / TICK)):
        share = min(max(robot.time - begun - 0.5, 0.0), 1.0)
        asked = control.step(observation, Command(forward=0.5 * share, walk=share > 0.0))
        observation = robot.step(asked)
        speeds.append(float(robot.data.qvel[0]))
        pulls.append(asked.activation)
        leans.append(float(robot.data.body("chest").xmat[8]))
    assert control.fall is None
    assert abs(np.mean(speeds[-round(2.6 / TICK) :]) - 0.5) < 0.05
    assert np.degrees(np.arccos(min(leans))) < 5.0
    activation = np.array(pulls)
    assert activation.shape[1] == len(muscles_of(DESIGN))
    assert 0.0 <= activation.min() < 0.1 < activation.max() < 0.8


def test_limits_of_torque_are_the_box_of_the_posture() -> None:
    believed = ControlModel(DESIGN, MASSES, Unit.nominal(PLACES), muscled=True)
    position = np.concatenate([[0.0, 0.0, 0.9, 1.0, 0.0, 0.0, 0.0], believed.stand])
    position[7 + believed.joints.index("lumbar_pitch")] = 0.6
    believed.update(position, np.zeros(believed.dofs))
    assert believed.muscles is not None
    box = torque_box(Musculature(believed.model, muscles_of(DESIGN)).at(believed.data))
    low, high = believed.torque_range
    rows = believed.muscles.rows
    assert low[rows] == pytest.approx(box.low)
    assert high[rows] == pytest.approx(box.high)
    # Bent forwards, its back can pull less than its drive.
    assert high[rows].max() < believed.torque_limit[rows].max()
    others = np.setdiff1d(np.arange(len(low)), rows)
    assert high[others] == pytest.approx(model().torque_limit[others])


def test_a_model_without_muscles_is_refused() -> None:
    with pytest.raises(ValueError, match="has no muscles"):
        MuscleControl(Walking(Estimator())).reset(model())
