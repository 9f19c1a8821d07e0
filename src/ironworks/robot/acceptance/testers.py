"""Testers of a procedure: each is off by a bias and by a drift since its calibration; a golden unit keeps watch."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.acceptance.measurement import Limits

__all__ = ["BenchTesters", "room"]

Floats = NDArray[np.float64]

#: What a golden reading of today weighs against those before it.
_WEIGHT = 0.3


def room(limits: Limits) -> float:
    """What testers' errors are shares of: half the tolerance, or the size of its only end (1 where that is 0)."""
    if limits.two_sided:
        return limits.width / 2.0
    end = limits.upper if limits.low is None else limits.lower
    return abs(end) or 1.0


@dataclass(frozen=True)
class BenchTesters:
    """Assumptions on the testers of every procedure; errors are shares of the measurement's `room`.

    A tester's bias is drawn at each of its calibrations, every `calibrated` days, with its drift per day. A golden unit
    is read on each tester each day, and what it shows, smoothed over days (EWMA), is taken off the readings (`correct`)
    or takes the tester out of use until its calibration when it exceeds `blocks` (`block`). `golden_noise` is the
    standard deviation of the golden reading, a mean of many.
    """

    count: int = 2
    bias: float = 0.02
    drift: float = 0.0007
    calibrated: int = 30
    golden: Literal["correct", "block", "off"] = "correct"
    golden_noise: float = 0.005
    blocks: float = 0.06
    units_a_day: int = 20
    seed: int = 0

    def __post_init__(self) -> None:
        if self.count < 1 or self.calibrated < 1 or self.units_a_day < 1:
            raise ValueError("count, calibrated and units_a_day are at least 1")
        if min(self.bias, self.drift, self.golden_noise) < 0.0 or self.blocks <= 0.0:
            raise ValueError("bias, drift and golden_noise are not below 0, and blocks is above")

    def error(self, measurement: str, tester: int, day: int) -> float:
        """How far the tester is off on a day, before any correction, as a share of the room."""
        begun = day - day % self.calibrated
        bias, drift = _normals(self.seed, f"{measurement}/{tester}/{begun}", 2)
        return float(self.bias * bias + self.drift * drift * (day - begun))

    def shown(self, measurement: str, tester: int, day: int) -> float:
        """What the golden unit shows of the tester's error on a day: readings since its calibration, smoothed."""
        return _shown(self, measurement, tester, day)

    def residual(self, measurement: str, tester: int, day: int) -> float:
        """The error that readings of that day have."""
        off = self.error(measurement, tester, day)
        return off - self.shown(measurement, tester, day) if self.golden == "correct" else off

    def blocked(self, measurements: tuple[str, ...], tester: int, day: int) -> bool:
        """Whether the golden unit has taken a tester out of use."""
        if self.golden != "block":
            return False
        return any(abs(self.shown(name, tester, day)) > self.blocks for name in measurements)

    def of(self, serial: int, measurements: tuple[str, ...]) -> tuple[int, int]:
        """(tester, day) of a unit: by its serial number; a blocked tester's units go to the next one.

        Where all are blocked the plant must go on: the one that is least off is taken.
        """
        day = serial // self.units_a_day
        order = [(serial + i) % self.count for i in range(self.count)]
        free = [tester for tester in order if not self.blocked(measurements, tester, day)]
        if free:
            return free[0], day
        worst = {t: max(abs(self.shown(name, t, day)) for name in measurements) for t in order}
        return min(order, key=worst.__getitem__), day


@cache
def _shown(testers: BenchTesters, measurement: str, tester: int, day: int) -> float:
    begun = day - day % testers.calibrated
    days = np.arange(begun, day + 1)
    noise = _normals(testers.seed, f"{measurement}/{tester}/{begun}/golden", testers.calibrated)[: len(days)]
    readings = [testers.error(measurement, tester, int(one)) for one in days] + testers.golden_noise * noise
    # The first reading after a calibration starts anew, so that all weights add up to one.
    weights = _WEIGHT * (1.0 - _WEIGHT) ** np.arange(len(days))[::-1]
    weights[0] = (1.0 - _WEIGHT) ** (len(days) - 1)
    return math.fsum((weights * readings).tolist())


def _normals(seed: int, name: str, count: int) -> Floats:
    key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
    return np.random.default_rng([seed, key]).standard_normal(count)
