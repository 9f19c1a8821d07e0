"""What drives give and what sensors say, tick by tick."""

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.control.kernels._jit import kernel

__all__ = ["drive_torques", "sense"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def drive_torques(
    read: Floats, speed: Floats, angle: Floats, rate: Floats, kp: Floats, kd: Floats, torque: Floats, rest: Floats,
    stiff: Floats, damped: Floats, limit: Floats, constant: Floats, given: Floats,
) -> None:  # fmt: skip
    """Write what each of N drives is `given` (N,) [N m] of what it reads (N,) [rad] and its speed (N,) [rad/s].

    The first C do a command, torque + kp (angle - read) + kd (rate - speed), all (C,); others hold their `rest`,
    `stiff` [N m/rad] and `damped` [s] over that, all (N - C,). Each is cut at its `limit` (N,), and times its
    `constant` (N,).
    """
    count = len(torque)
    for j in range(len(read)):
        if j < count:
            wanted = torque[j] + kp[j] * (angle[j] - read[j]) + kd[j] * (rate[j] - speed[j])
        else:
            k = j - count
            wanted = stiff[k] * (rest[k] - read[j] - damped[k] * speed[j])
        given[j] = min(max(wanted, -limit[j]), limit[j]) * constant[j]


@kernel
def sense(
    draws: Floats, read: Floats, speed: Floats, forces: Floats, pulled: Ints, constant: Floats, limit: Floats,
    noises: Floats, raw: Floats, tilt: Floats, inertial: Ints, bias: Floats, cells: Ints,
) -> None:  # fmt: skip
    """Turn `draws` of a standard normal into what the sensors say, in place.

    In this order: angle, speed and torque of C joints, the first of those (N,) whose encoders `read` so without noise,
    which have a `speed`, a `limit` of torque and a torque over current that is `constant` times the design's, and give
    `forces` at `pulled`; rates and pulls (2, I, 3) of I inertial sensors, each tilted (I, 3, 3) and with a `bias`
    (2, I, 3), which lie in the `raw` readings at `inertial` (2, I, 3); and `cells` (F, 6) of the feet. `noises` (7,):
    standard deviations of angle, speed, torque over the `limit`, rate, pull, force and torque of a cell.
    """
    sensors = tilt.shape[0]
    feet = cells.shape[0]
    count = (len(draws) - 6 * sensors - 6 * feet) // 3
    for j in range(count):
        draws[j] = read[j] + noises[0] * draws[j]
        draws[count + j] = speed[j] + noises[1] * draws[count + j]
        torque = forces[pulled[j]] / constant[j]
        draws[2 * count + j] = torque + noises[2] * limit[j] * draws[2 * count + j]
    at = 3 * count
    for kind in range(2):
        for i in range(sensors):
            for a in range(3):
                turned = 0.0
                for b in range(3):
                    turned += tilt[i, a, b] * raw[inertial[kind, i, b]]
                draws[at] = turned + bias[kind, i, a] + noises[3 + kind] * draws[at]
                at += 1
    # The cell is pulled by the leg against what the floor presses, less the weight of the foot.
    for f in range(feet):
        for a in range(6):
            draws[at] = noises[5 if a < 3 else 6] * draws[at] - raw[cells[f, a]]
            at += 1
