"""How places on links move, from what MuJoCo keeps of each degree of freedom, and what holds the joints back."""

import math

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["motions", "resisted"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def motions(
    bodies: Ints, at: Floats, last: Ints, parent: Ints, places: Floats, turns: Floats, middle: Floats, axes: Floats,
    changes: Floats, rates: Floats, place: Floats, turn: Floats, velocity: Floats, jacobian: Floats, drift: Floats,
) -> None:  # fmt: skip
    """Write of K places `at` (K, 3) [m] in the axes of `bodies` (K,) what a PointMotion is, each with K in front.

    `last` (B,): the last degree of freedom that moves a body, -1 where none does; `parent` (V,): the one before in its
    chain. `places` (B, 3) and `turns` (B, 9) of bodies, `middle` (3,): the point about which `axes` (V, 6) of motion,
    rotation first, and their `changes` (V, 6) are told; `rates` (V,): of the degrees of freedom.
    """
    jacobian[:] = 0.0
    for k in range(len(bodies)):
        body = bodies[k]
        for a in range(3):
            place[k, a] = places[body, a]
            for b in range(3):
                turn[k, a, b] = turns[body, 3 * a + b]
                place[k, a] += turn[k, a, b] * at[k, b]
        x, y, z = place[k, 0] - middle[0], place[k, 1] - middle[1], place[k, 2] - middle[2]
        moved, pulled = np.zeros(6), np.zeros(6)
        dof = last[body]
        while dof >= 0:
            u, v, w = axes[dof, 0], axes[dof, 1], axes[dof, 2]
            jacobian[k, 0, dof] = axes[dof, 3] + v * z - w * y
            jacobian[k, 1, dof] = axes[dof, 4] + w * x - u * z
            jacobian[k, 2, dof] = axes[dof, 5] + u * y - v * x
            jacobian[k, 3, dof] = u
            jacobian[k, 4, dof] = v
            jacobian[k, 5, dof] = w
            for a in range(6):
                moved[a] += jacobian[k, a, dof] * rates[dof]
                pulled[a] += changes[dof, a] * rates[dof]
            dof = parent[dof]
        # A spatial acceleration lacks what a place gains by going round with its velocity.
        u, v, w = pulled[0], pulled[1], pulled[2]
        p, q, r = moved[3], moved[4], moved[5]
        drift[k, 0] = pulled[3] + v * z - w * y + q * moved[2] - r * moved[1]
        drift[k, 1] = pulled[4] + w * x - u * z + r * moved[0] - p * moved[2]
        drift[k, 2] = pulled[5] + u * y - v * x + p * moved[1] - q * moved[0]
        for a in range(3):
            drift[k, 3 + a] = pulled[a]
            velocity[k, a], velocity[k, 3 + a] = moved[a], moved[3 + a]


@kernel
def resisted(
    rate: Floats, friction: Floats, damping: Floats, creep: float, limit: Floats, stall: Floats, fade: Floats,
    resistance: Floats, weakest: Floats, strongest: Floats,
) -> None:  # fmt: skip
    """Write the `resistance` (J,) of joints at speeds (J,) [rad/s], and the least and most torque of their drives (J,).

    `creep`: speed at which a joint has most of its `friction` [rad/s]; a drive gives its `limit` at most, and of its
    `stall` torque what `fade` [N m s/rad] leaves at its speed.
    """
    for j in range(len(rate)):
        resistance[j] = friction[j] * math.tanh(rate[j] / creep) + damping[j] * rate[j]
        lost = fade[j] * rate[j]
        weakest[j] = max(-limit[j], min(-stall[j] - lost, 0.0))
        strongest[j] = min(limit[j], max(stall[j] - lost, 0.0))
