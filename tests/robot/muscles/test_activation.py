"""Activations are optimal, make what was asked in MuJoCo, and say what they cannot make."""

import mujoco
import numpy as np
import pytest
from scipy.optimize import linprog, lsq_linear, minimize
from tests.robot.muscles.body import dofs, muscled, random_posture
from tests.robot.muscles.hinge import compiled, hinge

from ironworks.robot.muscles import MuscleMap, Musculature, activations


def random_map(rng: np.random.Generator, joints: int = 3, muscles: int = 7) -> MuscleMap:
    """Arms and forces without any body: every muscle acts on every joint."""
    arms = rng.normal(0.0, 0.06, (joints, muscles))
    block = (np.arange(joints), np.arange(muscles))
    names = tuple(f"j{i}" for i in range(joints)), tuple(f"m{i}" for i in range(muscles))
    stiffening = rng.uniform(0.0, 40.0, (joints, joints, muscles))
    rest = rng.normal(0.0, 2.0, joints)
    return MuscleMap(*names, arms, arms * -1500.0, rest, (block,), stiffening, np.zeros((joints, joints)))


def test_a_pair_shares_a_torque_in_the_closed_form() -> None:
    model, data, acting = compiled(*hinge())
    mujoco.mj_forward(model, data)
    now = acting.at(data)
    found = activations(now, np.array([20.0]))
    # Least effort needs one of two antagonists alone.
    np.testing.assert_allclose(found.activations, [20.0 / now.gain[0, 0], 0.0], atol=1e-9)
    assert found.unreached == {}
    assert str(found) == "all reached"


