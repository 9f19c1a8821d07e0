"""Keeps the mean speed of a walk: what the steps miss against a model of how they follow is taken off the command.

Steps follow a new speed late, over half a second or so. A loop that takes the lag for an error winds up and swings;
this one compares with what the lag lets expect (internal model control; Garcia and Morari, Industrial & Engineering
Chemistry Process Design and Development 21, 1982), so that only what stays is corrected.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

__all__ = ["SpeedLoop"]

Floats = NDArray[np.float64]

#: Mean speed over two steps: share of its last value, and of the speeds wanted one and two steps ago. They add up to 1.
#: Fitted to 130 steps of the reference robot.
_KEEPS, _LAST, _EARLIER = 0.39, 0.37, 0.24
#: Share of a new difference that is believed each step, and the most that is corrected [m/s].
_BELIEVED, _MOST = 0.3, 0.35


class SpeedLoop:
    """The correction of one walk; speeds are ahead and to the left, in the heading's axes (2,) [m/s]."""

    def __init__(self) -> None:
        self.trim = np.zeros(2)
        """To be added to the wanted speed."""
        self.pause()

    def pause(self) -> None:
        """Forget the last steps, not what was learnt: after a push, a stop or a stand they tell nothing."""
        self._ends: deque[tuple[float, Floats]] = deque(maxlen=3)
        self._wanted: deque[Floats] = deque(maxlen=2)
        self._expected: Floats | None = None

    def step_ended(self, now: float, place: Floats, axes: Floats, wanted: Floats) -> None:
        """Take the end of a step: where the robot is (2,) [m], the heading's axes (2, 2), and the speed asked for.

        `wanted` (2,): the trim not counted.
        """
        self._ends.append((now, place))
        if len(self._ends) == 3:
            begun, start = self._ends[0]
            went = axes.T @ (place - start) / (now - begun)
            if self._expected is None or len(self._wanted) < 2:
                self._expected = went
            else:
                self._expected = _KEEPS * self._expected + _LAST * self._wanted[1] + _EARLIER * self._wanted[0]
                self.trim = np.clip(self.trim + _BELIEVED * (self._expected - went - self.trim), -_MOST, _MOST)
        self._wanted.append(wanted + self.trim)
