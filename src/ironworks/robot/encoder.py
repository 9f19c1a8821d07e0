"""What encoders read: the joint's angle with offset, harmonics, resolution, and the play of the gear before a motor's.

An encoder on the joint sees the link. One on the motor sees the rotor: half the backlash away on the side that the gear
pushes from, and by the gear's wind-up; while the gear passes nothing, the rotor lags in its play.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ironworks.product.design import Drive

__all__ = ["Encoders"]

Floats = NDArray[np.float64]


class Encoders:
    """N encoders side by side; every angle is at the joint [rad], every array (N,) unless it says otherwise.

    amplitude and phase (2, N) are of the harmonics of order 1 and 2 in the encoder's own turn, of which a turn of the
    joint has `turns`. backlash (end to end) and compliance [rad/(N m)] of the gear are 0 for an encoder on the joint.
    A reading is round(angle + offset + harmonics + noise) to the resolution; a resolution of 0 does not round.
    """

    def __init__(
        self,
        count: int,
        *,
        offset: ArrayLike = 0.0,
        amplitude: ArrayLike = 0.0,
        phase: ArrayLike = 0.0,
        resolution: ArrayLike = 0.0,
        noise: ArrayLike = 0.0,
        backlash: ArrayLike = 0.0,
        compliance: ArrayLike = 0.0,
        turns: ArrayLike = 1.0,
    ) -> None:
        def column(name: str, values: ArrayLike, *shape: int) -> Floats:
            array = np.asarray(values, dtype=float)
            least = -np.inf if name in ("offset", "phase") else 0.0
            if not (np.isfinite(array).all() and (array >= least).all()):
                raise ValueError(f"encoders: {name} must be finite" + (" and not negative" if least == 0.0 else ""))
            return np.broadcast_to(array, shape or (count,)).copy()

        self.offset = column("offset", offset)
        self.amplitude, self.phase = column("amplitude", amplitude, 2, count), column("phase", phase, 2, count)
        self.resolution, self.noise = column("resolution", resolution), column("noise", noise)
        self.backlash, self.compliance = column("backlash", backlash), column("compliance", compliance)
        self.turns = column("turns", turns)
        self._half = 0.5 * self.backlash
        self._orders = np.array([[1.0], [2.0]]) * self.turns
        self._waves, self._draws = np.empty((2, count)), np.empty(count)
        self._step = np.where(self.resolution > 0.0, self.resolution, 1.0)
        self._per_step = 1.0 / self._step
        self._rounds, self._rounds_all = bool((self.resolution > 0.0).any()), bool((self.resolution > 0.0).all())
        self._bends, self._noisy = bool((self.amplitude > 0.0).any()), bool((self.noise > 0.0).any())
        self._geared = bool((self.backlash > 0.0).any() or (self.compliance > 0.0).any())
        self._rotor: Floats | None = None

    @classmethod
    def of(cls, drives: Sequence[Drive], side: Literal["joint", "motor"] = "joint") -> Encoders:
        """As designed: the drives' resolution, no deviation; on the motor behind the gear, with its ratio of turns."""
        resolution = np.array([drive.encoder_resolution for drive in drives])
        if side == "joint":
            return cls(len(drives), resolution=resolution)
        turns = np.array([drive.ratio for drive in drives])
        return cls(
            len(drives),
            resolution=resolution / turns,
            backlash=np.array([drive.backlash for drive in drives]),
            compliance=1.0 / np.array([drive.stiffness for drive in drives]),
            turns=turns,
        )

    def reset(self) -> None:
        """Forget where the rotors stood in their play: the next reading finds them in its middle, or pushed."""
        self._rotor = None

    def read(self, angle: Floats, torque: Floats | None = None, rng: np.random.Generator | None = None) -> Floats:
        """Readings (N,) at true joint angles (N,).

        torque: what the gears pass to the links [N m], (N,), 0 or None where they pass nothing. Raises ValueError for
        noise without a generator.
        """
        seen = self._behind_gear(angle, torque) if self._geared else angle
        out: Floats = seen + self.offset
        if self._bends:
            # In place: a tick of 72 encoders takes some 25 us.
            waves = np.multiply(self._orders, seen, out=self._waves)
            waves += self.phase
            np.sin(waves, out=waves)
            waves *= self.amplitude
            out += waves[0]
            out += waves[1]
        if self._noisy:
            if rng is None:
                raise ValueError("noisy encoders need a generator to read")
            rng.standard_normal(out=self._draws)
            self._draws *= self.noise
            out += self._draws
        if self._rounds:
            rounded = np.multiply(out, self._per_step)
            np.rint(rounded, out=rounded)
            rounded *= self._step
            return rounded if self._rounds_all else np.where(self.resolution > 0.0, rounded, out)
        return out

    def _behind_gear(self, angle: Floats, torque: Floats | None) -> Floats:
        """Angles of the rotors: on the flank where the gear pushes, the play operator where it is free."""
        if torque is not None and np.count_nonzero(torque) == torque.size:
            self._rotor = angle + np.copysign(self._half, torque)
            return self._rotor + torque * self.compliance
        before = angle if self._rotor is None else self._rotor
        lagging = np.minimum(np.maximum(before, angle - self._half), angle + self._half)
        if torque is None:
            self._rotor = lagging
            return lagging
        self._rotor = np.where(torque == 0.0, lagging, angle + np.copysign(self._half, torque))
        return self._rotor + torque * self.compliance
