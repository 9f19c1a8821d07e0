"""What is compiled for every tick, against what is written elsewhere for one call."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from ironworks.robot.control.kernels.attitude import turn_to
from ironworks.robot.control.kernels.drives import drive_torques, sense
from ironworks.robot.control.kernels.encoders import read_joints, true_angles
from ironworks.robot.control.kernels.gait import servo
from ironworks.robot.control.kernels.inertial_filter import correct, mounted, place_root, predict
from ironworks.robot.control.kernels.motions import resisted
from ironworks.robot.control.kernels.pendulum import left_over, press
from ironworks.robot.control.kernels.programme import bounds
from ironworks.robot.encoder_error import ORDERS, EncoderError


@pytest.mark.parametrize("seed", range(4))
def test_the_turn_to_other_axes_is_that_of_a_library(seed: int) -> None:
    one, other = Rotation.random(2, random_state=np.random.default_rng(seed))
    assert turn_to(other.as_matrix(), one.as_matrix()) == pytest.approx((other * one.inv()).as_rotvec(), abs=1e-12)


def test_half_a_turn_and_none_have_their_axes() -> None:
    assert turn_to(np.eye(3), np.diag([1.0, -1.0, -1.0])) == pytest.approx([np.pi, 0.0, 0.0])
    assert turn_to(np.eye(3), np.eye(3)) == pytest.approx([0.0, 0.0, 0.0])


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


def test_a_sensors_readings_come_off_their_offsets_before_they_are_turned() -> None:
    rng = np.random.default_rng(8)
    turn, offsets = Rotation.random(random_state=rng).as_matrix(), rng.normal(size=(2, 3))
    readings = rng.normal(size=(2, 3))
    assert mounted(turn, offsets, *readings) == pytest.approx((readings - offsets) @ turn.T)


def test_the_root_goes_round_a_sensor_that_sits_elsewhere() -> None:
    rng = np.random.default_rng(9)
    turn, motion, bias, gyro, sensor = (
        Rotation.random(random_state=rng),
        *rng.normal(size=(2, 3, 4))[:1],
        *rng.normal(size=(3, 6)),
    )
    gyro, sensor = gyro[:3], sensor[:3]
    position, velocity = np.full(9, 5.0), np.full(8, 5.0)
    place_root(turn.as_matrix(), motion, bias, gyro, sensor, position, velocity)
    rate, lever = gyro - bias[:3], turn.apply(sensor)
    assert position == pytest.approx([*(motion[:, 1] - lever), *([5.0] * 6)])
    assert velocity[:3] == pytest.approx(motion[:, 0] - np.cross(turn.apply(rate), lever))
    assert velocity[3:] == pytest.approx([*rate, 5.0, 5.0])


def test_joints_resist_their_motion_and_drives_lose_torque_with_it() -> None:
    rate = np.array([2.0, -2.0, 0.0])
    friction, damping, limit, stall, fade = np.full((5, 3), [[1.5], [0.1], [50.0], [60.0], [20.0]])
    resistance, weakest, strongest = np.zeros((3, 3))
    resisted(rate, friction, damping, 0.1, limit, stall, fade, resistance, weakest, strongest)
    assert resistance == pytest.approx([1.7, -1.7, 0.0])
    # At 2 rad/s back-EMF takes 40 of the 60 N m that stand against it, and none of what brakes.
    assert strongest == pytest.approx([20.0, 50.0, 50.0])
    assert weakest == pytest.approx([-50.0, -20.0, -50.0])


def test_joints_brake_before_their_stops() -> None:
    low, high, horizon = np.array([-1.0]), np.array([1.0]), 0.04
    idle, below, above = np.zeros(1), np.zeros(2), np.zeros(2)
    position, velocity, bias = np.zeros(8), np.zeros(7), np.arange(7.0)
    position[7], velocity[6] = 0.9, 4.0
    bounds(
        bias, np.ones(1), np.array([-9.0]), np.array([8.0]), position, velocity, low, high, horizon, idle, below, above
    )
    assert idle == pytest.approx([7.0])
    assert (below[0], above[0]) == pytest.approx((-16.0, 1.0))
    # At the most that it may, it is at its stop after the horizon.
    assert position[7] + velocity[6] * horizon + 0.5 * above[1] * horizon**2 == pytest.approx(1.0)
    assert position[7] + velocity[6] * horizon + 0.5 * below[1] * horizon**2 == pytest.approx(-1.0)


def test_a_posture_pulls_its_joints_to_where_they_shall_be() -> None:
    angle, rate, rest, swing, push = np.random.default_rng(10).normal(size=(5, 4))
    assert servo(angle, rate, rest, swing, push, 60.0, 14.0) == pytest.approx(
        60.0 * (rest - angle) + 14.0 * (swing - rate) + push
    )


#: Soles reach so far; a motion grows by so much until its step ends, with its pivot at a sole that is turned.
REACH, GROWS = np.array([0.1, 0.04]), 2.5


def _turned(angle: float) -> np.ndarray:
    return np.asarray(Rotation.from_euler("z", angle).as_matrix())


def _pressed(off: np.ndarray, pivot: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of a motion that is off its course, in the axes of the sole: the pressure and the pivot from its middle (2,)."""
    turn, axes, under = _turned(0.4), _turned(0.3)[:2, :2], np.array([1.0, 2.0])
    place, offset = np.array([0.3, 0.2]), np.array([0.05, -0.04])
    course = under + pivot + (axes @ (place + offset) - pivot) / GROWS
    there = press(under, turn, REACH, under + pivot, course + off, axes, place, offset, 1.0 / GROWS, 2.0)
    return turn[:2, :2].T @ (there - under), turn[:2, :2].T @ pivot


