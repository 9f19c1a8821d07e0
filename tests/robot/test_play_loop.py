"""The loop of a spring with play behind friction, against MuJoCo and against what can be written down."""

import mujoco
import numpy as np
import pytest

from ironworks.robot.play_loop import lost_motion, play_loop, triangle

STIFFNESS, PLAY, FRICTION, PEAK = 50.0, 0.02, 0.4, 3.0


def one(value: float) -> np.ndarray:
    return np.array([value])


def test_the_loop_is_as_wide_as_the_play_and_twice_the_wind_up() -> None:
    twist = play_loop(PEAK * triangle(401)[:, None], one(STIFFNESS), one(PLAY), one(FRICTION))
    assert twist.max() - twist.min() == pytest.approx(PLAY + 2.0 * (PEAK - FRICTION) / STIFFNESS, rel=1e-12)


def test_mujoco_turns_a_rotor_with_friction_and_a_slack_spring_along_the_same_loop() -> None:
    # A tendon's spring length may be a range: within it the spring is slack, like a gear within its backlash.
    model = mujoco.MjModel.from_xml_string(f"""
    <mujoco><option timestep="0.0005" gravity="0 0 0" integrator="implicitfast"/>
    <worldbody><body><joint name="rotor" type="hinge" axis="0 0 1" armature="0.001" damping="0.01"
      frictionloss="{FRICTION}" solreffriction="0.002 1" solimpfriction="0.999 0.9999 0.001"/>
      <geom size="0.01" mass="0.001"/></body></worldbody>
    <tendon><fixed stiffness="{STIFFNESS}" damping="0.05" springlength="{-PLAY / 2} {PLAY / 2}">
      <joint joint="rotor" coef="1"/></fixed></tendon>
    <actuator><motor joint="rotor"/></actuator></mujoco>""")
    data = mujoco.MjData(model)
    samples, steps = 201, 100
    course = triangle(samples)
    for k in range(samples * steps // 4):
        data.ctrl[0] = PEAK * 4.0 * k / (samples * steps)
        mujoco.mj_step(model, data)
    seen = []
    for value in course:
        data.ctrl[0] = PEAK * value
        mujoco.mj_step(model, data, steps)
        seen.append(float(data.qpos[0]))
    wanted = play_loop(PEAK * course[:, None], one(STIFFNESS), one(PLAY), one(FRICTION))[:, 0]
    # Away from the instants at which the slack is crossed, which takes MuJoCo's rotor some milliseconds.
    off = np.abs(np.array(seen) - wanted)
    assert np.quantile(off, 0.95) < 0.01 * np.ptp(wanted)


def test_play_stiffness_and_friction_come_back_from_a_loop() -> None:
    asked = PEAK * triangle(400)[:, None] * np.ones(2)
    stiffness, play, friction = np.array([50.0, 200.0]), np.array([0.02, 0.0]), np.array([0.4, 0.1])
    found = lost_motion(asked, play_loop(asked, stiffness, play, friction))
    for value, true in zip(found, (play, stiffness, friction), strict=True):
        np.testing.assert_allclose(value, true, rtol=2e-2, atol=1e-4)
