"""The standing robot is held by its muscles: with room in the torques, and in simulation."""

import mujoco
import numpy as np
import pytest
from tests.robot.muscles.body import dofs, muscled
from tests.robot.test_body import weighed

from ironworks.product.design import muscles_of
from ironworks.robot.body import add_scene, body_spec, stand_on_floor
from ironworks.robot.muscles import Musculature, activations, add_muscles, torque_box


def test_gravity_takes_a_fifth_of_the_muscles_in_the_standing_pose() -> None:
    design, muscles, model = muscled()
    acting = Musculature(model, muscles)
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    data.qacc[:] = 0.0
    mujoco.mj_inverse(model, data)
    needed = data.qfrc_inverse[dofs(model, acting)]
    assert np.abs(needed).max() > 10.0
    now = acting.at(data)
    box = torque_box(now)
    assert box.holds(5.0 * needed)
    found = activations(now, needed)
    assert found.unreached == {}
    assert found.activations.max() < 0.2


def test_the_robot_stands_with_muscles_in_spine_and_girdle() -> None:
    design, weights = weighed("humanoid")
    muscles = muscles_of(design)
    spec = body_spec(design, weights)
    add_muscles(spec, design, muscles)
    add_scene(spec)
    model = spec.compile()
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    acting = Musculature(model, muscles)
    motors = model.nu - len(muscles)
    joint, limit = model.actuator_trnid[:motors, 0], model.actuator_ctrlrange[:motors, 1]
    places, speeds = model.jnt_qposadr[joint], model.jnt_dofadr[joint]
    pulled = [int(model.joint(name).qposadr[0]) for name in acting.joints]
    torques = dofs(model, acting)
    wanted = data.qpos.copy()
    height = float(data.body("head").xpos[2])
    made = 0
    for step in range(round(2.0 / model.opt.timestep)):
        mujoco.mj_step1(model, data)
        torque = 6.0 * limit * (wanted[places] - data.qpos[places]) - 0.25 * limit * data.qvel[speeds]
        data.ctrl[:motors] = np.clip(torque, -limit, limit)
        # Muscles at 250 Hz, as a controller has them.
        if step % 2 == 0:
            found = activations(
                acting.at(data), 600.0 * (wanted - data.qpos[: wanted.size])[pulled] - 25.0 * data.qvel[torques]
            )
            data.ctrl[motors:] = found.activations
            made += not found.unreached
        mujoco.mj_step2(model, data)
    assert made == 500
    assert np.isfinite(data.qpos).all()
    assert float(data.body("head").xpos[2]) == pytest.approx(height, abs=0.03)
    assert np.abs(data.qpos[pulled] - wanted[pulled]).max() < 0.05
    assert np.abs(data.qvel).max() < 0.1


def test_muscles_at_rest_and_without_passive_force_keep_the_energy() -> None:
    design, weights = weighed("humanoid")
    spec = body_spec(design, weights)
    add_muscles(spec, design, muscles_of(design), passive=False)
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_RK4
    spec.option.timestep = 0.001
    spec.option.gravity = [0.0, 0.0, 0.0]
    spec.option.enableflags = int(mujoco.mjtEnableBit.mjENBL_ENERGY)
    spec.option.disableflags = int(mujoco.mjtDisableBit.mjDSBL_CONSTRAINT)
    for joint in spec.joints:
        joint.damping, joint.stiffness = [0.0] * 3, [0.0] * 3
    model = spec.compile()
    data = mujoco.MjData(model)
    data.qvel[:] = np.random.default_rng(7).normal(0.0, 0.3, model.nv)
    mujoco.mj_forward(model, data)
    before = float(data.energy[1])
    for _ in range(500):
        mujoco.mj_step(model, data)
    assert abs(float(data.energy[1]) - before) / before < 1e-3
