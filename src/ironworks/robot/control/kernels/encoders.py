"""What many encoders read at one moment, and the angles behind it; errors are those of `EncoderError`."""

import math

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["read_joints", "true_angles"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def true_angles(read: Floats, offset: Floats, cosine: Floats, sine: Floats, orders: Floats) -> Floats:
    """The angles (J,) [rad] of encoders that `read` (J,), with an `offset` (J,) and waves (J, K) of K whole `orders`.

    Errors are smooth: those at the angle that the offset alone gives are those at the true one.
    """
    found = np.empty(len(read))
    for j in range(len(read)):
        found[j] = read[j] - _error(read[j] - offset[j], offset[j], cosine[j], sine[j], orders)
    return found


@kernel
def read_joints(
    position: Floats, velocity: Floats, places: Ints, dofs: Ints, offset: Floats, cosine: Floats, sine: Floats,
    orders: Floats, read: Floats, speed: Floats,
) -> None:  # fmt: skip
    """Write what the encoders of J joints `read` (J,) [rad], without noise, and the joints' `speed` (J,) [rad/s].

    `position` and `velocity`: of the whole robot, with the joints at `places` and `dofs` (J,); `offset` (J,), waves
    `cosine` and `sine` (J, K) of K whole `orders` (K,).
    """
    for j in range(len(places)):
        angle = position[places[j]]
        read[j] = angle + _error(angle, offset[j], cosine[j], sine[j], orders)
        speed[j] = velocity[dofs[j]]


@kernel
def _error(angle: float, offset: float, cosine: Floats, sine: Floats, orders: Floats) -> float:
    found = offset
    c, s = math.cos(angle), math.sin(angle)
    for k in range(len(orders)):
        # De Moivre: powers of one turn are cheaper than a sine and a cosine of each order.
        real, imaginary, x, y = 1.0, 0.0, c, s
        left = int(orders[k])
        while left > 0:
            if left % 2 == 1:
                real, imaginary = real * x - imaginary * y, real * y + imaginary * x
            x, y = x * x - y * y, 2.0 * x * y
            left //= 2
        found += cosine[k] * real + sine[k] * imaginary
    return found
