"""Errors of many encoders at one moment."""

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["encoder_errors"]

Floats = NDArray[np.float64]


@kernel
def encoder_errors(angle: Floats, offset: Floats, cosine: Floats, sine: Floats, orders: Floats) -> Floats:
    """What `EncoderError.at` gives at angles (J,) [rad]: `offset` (J,), and waves (J, K) of K `orders` (K,)."""
    found = offset.copy()
    for j in range(len(angle)):
        for k in range(len(orders)):
            turn = orders[k] * angle[j]
            found[j] += cosine[j, k] * np.cos(turn) + sine[j, k] * np.sin(turn)
    return found
