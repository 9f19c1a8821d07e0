"""What is compiled for every tick, against what is written elsewhere for one call."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from tests.robot.control.robots import PLACES

from ironworks.robot.asbuilt import Unit
from ironworks.robot.control.kernels.attitude import turn_to_level
from ironworks.robot.control.kernels.encoders import encoder_errors
from ironworks.robot.control.kernels.inertial_filter import correct, predict
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
