"""Pictures of a robot, drawn without a screen."""

from __future__ import annotations

from pathlib import Path

import mujoco
import numpy as np
from matplotlib.image import imsave
from numpy.typing import NDArray

from ironworks.product.design import Design
from ironworks.robot.body import add_scene, bounds, stand_on_floor

__all__ = ["CannotRender", "picture", "save_picture", "views"]

_VIEWS = {"threequarter": (152.0, -7.0), "front": (180.0, -4.0), "side": (90.0, -4.0), "back": (-28.0, -7.0)}


class CannotRender(RuntimeError):
    """This machine has no way of drawing; the message says what to install."""


def views() -> tuple[str, ...]:
    """Names of the directions to look from."""
    return tuple(_VIEWS)


def picture(
    design: Design, spec: mujoco.MjSpec, view: str = "threequarter", width: int = 900, height: int = 1350
) -> NDArray[np.uint8]:
    """The robot in its standing pose on a floor: (height, width, 3) colours. Raises CannotRender."""
    spec = spec.copy()
    add_scene(spec)
    model = spec.compile()
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    low, high = bounds(model, data)
    camera = mujoco.MjvCamera()
    camera.azimuth, camera.elevation = _VIEWS[view]
    camera.lookat[:] = (low + high) / 2.0
    # The camera's field of view is vertical; a wide robot needs the distance that its width asks for.
    half = np.tan(np.radians(model.vis.global_.fovy / 2.0))
    extent = high - low
    across = float(np.hypot(extent[0], extent[1]))
    camera.distance = max(0.53 * extent[2] / half, 0.55 * across / (half * width / height)) + 0.15 * across
    try:
        renderer = mujoco.Renderer(model, height, width)
    except (mujoco.FatalError, RuntimeError, AttributeError, ImportError) as error:
        # Whatever is missing below MuJoCo, from the library to the graphics device, comes out here.
        raise CannotRender(
            f"cannot draw here ({error}); on Linux install libegl1 (`make render-packages` does), or set MUJOCO_GL"
        ) from error
    with renderer:
        renderer.update_scene(data, camera)
        image: NDArray[np.uint8] = renderer.render().copy()
    return image


def save_picture(image: NDArray[np.uint8], path: Path) -> None:
    """Write a picture as PNG; nothing half-written is left."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        imsave(temporary, image, format="png")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
