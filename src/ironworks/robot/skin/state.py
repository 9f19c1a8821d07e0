"""The skin of one unit: its taxels' gains, which of them are dead, and what they read of a force."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.skin.taxels import Taxels

__all__ = ["Reading", "SkinState"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Reading:
    """What a skin says: force (T,) [N], and which taxels are at the end of their range (T,)."""

    force: Floats
    saturated: Flags


@dataclass(frozen=True)
class SkinState:
    """Gain (T,) of each taxel of a unit (1: as designed), and which are dead (T,)."""

    gain: Floats
    dead: Flags

    def __post_init__(self) -> None:
        if self.gain.shape != self.dead.shape or self.gain.ndim != 1:
            raise ValueError(
                f"gains {self.gain.shape} and dead taxels {self.dead.shape} are not one row of taxels each"
            )

    @staticmethod
    def nominal(count: int) -> SkinState:
        """As designed."""
        return SkinState(np.ones(count), np.zeros(count, dtype=bool))

    @staticmethod
    def drawn(count: int, rng: np.random.Generator, *, spread: float, dead: float) -> SkinState:
        """Lognormal gains of mean 1 and relative standard deviation `spread`; each taxel dead with probability `dead`.

        Always draws the same numbers of a generator, whatever the spreads.
        """
        variance = np.log1p(spread**2)
        gain = np.exp(np.sqrt(variance) * rng.standard_normal(count) - variance / 2.0)
        return SkinState(gain, rng.random(count) < dead)

    def read(self, taxels: Taxels, force: Floats, rng: np.random.Generator) -> Reading:
        """Readings of true forces (..., T) [N]: gain x force (0 where dead), noise added, cut off at full scale.

        Noise stays on dead taxels, since it comes from what reads them. Raises ValueError for another number of taxels.
        """
        if self.gain.shape != (len(taxels),) or force.shape[-1] != len(taxels):
            raise ValueError(f"{self.gain.size} gains and forces {force.shape} do not fit {len(taxels)} taxels")
        raw = np.where(self.dead, 0.0, self.gain * force) + taxels.noise * rng.standard_normal(force.shape)
        return Reading(np.minimum(raw, taxels.full_scale), raw >= taxels.full_scale)
