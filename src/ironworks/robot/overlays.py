"""What is laid over a robot to explain it: boxes of its inertia, the polygon it stands on, the paths of its tendons."""

from __future__ import annotations

import mujoco
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

__all__ = ["centroid", "equivalent_box", "support", "tendon_paths"]

Floats = NDArray[np.float64]
#: What is no higher than this [m] above the lowest point stands on the floor.
_TOUCHING = 0.004


def equivalent_box(mass: float, inertia: Floats) -> Floats:
    """Sides (3,) [m] of the full box of this mass [kg] and these principal moments (3,) [kg m2]."""
    squares = 6.0 / mass * (np.sum(inertia) - 2.0 * np.asarray(inertia))
    return np.sqrt(np.maximum(squares, 0.0))


def support(points: Floats) -> Floats:
    """Corners (n, 2) [m] of the convex outline of those points (m, 3) that stand on the floor, anticlockwise.

    Where they lie on one line, its two ends; one point stays one.
    """
    low = points[points[:, 2] < points[:, 2].min() + _TOUCHING, :2]
    _, spread, ways = np.linalg.svd(low - low[0], full_matrices=False)
    if len(low) < 3 or spread[1] < 1e-6:
        along = (low - low[0]) @ ways[0]
        return np.asarray(np.unique(low[[along.argmin(), along.argmax()]], axis=0))
    return np.asarray(low[ConvexHull(low).vertices])


def centroid(outline: Floats) -> Floats:
    """Centre of area (2,) [m] of a polygon (n, 2) that does not cross itself (shoelace formula); a line's middle."""
    if len(outline) < 3:
        return np.asarray(outline.mean(axis=0))
    # About its own corner, so that cancellation does not eat the digits of a small polygon far away.
    here = outline - outline[0]
    after = np.roll(here, -1, axis=0)
    cross = here[:, 0] * after[:, 1] - after[:, 0] * here[:, 1]
    return np.asarray(outline[0] + ((here + after) * cross[:, None]).sum(axis=0) / (3.0 * cross.sum()))


def tendon_paths(model: mujoco.MjModel, data: mujoco.MjData) -> Floats:
    """Straight pieces (n, 2, 3) [m] of all spatial tendons, as they run over sites, pulleys and wrapping bodies."""
    pieces = []
    for tendon in range(model.ntendon):
        first, n = data.ten_wrapadr[tendon], data.ten_wrapnum[tendon]
        points = data.wrap_xpos.reshape(-1, 3)[first : first + n]
        objects = data.wrap_obj.reshape(-1)[first : first + n]
        # -2 marks a pulley, where one branch ends and the next begins.
        pieces += [(points[i], points[i + 1]) for i in range(n - 1) if objects[i] != -2 and objects[i + 1] != -2]
    return np.array(pieces).reshape(-1, 2, 3)
