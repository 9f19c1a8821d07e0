"""The compiled model is the design; physics that has an exact answer; the robot stands."""

import mujoco
import numpy as np
import pytest

from ironworks.product.design import Design, Mass, bill_of, builtin_designs, read_design
from ironworks.robot.body import add_scene, body_spec, bounds, stand_on_floor


def weighed(name: str) -> tuple[Design, dict[str, Mass]]:
    design = read_design(name)
    return design, design.weigh(bill_of(design).masses)


@pytest.fixture(scope="module")
def humanoid() -> tuple[Design, dict[str, Mass]]:
    return weighed("humanoid")


@pytest.mark.parametrize("name", sorted(builtin_designs()))
def test_the_model_has_the_masses_joints_and_torques_of_the_design(name: str) -> None:
    design, weights = weighed(name)
    model = body_spec(design, weights).compile()
    assert model.body_mass.sum() == pytest.approx(sum(mass.mass for mass in weights.values()), abs=1e-9)
    for link in design.links:
        body = model.body(link.name)
        assert body.mass[0] == pytest.approx(weights[link.name].mass, abs=1e-12)
        np.testing.assert_allclose(body.ipos, weights[link.name].centre, atol=1e-12)
        rotation = np.zeros(9)
        mujoco.mju_quat2Mat(rotation, body.iquat)
        turned = rotation.reshape(3, 3) @ np.diag(body.inertia) @ rotation.reshape(3, 3).T
        np.testing.assert_allclose(turned, weights[link.name].inertia, atol=1e-9)
    assert model.nv == len(design.joints) + 6
    for joint in design.joints:
        found = model.joint(joint.name)
        if np.isfinite(joint.low):
            np.testing.assert_allclose(found.range, [joint.low, joint.high])
        if joint.drive is not None:
            dof = found.dofadr[0]
            assert model.dof_armature[dof] == pytest.approx(joint.drive.armature)
            assert model.dof_frictionloss[dof] == pytest.approx(joint.drive.friction)
            assert model.actuator(joint.name).ctrlrange[1] == pytest.approx(joint.drive.torque)


def test_the_robot_is_as_tall_as_its_stature(humanoid: tuple[Design, dict[str, Mass]]) -> None:
    design, weights = humanoid
    model = body_spec(design, weights).compile()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    low, high = bounds(model, data)
    assert high[2] - low[2] == pytest.approx(1.78, abs=0.005)


@pytest.mark.parametrize("kind", ["box", "ellipsoid", "capsule", "cylinder"])
def test_bounds_are_those_of_points_on_the_surface(kind: str) -> None:
    spec = mujoco.MjSpec()
    body = spec.worldbody.add_body(name="b", quat=[0.6, 0.3, -0.5, 0.2])
    size = np.array([0.05, 0.12, 0.07])
    body.add_geom(type=getattr(mujoco.mjtGeom, f"mjGEOM_{kind.upper()}"), size=size)
    model = spec.compile()
    data = mujoco.MjData(model)
    mujoco.mj_forward(model, data)
    rotation = data.geom_xmat[0].reshape(3, 3)
    rng = np.random.default_rng(2)
    way = rng.normal(size=(200_000, 3))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    ring = way[:, :2] / np.linalg.norm(way[:, :2], axis=1, keepdims=True)
    ends = np.sign(way[:, 2:])
    points = {
        "box": np.sign(way) * size,
        "ellipsoid": way * size,
        "capsule": way * size[0] + np.hstack([np.zeros_like(ring), ends * size[1]]),
        "cylinder": np.hstack([ring * size[0], ends * size[1]]),
    }[kind] @ rotation.T
    low, high = bounds(model, data)
    np.testing.assert_allclose(low, points.min(axis=0), atol=2e-5)
    np.testing.assert_allclose(high, points.max(axis=0), atol=2e-5)


def test_energy_of_the_free_floating_robot_is_kept(humanoid: tuple[Design, dict[str, Mass]]) -> None:
    design, weights = humanoid
    spec = body_spec(design, weights)
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_RK4
    spec.option.timestep = 0.001
    spec.option.gravity = [0.0, 0.0, 0.0]
    spec.option.enableflags = int(mujoco.mjtEnableBit.mjENBL_ENERGY)
    spec.option.disableflags = int(mujoco.mjtDisableBit.mjDSBL_CONSTRAINT)
    for joint in spec.joints:
        joint.damping, joint.stiffness = [0.0] * 3, [0.0] * 3
    model = spec.compile()
    data = mujoco.MjData(model)
    rng = np.random.default_rng(7)
    data.qvel[:] = rng.normal(0.0, 0.3, model.nv)
    mujoco.mj_forward(model, data)
    before = float(data.energy[1])
    for _ in range(5000):
        mujoco.mj_step(model, data)
    assert abs(float(data.energy[1]) - before) / before < 1e-3


def test_the_robot_stands_for_a_minute_on_joint_control_alone(humanoid: tuple[Design, dict[str, Mass]]) -> None:
    design, weights = humanoid
    spec = body_spec(design, weights)
    add_scene(spec)
    model = spec.compile()
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    limit = model.actuator_ctrlrange[:, 1]
    joint = model.actuator_trnid[:, 0]
    at, dof = model.jnt_qposadr[joint], model.jnt_dofadr[joint]
    wanted = data.qpos[at].copy()
    stiffness, damping = 6.0 * limit, 0.25 * limit
    height = float(data.body("head").xpos[2])
    for _ in range(round(60.0 / model.opt.timestep)):
        torque = stiffness * (wanted - data.qpos[at]) - damping * data.qvel[dof]
        data.ctrl[:] = np.clip(torque, -limit, limit)
        mujoco.mj_step(model, data)
    assert np.isfinite(data.qpos).all()
    assert float(data.body("head").xpos[2]) == pytest.approx(height, abs=0.03)
    assert np.abs(data.qvel[:6]).max() < 0.02
