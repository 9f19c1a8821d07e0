"""Legs that come near: nearest places against an optimiser, and a limit that keeps them apart."""

import mujoco
import numpy as np
import pytest
from scipy.optimize import minimize
from tests.robot.control.robots import model

from ironworks.robot.control.control_model import sole_of
from ironworks.robot.control.kernels.capsules import nearest
from ironworks.robot.control.leg_guard import LegGuard
from ironworks.robot.control.whole_body import Foothold, Posture, Task, WholeBody


@pytest.mark.parametrize("seed", range(8))
def test_the_nearest_places_of_two_segments_are_those_an_optimiser_finds(seed: int) -> None:
    ends = np.random.default_rng(seed).normal(size=(4, 3))
    here, there = nearest(ends[:2], ends[2:])

    def far(x: np.ndarray) -> float:
        return float(np.linalg.norm(ends[0] + x[0] * (ends[1] - ends[0]) - ends[2] - x[1] * (ends[3] - ends[2])))

    best = min(minimize(far, start, bounds=[(0, 1)] * 2).fun for start in ([0.5, 0.5], [0.0, 1.0], [1.0, 0.0]))
    assert np.linalg.norm(here - there) == pytest.approx(best, abs=1e-4)


def test_parallel_segments_have_their_distance() -> None:
    one, other = np.array([[0.0, 0, 0], [1.0, 0, 0]]), np.array([[0.2, 0.1, 0], [0.7, 0.1, 0]])
    here, there = nearest(one, other)
    assert np.linalg.norm(here - there) == pytest.approx(0.1)


def test_a_foot_that_is_drawn_to_the_other_brakes_before_it() -> None:
    one = model()
    guard = LegGuard(one)
    position = np.concatenate([[0.0, 0.0, 0.91, 1.0, 0.0, 0.0, 0.0], one.stand])
    roll = one.joints.index("right_hip_roll")

    def near(angle: float, rate: float) -> float:
        there, speed = position.copy(), np.zeros(one.dofs)
        there[7 + roll], speed[6 + roll] = angle, rate
        one.update(there, speed)
        return float(guard.gaps()[0])

    angles = np.linspace(-0.4, 0.4, 401)
    gaps = np.array([near(angle, 0.0) for angle in angles])
    at = float(angles[np.argmin(np.abs(gaps - 0.02))])
    inwards = 0.5 * np.sign(near(at - 1e-3, 0.0) - near(at + 1e-3, 0.0))
    near(at, inwards)
    limits = guard.limits()
    assert limits
    corners = np.array([[x, y, 0.0] for x in (0.085, -0.085) for y in (0.035, -0.035)])
    soles = [one.point(name, sole_of(one, name)[0]) for name in one.feet]
    holds = [Foothold(soles[0], 1500.0), Foothold(soles[1], 0.0)]
    # The swing wants to go on inwards at 20 m/s2.
    side = soles[0].place - soles[1].place
    pull = Task(soles[1].jacobian[:3], 20.0 * side / np.linalg.norm(side) - soles[1].drift[:3], np.full(3, 40.0))
    still = Posture(np.zeros(len(one.joints)), np.full(len(one.joints), 0.02))
    body = WholeBody(one, corners)
    free = body.solve(np.zeros(3), holds, [pull], still)
    kept = body.solve(np.zeros(3), holds, [pull], still, limits)
    assert free is not None
    assert kept is not None
    for limit in limits:
        assert (limit.jacobian @ kept.acceleration >= limit.least - 1e-6).all()
    assert any((limit.jacobian @ free.acceleration < limit.least - 1.0).any() for limit in limits)


def test_a_limit_tells_how_fast_the_gap_closes() -> None:
    one, h = model(), 1e-6
    guard = LegGuard(one)
    position, velocity = np.concatenate([[0.0, 0.0, 0.91, 1.0, 0.0, 0.0, 0.0], one.stand]), np.zeros(one.dofs)
    # Legs inwards, and feet not parallel: those have no one nearest place.
    for name, turn in (("left_hip_roll", -0.06), ("right_hip_roll", -0.05), ("left_hip_yaw", 0.1)):
        position[7 + one.joints.index(name)] += turn
    velocity[6:] = 0.3 * np.random.default_rng(2).normal(size=one.dofs - 6)
    gaps = []
    for seconds in (-h, h):
        there = position.copy()
        mujoco.mj_integratePos(one.model, there, velocity, seconds)
        one.update(there, velocity)
        gaps.append(guard.gaps())
    one.update(position, velocity)
    limits, near = guard.limits(), np.flatnonzero(guard.gaps() < 0.05)
    assert len(limits) == len(near) > 0
    for limit, pair in zip(limits, near.tolist(), strict=True):
        assert limit.jacobian @ velocity == pytest.approx((gaps[1] - gaps[0])[pair] / (2.0 * h), abs=1e-5)
