"""Moment arms, torques and stiffness: against closed forms of one hinge and against MuJoCo for the whole robot."""

import mujoco
import numpy as np
import pytest
from tests.robot.muscles.body import dofs, muscled, random_posture
from tests.robot.muscles.hinge import ANCHOR, FRONT_BACK, HIGH, LOW, TIP, compiled, hinge

from ironworks.robot.muscles import Musculature


def turned(point: np.ndarray, angle: float) -> np.ndarray:
    """A point (x, z) turned about y."""
    x, z = point[[0, 2]]
    return np.array([x * np.cos(angle) + z * np.sin(angle), z * np.cos(angle) - x * np.sin(angle)])


@pytest.mark.parametrize("angle", np.linspace(LOW, HIGH, 7))
def test_arms_and_stiffness_of_a_hinge_have_their_closed_form(angle: float) -> None:
    model, data, acting = compiled(*hinge())
    data.qpos[0] = angle
    mujoco.mj_forward(model, data)
    now = acting.at(data, stiffness=True)
    slopes = []
    for muscle, side in enumerate((np.ones(3), FRONT_BACK)):
        a, b = (ANCHOR * side)[[0, 2]], turned(TIP * side, angle)
        far = b - a
        length = np.hypot(*far)
        arm = abs(a[0] * b[1] - a[1] * b[0]) / length
        assert abs(now.arms[0, muscle]) == pytest.approx(arm, rel=1e-12)
        # l2 = A2 + B2 - 2 a.b, so that l l' = -a.b' and l l'' = a.b - l'2.
        slopes.append(now.arms[0, muscle])
        bend = (a @ b - arm**2) / length
        force = -now.gain[0, muscle] / now.arms[0, muscle]
        (low, high), prm = model.actuator_lengthrange[muscle], model.actuator_gainprm[muscle, :9]
        step = 1e-7
        rise = [mujoco.mju_muscleGain(length + d, 0.0, np.array([low, high]), 1.0, prm) for d in (-step, step)]
        wanted = force * bend - arm**2 * (rise[1] - rise[0]) / (2.0 * step)
        assert now.stiffening is not None
        assert now.stiffening[0, 0, muscle] == pytest.approx(wanted, rel=1e-5)
    assert slopes[0] < 0.0 < slopes[1]


def test_torques_are_those_that_mujoco_applies() -> None:
    _, muscles, model = muscled()
    acting, rng = Musculature(model, muscles), np.random.default_rng(5)
    for _ in range(15):
        data = random_posture(model, acting, rng, speed=1.0)
        now = acting.at(data)
        activation = rng.random(len(muscles))
        data.act[:] = activation
        mujoco.mj_forward(model, data)
        np.testing.assert_allclose(now.torque(activation), data.qfrc_actuator[dofs(model, acting)], atol=1e-9)
        moment = np.zeros((model.nu, model.nv))
        mujoco.mju_sparse2dense(
            moment, data.actuator_moment, data.moment_rownnz, data.moment_rowadr, data.moment_colind
        )
        np.testing.assert_allclose(now.arms, moment[-len(muscles) :, dofs(model, acting)].T, atol=1e-14)


def test_stiffness_is_the_slope_of_the_torque_that_mujoco_applies() -> None:
    _, muscles, model = muscled()
    acting, rng = Musculature(model, muscles), np.random.default_rng(8)
    step = 1e-6
    for _ in range(3):
        data = random_posture(model, acting, rng)
        activation = rng.random(len(muscles))
        stiffness = acting.at(data, stiffness=True).stiffness(activation)
        np.testing.assert_allclose(stiffness, stiffness.T, atol=1e-9)
        data.act[:] = activation
        for k, joint in enumerate(acting.joints):
            torque = []
            place = model.joint(joint).qposadr[0]
            for move in (-step, 2.0 * step):
                data.qpos[place] += move
                mujoco.mj_forward(model, data)
                torque.append(data.qfrc_actuator[dofs(model, acting)])
            data.qpos[place] -= step
            np.testing.assert_allclose((torque[0] - torque[1]) / (2.0 * step), stiffness[:, k], atol=1e-4, rtol=1e-5)


def test_tendons_of_both_sides_and_of_the_spine_act_apart() -> None:
    _, muscles, model = muscled()
    acting = Musculature(model, muscles)
    groups = {frozenset(acting.joints[j] for j in joints) for joints, _ in acting.blocks}
    assert groups == {
        frozenset({"lumbar_pitch", "lumbar_roll"}),
        frozenset({"thoracic_pitch"}),
        frozenset({"thoracic_roll"}),
        frozenset({"left_girdle_elevation", "left_girdle_protraction"}),
        frozenset({"right_girdle_elevation", "right_girdle_protraction"}),
    }
    assert sum(len(found) for _, found in acting.blocks) == len(muscles)
