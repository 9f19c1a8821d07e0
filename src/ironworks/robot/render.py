"""Pictures of a robot, drawn without a screen."""

from __future__ import annotations

from pathlib import Path

import mujoco
import numpy as np
from matplotlib.image import imsave
from numpy.typing import NDArray

from ironworks.product.design import Design, face_of
from ironworks.robot.body import add_scene, bounds, stand_on_floor
from ironworks.robot.face import Expression, Gaze, State, add_face, draw_face, gaze_towards, paint_face, share_gaze

__all__ = ["CannotRender", "picture", "save_picture", "views"]

_VIEWS = {
    "threequarter": (152.0, -7.0),
    "front": (180.0, -4.0),
    "side": (90.0, -4.0),
    "back": (-28.0, -7.0),
    "face": (165.0, -3.0),
}
#: Share of the eyes' limits with which a robot looks towards the camera: a glance, its head stays still.
_GLANCE = 0.6
#: The longer side of a picture whose size is not given [pixels].
_LONGER = 1350
#: What no side goes beyond: the buffer that is drawn into (`add_scene`) [pixels].
_LARGEST = 4096


class CannotRender(RuntimeError):
    """This machine has no way of drawing; the message says what to install."""


def views() -> tuple[str, ...]:
    """Names of the directions to look from."""
    return tuple(_VIEWS)


def picture(
    design: Design,
    spec: mujoco.MjSpec,
    view: str = "threequarter",
    width: int | None = None,
    height: int | None = None,
    expression: Expression | None = None,
) -> NDArray[np.uint8]:
    """The robot in its standing pose on a floor: (height, width, 3) colours. Raises CannotRender.

    Without a width or height [pixels], the one that suits the robot's outline; 1350 is the longer side without both.
    A face is on: with this `expression`, or idle with a glance at the camera. The view `face` needs one; ValueError
    where the design has none.
    """
    spec, face = spec.copy(), face_of(design)
    if view == "face" and face is None:
        raise ValueError(f"the design {design.name} has no face")
    add_scene(spec)
    if face is not None:
        add_face(spec, design, face, draw_face(face, Expression(State.OFF)))
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
    width, height = _size(width, height, 1.0 if view == "face" else 1.1 * across / float(extent[2]))
    camera.distance = max(0.53 * extent[2] / half, 0.55 * across / (half * width / height)) + 0.15 * across
    if face is not None:
        if view == "face":
            # So close, a shadow on a shell would show the facets of its mesh.
            model.light_castshadow[:] = False
            head = data.body(face.link)
            middle = face.place(np.zeros(1), np.zeros(1))[0] - [face.radius, 0.0, 0.0]
            camera.lookat[:] = head.xpos + head.xmat.reshape(3, 3) @ middle
            camera.distance = 2.0 * face.height / half
        if expression is None:
            gaze = gaze_towards(face, model, data, _eye_of(camera))
            # Of somebody behind it, it takes no notice.
            ahead = abs(gaze.azimuth) < np.pi / 2.0
            expression = Expression(gaze=share_gaze(face, gaze, _GLANCE)[0] if ahead else Gaze())
        paint_face(model, draw_face(face, expression))
    # Drawn larger and averaged, where that fits: edges of shells and of shadows come out smooth.
    fine = 2 if 2 * max(width, height) <= _LARGEST else 1
    try:
        renderer = mujoco.Renderer(model, fine * height, fine * width)
    except (mujoco.FatalError, RuntimeError, AttributeError, ImportError) as error:
        # Whatever is missing below MuJoCo, from the library to the graphics device, comes out here.
        raise CannotRender(
            f"cannot draw here ({error}); on Linux install libegl1 (`make render-packages` does), or set MUJOCO_GL"
        ) from error
    with renderer:
        renderer.update_scene(data, camera)
        renderer.scene.flags[mujoco.mjtRndFlag.mjRND_FOG] = True
        drawn = renderer.render().reshape(height, fine, width, fine, 3)
    return np.asarray(drawn.mean(axis=(1, 3)).round(), dtype=np.uint8)


def _size(width: int | None, height: int | None, aspect: float) -> tuple[int, int]:
    """Pixels across and down; where not given, of this aspect (across by up) within limits."""
    aspect = float(np.clip(aspect, 2.0 / 3.0, 4.0 / 3.0))
    if width is None:
        width = round(min(_LONGER * min(1.0, aspect) if height is None else height * aspect, _LARGEST))
    return width, round(min(width / aspect, _LARGEST)) if height is None else height


def _eye_of(camera: mujoco.MjvCamera) -> NDArray[np.float64]:
    """Where a free camera stands (3,) [m]."""
    turn, rise = np.radians(camera.azimuth), np.radians(camera.elevation)
    ahead = np.array([np.cos(rise) * np.cos(turn), np.cos(rise) * np.sin(turn), np.sin(rise)])
    return np.asarray(camera.lookat - camera.distance * ahead)


def save_picture(image: NDArray[np.uint8], path: Path) -> None:
    """Write a picture as PNG; nothing half-written is left."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        imsave(temporary, image, format="png")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
