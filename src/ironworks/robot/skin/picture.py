"""A picture of a robot whose taxels are coloured by pressure."""

from __future__ import annotations

import mujoco
import numpy as np
from matplotlib import colormaps
from numpy.typing import NDArray

from ironworks.product.design import Design
from ironworks.robot.render import picture
from ironworks.robot.skin.taxels import Taxels

__all__ = ["skin_picture"]

Floats = NDArray[np.float64]
_IDLE = (0.36, 0.39, 0.43, 1.0)
#: Share of its cell that a taxel's dot fills, and its thickness [m].
_FILL, _THICK = 0.66, 0.0012


def skin_picture(
    design: Design,
    spec: mujoco.MjSpec,
    taxels: Taxels,
    force: Floats,
    *,
    most: float | None = None,
    view: str = "threequarter",
    width: int = 900,
    height: int = 1350,
) -> NDArray[np.uint8]:
    """The robot in its standing pose with a dot for each taxel: (height, width, 3) colours.

    force (T,) [N]; colours run from 0 to the pressure `most` [Pa] (default: the highest there is); grey: no force.
    Raises CannotRender where nothing can be drawn.
    """
    pressure = force / taxels.area
    top = most or float(pressure.max(initial=0.0)) or 1.0
    colours = colormaps["inferno"](0.25 + 0.7 * np.clip(pressure / top, 0.0, 1.0))
    colours[force <= 0.0] = _IDLE
    spec = spec.copy()
    bodies = {patch.link: spec.body(patch.link) for patch in taxels.patches}
    for i, place in enumerate(taxels.position):
        turn = np.zeros(4)
        mujoco.mju_quatZ2Vec(turn, taxels.normal[i])
        radius = _FILL * np.sqrt(taxels.area[i]) / 2.0
        bodies[taxels.patches[taxels.patch[i]].link].add_site(
            pos=place,
            quat=turn,
            type=mujoco.mjtGeom.mjGEOM_CYLINDER,
            size=[radius, _THICK, 0.0],
            rgba=colours[i],
            group=0,
        )
    return picture(design, spec, view, width, height)
