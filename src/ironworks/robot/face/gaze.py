"""Where a robot must look to see a target, and how eyes and neck share it."""

from __future__ import annotations

import math

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Face
from ironworks.robot.face.expression import Gaze

__all__ = ["gaze_towards", "share_gaze"]

Floats = NDArray[np.float64]


def gaze_towards(face: Face, model: mujoco.MjModel, data: mujoco.MjData, target: Floats) -> Gaze:
    """The gaze at a target (3,) [m] in the world, in the frame of the head that carries the face.

    `data` must have its positions (`mj_forward`). Raises ValueError for a target between the eyes.
    """
    head = data.body(face.link)
    local = head.xmat.reshape(3, 3).T @ (np.asarray(target, float) - head.xpos) - face.eyes.mean(axis=0)
    distance = float(np.linalg.norm(local))
    if distance < 1e-6:
        raise ValueError("the target is midway between the eyes")
    return Gaze(math.atan2(local[1], local[0]), math.asin(float(np.clip(local[2] / distance, -1.0, 1.0))), distance)


def share_gaze(face: Face, gaze: Gaze, share: float = 0.9) -> tuple[Gaze, float, float]:
    """(what the eyes do, yaw, pitch that the head must turn [rad]): the eyes first, up to `share` of `face.limits`.

    Yaw is about the head's z axis, to its left; pitch about its y axis, downwards, after the yaw. The head turns about
    its neck and not about its eyes, so that a near target leaves a rest: look again when the head has moved.
    """
    side, up, down = (share * limit for limit in face.limits)
    # The two limits hold for one axis at a time; on a diagonal, the eyes stay within the ellipse of both.
    upright = up if gaze.elevation >= 0.0 else down
    reach = math.hypot(gaze.azimuth / side, gaze.elevation / upright)
    within = min(1.0, 1.0 / reach) if reach > 0.0 else 1.0
    eyes = Gaze(gaze.azimuth * within, gaze.elevation * within, gaze.distance)
    # Head rotation Rz(yaw) Ry(pitch) takes the eyes' direction onto the target's: the height gives pitch, then yaw.
    x, y, z = eyes.direction
    tilt = math.hypot(x, z)
    pitch = math.atan2(z, x) - math.asin(float(np.clip(gaze.direction[2] / tilt, -1.0, 1.0)))
    turned = np.array([math.cos(pitch) * x + math.sin(pitch) * z, y])
    yaw = gaze.azimuth - math.atan2(turned[1], turned[0])
    return eyes, (yaw + math.pi) % (2.0 * math.pi) - math.pi, pitch
