"""Maximum a posteriori estimates of parameters with normal priors, their covariance, and what the data cannot see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["Estimate", "Unseen", "from_normal_equations", "maximum_a_posteriori"]

Floats = NDArray[np.float64]
#: Residuals (n,) and their derivative (n, m) at parameters (m,), both over the standard deviation of the data.
Whitened = Callable[[Floats], tuple[Floats, Floats]]


@dataclass(frozen=True)
class Unseen:
    """A direction that the data say little of: its singular value, and the parameters that make it up with weights."""

    value: float
    parameters: tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class Estimate:
    """Parameters `names` (m,): values, priors' standard deviations, covariance (m, m), residuals left over.

    `information`: the data's own, per standard deviation of the priors.
    """

    names: tuple[str, ...]
    values: Floats
    prior: Floats
    covariance: Floats
    information: Floats
    residuals: Floats

    @property
    def deviation(self) -> Floats:
        """Standard deviation of each parameter (m,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    @property
    def chi_square(self) -> float:
        """Squared residuals and squared parameters over their priors, summed; the number of residuals is expected."""
        return float(self.residuals @ self.residuals + ((self.values / self.prior) ** 2).sum())

    @cached_property
    def singular_values(self) -> Floats:
        """Of the data's derivative by parameters in units of their priors, largest first.

        At 1 the data say as much as the prior did; far below, nothing: the estimate stays what was believed before.
        """
        values = np.linalg.eigvalsh(self.information)[::-1]
        return np.asarray(np.sqrt(np.maximum(values, 0.0)))

    def unseen(self, below: float = 1.0, most: int = 5) -> list[Unseen]:
        """Directions with a singular value below a bound, least seen first, each with its `most` largest parameters."""
        values, vectors = np.linalg.eigh(self.information)
        found = []
        for value, vector in zip(np.sqrt(np.maximum(values, 0.0)), vectors.T, strict=True):
            if value >= below:
                break
            largest = np.argsort(-np.abs(vector))[:most]
            found.append(Unseen(float(value), tuple((self.names[i], float(vector[i])) for i in largest)))
        return found


def maximum_a_posteriori(names: Sequence[str], prior: Floats, data: Whitened, *, iterations: int = 3) -> Estimate:
    """Gauss-Newton on whitened residuals and normal priors of mean 0 and standard deviations `prior` (m,), all above 0.

    It stops after `iterations`, or earlier where a step is below a millionth of every prior; the covariance is that of
    the last linearisation. Raises ValueError where a prior is not above 0: leave such a parameter out.
    """
    _above_zero(prior)
    values = np.zeros(len(prior))
    information, residuals = np.zeros((len(prior), len(prior))), np.zeros(0)
    for _ in range(iterations):
        residuals, slope = data(values)
        scaled = slope * prior
        information = scaled.T @ scaled
        step = np.linalg.solve(information + np.eye(len(prior)), -(scaled.T @ residuals) - values / prior)
        values = values + prior * step
        residuals = residuals + scaled @ step
        if np.abs(step).max() < 1e-6:
            break
    return _estimate(names, values, prior, information, residuals)


def from_normal_equations(
    names: Sequence[str], prior: Floats, values: Floats, normal: Floats, gradient: Floats, residuals: Floats
) -> Estimate:
    """One step from `values` (m,) with the data's normal matrix (m, m) and gradient (m,), slope' residuals there.

    `residuals`: roots of sums of squared whitened residuals, before the step.
    """
    _above_zero(prior)
    information = normal * np.outer(prior, prior)
    step = np.linalg.solve(information + np.eye(len(prior)), -prior * gradient - values / prior)
    return _estimate(names, values + prior * step, prior, information, residuals)


def _above_zero(prior: Floats) -> None:
    if not (prior > 0.0).all():
        raise ValueError("a prior needs a spread above 0; leave out what is known exactly")


def _estimate(names: Sequence[str], values: Floats, prior: Floats, information: Floats, residuals: Floats) -> Estimate:
    covariance = np.linalg.inv(information + np.eye(len(prior))) * np.outer(prior, prior)
    return Estimate(tuple(names), values, prior, covariance, information, residuals)