@pytest.mark.parametrize("seed", range(6))
def test_effort_is_least_as_another_solver_finds_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    now, weights = random_map(rng), rng.uniform(0.5, 3.0, 7)
    torque = now.torque(rng.random(7))
    found = activations(now, torque, weights=weights)
    other = minimize(
        lambda a: weights @ a**2,
        np.full(7, 0.5),
        jac=lambda a: 2.0 * weights * a,
        bounds=[(0.0, 1.0)] * 7,
        constraints={
            "type": "eq",
            "fun": lambda a: (now.torque(a) - torque) / 100.0,
            "jac": lambda _: now.gain / 100.0,
        },
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert other.success
    np.testing.assert_allclose(found.activations, other.x, atol=2e-6)
    np.testing.assert_allclose(found.torque, torque, atol=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_with_stiffness_effort_is_still_least(seed: int) -> None:
    rng = np.random.default_rng(seed)
    now = random_map(rng)
    least = rng.uniform(0.2, 0.8, 7)
    torque, stiffness = now.torque(least), np.diagonal(now.stiffness(least)).copy()
    found = activations(now, torque, stiffness=stiffness)
    rows = np.array([now.stiffening[j, j] for j in range(3)])  # type: ignore[index]
    other = minimize(
        lambda a: a @ a,
        least,
        jac=lambda a: 2.0 * a,
        bounds=[(0.0, 1.0)] * 7,
        constraints=[
            {"type": "eq", "fun": lambda a: (now.torque(a) - torque) / 100.0, "jac": lambda _: now.gain / 100.0},
            {"type": "ineq", "fun": lambda a: (rows @ a - stiffness) / 100.0, "jac": lambda _: rows / 100.0},
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert other.success
    assert found.activations @ found.activations == pytest.approx(other.fun, rel=2e-3)
    assert found.too_soft == {}
    np.testing.assert_allclose(found.torque, torque, atol=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_out_of_reach_is_said_and_the_nearest_is_made(seed: int) -> None:
    rng = np.random.default_rng(seed)
    now = random_map(rng)
    way = rng.normal(size=3)
    torque = now.rest + 1.3 * way / np.linalg.norm(way) * np.abs(now.gain).sum()
    found = activations(now, torque)
    size = np.linalg.norm(now.gain, axis=1)
    scaled = now.gain / size[:, None], (torque - now.rest) / size
    nearest = lsq_linear(*scaled, (0.0, 1.0), method="bvls", tol=1e-14)
    np.testing.assert_allclose(found.missing, torque - now.torque(nearest.x), atol=1e-4)
    assert found.unreached == dict(zip(now.joints, found.missing, strict=True))
    assert all(joint in str(found) for joint in now.joints)
    assert ((found.activations >= 0.0) & (found.activations <= 1.0)).all()


def test_how_far_torques_go_in_a_direction_is_what_linear_programming_finds() -> None:
    rng = np.random.default_rng(4)
    now = random_map(rng)
    for _ in range(20):
        way = rng.normal(size=3)
        best = linprog(-(way @ now.gain), bounds=[(0.0, 1.0)] * 7)
        assert now.furthest(way) == pytest.approx(way @ now.rest - best.fun, rel=1e-9)


def test_torques_are_made_in_motion_once_the_muscles_have_settled() -> None:
    _, muscles, model = muscled()
    acting, rng = Musculature(model, muscles), np.random.default_rng(12)
    for _ in range(5):
        data = random_posture(model, acting, rng, speed=0.3)
        now = acting.at(data)
        torque = now.torque(rng.uniform(0.1, 0.6, len(muscles)))
        found = activations(now, torque)
        assert found.unreached == {}
        data.ctrl[-len(muscles) :] = found.activations
        # The posture stays; the muscles alone follow, as MuJoCo lets them.
        for _ in range(200):
            mujoco.mj_fwdActuation(model, data)
            data.act[:] += model.opt.timestep * data.act_dot
        mujoco.mj_forward(model, data)
        np.testing.assert_allclose(data.qfrc_actuator[dofs(model, acting)], torque, atol=1e-5)


def test_muscles_settle_within_a_few_time_constants() -> None:
    model, data, _ = compiled(*hinge())
    data.ctrl[:] = [0.8, 0.1]
    for _ in range(round(0.03 / model.opt.timestep)):
        mujoco.mj_step(model, data)
    np.testing.assert_allclose(data.act, data.ctrl, atol=0.02)


def test_stiffness_rises_by_co_contraction_and_more_than_there_is_is_said() -> None:
    _, muscles, model = muscled()
    acting = Musculature(model, muscles)
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    now = acting.at(data, stiffness=True)
    torque = np.full(8, 5.0)
    relaxed = activations(now, torque)
    soft = np.diagonal(now.stiffness(relaxed.activations))
    stiff = activations(now, torque, stiffness=np.full(8, 40.0))
    assert (soft < 40.0).all()
    assert stiff.too_soft == {}
    assert stiff.stiffness is not None
    assert (stiff.stiffness > 39.9).all()
    np.testing.assert_allclose(stiff.torque, torque, atol=1e-4)
    assert (stiff.activations >= relaxed.activations - 1e-9).all()
    much = activations(now, torque, stiffness=np.full(8, 1000.0))
    assert set(much.too_soft) == set(acting.joints)
    assert "too soft" in str(much)
    np.testing.assert_allclose(much.torque, torque, atol=1e-3)


def test_random_postures_are_solved_whatever_is_asked() -> None:
    _, muscles, model = muscled()
    acting, rng = Musculature(model, muscles), np.random.default_rng(21)
    for turn in range(150):
        now = acting.at(random_posture(model, acting, rng, speed=1.0), stiffness=True)
        wanted = now.torque(rng.random(len(muscles))) * (1.0, 3.0, 1000.0)[turn % 3]
        found = activations(now, wanted, stiffness=rng.uniform(-50.0, 500.0, 8))
        np.testing.assert_allclose(found.torque + found.missing, wanted, atol=1e-9)
        np.testing.assert_allclose(found.torque, now.torque(found.activations))
        assert turn % 3 or max(map(abs, found.unreached.values()), default=0.0) < 0.05


@pytest.mark.parametrize("wrong", [np.zeros(3), np.full(1, np.nan), np.zeros((1, 1))])
def test_wrong_wishes_are_refused(wrong: np.ndarray) -> None:
    model, data, acting = compiled(*hinge())
    mujoco.mj_forward(model, data)
    with pytest.raises(ValueError, match="torque needs 1 finite numbers"):
        activations(acting.at(data), wrong)
    with pytest.raises(ValueError, match="made without stiffness"):
        activations(acting.at(data), np.zeros(1), stiffness=np.zeros(1))
    with pytest.raises(ValueError, match="above 0"):
        activations(acting.at(data), np.zeros(1), weights=np.zeros(2))
