"""Prediction and correction of a right-invariant Kalman filter with F soles: N = 15 + 3 F states, S of the soles stand.

In place: `turn` (3, 3); `motion` (3, 2 + F), columns of velocity, place and soles; `bias` (6,) of rates and pulls;
`covariance` (N, N) of the errors of attitude, of each column, and of the biases.
"""

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["correct", "mounted", "place_root", "predict", "reach_of"]

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
    # First order in the tick: errors of the biases act through the attitude, gravity turns with its error. The same is
    # done to the rows of the covariance and then to its columns.
    for _ in range(2):
        for j in range(n):
            u, v, w = dt * covariance[n - 6, j], dt * covariance[n - 5, j], dt * covariance[n - 4, j]
            for k in range(3):
                covariance[6 + k, j] += dt * covariance[3 + k, j]
            covariance[3, j] += dt * gravity * covariance[1, j]
            covariance[4, j] -= dt * gravity * covariance[0, j]
            for k in range(3):
                covariance[3 + k, j] -= dt * (
                    turn[k, 0] * covariance[n - 3, j]
                    + turn[k, 1] * covariance[n - 2, j]
                    + turn[k, 2] * covariance[n - 1, j]
                )
            for i in range(size):
                covariance[i, j] -= turned[i, 0] * u + turned[i, 1] * v + turned[i, 2] * w
        for i in range(n):
            for j in range(i):
                covariance[i, j], covariance[j, i] = covariance[j, i], covariance[i, j]
    for i in range(size):
        for j in range(size):
            gained = 0.0
            for k in range(3):
                gained += turned[i, k] * turned[j, k]
            covariance[i, j] += shake * dt * dt * gained
    for i in range(n):
        covariance[i, i] += noise[i]
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
    _whiten(spread, seen, news)
    move = np.zeros(n)
    for r in range(rows):
        for i in range(n):
            move[i] += seen[r, i] * news[r]
    by = _rotation(move[:3])
    turn[:] = by @ turn
    motion[:] = by @ motion
    for i in range(2 + feet):
        for a in range(3):
            motion[a, i] += move[3 + 3 * i + a]
    bias += move[n - 6 :]
    # Rounding alone would let the two halves of it drift apart.
    for i in range(n):
        for j in range(i + 1):
            left = 0.5 * (covariance[i, j] + covariance[j, i])
            for r in range(rows):
                left -= seen[r, i] * seen[r, j]
            covariance[i, j] = covariance[j, i] = left


@kernel
def _whiten(spread: Floats, seen: Floats, news: Floats) -> None:
    """Make what is seen (R, N) and its news (R,) those of readings whose spread (R, R) is the identity, in place."""
    rows, n = seen.shape
    for r in range(rows):
        for k in range(r):
            share = spread[r, k]
            for i in range(r, rows):
                spread[i, r] -= share * spread[i, k]
            for i in range(n):
                seen[r, i] -= share * seen[k, i]
            news[r] -= share * news[k]
        if not spread[r, r] > 0.0:
            raise ValueError("the filter's covariance is no longer one: a reading was not finite, or it came undone")
        root = np.sqrt(spread[r, r])
        for i in range(r, rows):
            spread[i, r] /= root
        for i in range(n):
            seen[r, i] /= root
        news[r] /= root


@kernel
def mounted(turn: Floats, offsets: Floats, rates: Floats, pulls: Floats) -> Floats:
    """Rates [rad/s] and pulls [m/s2] (2, 3) in the root's axes of a sensor that is turned (3, 3) in the root.

    Its readings `rates` and `pulls` (3,) are in its own axes, and so are the `offsets` (2, 3) that come off first.
    """
    found = np.empty((2, 3))
    for a in range(3):
        found[0, a] = found[1, a] = 0.0
        for b in range(3):
            found[0, a] += turn[a, b] * (rates[b] - offsets[0, b])
            found[1, a] += turn[a, b] * (pulls[b] - offsets[1, b])
    return found


@kernel
def reach_of(bodies: Ints, at: Floats, places: Floats, turns: Floats, sensor: Floats, reach: Floats) -> None:
    """Write where places `at` (F, 3) [m] on `bodies` (F,) are from a `sensor` (3,), `reach` (F, 3) [m].

    `places` (B, 3) and `turns` (B, 9) of the bodies, in the axes that all of this is told in.
    """
    for i in range(len(bodies)):
        turn = turns[bodies[i]]
        for a in range(3):
            turned = turn[3 * a] * at[i, 0] + turn[3 * a + 1] * at[i, 1] + turn[3 * a + 2] * at[i, 2]
            reach[i, a] = places[bodies[i], a] + turned - sensor[a]


@kernel
def place_root(
    turn: Floats, motion: Floats, bias: Floats, gyro: Floats, sensor: Floats, position: Floats, velocity: Floats
) -> None:
    """Write the root's place [m] into the first three of `position`, its velocity into the first six of `velocity`.

    That is linear in the world's axes, then angular in the root's own. The sensor, whose motion the filter tells, sits
    at `sensor` (3,) [m] in the root's axes; `gyro` (3,): its reading.
    """
    x, y, z = sensor
    p, q, r = gyro[0] - bias[0], gyro[1] - bias[1], gyro[2] - bias[2]
    # The root's speed from the sensor's: it goes round the sensor with the reading.
    u, v, w = r * y - q * z, p * z - r * x, q * x - p * y
    for a in range(3):
        position[a] = motion[a, 1] - (turn[a, 0] * x + turn[a, 1] * y + turn[a, 2] * z)
        velocity[a] = motion[a, 0] + turn[a, 0] * u + turn[a, 1] * v + turn[a, 2] * w
    velocity[3], velocity[4], velocity[5] = p, q, r


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
