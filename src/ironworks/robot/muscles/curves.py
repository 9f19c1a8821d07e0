"""Force of a muscle over its length and speed, as MuJoCo has it, with the slopes over length that stiffness needs.

The curves are those of `mju_muscleGain` and `mju_muscleBias`: active force is a bump of four parabolas over length,
times one of three over speed; passive force rises beyond the length at which the muscle is strongest.
"""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np
from numpy.typing import NDArray

__all__ = ["Curves", "Forces"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Forces:
    """Of M muscles: tension [N] at full activation (`active`) and at any (`passive`), and their slopes [N/m]."""

    active: Floats
    passive: Floats
    active_slope: Floats
    passive_slope: Floats


class Curves:
    """The muscles at outputs `ids` of a model; raises ValueError where MuJoCo would scale their forces itself."""

    def __init__(self, model: mujoco.MjModel, ids: NDArray[np.int64]) -> None:
        outputs = model.actuator_outadr[ids]
        shortest, longest, self._force, _, lmin, lmax, vmax, fpmax, self._fvmax = model.actuator_gainprm[ids, :9].T
        if (self._force <= 0.0).any():
            raise ValueError("a muscle here has no force of its own")
        low, high = model.actuator_lengthrange[outputs].T
        self._best = (high - low) / (longest - shortest)
        self._low, self._shortest = low, shortest
        self._lmin, self._lmax = lmin, lmax
        self._passive = np.where(model.actuator_biastype[ids] == mujoco.mjtBias.mjBIAS_MUSCLE, fpmax, 0.0)
        self._a, self._b = 0.5 * (lmin + 1.0), 0.5 * (1.0 + lmax)
        self._fastest = self._best * vmax
        self._bend = self._fvmax - 1.0

    def at(self, length: Floats, speed: Floats) -> Forces:
        """Forces at lengths (M,) [m] and speeds (M,) [m/s], lengthening positive."""
        x = self._shortest + (length - self._low) / self._best
        bump, slope = self._bump(x)
        hill = self._hill(speed / self._fastest)
        beyond, per = np.maximum(x - 1.0, 0.0), self._b - 1.0
        steep = beyond > per
        passive = self._passive * np.where(steep, beyond / per - 0.5, 0.5 * (beyond / per) ** 2)
        rise = self._passive * np.where(steep, 1.0 / per, beyond / per**2)
        scale = self._force / self._best
        return Forces(self._force * bump * hill, self._force * passive, scale * slope * hill, scale * rise)

    def _bump(self, x: Floats) -> tuple[Floats, Floats]:
        outer = (x <= self._a) | (x > self._b)
        left = x <= 1.0
        width = np.where(left, self._a - self._lmin, self._lmax - self._b)
        # Parabolas from the feet outside of a and b, from the top between them; both are half a width squared.
        foot = np.maximum(np.where(left, x - self._lmin, self._lmax - x) / width, 0.0)
        top = np.abs(x - 1.0) / np.where(left, 1.0 - self._a, self._b - 1.0)
        height = np.where(outer, 0.5 * foot**2, 1.0 - 0.5 * top**2)
        return height, np.where(left, 1.0, -1.0) * np.where(outer, foot, top) / width

    def _hill(self, v: Floats) -> Floats:
        shortening = np.maximum(1.0 + v, 0.0) ** 2
        bend = np.maximum(self._bend, mujoco.mjMINVAL)
        lengthening = self._fvmax - np.maximum(self._bend - v, 0.0) ** 2 / bend
        return np.where(v <= 0.0, shortening, lengthening)
