"""The controller's model against MuJoCo's own dynamics of the whole robot."""

import mujoco
import numpy as np
import pytest
from tests.robot.control.robots import DESIGN, MASSES, model


def state(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng, one = np.random.default_rng(seed), model()
    quaternion = rng.normal(size=4)
    position = np.concatenate([rng.normal(size=3), quaternion / np.linalg.norm(quaternion), one.stand])
    position[7:] += 0.1 * rng.normal(size=len(one.joints))
    return position, 0.5 * rng.normal(size=one.dofs)


def test_it_weighs_what_the_robot_weighs() -> None:
    assert model().mass == pytest.approx(sum(mass.mass for mass in MASSES.values()), abs=1e-9)
    assert model().dofs == 44
    assert model().feet == ("left_foot", "right_foot")
    assert set(model().joints) <= {joint.name for joint in DESIGN.joints}


def test_inertia_and_bias_are_those_of_inverse_dynamics() -> None:
    one = model()
    position, velocity = state(1)
    one.update(position, velocity)
    acceleration = np.random.default_rng(2).normal(size=one.dofs)
    data = mujoco.MjData(one.model)
    data.qpos[:], data.qvel[:], data.qacc[:] = position, velocity, acceleration
    mujoco.mj_inverse(one.model, data)
    passive = data.qfrc_passive
    assert one.inertia @ acceleration + one.bias == pytest.approx(data.qfrc_inverse + passive, abs=1e-8)


def test_a_points_velocity_and_drift_are_derivatives_of_its_place() -> None:
    one, h = model(), 1e-6
    position, velocity = state(3)
    at = np.array([0.02, 0.01, -0.06])

    def moved(seconds: float) -> np.ndarray:
        there = position.copy()
        mujoco.mj_integratePos(one.model, there, velocity, seconds)
        one.update(there, velocity)
        return one.point("left_foot", at).place

    places = [moved(seconds) for seconds in (-1e-4, -h, h, 1e-4)]
    one.update(position, velocity)
    point = one.point("left_foot", at)
    assert point.velocity[:3] == pytest.approx((places[2] - places[1]) / (2 * h), abs=1e-6)
    second = (places[3] - 2 * point.place + places[0]) / 1e-8
    assert point.drift[:3] == pytest.approx(second, abs=1e-3)


def test_places_asked_for_together_move_as_mujoco_has_them_one_by_one() -> None:
    one = model()
    one.update(*state(4))
    places = [("left_foot", np.array([0.02, 0.01, -0.06])), ("pelvis", np.zeros(3)), ("right_hand", np.ones(3))]
    for (link, at), point in zip(places, one.motions(one.spots(places)).points, strict=True):
        body = one.link(link)
        jacobian, drift = np.zeros((2, 6, one.dofs))
        place = one.data.xpos[body] + one.data.xmat[body].reshape(3, 3) @ at
        mujoco.mj_jac(one.model, one.data, jacobian[:3], jacobian[3:], place, body)
        mujoco.mj_jacDot(one.model, one.data, drift[:3], drift[3:], place, body)
        assert point.place == pytest.approx(place, abs=1e-12)
        assert np.array_equal(point.turn, one.data.xmat[body].reshape(3, 3))
        assert point.jacobian == pytest.approx(jacobian, abs=1e-12)
        assert point.velocity == pytest.approx(jacobian @ one.data.qvel, abs=1e-12)
        assert point.drift == pytest.approx(drift @ one.data.qvel, abs=1e-10)
