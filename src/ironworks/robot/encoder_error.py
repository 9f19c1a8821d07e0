"""How far an encoder's reading is off: a zero offset, the ring's eccentricity and tilt, and a fine ripple."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
        # Called at every tick: the second order from the first by doubling spares two evaluations.
        c, s, far = np.cos(angles), np.sin(angles), ORDERS[2] * angles
        cosine, sine = self.cosine, self.sine
        found = self.offset + cosine[:, 0] * c + sine[:, 0] * s
        found += cosine[:, 1] * (c * c - s * s) + sine[:, 1] * (2.0 * s * c)
        found += cosine[:, 2] * np.cos(far) + sine[:, 2] * np.sin(far)
        return np.asarray(found)
