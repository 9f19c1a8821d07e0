"""What each taxel feels: the normal forces of MuJoCo's contacts, spread over the taxels about each."""

from __future__ import annotations

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.skin.spread import Spread
from ironworks.robot.skin.taxels import Taxels

__all__ = ["TactileField", "normal_forces"]

Floats = NDArray[np.float64]


class TactileField:
    """Reads the skin of a robot from its model's contacts (how they spread: `Spread`)."""

    def __init__(self, model: mujoco.MjModel, taxels: Taxels) -> None:
        """Raises KeyError where a patch's shape is no geom of the model."""
        self._spread, self._count = Spread(taxels), len(taxels)
        geoms = [model.geom(name) for name in self._spread.shapes]
        # One more geom than there are: number -1 (a flex) finds it, and no skin.
        self._skin = np.full(model.ngeom + 1, -1)
        self._skin[[geom.id for geom in geoms]] = np.arange(len(geoms))
        self._body = np.array([geom.bodyid[0] for geom in geoms], dtype=np.int64)

    def read(self, model: mujoco.MjModel, data: mujoco.MjData) -> Floats:
        """Normal force (T,) [N] on each taxel, from the contacts of the last step; for a control tick of 50-100 Hz.

        A contact between two skins is felt by both. Where patches cover a shape entirely, its taxels add up to its
        contacts' normal force; elsewhere less by the contacts that no patch reaches.
        """
        contact = data.contact
        if data.ncon == 0:
            return np.zeros(self._count)
        touched = self._skin[contact.geom]
        rows, sides = np.nonzero((touched >= 0) & (contact.efc_address >= 0)[:, None])
        if len(rows) == 0:
            return np.zeros(self._count)
        force = normal_forces(model, data)[rows]
        shapes = touched[rows, sides]
        # The normal leaves the first geom; a contact's point is midway between the two surfaces.
        outwards = contact.frame[rows, :3] * np.where(sides == 0, 1.0, -1.0)[:, None]
        body = self._body[shapes]
        points = contact.pos[rows] - outwards * (contact.dist[rows] / 2.0)[:, None] - data.xpos[body]
        local = np.stack([points, outwards], axis=1) @ data.xmat[body].reshape(-1, 3, 3)
        ids, shares = self._spread.share(shapes, local[:, 0], local[:, 1])
        felt = np.bincount(ids.ravel(), (shares * force[:, None]).ravel(), self._count + 1)
        return np.asarray(felt[:-1], dtype=np.float64)


def normal_forces(model: mujoco.MjModel, data: mujoco.MjData) -> Floats:
    """Normal force (C,) [N] of each contact, as `mj_contactForce` gives it one by one; 0 for those without a row."""
    contact = data.contact
    first = contact.efc_address
    if data.nefc == 0:
        return np.zeros(data.ncon)
    rows = 1
    if model.opt.cone == mujoco.mjtCone.mjCONE_PYRAMIDAL:
        # Each edge of a pyramid pushes along the normal; a contact without friction has one row.
        rows = np.maximum(2 * (contact.dim - 1), 1)
    ends = np.stack([first, first + rows], axis=1).clip(0)
    found: Floats = np.add.reduceat(np.append(data.efc_force, 0.0), ends.ravel())[::2] * (first >= 0)
    return found
