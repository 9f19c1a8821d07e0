"""Pelvis, chest and arms move in time with the steps, against the legs, smoothly, and not at all while it stands."""

import math

import mujoco
import numpy as np
import pytest
from tests.robot.control.robots import model, robot

from ironworks.robot.control.estimator import Estimator
from ironworks.robot.control.gait_style import HUMAN, LINKS, PLAIN, GaitStyle, StyleMotion
from ironworks.robot.control.interface import TICK, Command
from ironworks.robot.control.step_planner import Gait
from ironworks.robot.control.walking import Walking

JOINTS = ("left_shoulder_pitch", "right_shoulder_pitch", "left_elbow", "neck_yaw", "left_knee")
#: The group of shapes that collide.
FELT = 1
STEP = 0.45
LEFT_LANDS, RIGHT_LANDS, LEFT_STANDS = 0.0, math.pi, 0.5 * math.pi


def walked(style: GaitStyle = HUMAN, speed: float = 1.0, until: float = LEFT_LANDS) -> StyleMotion:
    """In a steady walk, at an angle of the stride."""
    motion, seconds = StyleMotion(style, JOINTS), 20 * STEP
    for k in range(round(seconds / TICK) + 1):
        motion.advance(until + math.pi * (k * TICK - seconds) / STEP, STEP, speed, TICK)
    return motion


def angles(motion: StyleMotion) -> dict[str, float]:
    now = zip(LINKS, motion.links.motion[0].tolist(), strict=True)
    links = {f"{name} {axis}": angle for name, of in now for axis, angle in zip("xyz", of, strict=True)}
    return links | dict(zip(JOINTS, motion.joints[0].tolist(), strict=True))


def test_arms_and_chest_go_against_the_leg_that_lands_and_the_pelvis_with_it() -> None:
    for lands, sign in ((LEFT_LANDS, 1.0), (RIGHT_LANDS, -1.0)):
        now = angles(walked(until=lands))
        assert sign * now["left_shoulder_pitch"] < -0.2
        assert now["right_shoulder_pitch"] == pytest.approx(-now["left_shoulder_pitch"])
        # The left hip is ahead where the pelvis yaws to the right.
        assert sign * now["pelvis z"] < -0.04
        assert sign * now["chest z"] > 0.04
        assert now["neck_yaw"] == pytest.approx(-now["chest z"])
        assert now["left_knee"] == 0.0


def test_the_pelvis_sinks_on_the_side_of_the_foot_that_swings() -> None:
    assert angles(walked(until=LEFT_STANDS))["pelvis x"] > 0.01
    assert angles(walked(until=LEFT_STANDS + math.pi))["pelvis x"] < -0.01


def test_it_grows_with_speed_and_turns_round_for_a_walk_backwards() -> None:
    slow, fast, back = (angles(walked(speed=speed)) for speed in (0.3, 1.0, -0.3))
    assert 0.2 < slow["left_shoulder_pitch"] / fast["left_shoulder_pitch"] < 0.6
    assert back["left_shoulder_pitch"] == pytest.approx(-slow["left_shoulder_pitch"], abs=1e-6)
    assert back["chest y"] == 0.0 < slow["chest y"] < fast["chest y"]
    assert -0.05 < walked(speed=1.0).height[0] < 4.0 * walked(speed=0.3).height[0] < 0.0


def test_rates_and_accelerations_are_those_of_the_angles() -> None:
    motion = walked(until=1.0)
    first, rate, acceleration = motion.joints
    motion.advance(1.0 + math.pi * TICK / STEP, STEP, 1.0, TICK)
    second, later, _ = motion.joints
    assert later == pytest.approx((second - first) / TICK)
    assert acceleration == pytest.approx((later - rate) / TICK, abs=0.1)
    assert np.abs(acceleration).max() > 1.0


def test_nothing_jumps_whatever_the_steps_do() -> None:
    motion, rng = StyleMotion(HUMAN, JOINTS), np.random.default_rng(3)
    before = np.zeros(len(JOINTS))
    for k in range(1500):
        stride = None if 600 < k < 700 else float(rng.uniform(-math.pi, math.pi))
        motion.advance(stride, float(rng.uniform(0.24, 0.75)), float(rng.choice([1.2, -1.2])), TICK)
        now, rate, _ = motion.joints
        assert now == pytest.approx(before + rate * TICK)
        assert np.abs(rate).max() < 0.4 / 0.08
        before = now


def test_a_robot_that_stands_has_no_style() -> None:
    motion = walked()
    for _ in range(round(1.0 / TICK)):
        motion.advance(None, STEP, 0.0, TICK)
    assert not np.any(motion.links.motion)
    assert not np.any(motion.joints)
    assert not np.any(motion.height)


def test_a_plain_walk_has_nothing_added_and_the_width_of_the_gait() -> None:
    for stride in (0.3, 2.0, 4.0):
        plain = walked(PLAIN, until=stride)
        assert set(angles(plain).values()) == {0.0}
        assert not np.any(plain.height)
    assert Walking(Estimator(), style=PLAIN).gait == Gait()
    assert Walking(Estimator()).gait == Gait(width=HUMAN.width)
    assert Walking(Estimator(), Gait(width=0.2)).gait.width == 0.2


def reach(style: GaitStyle, speed: float) -> tuple[float, float, float]:
    """Of the left shoulder's swing [rad], the least gap of arms and body [m] and the mean speed [m/s], from 3 s on."""
    one, control = robot(), Walking(Estimator(), style=style)
    control.reset(model())
    observation = one.begin()
    physics, data = one.model, one.data
    of = [physics.body(body).name for body in physics.geom_bodyid]
    felt = [g for g in range(physics.ngeom) if physics.geom(g).name and physics.geom_group[g] == FELT]
    arms = [g for g in felt if any(part in of[g] for part in ("forearm", "wrist", "hand"))]
    trunk = [g for g in felt if any(part in of[g] for part in ("thigh", "pelvis", "lumbar", "chest"))]
    swing, gaps, speeds = [], [], []
    for k in range(round(6.0 / TICK)):
        now = k * TICK
        asked = control.step(observation, Command(forward=speed * min(now, 1.0), walk=True))
        observation = one.step(asked)
        if now > 3.0:
            swing.append(float(data.joint("left_shoulder_pitch").qpos[0]))
            speeds.append(float(data.qvel[0]))
            if k % 5 == 0:
                gaps += [mujoco.mj_geomDistance(physics, data, a, b, 0.1, None) for a in arms for b in trunk]
    return max(swing) - min(swing), min(gaps), float(np.mean(speeds))


@pytest.mark.parametrize("speed", [0.5, 1.0])
def test_arms_swing_clear_of_the_body_and_the_walk_keeps_its_speed(speed: float) -> None:
    swing, gap, mean = reach(HUMAN, speed)
    assert swing > 0.35
    assert gap > 0.005
    assert mean == pytest.approx(speed, rel=0.1)
