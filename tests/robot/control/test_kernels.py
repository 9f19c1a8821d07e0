"""What is compiled for every tick, against what is written elsewhere for one call."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from tests.robot.control.robots import PLACES

from ironworks.robot.asbuilt import Unit
from ironworks.robot.control.kernels.attitude import turn_to_level
from ironworks.robot.control.kernels.drives import drive_torques, sense
from ironworks.robot.control.kernels.encoders import encoder_errors, read_joints, true_angles
from ironworks.robot.control.kernels.inertial_filter import correct, predict
from ironworks.robot.control.kernels.pendulum import left_over, press
from ironworks.robot.encoder_error import ORDERS, EncoderError


@pytest.mark.parametrize("seed", range(4))
def test_the_turn_to_level_is_that_of_a_library(seed: int) -> None:
    rng = np.random.default_rng(seed)
    heading, turn = float(rng.uniform(-4.0, 4.0)), Rotation.random(random_state=rng)
    wanted = (Rotation.from_euler("z", heading) * turn.inv()).as_rotvec()
    assert turn_to_level(heading, turn.as_matrix()) == pytest.approx(wanted, abs=1e-12)


def test_half_a_turn_and_none_have_their_axes() -> None:
    assert turn_to_level(0.0, np.diag([1.0, -1.0, -1.0])) == pytest.approx([np.pi, 0.0, 0.0])
    assert turn_to_level(0.0, np.eye(3)) == pytest.approx([0.0, 0.0, 0.0])


def test_encoder_errors_are_those_of_the_model() -> None:
    rng = np.random.default_rng(3)
    names = PLACES.names["joint"][:20]
    unit = Unit.nominal(PLACES)
    unit["encoder_accuracy"][:] = 1e-3 * rng.standard_normal(unit["encoder_accuracy"].shape)
    encoder = EncoderError.of(unit, names)
    angle = rng.uniform(-3.0, 3.0, len(names))
    found = encoder_errors(angle, encoder.offset, encoder.cosine.copy(), encoder.sine.copy(), ORDERS)
    assert np.abs(found).max() > 1e-4
    assert found == pytest.approx(encoder.at(angle), abs=1e-15)


def test_encoders_read_their_joints_among_all_others() -> None:
    rng = np.random.default_rng(4)
    position, velocity = rng.normal(size=(2, 9))
    places, dofs = np.array([8, 3, 5]), np.array([7, 2, 4])
    offset, cosine, sine = rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    read, speed = np.zeros((2, 3))
    read_joints(position, velocity, places, dofs, offset, cosine, sine, ORDERS, read, speed)
    angle = position[places]
    assert read == pytest.approx(angle + EncoderError(offset, cosine, sine).at(angle), abs=1e-12)
    assert np.array_equal(speed, velocity[dofs])


def test_what_was_read_leads_back_to_the_angle() -> None:
    rng = np.random.default_rng(7)
    offset, cosine, sine = 1e-2 * rng.normal(size=8), *(1e-4 * rng.normal(size=(2, 8, 3)))
    angle = rng.uniform(-2.0, 2.0, 8)
    read = angle + EncoderError(offset, cosine, sine).at(angle)
    assert np.abs(read - angle).max() > 5e-3
    assert true_angles(read, offset, cosine, sine, ORDERS) == pytest.approx(angle, abs=2e-6)


def test_drives_do_a_command_within_their_limits_and_the_others_hold() -> None:
    rng = np.random.default_rng(5)
    read, speed, limit, constant, given = rng.normal(size=(5, 6))
    limit = np.array([1e3, 1e3, 0.01, 0.02, 1e3, 0.03])
    command = rng.normal(size=(5, 4))
    rest, stiff, damped = rng.normal(size=(3, 2))
    drive_torques(read, speed, *command, rest, stiff, damped, limit, constant, given)
    angle, rate, kp, kd, torque = command
    wanted = torque + kp * (angle - read[:4]) + kd * (rate - speed[:4])
    wanted = np.concatenate([wanted, stiff * (rest - read[4:] - damped * speed[4:])])
    assert given == pytest.approx(np.clip(wanted, -limit, limit) * constant)


def test_sensors_tell_what_they_measure_each_with_its_own_noise() -> None:
    rng = np.random.default_rng(6)
    joints, sensors, feet = 3, 2, 2
    read, speed, limit, constant = rng.normal(size=(4, 5))
    forces, raw, pulled = rng.normal(size=8), rng.normal(size=30), np.array([6, 1, 3, 2, 0])
    tilt, bias = rng.normal(size=(sensors, 3, 3)), rng.normal(size=(2, sensors, 3))
    inertial, cells = np.arange(12).reshape(2, sensors, 3), np.arange(15, 27).reshape(feet, 6)
    noises = np.arange(1.0, 8.0)
    draws = rng.normal(size=3 * joints + 6 * sensors + 6 * feet)
    said = draws.copy()
    sense(said, read, speed, forces, pulled, constant, limit, noises, raw, tilt, inertial, bias, cells)
    torque = forces[pulled[:joints]] / constant[:joints]
    turned = np.einsum("iab,kib->kia", tilt, raw[inertial]) + bias
    true = np.concatenate([read[:joints], speed[:joints], torque, turned.ravel(), -raw[cells].ravel()])
    size = [
        [1.0] * 3,
        [2.0] * 3,
        3.0 * limit[:joints],
        [4.0] * 6,
        [5.0] * 6,
        [6.0] * 3,
        [7.0] * 3,
        [6.0] * 3,
        [7.0] * 3,
    ]
    assert said == pytest.approx(true + np.concatenate(size) * draws)


#: Soles reach so far; a motion grows by so much until its step ends, with its pivot at a sole that is turned.
REACH, GROWS = np.array([0.1, 0.04]), 2.5


def _pressed(motion: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of a motion, in the axes of the sole, the pressure and the course, about the sole's middle (2,)."""
    turn = Rotation.from_euler("z", 0.4).as_matrix()
    axes, under = Rotation.from_euler("z", 0.3).as_matrix()[:2, :2], np.array([1.0, 2.0])
    place, offset = np.array([0.3, 0.2]), np.array([0.05, -0.04])
    course = axes @ (place + offset) / GROWS
    there = press(under, turn, REACH, under, under + motion + course, axes, place, offset, 1.0 / GROWS, 2.0)
    return turn[:2, :2].T @ (there - under), turn[:2, :2].T @ motion


