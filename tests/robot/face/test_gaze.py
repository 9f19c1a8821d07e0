"""Gaze at a target: exact geometry, the eyes' limits, and the neck that takes the rest."""

import mujoco
import numpy as np
import pytest

from ironworks.product.design import Design, Face, bill_of
from ironworks.robot.body import body_spec, stand_on_floor
from ironworks.robot.face import Gaze, gaze_towards, pupils, share_gaze

Model = tuple[mujoco.MjModel, mujoco.MjData]


@pytest.fixture(scope="module")
def standing(humanoid: Design) -> Model:
    model = body_spec(humanoid, humanoid.weigh(bill_of(humanoid).masses)).compile()
    data = mujoco.MjData(model)
    stand_on_floor(humanoid, model, data)
    return model, data


def in_world(face: Face, data: mujoco.MjData, local: np.ndarray) -> np.ndarray:
    head = data.body(face.link)
    return np.asarray(head.xpos + head.xmat.reshape(3, 3) @ (face.eyes.mean(axis=0) + local))


def test_a_gaze_towards_a_known_direction_is_that_direction(face: Face, standing: Model) -> None:
    model, data = standing
    data.joint("neck_yaw").qpos = 0.3
    data.joint("neck_roll").qpos = -0.2
    mujoco.mj_forward(model, data)
    for azimuth, elevation, distance in ((0.4, 0.1, 1.5), (-1.2, -0.5, 0.7), (3.0, 0.2, 2.0)):
        target = in_world(face, data, distance * Gaze(azimuth, elevation).direction)
        gaze = gaze_towards(face, model, data, target)
        assert (gaze.azimuth, gaze.elevation, gaze.distance) == pytest.approx((azimuth, elevation, distance), abs=1e-9)
    stand_on_floor_again(model, data)


def stand_on_floor_again(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    data.joint("neck_yaw").qpos, data.joint("neck_roll").qpos, data.joint("neck_pitch").qpos = 0.0, 0.0, 0.0
    mujoco.mj_forward(model, data)


def test_to_the_robots_left_is_positive_and_moves_the_pupils_to_the_right_of_the_picture(
    face: Face, standing: Model
) -> None:
    model, data = standing
    gaze = gaze_towards(face, model, data, in_world(face, data, np.array([1.0, 0.5, 0.0])))
    assert gaze.azimuth == pytest.approx(np.arctan2(0.5, 1.0))
    assert (pupils(face, gaze)[:, 0] > pupils(face, Gaze())[:, 0] + 0.003).all()


def test_at_their_limits_the_irises_just_stay_on_the_display(face: Face) -> None:
    side, up, down = face.limits
    room = np.array([face.width, face.height]) / 2.0 - face.eye_radius
    for gaze, axis in ((Gaze(side), 0), (Gaze(-side), 0), (Gaze(0.0, up), 1), (Gaze(0.0, -down), 1)):
        assert np.abs(pupils(face, gaze)[:, axis]).max() == pytest.approx(room[axis], abs=1e-5)
    assert side > np.radians(25.0)


@pytest.mark.parametrize("target", [(1.2, 0.3, 0.1), (0.5, 1.2, 0.3), (0.8, -0.9, -0.6), (0.6, 0.7, -0.3)])
def test_eyes_and_neck_together_look_at_the_target(face: Face, standing: Model, target: tuple[float, ...]) -> None:
    model, data = standing
    stand_on_floor_again(model, data)
    there = in_world(face, data, np.array(target))
    for _ in range(8):
        gaze = gaze_towards(face, model, data, there)
        eyes, yaw, pitch = share_gaze(face, gaze, 0.5)
        data.joint("neck_yaw").qpos += yaw
        data.joint("neck_pitch").qpos += pitch
        mujoco.mj_forward(model, data)
    assert gaze_towards(face, model, data, there).direction @ eyes.direction == pytest.approx(1.0, abs=1e-6)
    side, up, down = (0.5 * limit for limit in face.limits)
    assert abs(eyes.azimuth) <= side + 1e-9
    assert -down - 1e-9 <= eyes.elevation <= up + 1e-9


def test_the_rest_turns_the_eyes_direction_exactly_onto_the_targets(face: Face) -> None:
    for gaze in (Gaze(1.4, 0.3), Gaze(-2.0, -0.9), Gaze(0.1, 0.05), Gaze(0.9, 1.1)):
        eyes, yaw, pitch = share_gaze(face, gaze)
        turn = np.array([[np.cos(yaw), -np.sin(yaw), 0.0], [np.sin(yaw), np.cos(yaw), 0.0], [0.0, 0.0, 1.0]])
        nod = np.array([[np.cos(pitch), 0.0, np.sin(pitch)], [0.0, 1.0, 0.0], [-np.sin(pitch), 0.0, np.cos(pitch)]])
        np.testing.assert_allclose(turn @ nod @ eyes.direction, gaze.direction, atol=1e-12)


def test_a_target_between_the_eyes_is_refused(face: Face, standing: Model) -> None:
    model, data = standing
    with pytest.raises(ValueError, match="between"):
        gaze_towards(face, model, data, in_world(face, data, np.zeros(3)))
