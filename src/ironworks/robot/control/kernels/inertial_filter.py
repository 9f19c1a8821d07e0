"""Prediction and correction of a right-invariant Kalman filter with F soles: N = 15 + 3 F states, S of the soles stand.

In place: `turn` (3, 3); `motion` (3, 2 + F), columns of velocity, place and soles; `bias` (6,) of rates and pulls;
`covariance` (N, N) of the errors of attitude, of each column, and of the biases.
"""

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["correct", "predict"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def predict(
    turn: Floats, motion: Floats, bias: Floats, covariance: Floats, gyro: Floats, pull: Floats, noise: Floats,
    shake: float, gravity: float, dt: float,
) -> None:  # fmt: skip
    """Move on by `dt` [s] with a reading of rates (3,) [rad/s] and pulls (3,) [m/s2].

    `noise` (N,): variance that each state gains; `shake`: variance of the rates' own noise [rad2/s2].
    """
    n, columns = covariance.shape[0], motion.shape[1]
    size = 3 + 3 * columns
    rate, force = gyro - bias[:3], pull - bias[3:]
    # Noise of the sensors acts in the root's axes, and moves the columns through their levers.
    turned = np.empty((size, 3))
    turned[:3] = turn
    for i in range(columns):
        x, y, z = motion[0, i], motion[1, i], motion[2, i]
        for k in range(3):
            turned[3 + 3 * i, k] = y * turn[2, k] - z * turn[1, k]
            turned[4 + 3 * i, k] = z * turn[0, k] - x * turn[2, k]
            turned[5 + 3 * i, k] = x * turn[1, k] - y * turn[0, k]
    # First order in the tick: errors of the biases act through the attitude, gravity turns with its error.
    step = np.eye(n)
    step[3, 1] = dt * gravity
    step[4, 0] = -dt * gravity
    for k in range(3):
        step[6 + k, 3 + k] = dt
    step[:size, n - 6 : n - 3] = -dt * turned
    step[3:6, n - 3 :] = -dt * turn
    moved = step @ covariance @ step.T
    moved[:size, :size] += (shake * dt * dt) * (turned @ turned.T)
    for i in range(n):
        moved[i, i] += noise[i]
    covariance[:] = moved
    acceleration = turn @ force
    acceleration[2] -= gravity
    for k in range(3):
        motion[k, 1] += motion[k, 0] * dt + 0.5 * acceleration[k] * dt * dt
        motion[k, 0] += acceleration[k] * dt
    turn[:] = turn @ _rotation(rate * dt)


@kernel
def correct(
    turn: Floats, motion: Floats, bias: Floats, covariance: Floats, reach: Floats, stands: Ints,
    variance: float, gate: float,
) -> None:  # fmt: skip
    """Take what encoders say of the soles, `reach` (F, 3) [m] from the sensor in the root's axes.

    `stands` (S,): which soles are pressed, the others are in the air; `variance` of a reach [m2]. Of two soles that are
    pressed, one that moved by more than `gate` [m] since the last tick was only knocked, and does not stand.
    """
    n, feet = covariance.shape[0], reach.shape[0]
    below = np.empty((3, feet))
    for a in range(3):
        for i in range(feet):
            below[a, i] = turn[a, 0] * reach[i, 0] + turn[a, 1] * reach[i, 1] + turn[a, 2] * reach[i, 2]
    holds = np.zeros(feet, dtype=np.bool_)
    for i in stands:
        off = 0.0
        for a in range(3):
            off += (below[a, i] - motion[a, 2 + i] + motion[a, 1]) ** 2
        holds[i] = len(stands) < 2 or off < gate * gate
    if len(stands) > 1 and not holds.any():
        holds[:] = True
    for i in range(feet):
        if holds[i]:
            continue
        # A sole in the air is where the encoders say; it brings no news.
        own = 9 + 3 * i
        for a in range(3):
            motion[a, 2 + i] = motion[a, 1] + below[a, i]
        for a in range(3):
            covariance[own + a, :] = covariance[6 + a, :]
        for a in range(3):
            covariance[:, own + a] = covariance[:, 6 + a]
        for a in range(3):
            covariance[own + a, own + a] += variance
    stands = np.flatnonzero(holds)
    if len(stands) == 0:
        return
    # What the encoders see is a sole's place less the sensor's.
    rows = 3 * len(stands)
    seen, news = np.empty((rows, n)), np.empty(rows)
    spread = np.empty((rows, rows))
    for k in range(len(stands)):
        i = stands[k]
        for a in range(3):
            seen[3 * k + a] = covariance[9 + 3 * i + a] - covariance[6 + a]
            news[3 * k + a] = below[a, i] - motion[a, 2 + i] + motion[a, 1]
    for k in range(len(stands)):
        for a in range(3):
            spread[:, 3 * k + a] = seen[:, 9 + 3 * stands[k] + a] - seen[:, 6 + a]
    for r in range(rows):
        spread[r, r] += variance
    gain = np.linalg.solve(spread, seen)
    move = gain.T @ news
    by = _rotation(move[:3])
    turn[:] = by @ turn
    motion[:] = by @ motion
    for i in range(2 + feet):
        for a in range(3):
            motion[a, i] += move[3 + 3 * i + a]
    bias += move[n - 6 :]
    left = covariance - gain.T @ seen
    # Rounding alone would let the two halves of it drift apart.
    for i in range(n):
        for j in range(n):
            covariance[i, j] = 0.5 * (left[i, j] + left[j, i])


@kernel
def _rotation(vector: Floats) -> Floats:
    """The rotation (3, 3) about a rotation vector (3,) [rad]."""
    angle = np.sqrt(vector[0] ** 2 + vector[1] ** 2 + vector[2] ** 2)
    half = 0.5 * angle
    scale = np.sin(half) / angle if angle > 1e-12 else 0.5
    w, x, y, z = np.cos(half), scale * vector[0], scale * vector[1], scale * vector[2]
    found = np.empty((3, 3))
    found[0, 0], found[0, 1], found[0, 2] = 1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)
    found[1, 0], found[1, 1], found[1, 2] = 2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)
    found[2, 0], found[2, 1], found[2, 2] = 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)
    return found
