"""Joints turned on a bench, against MuJoCo's dry friction and exact currents."""

import mujoco
import numpy as np
import pytest
from tests.robot.seeded_unit import nominal

from ironworks.robot.joint_modules import JointModules
from ironworks.robot.spin_bench import spin


@pytest.fixture(scope="module")
def modules() -> JointModules:
    return JointModules.of(*nominal("quadruped"))


def test_at_a_steady_speed_the_current_bears_friction_and_damping(modules: JointModules) -> None:
    speed = 2.0
    trace = spin(modules, np.full((400, len(modules)), speed))
    wanted = (modules.friction + modules.damping * speed) / modules.constant
    np.testing.assert_allclose(trace.current[-1], wanted, rtol=1e-6)
    np.testing.assert_allclose(trace.speed[-1], speed, rtol=1e-5)


def test_a_joint_stops_within_its_stops(modules: JointModules) -> None:
    share = 4.0 * modules.designed("friction") / modules.designed("torque")
    middle = 0.5 * (modules.low + modules.high)
    trace = spin(modules, np.full((900, len(modules)), 2.5), share=share, angle=middle, stops=True)
    np.testing.assert_allclose(trace.angle[-1], modules.high, atol=5e-3)
    assert (trace.angle.max(axis=0) < modules.high + 0.02).all()


def test_mujoco_brakes_a_coasting_joint_in_the_same_way(modules: JointModules) -> None:
    inertia, friction, damping = 2.0 * modules.inertia[0], modules.friction[0], modules.damping[0]
    step = 0.0005
    course = np.zeros((800, len(modules)))
    course[:400] = 4.0
    spun = spin(modules, course, step=step)
    begun = spun.speed[399, 0]
    free = spin(modules, course, step=step, share=np.zeros(len(modules)))
    assert (free.speed == 0.0).all()
    model = mujoco.MjModel.from_xml_string(
        f"""
    <mujoco><option timestep="{step}" gravity="0 0 0" integrator="implicitfast"/><worldbody><body>
      <joint type="hinge" axis="0 0 1" armature="{inertia}" damping="{damping}" frictionloss="{friction}"/>
      <geom size="0.001" mass="1e-6"/></body></worldbody>
    <actuator><motor joint="j" /></actuator></mujoco>""".replace("<joint type", '<joint name="j" type')
    )
    data = mujoco.MjData(model)
    data.qvel[0] = begun
    speeds = []
    for current in spun.current[400:500, 0]:
        data.ctrl[0] = current * modules.constant[0]
        mujoco.mj_step(model, data)
        speeds.append(float(data.qvel[0]))
    np.testing.assert_allclose(speeds, spun.speed[400:500, 0], atol=0.02 * begun)