@pytest.mark.parametrize("pivot", [np.zeros(2), np.array([0.03, -0.01])])
def test_on_its_course_a_motion_is_pressed_at_its_pivot_and_off_it_against_what_it_is_off(pivot: np.ndarray) -> None:
    pressure, middle = _pressed(np.zeros(2), pivot)
    assert pressure == pytest.approx(middle, abs=1e-12)
    off = np.array([0.01, -0.005])
    assert _pressed(off, pivot)[0] == pytest.approx(middle + 2.0 * _turned(0.4)[:2, :2].T @ off)
    assert _pressed(np.array([1.0, 1.0]), pivot)[0] == pytest.approx(REACH)


def test_what_the_pressure_brings_back_is_not_left_over() -> None:
    axes, pivot = _turned(0.5)[:2, :2], np.array([0.2, 0.1])
    place, offset, rest = np.array([0.3, 0.2]), np.array([0.05, -0.04]), 1.0 / GROWS
    course = (place + offset) * rest
    undone = REACH * (1.0 - rest)
    for off, left in ((0.0, 0.0), (0.9, 0.0), (1.5, 0.5), (-3.0, -2.0)):
        found = left_over(pivot + axes @ (course + off * undone), pivot, axes, place, offset, rest, REACH)
        assert found == pytest.approx(course + left * undone)


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


def _uncertain(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Axes, columns of motion, and a covariance, of a sensor anywhere."""
    rng = np.random.default_rng(seed)
    half = rng.normal(size=(21, 21))
    return Rotation.random(random_state=rng).as_matrix(), rng.normal(size=(3, 4)), 1e-4 * half @ half.T


def _cross(vector: np.ndarray) -> np.ndarray:
    return np.asarray(np.cross(vector, np.eye(3)).T)


def test_a_prediction_spreads_errors_as_its_transition_does() -> None:
    turn, motion, covariance = _uncertain(11)
    dt, shake, noise = 0.004, 1e-3, np.arange(1.0, 22.0) * 1e-6
    levers = np.vstack([turn, *(_cross(motion[:, i]) @ turn for i in range(4))])
    step = np.eye(21)
    step[3:6, :3], step[6:9, 3:6] = dt * _cross(np.array([0.0, 0.0, -9.81])), dt * np.eye(3)
    step[:15, 15:18], step[3:6, 18:] = -dt * levers, -dt * turn
    wanted = step @ covariance @ step.T + np.diag(noise)
    wanted[:15, :15] += shake * dt**2 * levers @ levers.T
    predict(turn, motion, np.zeros(6), covariance, np.zeros(3), np.zeros(3), noise, shake, 9.81, dt)
    assert covariance == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("standing", [[0], [0, 1]])
def test_a_correction_is_that_of_kalman(standing: list[int]) -> None:
    turn, motion, covariance = _uncertain(12)
    reach = (motion[:, 2:] - motion[:, 1:2]).T @ turn + 1e-3 * np.random.default_rng(13).normal(size=(2, 3))
    before, bias, variance = covariance.copy(), np.zeros(6), 4e-6
    seen, news = np.zeros((3 * len(standing), 21)), []
    for k, foot in enumerate(standing):
        seen[3 * k : 3 * k + 3, 9 + 3 * foot : 12 + 3 * foot], seen[3 * k : 3 * k + 3, 6:9] = np.eye(3), -np.eye(3)
        news += (turn @ reach[foot] - motion[:, 2 + foot] + motion[:, 1]).tolist()
    for foot in {0, 1} - set(standing):
        aired = np.eye(21)
        aired[9 + 3 * foot : 12 + 3 * foot] = np.eye(21)[6:9]
        before = aired @ before @ aired.T
        before[range(9 + 3 * foot, 12 + 3 * foot), range(9 + 3 * foot, 12 + 3 * foot)] += variance
    gain = before @ seen.T @ np.linalg.inv(seen @ before @ seen.T + variance * np.eye(len(seen)))
    correct(turn, motion, bias, covariance, reach, np.array(standing), variance, 1.0)
    assert covariance == pytest.approx((np.eye(21) - gain @ seen) @ before, abs=1e-10)
    assert bias == pytest.approx((gain @ news)[15:], abs=1e-12)


def test_what_is_not_a_number_is_not_filtered() -> None:
    turn, motion, covariance = _uncertain(14)
    covariance[:] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        correct(turn, motion, np.zeros(6), covariance, np.zeros((2, 3)), np.array([0, 1]), 4e-6, 1.0)
