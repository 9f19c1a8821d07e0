"""How the length of a tendon bends over the angles of joints: second derivatives of its straight pieces."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import mujoco
import numpy as np
from numpy.typing import NDArray

__all__ = ["Pieces"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Pieces:
    """The straight pieces of M tendons, given by the ids of the sites that each passes, and J hinges that move them.

    `crosses` (J, M): whether a joint moves one part of a tendon against another.
    """

    def __init__(self, model: mujoco.MjModel, joint_ids: Ints, sites: Sequence[Sequence[int]]) -> None:
        self._joint_ids = joint_ids
        bodies = model.jnt_bodyid[joint_ids]
        slopes: list[tuple[int, int, int]] = []
        pairs: list[tuple[int, int, int, bool]] = []
        self.crosses = np.zeros((len(joint_ids), len(sites)), bool)
        ends: list[tuple[int, int]] = []
        for muscle, path in enumerate(sites):
            for two in itertools.pairwise(path):
                moved = np.array([[_hangs_on(model, model.site_bodyid[s], body) for body in bodies] for s in two])
                # Sorted from the root outwards; a joint that moves both ends changes nothing between them.
                here = sorted(map(int, np.flatnonzero(moved[0] != moved[1])), key=lambda joint: int(bodies[joint]))
                if not here:
                    continue
                self.crosses[here, muscle] = True
                first = len(slopes)
                slopes += [(len(ends), joint, int(moved[1][joint])) for joint in here]
                pairs += [
                    (first + i, first + k, muscle, _hangs_on(model, bodies[here[k]], bodies[here[i]]))
                    for k in range(len(here))
                    for i in range(k + 1)
                ]
                ends.append(two)
        self._ends = np.array(ends, np.int64).reshape(-1, 2)
        self._piece, self._joint, self._end = np.array(slopes, np.int64).reshape(-1, 3).T
        # Inner joint, outer joint (as places among the slopes), tendon, and whether the outer hangs on the inner.
        self._inner, self._outer, self._muscle, self._chained = np.array(pairs, np.int64).reshape(-1, 4).T

    def bending(self, data: mujoco.MjData) -> Floats:
        """d2 length / d angle d angle' (J, J, M) [m] in the posture of data.

        For a piece d = l u between two ends: (d_j . d_k - (u . d_j)(u . d_k)) / l + u . d_jk, with slopes
        d_j = axis_j x arm_j and d_jk = axis_j x d_k with j nearer the root.
        """
        points = data.site_xpos[self._ends]
        way = points[:, 1] - points[:, 0]
        length = np.sqrt(np.einsum("px,px->p", way, way))
        unit = (way / length[:, None])[self._piece]
        axes = data.xaxis[self._joint_ids][self._joint]
        reach = points[self._piece, self._end] - data.xanchor[self._joint_ids][self._joint]
        slope = _cross(axes, reach) * (2.0 * self._end - 1.0)[:, None]
        along = np.einsum("sx,sx->s", unit, slope)
        inner, outer = self._inner, self._outer
        between = np.einsum("px,px->p", slope[inner], slope[outer]) - along[inner] * along[outer]
        curve = np.einsum("px,px->p", _cross(axes[inner], slope[outer]), unit[outer]) * self._chained
        pieces = between / length[self._piece[inner]] + curve
        j, k = self._joint[inner], self._joint[outer]
        found = np.zeros((*(len(self._joint_ids),) * 2, self.crosses.shape[1]))
        np.add.at(found, (j, k, self._muscle), pieces)
        apart = j != k
        np.add.at(found, (k[apart], j[apart], self._muscle[apart]), pieces[apart])
        return found


def _cross(a: Floats, b: Floats) -> Floats:
    """Rows of a times rows of b: np.cross without what it costs on few rows."""
    return a[:, [1, 2, 0]] * b[:, [2, 0, 1]] - a[:, [2, 0, 1]] * b[:, [1, 2, 0]]


def _hangs_on(model: mujoco.MjModel, body: int, other: int) -> bool:
    """Whether a body is another one or hangs on it."""
    while body not in (other, 0):
        body = model.body_parentid[body]
    return bool(body == other)
