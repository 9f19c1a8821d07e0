"""Single joints on a bench that turns them: a speed loop, dry and viscous friction, hard stops; N joints side by side.

J dw/dt = K i - f sign(w) - d w - stops, in small steps: friction takes speed away, at most all of it, and what is
linear in the new speed is solved for, so that stops and damping stay stable at any step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.joint_modules import JointModules

__all__ = ["Spin", "spin"]

Floats = NDArray[np.float64]

#: Bandwidth of the speed loop [rad/s], and the torque that winds a stop by a radian over the drive's torque [1/rad].
_BANDWIDTH, _STOP = 60.0, 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Spin:
    """What happened at each step (T, N): current [A], angle [rad], speed [rad/s]; `step` [s]."""

    step: float
    current: Floats
    angle: Floats
    speed: Floats


def spin(
    modules: JointModules,
    speeds: Floats,
    *,
    share: float | Floats = 1.0,
    step: float = 0.002,
    angle: Floats | None = None,
    stops: bool = False,
    flange: float = 1.0,
) -> Spin:
    """Turn each joint at wanted speeds (T, N) [rad/s], one a step, from rest at `angle` (N,) [rad].

    share: of the design's torque that the driver may give; `flange`: inertia on the joint over the rotor's; with
    `stops` the joint meets its hard stops.
    """
    peak = modules.designed("torque") / modules.designed("joint_constant")
    most = peak * share
    inertia = modules.inertia * (1.0 + flange)
    push = modules.constant * modules.phases
    gain = inertia * _BANDWIDTH / modules.designed("joint_constant")
    wind = 0.25 * _BANDWIDTH * step
    hard = modules.designed("torque") * _STOP
    # A stop that gives back a tenth of what meets it.
    soft = 1.4 * np.sqrt(hard * inertia)
    q = np.zeros(len(modules)) if angle is None else angle.astype(float).copy()
    w = np.zeros(len(modules))
    held = np.zeros(len(modules))
    loss = step * modules.friction / inertia
    currents, angles, turned = (np.empty(speeds.shape) for _ in range(3))
    for t, wanted in enumerate(speeds):
        error = wanted - w
        i = gain * (error + held)
        limited = np.minimum(np.maximum(i, -most), most)
        # The integral waits while the driver is at its limit.
        held += np.where(i == limited, wind * error, 0.0)
        torque = push * limited
        linear = modules.damping
        if stops:
            beyond = q - np.minimum(np.maximum(q, modules.low), modules.high)
            touching = beyond != 0.0
            torque = torque - hard * beyond
            linear = linear + np.where(touching, soft + hard * step, 0.0)
        w = (w + step * torque / inertia) / (1.0 + step * linear / inertia)
        w = np.sign(w) * np.maximum(np.abs(w) - loss / (1.0 + step * linear / inertia), 0.0)
        q += step * w
        currents[t], angles[t], turned[t] = limited, q, w
    return Spin(step, currents, angles, turned)
