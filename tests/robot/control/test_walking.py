"""Standing and walking from sensors alone, with delays, in the physics of a whole robot."""

import math
from dataclasses import replace

import mujoco
import numpy as np
import pytest
from tests.robot.control.robots import DESIGN, MASSES, PLACES, model, robot, walk

from ironworks.robot.asbuilt import Unit
from ironworks.robot.control.control_model import ControlModel, sole_of
from ironworks.robot.control.estimator import Estimator
from ironworks.robot.control.interface import TICK, Command
from ironworks.robot.control.walking import Walking
from ironworks.robot.control.whole_body import WholeBody


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


@pytest.mark.parametrize("speed", [0.8, -0.4])
def test_a_stop_that_comes_at_once_takes_at_most_two_seconds(speed: float) -> None:
    stopped = walk(7.0, Command(forward=speed, walk=True), stop=4.5)
    assert not stopped.fell
    assert np.abs(stopped.speeds[round(6.5 / TICK) :, :2]).max() < 0.1
    told, end = stopped.places[round(4.5 / TICK)], stopped.places[-1]
    assert 0.1 < math.copysign(1.0, speed) * (end - told)[0] < 1.0


@pytest.mark.parametrize("push", [(0.5, 0.0), (-0.5, 0.0), (0.0, 0.5)])
def test_it_steps_when_pushed_off_its_feet_and_stands_again(push: tuple[float, float]) -> None:
    pushed = walk(5.0, Command(), push=push, at=0.5)
    assert not pushed.fell
    assert np.abs(pushed.places[-1] - pushed.places[100])[:2].max() > 0.1
    assert np.abs(pushed.speeds[-125:]).max() < 0.1


def test_a_weak_motor_is_asked_for_more_where_calibration_found_it_weak() -> None:
    nominal = Unit.nominal(PLACES)
    weak = replace(
        nominal, values={**nominal.values, "torque_constant": np.full((len(PLACES.names["joint"]), 1), -0.05)}
    )
    sags = []
    for known in (weak, nominal):
        one, control = robot(weak), Walking(Estimator())
        control.reset(ControlModel(DESIGN, MASSES, known))
        observation = one.begin()
        first = one.data.qpos[2]
        for _ in range(500):
            observation = one.step(control.step(observation, Command()))
        sags.append(first - one.data.qpos[2])
    assert abs(sags[0]) < 0.0015
    assert sags[1] > 0.003


def test_a_programme_without_a_solution_lowers_the_robot(monkeypatch: pytest.MonkeyPatch) -> None:
    one, control = robot(), Walking(Estimator())
    control.reset(model())
    one.model.opt.enableflags |= int(mujoco.mjtEnableBit.mjENBL_ENERGY)
    observation = one.begin()
    heights, energies = [], []
    driven = one.dofs[: len(one.joints)]
    for k in range(1250):
        if k == 600:
            monkeypatch.setattr(WholeBody, "solve", lambda *_: None)
        observation = one.step(control.step(observation, Command(forward=0.4 * min(1.0, k * TICK), walk=k > 100)))
        if k >= 600:
            heights.append(one.data.qpos[2])
            energies.append(float(one.data.energy.sum()))
            # It sinks at a third of the speed that a free fall would have, and no joint is thrown.
            assert np.abs(one.data.qvel[:3]).max() < 2.0
            assert np.abs(one.data.qvel[driven]).max() < 25.0
    assert control.failed
    assert heights[0] > 0.85
    assert heights[-1] < 0.4
    assert max(energies) <= energies[0] + 1.0
    assert energies[-1] < 0.4 * energies[0]
    assert np.abs(one.data.qvel[driven]).max() < 1.0


def test_the_sole_presses_behind_the_axis_of_the_toes() -> None:
    control = Walking(Estimator())
    control.reset(model())
    for foot, toe in zip(model().feet, ("left_toe", "right_toe"), strict=True):
        ahead = sole_of(model(), foot)[0][0] + control._body.corners[:, 0].max()
        assert ahead < model().built.by_name[toe].origin[0]
