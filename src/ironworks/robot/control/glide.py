"""The way of a reference to its goal: never faster or more abrupt than told, and slower the nearer it comes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.interface import TICK

__all__ = ["Glide"]

Floats = NDArray[np.float64]

#: Time in which a reference takes on the speed that it should have [s].
_TAKES = 0.04


class Glide:
    """How something of N components moves, in any unit u: `velocity` (N,) [u/s] and `acceleration` (N,) [u/s2].

    `speed` [u/s] and `hurry` [u/s2] bound their lengths.
    """

    def __init__(self, count: int, speed: float, hurry: float) -> None:
        self.speed, self.hurry = speed, hurry
        self.velocity, self.acceleration = np.zeros(count), np.zeros(count)

    @property
    def still(self) -> bool:
        """Whether it rests."""
        return float(self.velocity @ self.velocity) == 0.0

    def step(self, away: Floats, speed: float | None = None) -> Floats:
        """By how much to move this tick (N,) towards what is `away` (N,); at most with a `speed` of its own."""
        fastest = self.speed if speed is None else min(speed, self.speed)
        distance = math.sqrt(float(away @ away))
        # Braking at this rate never takes more than the most.
        rate = self.hurry / self.speed
        wanted = away * min(rate, fastest / distance) if distance > 0.0 else np.zeros_like(away)
        change = (wanted - self.velocity) / _TAKES
        most = math.sqrt(float(change @ change))
        self.acceleration = change * min(1.0, self.hurry / most) if most > 0.0 else change
        before = self.velocity
        self.velocity = before + self.acceleration * TICK
        return 0.5 * TICK * (before + self.velocity)
