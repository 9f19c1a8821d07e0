"""Laws of random times: a mean, a spread, and the codes by which the kernels draw them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Protocol

Encoded = tuple[int, float, float, float, float]

_CONSTANT, _EXPONENTIAL, _ERLANG, _GAMMA, _LOGNORMAL = range(5)
_UNIFORM, _TRIANGULAR, _PERT, _WEIBULL, _NORMAL = range(5, 10)


class Law(Protocol):
    """A distribution of a non-negative time in seconds."""

    @property
    def mean(self) -> float:
        """Expected value [s]."""

    def scaled(self, factor: float) -> Law:
        """The law of `factor` times this time; a draw with the same key scales exactly."""

    def encode(self) -> Encoded:
        """(code, a, b, c, d) as `kernels.random.sample` reads them."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Always `value` [s]."""

    value: float

    def __post_init__(self) -> None:
        _require(self.value >= 0, "Constant: value must be >= 0 s")

    @property
    def mean(self) -> float:
        return self.value

    def scaled(self, factor: float) -> Constant:
        return Constant(self.value * factor)

    def encode(self) -> Encoded:
        return (_CONSTANT, self.value, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Exponential:
    """Exponential with the given `mean` [s]."""

    mean: float

    def __post_init__(self) -> None:
        _require(self.mean > 0, "Exponential: mean must be > 0 s")

    def scaled(self, factor: float) -> Exponential:
        return Exponential(self.mean * factor)

    def encode(self) -> Encoded:
        return (_EXPONENTIAL, self.mean, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Erlang:
    """Sum of `k` exponentials with total `mean` [s]."""

    mean: float
    k: int

    def __post_init__(self) -> None:
        _require(self.mean > 0 and self.k >= 1, "Erlang: mean must be > 0 s and k >= 1")

    def scaled(self, factor: float) -> Erlang:
        return replace(self, mean=self.mean * factor)

    def encode(self) -> Encoded:
        return (_ERLANG, self.mean, float(self.k), 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Gamma:
    """Gamma by `mean` [s] and coefficient of variation `cv`."""

    mean: float
    cv: float

    def __post_init__(self) -> None:
        _require(self.mean > 0 and self.cv > 0, "Gamma: mean must be > 0 s and cv > 0")

    def scaled(self, factor: float) -> Gamma:
        return replace(self, mean=self.mean * factor)

    def encode(self) -> Encoded:
        return (_GAMMA, self.mean, self.cv, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Lognormal by its own `mean` [s] and coefficient of variation `cv`."""

    mean: float
    cv: float

    def __post_init__(self) -> None:
        _require(self.mean > 0 and self.cv > 0, "Lognormal: mean must be > 0 s and cv > 0")

    def scaled(self, factor: float) -> Lognormal:
        return replace(self, mean=self.mean * factor)

    def encode(self) -> Encoded:
        variance = math.log1p(self.cv * self.cv)
        return (_LOGNORMAL, math.log(self.mean) - variance / 2, math.sqrt(variance), 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Uniform:
    """Uniform between `low` and `high` [s]."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _require(0 <= self.low <= self.high, "Uniform: needs 0 <= low <= high")

    @property
    def mean(self) -> float:
        return (self.low + self.high) / 2

    def scaled(self, factor: float) -> Uniform:
        return Uniform(self.low * factor, self.high * factor)

    def encode(self) -> Encoded:
        return (_UNIFORM, self.low, self.high, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Triangular:
    """Triangular between `low` and `high` with `mode` [s]."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _require(0 <= self.low <= self.mode <= self.high, "Triangular: needs 0 <= low <= mode <= high")

    @property
    def mean(self) -> float:
        return (self.low + self.mode + self.high) / 3

    def scaled(self, factor: float) -> Triangular:
        return Triangular(self.low * factor, self.mode * factor, self.high * factor)

    def encode(self) -> Encoded:
        return (_TRIANGULAR, self.low, self.mode, self.high, 0.0)


@dataclass(frozen=True, slots=True)
class Pert:
    """PERT (beta with lambda 4) between `low` and `high` with `mode` [s]."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _require(0 <= self.low <= self.mode <= self.high, "Pert: needs 0 <= low <= mode <= high")

    @property
    def mean(self) -> float:
        return (self.low + 4 * self.mode + self.high) / 6

    def scaled(self, factor: float) -> Pert:
        return Pert(self.low * factor, self.mode * factor, self.high * factor)

    def encode(self) -> Encoded:
        if self.low == self.high:
            return Constant(self.mode).encode()
        return (_PERT, self.low, self.mode, self.high, 0.0)


@dataclass(frozen=True, slots=True)
class Weibull:
    """Weibull by `scale` [s] and `shape`."""

    scale: float
    shape: float

    def __post_init__(self) -> None:
        _require(self.scale > 0 and self.shape > 0, "Weibull: scale must be > 0 s and shape > 0")

    @property
    def mean(self) -> float:
        return self.scale * math.gamma(1 + 1 / self.shape)

    def scaled(self, factor: float) -> Weibull:
        return replace(self, scale=self.scale * factor)

    def encode(self) -> Encoded:
        return (_WEIBULL, self.scale, self.shape, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Normal:
    """Normal by `mean` and `sd` [s], redrawn until it lies in [0, mean + 6 sd].

    The truncation shifts the mean, so `sd` may be at most a third of the mean.
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _require(self.mean > 0 and 0 < self.sd <= self.mean / 3, "Normal: needs 0 < sd <= mean / 3")

    def scaled(self, factor: float) -> Normal:
        return Normal(self.mean * factor, self.sd * factor)

    def encode(self) -> Encoded:
        return (_NORMAL, self.mean, self.sd, 0.0, self.mean + 6 * self.sd)


@dataclass(frozen=True, slots=True)
class Listed:
    """Recorded times [s], by the serial number of the unit; after the last they begin again."""

    times: tuple[float, ...]

    def __post_init__(self) -> None:
        _require(len(self.times) > 0 and min(self.times) >= 0, "Listed: needs at least one time, all >= 0 s")

    @property
    def mean(self) -> float:
        return sum(self.times) / len(self.times)

    def scaled(self, factor: float) -> Listed:
        return Listed(tuple(t * factor for t in self.times))

    def encode(self) -> Encoded:
        raise TypeError("Listed times are read by the full kernel alone, not by the kernels for serial lines")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)
