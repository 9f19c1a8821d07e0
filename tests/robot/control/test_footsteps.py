"""Commanded footsteps: from sensors alone, feet land where they were told, or the robot says why not."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.robot.control.robots import calibrated, model, robot
from tests.robot.control.stepped import STONES, Stepped, step_on

from ironworks.robot.control.control_model import PointMotion
from ironworks.robot.control.estimator import Estimator
from ironworks.robot.control.footing import Footing
from ironworks.robot.control.footstep_reach import FootShape, Reach
from ironworks.robot.control.footsteps import Footsteps, FootstepState
from ironworks.robot.control.height_map import FloorView, HeightMap
from ironworks.robot.control.interface import Command, Footstep
from ironworks.robot.control.walking import Walking


def misses(stepped: Stepped, steps: tuple[Footstep, ...]) -> np.ndarray:
    wanted = np.array([step.place for step in steps])[: len(stepped.places)]
    return np.linalg.norm(stepped.places - wanted, axis=1)


def test_feet_land_on_staggered_stones_along_a_turn_and_the_robot_stands_on_the_last() -> None:
    stepped = step_on(STONES)
    assert stepped.report.state is FootstepState.DONE
    assert not stepped.fell
    assert len(stepped.places) == len(STONES)
    assert misses(stepped, STONES).max() < 0.02
    assert np.abs(stepped.turns - [step.turn for step in STONES]).max() < math.radians(2.0)
    assert stepped.speed < 0.05
    # What the robot believes of it is not far from what is.
    believed = np.array([math.hypot(*landing.off) for landing in stepped.report.landed])
    assert np.abs(believed - misses(stepped, STONES)).max() < 0.015
    assert all(landing.yielded == 0.0 for landing in stepped.report.landed)


@pytest.mark.slow
@pytest.mark.parametrize("serial", range(3))
def test_units_as_built_land_within_three_centimetres(serial: int) -> None:
    stepped = step_on(STONES, *calibrated(serial), seed=serial)
    assert stepped.report.state is FootstepState.DONE
    assert misses(stepped, STONES).max() < 0.03
    assert np.abs(stepped.turns - [step.turn for step in STONES]).max() < math.radians(3.0)


def test_a_list_out_of_reach_is_refused_with_all_its_reasons_before_anything_moves() -> None:
    steps = (STONES[0], replace(STONES[1], place=(0.75, -0.14)), replace(STONES[1], place=(0.9, -0.14)))
    one, control = robot(), Walking(Estimator())
    control.reset(model())
    observation = one.begin()
    first = one.data.qpos.copy()
    for _ in range(200):
        # Velocities count for nothing beside footsteps.
        observation = one.step(control.step(observation, Command(forward=0.5, walk=True, footsteps=steps)))
    assert control.footsteps.state is FootstepState.REFUSED
    assert "footstep 2 (right) lands 0.530 m ahead of the other foot: at most 0.350 m" in control.footsteps.reason
    assert "footstep 3 moves the right foot twice in a row" in control.footsteps.reason
    assert np.abs(one.data.qpos - first)[:3].max() < 0.01


def test_what_a_push_does_to_footsteps_is_told() -> None:
    pushed = step_on(STONES, push=(-0.4, 0.0), at=2.3)
    assert not pushed.fell
    assert pushed.report.state in (FootstepState.DONE, FootstepState.LEFT)
    assert max(landing.yielded for landing in pushed.report.landed) > 0.05
    off = misses(pushed, STONES)
    for landing, miss in zip(pushed.report.landed, off, strict=False):
        assert math.hypot(*landing.off) == pytest.approx(miss, abs=0.03)


def test_footsteps_given_to_a_robot_that_walks_wait_until_it_stands() -> None:
    one, control = robot(), Walking(Estimator())
    control.reset(model())
    observation = one.begin()
    steps = (Footstep("right", (0.15, -0.1)), Footstep("left", (0.15, 0.1)))
    states = []
    for k in range(1500):
        command = Command(forward=0.3, walk=True) if k < 500 else Command(footsteps=steps)
        observation = one.step(control.step(observation, command))
        if not states or states[-1] is not control.footsteps.state:
            states.append(control.footsteps.state)
    assert states == [FootstepState.NONE, FootstepState.WAITING, FootstepState.STEPPING, FootstepState.DONE]


def test_a_footstep_is_of_the_left_or_the_right_foot() -> None:
    with pytest.raises(ValueError, match="not of `middle`"):
        Footstep("middle", (0.0, 0.0))
    with pytest.raises(ValueError, match="at least one"):
        Command(footsteps=())


def test_a_place_across_an_edge_of_a_mapped_floor_is_refused() -> None:
    heights = HeightMap.of(lambda x, y: np.where(x > 0.3, 0.1, 0.0), (-1.0, -1.0), (2.0, 1.0), 0.01)
    footing = Footing(np.array([0.1, 0.045]), 0.15)
    footing.register(FloorView(heights, np.array([0.0, 0.0, 0.9]), 0.0, np.zeros(2)), np.array([0.0, 0.0, 0.9]), 0.0)
    feet = [
        PointMotion(np.array([0.0, left, 0.0]), np.eye(3), np.zeros(6), np.zeros((6, 0)), np.zeros(6))
        for left in (0.1, -0.1)
    ]
    told = {}
    for ahead in (0.02, 0.2):
        steps = Footsteps(FootShape(0.045, 0.1, 0.15), np.array([0.09, 0.035]), Reach(), footing)
        steps.obey(Command(footsteps=(Footstep("left", (ahead, 0.1)),)), feet, None, 0.0, 0.45)
        told[ahead] = steps.report
    assert told[0.02].state is FootstepState.STEPPING
    assert told[0.2].state is FootstepState.REFUSED
    assert "footstep 1 (left) lands on no even floor" in told[0.2].reason
