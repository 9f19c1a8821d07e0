"""Heat of motors: winding and case of each as two masses, and how far the driver still lets it go.

Cw dTw/dt = I^2 R (1 + a (Tw - T0)) - (Tw - Tc) / Rw,  Cc dTc/dt = (Tw - Tc) / Rw - (Tc - Ta) / Rc + gear heat,
solved exactly for a current that is constant over a step; it is the RMS current of that time which counts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ironworks.product.design import Drive

__all__ = ["COPPER", "FOLDBACK", "REFERENCE", "MotorHeat", "continuous_torque"]

Floats = NDArray[np.float64]

COPPER = 0.00393
"""Rise of copper's resistance [1/K], of its value at 293 to 298 K (IEC 60028)."""
REFERENCE = 298.15
"""Temperature of the drives' resistances [K]."""
FOLDBACK = 15.0
"""Below the winding's limit the driver lowers its torque in a straight line to 0 over this [K]; an assumption."""


class MotorHeat:
    """Temperatures of N motors, from one ambient temperature [K]; `advance` moves them on."""

    def __init__(self, drives: Sequence[Drive], ambient: float = REFERENCE) -> None:
        self.ambient = ambient
        self._torque = np.array([d.torque for d in drives])
        self._limit = np.array([d.winding_limit for d in drives])
        self._resistance = np.array([d.resistance for d in drives])
        self._winding_capacity = np.array([d.winding_capacity for d in drives])
        self._case_capacity = np.array([d.case_capacity for d in drives])
        self._inner = 1.0 / np.array([d.winding_to_case for d in drives])
        self._outer = 1.0 / np.array([d.case_to_ambient for d in drives])
        self.winding = np.full(len(drives), float(ambient))
        """[K], (N,)"""
        self.case = np.full(len(drives), float(ambient))
        """[K], (N,)"""

    @property
    def resistance(self) -> Floats:
        """Of the windings as warm as they are [Ohm], (N,)."""
        out: Floats = self._resistance * (1.0 + COPPER * (self.winding - REFERENCE))
        return out

    @property
    def share(self) -> Floats:
        """What the driver still lets through of its torque, 0..1, (N,)."""
        out: Floats = np.clip((self._limit - self.winding) / FOLDBACK, 0.0, 1.0)
        return out

    @property
    def torque_limit(self) -> Floats:
        """The most that the driver lets through [N m], (N,)."""
        return self._torque * self.share

    def advance(self, current: ArrayLike, seconds: float, gear_heat: ArrayLike = 0.0) -> None:
        """Go on for a time [s] under RMS currents [A], (N,), and friction of the gears [W], (N,), that heats the cases.

        Raises ValueError for a time below 0.
        """
        if not seconds >= 0.0:
            raise ValueError(f"a step needs a time of at least 0 s, is {seconds}")
        loss = self._resistance * np.square(np.asarray(current, dtype=float))
        slope = loss * COPPER
        # x' = [[a, b], [c, d]] x + u for the two rises above ambient.
        a, b = (slope - self._inner) / self._winding_capacity, self._inner / self._winding_capacity
        c, d = self._inner / self._case_capacity, -(self._inner + self._outer) / self._case_capacity
        u = loss * (1.0 + COPPER * (self.ambient - REFERENCE)) / self._winding_capacity
        v = np.asarray(gear_heat, dtype=float) / self._case_capacity
        # Both rates are real and apart, since b c > 0.
        half = 0.5 * np.sqrt((a - d) ** 2 + 4.0 * b * c)
        fast, slow = 0.5 * (a + d) - half, 0.5 * (a + d) + half
        x, y = self.winding - self.ambient, self.case - self.ambient
        # x(t) = f(A) x0 + g(A) u with f = exp(A t) and g its integral over time, each by its values at the two rates.
        at = np.stack([slow, fast])
        passed = np.exp(at * seconds)
        held = np.where(at == 0.0, seconds, np.expm1(at * seconds) / np.where(at == 0.0, 1.0, at))
        f, g = _matrix(a, b, c, d, slow, fast, passed), _matrix(a, b, c, d, slow, fast, held)
        self.winding = self.ambient + f[0] * x + f[1] * y + g[0] * u + g[1] * v
        self.case = self.ambient + f[2] * x + f[3] * y + g[2] * u + g[3] * v


def _matrix(
    a: Floats, b: Floats, c: Floats, d: Floats, slow: Floats, fast: Floats, values: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """A function of [[a, b], [c, d]] from its values (2, N) at the eigenvalues (Sylvester's formula)."""
    apart = slow - fast
    mean, slope = (values[1] * slow - values[0] * fast) / apart, (values[0] - values[1]) / apart
    return mean + slope * a, slope * b, slope * c, mean + slope * d


def continuous_torque(drive: Drive, ambient: float = REFERENCE) -> float:
    """What a drive bears for ever at standstill [N m]: its winding settles at its limit; 0 in air as hot as that."""
    rise = drive.winding_limit - ambient
    hot = drive.resistance * (1.0 + COPPER * (drive.winding_limit - REFERENCE))
    square = max(0.0, rise) / (drive.winding_to_case + drive.case_to_ambient) / hot
    return min(drive.torque, drive.joint_constant * math.sqrt(square))
