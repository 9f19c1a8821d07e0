"""How a body must turn to have the wanted axes, and what that asks of its acceleration."""

import math

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["follow", "hold_upright", "turn_to"]

Floats = NDArray[np.float64]


@kernel
def turn_to(wanted: Floats, turn: Floats) -> Floats:
    """Rotation vector (3,) [rad], in the world's axes, that takes axes (3, 3) to the wanted ones (3, 3)."""
    return _vector(_across(wanted, turn))


@kernel
def hold_upright(
    turns: Floats, velocity: Floats, drift: Floats, heading: float, lean: float, turning: float, style: Floats,
    stiff: float, damped: float, wanted: Floats,
) -> None:  # fmt: skip
    """Write what accelerating joints must give L links: their `wanted` (L, 3) angular acceleration less its drift.

    Links with axes (L, 3, 3), a `velocity` (L, 6) and a `drift` (L, 6), linear then angular, go to a `heading` [rad],
    `turning` [rad/s], with a `lean` ahead [rad] and a `style` (3, L, 3): roll, pitch and yaw from there, their rates
    and accelerations. Gains: `stiff` [1/s2] and `damped` [1/s].
    """
    leaning = _leaning(heading, lean)
    c, s = math.cos(heading), math.sin(heading)
    for i in range(len(turns)):
        away = _vector(_across(leaning, _across(turns[i], _turned(style[0, i]))))
        rate, push = style[1, i], style[2, i]
        spin = (c * rate[0] - s * rate[1], s * rate[0] + c * rate[1], turning + rate[2])
        change = (c * push[0] - s * push[1], s * push[0] + c * push[1], push[2])
        for a in range(3):
            wanted[i, a] = stiff * away[a] + damped * (spin[a] - velocity[i, 3 + a]) + change[a] - drift[i, 3 + a]


@kernel
def follow(
    way: Floats, axes: Floats, place: Floats, turn: Floats, velocity: Floats, drift: Floats,
    along: tuple[float, float], about: tuple[float, float], wanted: Floats,
) -> None:  # fmt: skip
    """Write what accelerating joints must give a body, its `wanted` (6,) acceleration less its `drift` (6,).

    It follows a `way` (3, 3), place, velocity and acceleration of now, and turns to `axes` (3, 3), from its `place`
    (3,), its axes `turn` (3, 3) and its `velocity` (6,), linear then angular. Gains [1/s2, 1/s] `along` and `about`.
    """
    away = _vector(_across(axes, turn))
    for a in range(3):
        pull = way[2, a] + along[0] * (way[0, a] - place[a]) + along[1] * (way[1, a] - velocity[a])
        wanted[a] = pull - drift[a]
        wanted[3 + a] = about[0] * away[a] - about[1] * velocity[3 + a] - drift[3 + a]


@kernel
def _leaning(heading: float, lean: float) -> Floats:
    """Axes (3, 3) of a body that heads there [rad] and leans ahead [rad]."""
    c, s, up, ahead = math.cos(heading), math.sin(heading), math.cos(lean), math.sin(lean)
    return np.array([[c * up, -s, c * ahead], [s * up, c, s * ahead], [-ahead, 0.0, up]])


@kernel
def _turned(angle: Floats) -> Floats:
    """Axes (3, 3) after a roll, a pitch and a yaw (3,) [rad], in this order about fixed axes."""
    c, s = math.cos(angle[0]), math.sin(angle[0])
    found = _leaning(angle[2], angle[1])
    for a in range(3):
        y, z = found[a, 1], found[a, 2]
        found[a, 1], found[a, 2] = c * y + s * z, c * z - s * y
    return found


@kernel
def _across(one: Floats, other: Floats) -> Floats:
    """One matrix (3, 3) times another one's transpose."""
    found = np.empty((3, 3))
    for a in range(3):
        for b in range(3):
            found[a, b] = one[a, 0] * other[b, 0] + one[a, 1] * other[b, 1] + one[a, 2] * other[b, 2]
    return found


@kernel
def _vector(by: Floats) -> Floats:
    """The rotation vector (3,) of a rotation (3, 3)."""
    about = np.array([by[2, 1] - by[1, 2], by[0, 2] - by[2, 0], by[1, 0] - by[0, 1]])
    sine = 0.5 * math.sqrt(about[0] ** 2 + about[1] ** 2 + about[2] ** 2)
    cosine = 0.5 * (by[0, 0] + by[1, 1] + by[2, 2] - 1.0)
    if sine > 1e-9:
        return about * (0.5 * math.atan2(sine, cosine) / sine)
    if cosine > 0.0:
        return 0.5 * about
    # Half a turn: the axis is the largest column of by + 1.
    best = 0
    for k in range(1, 3):
        if by[k, k] > by[best, best]:
            best = k
    axis = by[:, best].copy()
    axis[best] += 1.0
    return axis * (math.pi / math.sqrt(axis[0] ** 2 + axis[1] ** 2 + axis[2] ** 2))
