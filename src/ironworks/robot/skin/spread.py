"""How a push at a point of a shape is shared among the taxels about it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.skin.elastic import press
from ironworks.robot.skin.taxels import Taxels

__all__ = ["Spread"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Farther [m] than any taxel of a robot is from another: where taxels that look away are put.
_AWAY = 1e3


class Spread:
    """Shares of loads among taxels, by shape.

    A load spreads over a circle: that of contact at the layer's working load, and the layer's thickness beyond. A taxel
    whose distance exceeds the nearest one's by d gets the share 1 - d / (2 radius) before all are scaled to 1: the
    nearest always feels it, and two taxels halve what lies midway between them.
    """

    def __init__(self, taxels: Taxels) -> None:
        patches = taxels.patches
        #: Shapes with skin; their numbers are those of `share`.
        self.shapes = tuple(dict.fromkeys(patch.shape for patch in patches))
        number = {name: i for i, name in enumerate(self.shapes)}
        of_patch = np.array([number[patch.shape] for patch in patches], dtype=np.int64)
        self._taxels, self._of_taxel = taxels, of_patch[taxels.patch]
        members = [np.flatnonzero(self._of_taxel == i) for i in range(len(self.shapes))]
        # One more taxel than there are fills the rows of smaller shapes up.
        self._ids = np.full((len(members), max((len(one) for one in members), default=1)), len(taxels))
        for i, one in enumerate(members):
            self._ids[i, : len(one)] = one
        # Coordinates stand before taxels (S, 3, K): sums over them run along the longer axis.
        far, nowhere = np.full((1, 3), _AWAY), np.zeros((1, 3))
        self._position = np.concatenate([taxels.position, far])[self._ids].transpose(0, 2, 1).copy()
        self._normal = np.concatenate([taxels.normal, nowhere])[self._ids].transpose(0, 2, 1).copy()
        self._pitch = np.sqrt(np.append(taxels.area, 0.0))[self._ids]
        layers = {number[patch.shape]: patch.layer for patch in patches}
        self._radius = np.array([press(layers[i]).contact + layers[i].thickness for i in range(len(layers))])
        covered = np.bincount(of_patch, [patch.coverage for patch in patches], len(self.shapes))
        self._whole = covered > 1.0 - 1e-9

    def share(self, shapes: Ints, points: Floats, outwards: Floats) -> tuple[Ints, Floats]:
        """Which taxels (P, K) feel pushes, and their shares (P, K); rows are filled up with taxel T, of share 0.

        shapes (P,): numbers in `shapes`; points (P, 3) [m] on the surface and its normals (P, 3), in link axes. Shares
        of a push add up to 1; they are 0 where it is beyond the edge of what covers its shape in part, by more than a
        taxel and the circle. Taxels whose normal points away feel nothing.
        """
        offset = points[:, :, None] - self._position[shapes]
        away = (outwards[:, None, :] @ self._normal[shapes])[:, 0] < 0.0
        distance = np.sqrt(np.einsum("pik,pik->pk", offset, offset)) + _AWAY * away
        nearest = distance.argmin(axis=1)
        at = np.arange(len(shapes))
        least, radius = distance[at, nearest], self._radius[shapes]
        shares = np.maximum(1.0 - (distance - least[:, None]) / (2.0 * radius[:, None]), 0.0)
        shares /= shares.sum(axis=1, keepdims=True)
        whole = self._whole[shapes]
        if not whole.all():
            # A mesh meets others by its convex hull: the gap to its own surface is no distance along the skin.
            first, up = offset[at, :, nearest], self._normal[shapes, :, nearest]
            along = first - (first * up).sum(axis=1, keepdims=True) * up
            reach = self._pitch[shapes, nearest] + radius
            beyond = ((along * along).sum(axis=1) > reach**2) | (least >= _AWAY)
            shares[beyond & ~whole] = 0.0
        return self._ids[shapes], shares

    def onto(self, taxels: Ints) -> Floats:
        """Shares (P, T) of pushes straight onto taxels (P,)."""
        ids, shares = self.share(self._of_taxel[taxels], self._taxels.position[taxels], self._taxels.normal[taxels])
        found = np.zeros((len(taxels), len(self._taxels) + 1))
        np.put_along_axis(found, ids, shares, axis=1)
        return found[:, :-1]
