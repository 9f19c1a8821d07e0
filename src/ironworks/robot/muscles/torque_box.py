"""Joint torques that muscles can make all at once: the largest box inside what they can reach."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.robot.muscles.posture import MuscleMap

__all__ = ["TorqueBox", "torque_box"]

Floats = NDArray[np.float64]
#: Facets are found from all choices of muscles; more joints in one block than this would be too many to try.
_MOST_JOINTS = 8


@dataclass(frozen=True)
class TorqueBox:
    """Limits (J,) [N m]: every combination of torques within `low` and `high` can be made at once.

    `alone_low`, `alone_high`: what each joint can do while the others are where the box has its middle. They are for
    reading, not for control: together they cannot be reached.
    """

    joints: tuple[str, ...]
    low: Floats
    high: Floats
    alone_low: Floats
    alone_high: Floats

    def holds(self, torque: Floats) -> bool:
        """Whether torques (J,) [N m] are within the box."""
        return bool((self.low <= torque).all() and (torque <= self.high).all())


def torque_box(now: MuscleMap) -> TorqueBox:
    """The axis-aligned box of the largest volume inside the feasible torques of a posture.

    With activations in 0..1 torques form a zonotope about its middle c, gain 1/2 + rest. It is symmetric, so the
    largest box is too: |torque - c| <= d. Such a box is inside if and only if sum |n_j| d_j <= sum_i |n . gain_i| / 2
    for the normal n of every facet; the product of the d_j is largest at one point, whatever the units of the joints.
    A joint that nothing moves by itself gets d = 0. Raises ValueError where more than 8 joints act on one another.
    """
    middle = now.gain.sum(axis=1) / 2.0 + now.rest
    half, alone = np.zeros(len(middle)), np.zeros(len(middle))
    for joints, muscles in now.blocks:
        half[joints], alone[joints] = _half_widths(now.gain[joints[:, None], muscles])
    return TorqueBox(now.joints, middle - half, middle + half, middle - alone, middle + alone)


def _half_widths(gain: Floats) -> tuple[Floats, Floats]:
    """Half-widths of the largest box (J,), and how far each axis alone goes (J,)."""
    if len(gain) == 1:
        all_of_it = 0.5 * np.abs(gain).sum(axis=1)
        return all_of_it, all_of_it
    normals = _normals(gain)
    reach, share = 0.5 * np.abs(normals @ gain).sum(axis=1), np.abs(normals)
    share[share < 1e-9 * share.max(axis=1, keepdims=True)] = 0.0
    # Each facet stops axis j at reach / share; 1e300 stands for one that does not.
    alone = (reach[:, None] / np.maximum(share, 1e-300)).min(axis=0)
    free = alone > 1e-9 * alone.max()
    if not free.all():
        # A joint that nothing moves by itself stays where it is; the others have the box to themselves.
        half, alone = np.zeros(len(gain)), np.where(free, alone, 0.0)
        if free.any():
            # Facets that hold only what stays where it is have no say about the others.
            others = share[:, free].max(axis=1) > 1e-9
            half[free] = _largest(share[others][:, free], reach[others], alone[free])
        return half, alone
    return _largest(share, reach, alone), alone


def _largest(share: Floats, reach: Floats, alone: Floats) -> Floats:
    """The d > 0 of the largest product with share d <= reach, each at most `alone`."""
    # In units of what each joint can do alone every number is of the order of 1.
    rows = share * alone / reach[:, None]
    found = {1: _line, 2: _plane}.get(len(alone), _any)(rows)
    # Rounding must not push a corner out.
    widths: Floats = found * alone * ((1.0 - 1e-12) / max(1.0, float((rows @ found).max())))
    return widths


def _normals(gain: Floats) -> Floats:
    """Normals (N, J) of the facets that the columns of gain (J, M) span, and of what they leave out."""
    joints = len(gain)
    if joints > _MOST_JOINTS:
        raise ValueError(f"{joints} joints act on one another through their muscles; at most {_MOST_JOINTS} can")
    if joints == 2 and np.abs(gain[0, :, None] * gain[1] - gain[1, :, None] * gain[0]).max() > 1e-9 * (gain**2).max():
        across: Floats = np.stack([-gain[1], gain[0]], axis=1)[np.abs(gain).max(axis=0) > 0.0]
        return across
    axes, sizes, _ = np.linalg.svd(gain)
    rank = int((sizes > 1e-9 * max(float(sizes.max()), 1e-300)).sum())
    # Torques stay in the space of these axes; across the others there is no room at all.
    space, left_out = axes[:, :rank], axes[:, rank:].T
    if rank < 2:
        return np.vstack([space.T, left_out])
    choices = np.array(list(itertools.combinations(range(gain.shape[1]), rank - 1)))
    planes = np.moveaxis((space.T @ gain)[:, choices], 0, 2)
    _, widths, directions = np.linalg.svd(planes)
    flat = widths[:, -1] > 1e-9 * widths.max()
    normals: Floats = np.vstack([directions[flat, -1] @ space.T, left_out])
    return normals


def _line(rows: Floats) -> Floats:
    return np.array([1.0 / rows.max()])


def _plane(rows: Floats) -> Floats:
    """Largest x y with p x + q y <= 1 for all rows (p, q): a row's own best point, or where two rows meet."""
    p, q = np.maximum(rows.T, 1e-15)
    across = p[:, None] * q - q[:, None] * p
    meet = (q - q[:, None]) / np.where(across == 0.0, np.inf, across)
    x = np.concatenate([0.5 / p, meet.ravel()])
    slack = 1.0 - x[:, None] * p
    # A row that hardly knows y bounds x alone: its slack over its q would be rounding over nothing.
    y = np.where(q > 1e-9, slack / q, np.where(slack > -1e-9, 2.0, -1.0)).min(axis=1)
    best = int(np.argmax(np.where((x > 0.0) & (y > 0.0), x * y, 0.0)))
    return np.array([x[best], y[best]])


def _any(rows: Floats) -> Floats:
    """Largest product of x > 0 with rows x <= 1: a barrier followed inwards by Newton's method."""
    x = np.full(rows.shape[1], 0.5 / rows.sum(axis=1).max())
    for weight in 10.0 ** np.arange(0.0, 11.0):
        for _ in range(50):
            slack = 1.0 - rows @ x
            slope = -weight / x + rows.T @ (1.0 / slack)
            curve = np.diag(weight / x**2) + rows.T @ (rows / slack[:, None] ** 2)
            step = -np.linalg.solve(curve, slope)
            decrease = float(-slope @ step)
            if decrease < 1e-10:
                break
            x = x + step / (1.0 + np.sqrt(decrease))
    return x
