"""Readings of encoders: each deviation alone, and the play before a motor's."""

import time

import numpy as np
import pytest

from ironworks.product.design import read_design
from ironworks.robot.encoder import Encoders


def test_a_perfect_encoder_reads_the_angle() -> None:
    angle = np.array([-1.0, 0.2, 3.0])
    np.testing.assert_array_equal(Encoders(3).read(angle), angle)


def test_offset_and_harmonics_add_up() -> None:
    encoders = Encoders(2, offset=[0.1, -0.2], amplitude=[[1e-3, 0.0], [0.0, 2e-3]], phase=[[0.5, 0.0], [0.0, -0.3]])
    angle = np.array([0.7, 0.7])
    wanted = angle + [0.1 + 1e-3 * np.sin(1.2), -0.2 + 2e-3 * np.sin(1.1)]
    np.testing.assert_allclose(encoders.read(angle), wanted, rtol=1e-14)


def test_a_resolution_rounds_to_its_steps_and_errs_evenly() -> None:
    encoders = Encoders(1, resolution=1e-3)
    angles = np.random.default_rng(1).uniform(-1.0, 1.0, 2000)
    errors = np.array([encoders.read(np.array([a]))[0] - a for a in angles])
    assert np.abs(errors).max() <= 0.5e-3 + 1e-12
    assert errors.std() == pytest.approx(1e-3 / np.sqrt(12.0), rel=0.05)


def test_a_motor_without_load_lags_in_its_play() -> None:
    encoders = Encoders(1, backlash=0.02)
    way = np.concatenate([np.linspace(0.0, 1.0, 101), np.linspace(1.0, 0.0, 101)])
    seen = np.array([encoders.read(np.array([a]))[0] for a in way])
    np.testing.assert_allclose(seen[5:101], way[5:101] - 0.01, atol=1e-12)
    np.testing.assert_allclose(seen[110:], way[110:] + 0.01, atol=1e-12)
    encoders.reset()
    assert encoders.read(np.array([0.3]))[0] == 0.3


def test_a_loaded_motor_stands_on_its_flank_and_winds_up() -> None:
    encoders = Encoders(3, backlash=0.02, compliance=1e-3)
    angle, torque = np.zeros(3), np.array([5.0, -5.0, 0.0])
    np.testing.assert_allclose(encoders.read(angle, torque), [0.015, -0.015, 0.0])
    np.testing.assert_allclose(encoders.read(angle, torque * 0.0), [0.01, -0.01, 0.0])


def test_a_motor_s_harmonics_repeat_with_its_turns() -> None:
    encoders = Encoders(1, amplitude=[[1e-4], [0.0]], turns=50.0)
    first = encoders.read(np.array([0.3]))[0] - 0.3
    assert encoders.read(np.array([0.3 + 2.0 * np.pi / 50.0]))[0] - 0.3 - 2.0 * np.pi / 50.0 == pytest.approx(first)


def test_noise_comes_from_the_generator_that_is_handed_in() -> None:
    encoders, angle = Encoders(4, noise=1e-3), np.zeros(4)
    one, two = (encoders.read(angle, rng=np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    with pytest.raises(ValueError, match="generator"):
        encoders.read(angle)
    with pytest.raises(ValueError, match="noise must be finite and not negative"):
        Encoders(1, noise=-1.0)


def test_reading_the_whole_humanoid_is_cheap() -> None:
    drives = [joint.drive for joint in read_design("humanoid").joints if joint.drive]
    assert len(drives) == 72
    encoders = Encoders.of(drives, "motor")
    full = Encoders(
        72, offset=0.01, amplitude=1e-3, phase=0.2, resolution=5e-5, noise=1e-5, backlash=encoders.backlash,
        compliance=encoders.compliance,
    )  # fmt: skip
    angle, torque, rng = np.linspace(-1.0, 1.0, 72), np.linspace(-5.0, 5.0, 72), np.random.default_rng(0)
    best = min(_seconds(full, angle, torque, rng) for _ in range(20))
    # Measured at some 25 us, two thirds of it the calls into numpy; the bound leaves room for a busy machine.
    assert best < 100e-6


def _seconds(encoders: Encoders, angle: np.ndarray, torque: np.ndarray, rng: np.random.Generator) -> float:
    begun = time.perf_counter()
    for _ in range(50):
        encoders.read(angle, torque, rng)
    return (time.perf_counter() - begun) / 50
