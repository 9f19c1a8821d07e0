"""How far an encoder's reading is off: a zero offset, the ring's eccentricity and tilt, and a fine ripple."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.asbuilt import Unit

__all__ = ["ORDERS", "SHARES", "EncoderError"]

Floats = NDArray[np.float64]

#: Periods in a turn, and the share of the mean square error that each has: eccentricity, tilt, and the ring's poles.
ORDERS = np.array([1.0, 2.0, 16.0])
SHARES = np.array([0.5, 0.3, 0.2])
_NOISE = 2e-5


@dataclass(frozen=True, eq=False)
class EncoderError:
    """Reading minus true angle, for J joints: offset + sum over orders of cosine and sine amplitudes.

    `offset` (J,), `cosine` and `sine` (J, 3) [rad]; `noise`: standard deviation of one reading [rad].
    """

    offset: Floats
    cosine: Floats
    sine: Floats
    noise: float = _NOISE

    @classmethod
    def of(cls, unit: Unit, joints: Sequence[str]) -> EncoderError:
        """Of some joints of a unit; the deviation's six numbers are amplitudes before their order's share."""
        names = unit.places.names["joint"]
        rows = np.array([names.index(name) for name in joints], dtype=np.int64)
        amplitudes = unit["encoder_accuracy"][rows].reshape(len(rows), 3, 2) * np.sqrt(SHARES)[:, None]
        return cls(unit["zero_offset"][rows], amplitudes[:, :, 0], amplitudes[:, :, 1])

    def at(self, angles: Floats) -> Floats:
        """The error at true angles (..., J) [rad]."""
        # Called at every tick: one cosine of all orders at once, each with its phase.
        size, phase = self._waves
        wave = ORDERS[:, None] * angles[..., None, :]
        wave -= phase
        np.cos(wave, out=wave)
        wave *= size
        found: Floats = np.add.reduce(wave, axis=-2)
        found += self.offset
        return found

    @cached_property
    def _waves(self) -> tuple[Floats, Floats]:
        """Amplitudes and phases (3, J): cosine and sine of one order are one wave."""
        return np.hypot(self.cosine, self.sine).T.copy(), np.arctan2(self.sine, self.cosine).T.copy()
