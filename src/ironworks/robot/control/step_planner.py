"""Where and when the swinging foot should land: step place and timing that bring the divergent motion back.

The divergent component of motion xi = c + v / w of an inverted pendulum runs away from the foot that it stands on as
exp(w t). Landing place u, time T and offset b = xi(T) - u are chosen nearest to their nominal values within what the
leg can do (Khadiv et al., IEEE Transactions on Robotics 36, 2020).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels.step_timing import best_growth

__all__ = ["Gait", "Step", "nominal_step", "planned_step"]

Floats = NDArray[np.float64]

#: What a metre of the landing place, of the offset, and a unit of exp(w T) cost.
_PLACE, _OFFSET, _TIMING = 1.0, 1000.0, 0.02


@dataclass(frozen=True)
class Gait:
    """How a robot steps: seconds of a step and their bounds, width between soles [m], reach of a step [m], lift [m].

    `inside`: how far the divergent motion stays on the inner side of a foot that lands, at least [m].
    """

    time: float = 0.45
    shortest: float = 0.24
    longest: float = 0.75
    width: float = 0.19
    narrowest: float = 0.12
    widest: float = 0.58
    back: float = 0.50
    ahead: float = 0.60
    lift: float = 0.07
    inside: float = 0.025


@dataclass(frozen=True, eq=False)
class Step:
    """A landing place (2,) [m] from the standing sole in the heading's axes, after `time` [s] from the step's begin.

    `offset` (2,): of the divergent motion from it at that time.
    """

    place: Floats
    time: float
    offset: Floats


def nominal_step(gait: Gait, forward: float, left: float, turn: float, side: int, omega: float) -> Step:
    """The step of the steady gait at a velocity; `side`: 1 where the left foot swings, else -1."""
    growth = math.exp(omega * gait.time)
    swept = turn * gait.time
    # Sideways the trailing foot comes nearer by what the leading one goes ahead, and the motion nearly gets over it.
    beside = (gait.inside + abs(left) * gait.time / (growth - 1.0)) * (1.0 + growth)
    width = max(gait.width, beside, (gait.narrowest + abs(left) * gait.time) * 2.0 / (1.0 + math.cos(swept)))
    half = 0.5 * side * width
    place = np.array([forward * gait.time + half * math.sin(swept), half * (1.0 + math.cos(swept)) + left * gait.time])
    return Step(place, gait.time, _offset(gait.time, width, forward, left, side, growth))


def _offset(time: float, width: float, forward: float, left: float, side: int, growth: float) -> Floats:
    """Of the divergent motion from the landing foot in the steady gait (2,) [m]."""
    along = forward * time / (growth - 1.0)
    across = -side * width / (1.0 + growth) + left * time / (growth - 1.0)
    return np.array([along, across])


def planned_step(gait: Gait, nominal: Step, away: Floats, elapsed: float, side: int, omega: float) -> Step:
    """The step nearest to the nominal one from where the divergent motion is.

    `away` (2,): the divergent motion from the standing sole, in the heading's axes; `elapsed` [s] of this step. With
    a = away exp(-w elapsed) the motion lands at a tau, tau = exp(w T): for each tau both components of the place are
    clipped minima, so that the cost is convex in tau alone, and its slope is linear between the few taus where a
    component meets a bound.
    """
    start = away * math.exp(-omega * elapsed)
    earliest = max(gait.shortest, elapsed + 0.02)
    low, high = math.exp(omega * earliest), math.exp(omega * max(gait.longest, earliest))
    wanted = math.exp(omega * nominal.time)
    near = (-float(gait.back), float(gait.narrowest if side > 0 else -gait.widest))
    far = (float(gait.ahead), float(gait.widest if side > 0 else -gait.narrowest))
    cost = (_PLACE, _OFFSET, _TIMING)
    tau, ahead, across = best_growth(start, nominal.place, nominal.offset, near, far, wanted, low, high, cost)
    place = np.array([ahead, across])
    return Step(place, math.log(tau) / omega, start * tau - place)
