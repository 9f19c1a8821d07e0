"""Where segments are nearest to one another."""

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["nearest", "nearest_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def nearest(one: Floats, other: Floats) -> Floats:
    """The places (2, 3) on two segments that are nearest to one another.

    Each segment is its two ends (2, 3), which differ (Ericson, Real-Time Collision Detection, 5.1.9).
    """
    u, v, w = one[1] - one[0], other[1] - other[0], other[0] - one[0]
    a, b, c, e, f = 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(3):
        a += u[k] * u[k]
        b += u[k] * v[k]
        c += u[k] * w[k]
        e += v[k] * v[k]
        f += v[k] * w[k]
    # Here c and f are from one's begin to the other's: s = (c e - b f) / span, t = (b s - f) / e.
    span = a * e - b * b
    s = min(max((c * e - b * f) / span, 0.0), 1.0) if span > 1e-12 else 0.5
    t = (b * s - f) / e
    if t < 0.0:
        t, s = 0.0, min(max(c / a, 0.0), 1.0)
    elif t > 1.0:
        t, s = 1.0, min(max((b + c) / a, 0.0), 1.0)
    found = np.empty((2, 3))
    for k in range(3):
        found[0, k] = one[0, k] + s * u[k]
        found[1, k] = other[0, k] + t * v[k]
    return found


@kernel
def nearest_of(
    places: Floats, turns: Floats, links: Ints, ends: Floats, radii: Floats, pairs: Ints
) -> tuple[Floats, Floats]:
    """Nearest places (P, 2, 3) and gaps (P,) [m] of P pairs (P, 2) of C capsules.

    Links have `places` (B, 3) and `turns` (B, 9); a capsule lies in its link (C,), has `ends` (C, 2, 3) in the link's
    axes, and a radius (C,).
    """
    placed = np.empty(ends.shape)
    for c in range(len(links)):
        turn = turns[links[c]]
        for k in range(2):
            for a in range(3):
                placed[c, k, a] = places[links[c], a] + (
                    turn[3 * a] * ends[c, k, 0] + turn[3 * a + 1] * ends[c, k, 1] + turn[3 * a + 2] * ends[c, k, 2]
                )
    found, gaps = np.empty((len(pairs), 2, 3)), np.empty(len(pairs))
    for p in range(len(pairs)):
        one, other = pairs[p]
        found[p] = nearest(placed[one], placed[other])
        apart = 0.0
        for a in range(3):
            apart += (found[p, 0, a] - found[p, 1, a]) ** 2
        gaps[p] = np.sqrt(apart) - radii[one] - radii[other]
    return found, gaps
