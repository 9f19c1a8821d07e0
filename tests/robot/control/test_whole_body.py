"""Whole-body control: the equations of motion hold, limits are kept, and what is impossible is said."""

import daqp
import numpy as np
import pytest
from tests.robot.control.robots import model

from ironworks.robot.control.control_model import GRAVITY, ControlModel, sole_of
from ironworks.robot.control.whole_body import Foothold, Posture, Solution, Task, WholeBody

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


def test_the_answer_is_that_of_the_whole_programme_written_down_at_length() -> None:
    one, body = standing()
    rng = np.random.default_rng(5)
    v, posture = one.dofs, Posture(rng.normal(size=one.dofs - 6), np.full(one.dofs - 6, 0.3))
    feet = [one.point(foot, sole_of(one, foot)[0]) for foot in one.feet]
    chest = one.point("chest")
    task = Task(chest.jacobian, 2.0 * rng.normal(size=6), np.full(6, 10.0))
    com = np.array([1.0, 0.5, 0.3])
    found = body.solve(com, [Foothold(foot, 600.0) for foot in feet], [task], posture)
    assert found is not None
    tasks = [(task.jacobian, task.wanted, 10.0), (np.eye(v)[6:], posture.wanted, 0.3), (np.eye(v)[:6], 0.0, 1e-4)]
    tasks += [(foot.jacobian, -foot.drift, 2000.0) for foot in feet]
    hessian, gradient = np.zeros((v + 24, v + 24)), np.zeros(v + 24)
    for rows, wanted, weight in tasks:
        hessian[:v, :v] += weight * rows.T @ rows
        gradient[:v] -= weight * rows.T @ (wanted * np.ones(len(rows)))
    total = np.tile(np.eye(3), 8)
    momentum = (10.0 / one.mass) ** 2
    hessian[v:, v:] = momentum * total.T @ total + 2e-5 * np.eye(24)
    gradient[v:] = -momentum * total.T @ (one.mass * (com + [0.0, 0.0, GRAVITY]))
    motion = np.zeros((v, v + 24))
    motion[:, :v] = one.inertia
    for k, foot in enumerate(one.feet):
        for c, corner in enumerate(CORNERS):
            at = v + 12 * k + 3 * c
            motion[:, at : at + 3] = -one.point(foot, sole_of(one, foot)[0] + corner).jacobian[:3].T
    cone = np.zeros((8, 5, v + 24))
    for k in range(8):
        for r, (axis, sign) in enumerate(((0, 1.0), (0, -1.0), (1, 1.0), (1, -1.0))):
            cone[k, r, v + 3 * k + axis], cone[k, r, v + 3 * k + 2] = sign, -0.5
        cone[k, 4, v + 3 * k + 2] = 1.0
    idle = one.bias[6:] + one.resistance
    least = np.concatenate([-one.bias[:6], one.torque_range[0] - idle, np.tile([-1e30] * 4 + [0.0], 8)])
    most = np.concatenate([-one.bias[:6], one.torque_range[1] - idle, np.tile([0.0] * 4 + [300.0], 8)])
    sense = np.zeros(len(least), dtype=np.int32)
    sense[:6] = 5
    x, _, status, _ = daqp.solve(hessian, gradient, np.vstack([motion, *cone]), most, least, sense)
    assert status == 1
    assert found.acceleration == pytest.approx(x[:v], abs=1e-4)
    assert found.forces.ravel() == pytest.approx(x[v:], abs=1e-3)
    # The wanted push makes some limits matter.
    assert (np.abs(found.forces[..., 2]) < 1e-6).any()


def test_tasks_and_a_posture_whose_arrays_do_not_go_together_are_refused() -> None:
    one, body = standing()
    feet = [Foothold(one.point(foot, sole_of(one, foot)[0]), 600.0) for foot in one.feet]
    chest = one.point("chest")
    for wanted, weight in ((np.zeros(6), np.ones(5)), (np.zeros(7), np.ones(6))):
        with pytest.raises(ValueError, match="rows"):
            body.solve(np.zeros(3), feet, [Task(chest.jacobian, wanted, weight)])
    with pytest.raises(ValueError, match="posture"):
        body.solve(np.zeros(3), feet, [], Posture(np.zeros(one.dofs), np.ones(one.dofs)))


def test_a_cost_without_a_minimum_has_no_solution() -> None:
    one, body = standing()
    feet = [Foothold(one.point(foot, sole_of(one, foot)[0]), 0.0) for foot in one.feet]
    # Nothing is asked of the joints, and no sole stands.
    assert body.solve(np.zeros(3), feet, []) is None
