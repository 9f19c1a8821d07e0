"""What a style, a swinging sole and the joints of a posture do at one moment."""

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["servo", "smooth", "sway", "swing_over", "swing_through"]

Floats = NDArray[np.float64]
Waves = NDArray[np.complex128]


@kernel
def sway(
    swings: Waves, sways: Waves, means: Floats, pace: float, share: float, turned: complex, rate: float, tick: float,
    before: Floats, moves: Floats,
) -> None:  # fmt: skip
    """Write angles, rates and accelerations `moves` (3, N) of a style at a `pace`, of which a `share` is shown.

    `swings` and `sways` (N,): amplitude and phase with the pace and with its size; `means` (N,): with a pace ahead;
    `turned`: the stride's angle on the unit circle, which goes on with `rate` [rad/s]; `before` (N,): the angles a
    `tick` [s] ago.
    """
    for i in range(len(means)):
        wave = share * (pace * swings[i] + abs(pace) * sways[i]) * turned
        moves[0, i] = wave.real + share * max(pace, 0.0) * means[i]
        moves[1, i] = (moves[0, i] - before[i]) / tick
        moves[2, i] = -(rate * rate) * wave.real


@kernel
def servo(
    angle: Floats, rate: Floats, rest: Floats, swing: Floats, push: Floats, stiff: float, damped: float
) -> Floats:
    """Accelerations (J,) that bring joints at angles and rates (J,) to their `rest` (J,), which moves with `swing`.

    `push` (J,): accelerations of that way; `stiff` [1/s2] and `damped` [1/s]: gains.
    """
    found = np.empty(len(angle))
    for j in range(len(angle)):
        found[j] = stiff * (rest[j] - angle[j]) + damped * (swing[j] - rate[j]) + push[j]
    return found


@kernel
def swing_through(start: Floats, end: Floats, lift: float, share: float, time: float, sinks: float) -> Floats:
    """Place, velocity and acceleration (3, 3) of a sole on its straight way from `start` to `end` (3,) [m].

    It is at a `share` of its `time` [s], goes `lift` [m] up, more where one end is higher, and ends going down at
    `sinks` [m/s].
    """
    found = np.empty((3, 3))
    blend, speed, change = smooth(share)
    for a in range(3):
        way = end[a] - start[a]
        found[0, a] = start[a] + way * blend
        found[1, a] = way * (speed / time)
        found[2, a] = way * (change / time**2)
    height = 16.0 * (lift + 0.6 * abs(end[2] - start[2]))
    rest = 1.0 - share
    found[0, 2] += height * share**2 * rest**2
    found[1, 2] += height * (2.0 * share * rest**2 - 2.0 * share**2 * rest) / time
    found[2, 2] += height * (2.0 - 12.0 * share + 12.0 * share**2) / time**2
    _sink(found, share, time, sinks)
    return found


@kernel
def swing_over(
    start: Floats, end: Floats, lift: float, share: float, time: float, sinks: float, goes: tuple[float, float],
    rises: float,
) -> Floats:  # fmt: skip
    """The same over an edge: first up, until the share `rises`, then down; it goes ahead between the shares `goes`."""
    found = np.empty((3, 3))
    top = max(start[2], end[2]) + lift
    span = goes[1] - goes[0]
    blend, speed, change = smooth((share - goes[0]) / span)
    for a in range(2):
        way = end[a] - start[a]
        found[0, a] = start[a] + way * blend
        found[1, a] = way * speed / (span * time)
        found[2, a] = way * change / (span * time) ** 2
    up = share < rises
    low, lasts, sign = (start[2], rises, 1.0) if up else (end[2], 1.0 - rises, -1.0)
    blend, speed, change = smooth(share / lasts if up else (1.0 - share) / lasts)
    found[0, 2] = low + (top - low) * blend
    found[1, 2] = sign * (top - low) * speed / (lasts * time)
    found[2, 2] = (top - low) * change / (lasts * time) ** 2
    if not up:
        _sink(found, (share - rises) / lasts, lasts * time, sinks)
    return found


@kernel
def _sink(way: Floats, share: float, time: float, sinks: float) -> None:
    """Make a way (3, 3) end downwards; at its begin nothing is added."""
    way[0, 2] += sinks * share**3 * (1.0 - share) * time
    way[1, 2] += sinks * (3.0 * share**2 - 4.0 * share**3)
    way[2, 2] += sinks * (6.0 * share - 12.0 * share**2) / time


@kernel
def smooth(share: float) -> tuple[float, float, float]:
    """From 0 to 1 at rest at both ends, and its first two derivatives by the share, which is clipped to 0 to 1."""
    share = min(max(share, 0.0), 1.0)
    rest = share * (1.0 - share)
    return share**3 * (10.0 - 15.0 * share + 6.0 * share**2), 30.0 * rest**2, 60.0 * rest * (1.0 - 2.0 * share)
