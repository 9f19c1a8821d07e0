"""A spring with play behind dry friction, loaded slowly: the loop of torque over twist (or force over shift).

Slowly means that inertia and damping do nothing: what passes the friction is a play operator on what is applied, and
the spring's dead zone is crossed at no torque. The same holds for a gear on a clamped joint and for a link on its
screws.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.least_squares import solve_each

__all__ = ["lost_motion", "play_loop", "triangle"]

Floats = NDArray[np.float64]


def triangle(samples: int) -> Floats:
    """From 1 through -1 back to 1, (samples,), after a quarter cycle from 0 to 1 that has no samples."""
    phase = np.linspace(0.0, 1.0, samples)
    return np.asarray(np.abs(4.0 * (phase % 1.0) - 2.0) - 1.0)


def play_loop(applied: Floats, stiffness: Floats, play: Floats, friction: Floats) -> Floats:
    """Twist (T, N) under applied torques (T, N) that begin at a peak; stiffness, play end to end, friction (N,).

    The first row must be reached from 0 without turning back.
    """
    passed = np.sign(applied[0]) * np.maximum(np.abs(applied[0]) - friction, 0.0)
    side = np.sign(passed)
    twist = np.empty_like(applied)
    for t, torque in enumerate(applied):
        passed = np.minimum(np.maximum(passed, torque - friction), torque + friction)
        # Within friction's reach of zero the spring is slack: it lies on the flank that it was on.
        side = np.where(passed == 0.0, side, np.sign(passed))
        twist[t] = passed / stiffness + 0.5 * side * play
    return twist


def lost_motion(
    applied: Floats,
    twist: Floats,
    measured: Floats | None = None,
    *,
    stiffness: float | None = None,
    low: float = 0.3,
    high: float = 0.7,
) -> tuple[Floats, Floats, Floats]:
    """Play, stiffness and friction (N,) of measured loops (T, N), by least squares.

    applied: the course that was commanded; `measured`: what a sensor said of it, where there is one. With a known
    stiffness, of a spring that hardly gives, it is not sought.

    applied = stiffness (twist - side play / 2) + way friction, on samples between `low` and `high` of the peak: nearer
    to 0 is the play, nearer to the peak friction holds.
    """
    peak = np.abs(applied).max(axis=0)
    size = np.abs(applied) / peak
    way = np.sign(np.gradient(applied, axis=0))
    use = (size > low) & (size < high) & (way != 0.0)
    if stiffness is not None:
        # twist = applied / stiffness + side play / 2 - way friction / stiffness.
        columns = np.stack([0.5 * np.sign(applied), -way / stiffness], axis=-1) * use[..., None]
        found = solve_each(columns, np.where(use, twist - applied / stiffness, 0.0))
        return found[:, 0], np.full(len(found), stiffness), found[:, 1]
    scale = np.abs(twist).max(axis=0)
    columns = np.stack([twist / scale, np.sign(applied), way], axis=-1) * use[..., None]
    wanted = np.where(use, (applied if measured is None else measured) / peak, 0.0)
    found = solve_each(columns, wanted)
    slope = found[:, 0] * peak / scale
    return -2.0 * found[:, 1] * peak / slope, slope, found[:, 2] * peak
