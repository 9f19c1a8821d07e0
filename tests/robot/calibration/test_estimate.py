"""Maximum a posteriori estimates against closed forms, against SciPy's least squares and against their own luck."""

import numpy as np
import pytest
from scipy.optimize import least_squares

from ironworks.robot.calibration.estimate import maximum_a_posteriori

RNG = np.random.default_rng(2)
SLOPE = RNG.standard_normal((7, 4))
READ = RNG.standard_normal(7)
PRIOR = np.array([0.5, 2.0, 1e-3, 30.0])
NAMES = ("a", "b", "c", "d")


def linear(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return READ - SLOPE @ values, -SLOPE


def bent(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A decay and a wave, read at 20 times to 0.05."""
    at = np.linspace(0.0, 3.0, 20)
    rate, height, pitch = values
    decay, wave = np.exp(-(1.0 + rate) * at), np.sin(2.0 * at + pitch)
    read = np.exp(-1.2 * at) + 0.3 * np.sin(2.0 * at + 0.1)
    slope = np.stack([at * decay, -wave, -height * np.cos(2.0 * at + pitch)], axis=1)
    return (read - decay - height * wave) / 0.05, slope / 0.05


def test_a_linear_problem_has_the_closed_form_of_gaussian_conditioning() -> None:
    found = maximum_a_posteriori(NAMES, PRIOR, linear)
    # By the data's covariance (n, n), not by the parameters' as in the code.
    spread = np.diag(PRIOR**2)
    gain = spread @ SLOPE.T @ np.linalg.inv(SLOPE @ spread @ SLOPE.T + np.eye(7))
    np.testing.assert_allclose(found.values, gain @ READ, rtol=1e-10)
    np.testing.assert_allclose(found.covariance, spread - gain @ SLOPE @ spread, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(found.deviation, np.sqrt(np.diag(found.covariance)))
    # At the best values, chi-square is that of the readings under prior and noise together.
    wanted = READ @ np.linalg.solve(SLOPE @ spread @ SLOPE.T + np.eye(7), READ)
    assert found.chi_square == pytest.approx(wanted, rel=1e-8)


def test_a_nonlinear_problem_has_the_solution_of_least_squares() -> None:
    prior = np.array([0.5, 0.5, 0.3])
    found = maximum_a_posteriori(("rate", "height", "pitch"), prior, bent, iterations=30)
    wanted = least_squares(lambda x: np.concatenate([bent(x)[0], x / prior]), np.zeros(3), xtol=1e-14, gtol=1e-14)
    np.testing.assert_allclose(found.values, wanted.x, atol=1e-6)
    np.testing.assert_allclose(found.covariance, np.linalg.inv(wanted.jac.T @ wanted.jac), rtol=1e-4)
    assert found.chi_square == pytest.approx(2.0 * wanted.cost, rel=1e-6)
    np.testing.assert_allclose(found.residuals, bent(found.values)[0])


def test_what_the_data_cannot_tell_apart_is_unseen_and_stays_as_believed() -> None:
    def data(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        # Only the sum of the first two is read, each in units of its prior; nothing of the third.
        slope = -np.array([[10.0, 10.0 / 3.0, 0.0]])
        return 4.0 + slope @ values, slope

    prior = np.array([1.0, 3.0, 2.0])
    found = maximum_a_posteriori(("one", "two", "three"), prior, data)
    np.testing.assert_allclose(found.singular_values, [10.0 * np.sqrt(2.0), 0.0, 0.0], atol=1e-6)
    unseen = found.unseen(below=1.0)
    assert len(unseen) == 2
    for one in unseen:
        weights = dict(one.parameters)
        assert weights["one"] == pytest.approx(-weights["two"], abs=1e-9)
    assert found.values[2] == 0.0
    assert found.deviation[2] == pytest.approx(2.0)
    difference = np.array([1.0, -1.0 / 3.0, 0.0])
    assert difference @ found.covariance @ difference == pytest.approx(2.0)


def test_directions_are_named_by_their_largest_parts_least_seen_first() -> None:
    slope = np.diag([5.0, 0.1, 0.5, 2.0])
    found = maximum_a_posteriori(NAMES, np.ones(4), lambda x: (slope @ x, slope))
    unseen = found.unseen(below=1.0, most=1)
    assert [one.parameters[0][0] for one in unseen] == ["b", "c"]
    np.testing.assert_allclose([one.value for one in unseen], [0.1, 0.5])


def test_errors_spread_as_the_covariance_says() -> None:
    rng, prior = np.random.default_rng(3), np.array([0.15, 0.2, 0.1])
    at = np.linspace(0.0, 3.0, 12)
    sigma, runs = 0.1, 400

    def model(x: np.ndarray) -> np.ndarray:
        return (1.0 + x[0]) * np.exp(-at) + x[1] * at + np.sin(at + x[2])

    def slope(x: np.ndarray) -> np.ndarray:
        return np.stack([np.exp(-at), at, np.cos(at + x[2])], axis=1)

    errors, share = [], []
    for _ in range(runs):
        true = prior * rng.standard_normal(3)
        read = model(true) + sigma * rng.standard_normal(len(at))
        found = maximum_a_posteriori(
            ("x", "y", "z"), prior, lambda x, read=read: ((read - model(x)) / sigma, -slope(x) / sigma)
        )
        errors.append(found.values - true)
        share.append(errors[-1] @ np.linalg.solve(found.covariance, errors[-1]) / 3.0)
    # The mean of 1200 squared normals: 1 +- 0.041.
    assert np.mean(share) == pytest.approx(1.0, abs=0.15)
    np.testing.assert_allclose(np.cov(np.array(errors).T), found.covariance, atol=0.15 * found.covariance.max())
    assert (np.abs(np.mean(errors, axis=0)) < 4.0 * found.deviation / np.sqrt(runs)).all()


def test_a_prior_without_spread_is_refused() -> None:
    with pytest.raises(ValueError, match="spread above 0"):
        maximum_a_posteriori(NAMES, np.array([1.0, 0.0, 1.0, 1.0]), linear)
