"""Shear and sliding on each piece of skin, from MuJoCo's contacts, as a sheet of three-axis taxels would say.

The design's taxels read normal force. That a sheet also tells the sum of shear over each shape, and how fast what it
touches slides over it (by the vibration that sliding makes), are assumptions; skins of both kinds exist.
"""

from __future__ import annotations

import mujoco
import numpy as np
from numpy.typing import NDArray

from ironworks.robot.skin.taxels import Taxels

__all__ = ["SHEAR_NOISE", "SLIDE_NOISE", "ShearField"]

Floats = NDArray[np.float64]

SHEAR_NOISE = 0.03
"""Standard deviation of one component of a shape's shear [N]."""
SLIDE_NOISE = 0.001
"""Standard deviation of a shape's sliding speed [m/s]."""


class ShearField:
    """Reads a model's contacts. `shapes` (S): names of the geoms with skin, in the order of its rows."""

    def __init__(self, model: mujoco.MjModel, taxels: Taxels) -> None:
        """Raises KeyError where a patch's shape is no geom of the model, ValueError for pyramidal friction cones."""
        if model.opt.cone != mujoco.mjtCone.mjCONE_ELLIPTIC:
            raise ValueError("sliding is read from elliptic friction cones alone")
        self.shapes = tuple(dict.fromkeys(patch.shape for patch in taxels.patches))
        self._row = {model.geom(name).id: i for i, name in enumerate(self.shapes)}
        self._body = [int(model.geom(name).bodyid[0]) for name in self.shapes]

    def read(self, model: mujoco.MjModel, data: mujoco.MjData) -> tuple[Floats, Floats]:
        """Tangential force (S, 3) [N] that each shape's skin suffers, in its link's axes; speed of sliding (S,) [m/s].

        The speed is that of what is touched, weighed by normal force; 0 where nothing is.
        """
        found, slide, pressed = np.zeros((len(self.shapes), 3)), np.zeros(len(self.shapes)), np.zeros(len(self.shapes))
        wrench = np.empty(6)
        for i in range(data.ncon):
            contact = data.contact[i]
            rows = [self._row.get(int(geom), -1) for geom in contact.geom]
            first = contact.efc_address
            if max(rows) < 0 or first < 0 or contact.dim < 3:
                continue
            mujoco.mj_contactForce(model, data, i, wrench)
            # MuJoCo's force acts on the second geom.
            tangential = contact.frame.reshape(3, 3)[1:].T @ wrench[1:3]
            speed = float(np.hypot(*data.efc_vel[first + 1 : first + 3]))
            for row, sign in zip(rows, (-1.0, 1.0), strict=True):
                if row >= 0:
                    found[row] += sign * (data.xmat[self._body[row]].reshape(3, 3).T @ tangential)
                    slide[row] += wrench[0] * speed
                    pressed[row] += wrench[0]
        return found, slide / np.where(pressed > 0.0, pressed, 1.0)
