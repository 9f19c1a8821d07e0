"""Whole-body control: the equations of motion hold, limits are kept, and what is impossible is said."""

import numpy as np
import pytest
from tests.robot.control.robots import model

from ironworks.robot.control.control_model import GRAVITY, ControlModel, sole_of
from ironworks.robot.control.whole_body import Foothold, Solution, Task, WholeBody

CORNERS = np.array([[x, y, 0.0] for x in (0.085, -0.085) for y in (0.035, -0.035)])


def standing() -> tuple[ControlModel, WholeBody]:
    one = model()
    one.update(np.concatenate([[0.0, 0.0, 0.91, 1.0, 0.0, 0.0, 0.0], one.stand]), np.zeros(one.dofs))
    return one, WholeBody(one, CORNERS)


def solve(com: np.ndarray, most: tuple[float, float] = (1500.0, 1500.0)) -> Solution | None:
    one, body = standing()
    feet = [Foothold(one.point(foot, sole_of(one, foot)[0]), m) for foot, m in zip(one.feet, most, strict=True)]
    rows = np.zeros((one.dofs - 6, one.dofs))
    rows[:, 6:] = np.eye(one.dofs - 6)
    return body.solve(com, feet, [Task(rows, np.zeros(len(rows)), np.full(len(rows), 0.1))])


def test_forces_carry_the_robot_and_the_equations_of_motion_hold() -> None:
    one, _ = standing()
    found = solve(np.array([0.3, 0.1, 0.0]))
    assert found is not None
    total = found.forces.sum(axis=(0, 1))
    assert total == pytest.approx(one.mass * np.array([0.3, 0.1, GRAVITY]), abs=2.0)
    left = one.inertia @ found.acceleration + one.bias
    for foot, forces in zip(one.feet, found.forces, strict=True):
        motion = one.point(foot, sole_of(one, foot)[0])
        for corner, force in zip(CORNERS, forces, strict=True):
            point = one.point(foot, sole_of(one, foot)[0] + corner)
            left -= point.jacobian[:3].T @ force
        assert motion.velocity == pytest.approx(np.zeros(6))
    assert left[:6] == pytest.approx(np.zeros(6), abs=1e-6)
    assert left[6:] == pytest.approx(found.torque, abs=1e-6)


def test_friction_and_torque_stay_within_their_limits() -> None:
    one, _ = standing()
    found = solve(np.array([9.0, 0.0, 0.0]))
    assert found is not None
    assert (np.abs(found.forces[..., :2]) <= 0.5 * found.forces[..., 2:] + 1e-6).all()
    assert (np.abs(found.torque) <= one.torque_limit + 1e-6).all()


def test_a_foot_in_the_air_carries_nothing() -> None:
    found = solve(np.zeros(3), most=(1500.0, 0.0))
    assert found is not None
    assert found.forces[1] == pytest.approx(np.zeros((4, 3)), abs=1e-9)
    assert found.forces[0, :, 2].sum() > 0.0


def test_what_no_torque_can_hold_has_no_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = standing()
    monkeypatch.setattr(one, "torque_limit", -one.torque_limit)
    assert solve(np.zeros(3)) is None