def test_on_its_course_a_motion_is_pressed_at_its_pivot_and_off_it_against_what_it_is_off() -> None:
    assert _pressed(np.zeros(2))[0] == pytest.approx([0.0, 0.0], abs=1e-12)
    pressure, off = _pressed(np.array([0.01, -0.015]))
    assert pressure == pytest.approx(2.0 * off)
    assert _pressed(np.array([1.0, 1.0]))[0] == pytest.approx(REACH)


def test_what_the_pressure_brings_back_is_not_left_over() -> None:
    axes, pivot = np.eye(2), np.array([0.2, 0.1])
    place, offset, rest = np.array([0.3, 0.2]), np.array([0.05, -0.04]), 1.0 / GROWS
    course = pivot + (place + offset) * rest
    undone = REACH * (1.0 - rest)
    for off, left in ((0.0, 0.0), (0.9, 0.0), (1.5, 0.5), (-3.0, -2.0)):
        found = left_over(course + off * undone, pivot, axes, place, offset, rest, REACH)
        assert found == pytest.approx(course - pivot + left * undone)


def test_a_sensor_that_turns_and_falls_is_where_mechanics_says() -> None:
    turn, motion, bias, covariance = np.eye(3), np.zeros((3, 4)), np.zeros(6), np.eye(21) * 1e-6
    motion[:, 0] = [1.0, 0.0, 2.0]
    rate, dt = np.array([0.0, 0.0, 0.5]), 0.004
    for _ in range(250):
        predict(turn, motion, bias, covariance, rate, np.zeros(3), np.zeros(21), 1e-4, 9.81, dt)
    assert Rotation.from_matrix(turn).as_rotvec() == pytest.approx([0.0, 0.0, 0.5])
    assert motion[:, 0] == pytest.approx([1.0, 0.0, 2.0 - 9.81])
    assert motion[:, 1] == pytest.approx([1.0, 0.0, 2.0 - 0.5 * 9.81])
    assert covariance == pytest.approx(covariance.T)


def _corrected(off: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the sensor and the second of two pressed soles are believed, which encoders see `off` [m] further on."""
    turn, motion, bias, covariance = np.eye(3), np.zeros((3, 4)), np.zeros(6), np.eye(21) * 1e-4
    reach = np.array([[0.0, 0.1, -0.9], [0.0, -0.1, -0.9]])
    motion[:, 2:] = reach.T
    correct(turn, motion, bias, covariance, reach + [[0.0, 0.0, 0.0], [off, 0.0, 0.0]], np.array([0, 1]), 4e-6, 0.006)
    return motion[:, 1], motion[:, 3]


def test_a_pressed_sole_that_was_knocked_does_not_move_the_robot() -> None:
    sensor, sole = _corrected(0.02)
    assert sensor == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert sole == pytest.approx([0.02, -0.1, -0.9])


def test_a_pressed_sole_that_holds_pulls_the_robot_along() -> None:
    sensor, _ = _corrected(0.005)
    assert sensor[0] < -5e-4
