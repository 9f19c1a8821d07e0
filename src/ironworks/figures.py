"""A figure: a quantity with unit, range, kind and source; and how a replication draws all figures at once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ironworks.units import NUMBER, Dimension

__all__ = ["Figure", "Sampler", "quantiles"]

Floats = NDArray[np.float64]

_DISTRIBUTIONS = {"fixed": 0, "pert": 1, "uniform": 2, "triangular": 3}
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Figure:
    """A quantity with its unit, hard bounds, kind of source and source.

    `value`, `low` and `high` are in `unit`; `factor` is the SI value of one unit (money stays in the unit's currency).
    `value` is None for a figure that holds a text or a date, which stands in `text`. `group` is a correlation group,
    with `-` in front where the figure moves against its group. Figures of table cells have the id `table.row.column`.
    """

    id: str
    quantity: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    kind: str
    source: str
    role: str = "input"
    distribution: str = "pert"
    group: str = ""
    note: str = ""
    text: str = ""
    factor: float = 1.0
    dimension: Dimension = NUMBER
    currencies: tuple[tuple[str, float], ...] = ()

    @property
    def is_uncertain(self) -> bool:
        """Whether replications draw it."""
        return self.low is not None and self.high is not None and self.low < self.high and self.distribution != "fixed"

    def bounds(self) -> tuple[float, float, float]:
        """(low, value, high) in `unit`; equal where the figure is certain. Raises ValueError for a text."""
        if self.value is None:
            raise ValueError(f"figure {self.id} holds a text, not a number")
        if not self.is_uncertain or self.low is None or self.high is None:
            return self.value, self.value, self.value
        return self.low, self.value, self.high

    def quantile(self, u: float) -> float:
        """The figure's value in SI (money in its own currency) at probability `u` of its own distribution."""
        low, mode, high = (np.array([x]) for x in self.bounds())
        code = np.array([_DISTRIBUTIONS[self.distribution] if self.is_uncertain else 0])
        return float(quantiles(code, low, mode, high, np.array([u]))[0]) * self.factor


def quantiles(codes: NDArray[np.int64], low: Floats, mode: Floats, high: Floats, u: Floats) -> Floats:
    """Quantile functions, elementwise; all arrays have shape (n,).

    `codes`: 0 fixed (the mode), 1 PERT, 2 uniform, 3 triangular. PERT is the Beta distribution on [low, high] with
    alpha = 1 + 4 (mode - low)/(high - low), beta = 1 + 4 (high - mode)/(high - low) (Malcolm et al. 1959, lambda = 4).
    """
    result = mode.astype(np.float64, copy=True)
    width = np.where(high > low, high - low, 1.0)
    share = (mode - low) / width
    pert = codes == 1
    if pert.any():
        a = share[pert]
        beta = special.betaincinv(1.0 + 4.0 * a, 1.0 + 4.0 * (1.0 - a), u[pert])
        result[pert] = low[pert] + width[pert] * beta
    uniform = codes == 2
    result[uniform] = low[uniform] + width[uniform] * u[uniform]
    triangular = codes == 3
    if triangular.any():
        a, v, w = share[triangular], u[triangular], width[triangular]
        rising = low[triangular] + w * np.sqrt(v * a)
        falling = high[triangular] - w * np.sqrt((1.0 - v) * (1.0 - a))
        result[triangular] = np.where(v < a, rising, falling)
    return np.clip(result, np.minimum(low, mode), np.maximum(high, mode))


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # splitmix64's finaliser (Steele, Lea and Flood 2014): every input bit reaches every output bit.
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def _uniforms(hashes: NDArray[np.uint64], seed: int, replication: int) -> Floats:
    """One number in (0, 1) per name, a function of (seed, replication, name) alone."""
    mask = 0xFFFFFFFFFFFFFFFF
    run = np.array([_hash(f"{seed & mask}/{replication & mask}")], dtype=np.uint64)
    bits = _mixed(_mixed(hashes + _GOLDEN) ^ _mixed(run + _GOLDEN))
    return ((bits >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


class Sampler:
    """Draws all figures of a scenario for one replication, each keyed by (seed, replication, its id).

    Figures of one group share one normal latent with pairwise correlation rho (a Gaussian copula); their own
    distributions stay as they are.
    """

    def __init__(self, figures: Sequence[Figure], correlation: Mapping[str, float], default_correlation: float) -> None:
        bounds = np.array([figure.bounds() for figure in figures], dtype=np.float64).reshape(-1, 3)
        self._low, self._mode, self._high = bounds.T
        self._codes = np.array(
            [_DISTRIBUTIONS[figure.distribution] if figure.is_uncertain else 0 for figure in figures], dtype=np.int64
        )
        self._factors = np.array([figure.factor for figure in figures], dtype=np.float64)
        self._hashes = np.array([_hash(f"figure/{figure.id}") for figure in figures], dtype=np.uint64)
        names = sorted({figure.group.lstrip("-") for figure in figures if figure.group})
        self._group_hashes = np.array([_hash(f"group/{name}") for name in names], dtype=np.uint64)
        rho = np.array([correlation.get(name, default_correlation) for name in names])
        member = [index for index, figure in enumerate(figures) if figure.group]
        self._member = np.array(member, dtype=np.int64)
        self._group = np.array([names.index(figures[index].group.lstrip("-")) for index in member], dtype=np.int64)
        sign = np.array([-1.0 if figures[index].group.startswith("-") else 1.0 for index in member])
        self._shared = sign * np.sqrt(rho[self._group]) if member else np.zeros(0)
        self._own = np.sqrt(1.0 - rho[self._group]) if member else np.zeros(0)

    def modes(self) -> Floats:
        """Every figure at its value, in SI, shape (figures,)."""
        return self._mode * self._factors

    def draw(self, seed: int, replication: int) -> Floats:
        """One draw of every figure, in SI, shape (figures,)."""
        u = _uniforms(self._hashes, seed, replication)
        if len(self._member):
            latent = special.ndtri(_uniforms(self._group_hashes, seed, replication))
            own = special.ndtri(u[self._member])
            u[self._member] = special.ndtr(self._shared * latent[self._group] + self._own * own)
        return quantiles(self._codes, self._low, self._mode, self._high, u) * self._factors
