"""A film of one unit on its legs, its procedure and the verdicts beside it: one file that every browser opens."""

from __future__ import annotations

import io
import math
from pathlib import Path

import mujoco
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ironworks.robot.acceptance.bench import Trial
from ironworks.robot.control import SimulatedRobot
from ironworks.robot.render import CannotRender
from ironworks.verdicts import FAIL

__all__ = ["EVERY", "SUFFIXES", "Film"]

SUFFIXES = (".webp", ".gif")
"""What a film's file may end in: WebP in full colours, GIF for programs that know nothing newer."""

EVERY = 0.2
"""Seconds of the robot between two pictures."""
#: How much faster than real they are shown; seconds a verdict stays.
_FASTER, _STAYS = 4.0, 1.6
#: Where the camera stands about the robot: degrees, metres. Risers are seen from behind and above.
_FRONT, _BEHIND, _DISTANCE = (140.0, -10.0), (60.0, -18.0), 3.6
#: What is fixed to the world, so wide and so high, is a way that rises [m].
_WIDE, _HIGH = 2.0, 0.1
#: What fog and shadows are measured in [m], whatever stands in a scene: of a whole building a shadow is full of dots.
_EXTENT = 1.95
#: Seconds in which the camera follows a climb or a fall.
_CLIMBS = 0.4
#: Lines on the floor are a metre apart, so far about the robot [m], just above the floor, and so bright.
_LINED, _ABOVE, _LINE = 7, 0.001, (0.62, 0.65, 0.68, 1.0)
#: Pixels of the lamp's shadow, and samples of each one shown: small pictures need no more.
_SHADOW, _SAMPLES = 4096, 4
#: Width of the panel beside each picture [pixels].
_PANEL = 210
_INK, _MUTED, _GOOD, _BAD, _PAPER = (28, 36, 48), (93, 103, 115), (12, 122, 95), (194, 59, 34), (250, 250, 251)
_VERDICTS = ("pass", "marginal", "fail")


class Film:
    """A Watcher that takes pictures; `judged` adds a verdict, `write` makes the file.

    `title` stands beside every picture, `width` and `height` in pixels, on a panel with what was judged so far.
    `every`: seconds of the robot between two pictures. Raises CannotRender where this machine cannot draw.
    """

    def __init__(self, title: str, width: int = 440, height: int = 360, every: float = EVERY) -> None:
        self._title, self._width, self._height, self._every = title, width, height, every
        self._frames: list[Image.Image] = []
        self._stays: list[float] = []
        self._judged: list[int] = []
        self._robot: SimulatedRobot | None = None
        self._begun, self._next = 0.0, 0.0
        self._from, self._seen, self._view = np.zeros(3), 0.0, _FRONT
        self._renderer: mujoco.Renderer | None = None
        self._done: list[tuple[str, int, str]] = []
        self._large, self._small, self._tiny = (ImageFont.load_default(size) for size in (16, 12, 10))

    def __len__(self) -> int:
        return len(self._frames)

    def __call__(self, robot: SimulatedRobot, procedure: str, leg: str, fallen: bool) -> None:
        """Take a picture if it is time for one; a fall is always seen."""
        if robot is not self._robot:
            self._follow(robot)
        if robot.time >= self._next or fallen:
            self._next = robot.time + self._every - 1e-6
            self._take(robot, procedure, leg, "has fallen" if fallen else "")

    def _follow(self, robot: SimulatedRobot) -> None:
        self.close()
        visual = robot.model.vis
        robot.model.stat.extent = _EXTENT
        visual.quality.shadowsize, visual.quality.offsamples = _SHADOW, _SAMPLES
        visual.global_.offwidth, visual.global_.offheight = self._width, self._height
        try:
            self._renderer = mujoco.Renderer(robot.model, self._height, self._width)
        except (mujoco.FatalError, RuntimeError, AttributeError, ImportError) as error:
            raise CannotRender(
                f"cannot draw here ({error}); on Linux install libegl1 (`make render-packages` does), or set MUJOCO_GL"
            ) from error
        flags = self._renderer.scene.flags
        flags[mujoco.mjtRndFlag.mjRND_FOG] = True
        # Mirrored in the floor, everything is drawn twice.
        flags[mujoco.mjtRndFlag.mjRND_REFLECTION] = False
        self._robot, self._begun, self._next = robot, robot.time, -1.0
        self._view = _BEHIND if _rises(robot.model) else _FRONT
        self._from = robot.data.qpos[:3].copy()
        self._seen = float(self._from[2])

    def _take(self, robot: SimulatedRobot, procedure: str, leg: str, said: str) -> None:
        picture = Image.new("RGB", (self._width + _PANEL, self._height), _PAPER)
        picture.paste(Image.fromarray(self._shot(robot)), (0, 0))
        draw = ImageDraw.Draw(picture)
        left = self._width + 12
        draw.text((left, 10), self._fitted(draw, self._title), _MUTED, self._small)
        draw.text((left, 28), procedure.replace("_", " "), _INK, self._large)
        said, colour = (said, _BAD) if said else (f"{robot.time - self._begun:.1f} s", _MUTED)
        what = said if leg == procedure else f"{leg.replace('_', ' ')}, {said}"
        draw.text((left, 48), what, colour, self._small)
        self._list(draw)
        self._add(picture, self._every / _FASTER)

    def _fitted(self, draw: ImageDraw.ImageDraw, text: str) -> str:
        """A line that stays on the panel, its end left out where it is too long."""
        kept = text
        while kept and draw.textlength(kept if kept == text else f"{kept} ...", self._small) > _PANEL - 20:
            kept = kept[:-1].rstrip(" ,;:")
        return kept if kept == text else f"{kept} ..."

    def _shot(self, robot: SimulatedRobot) -> NDArray[np.uint8]:
        """What the camera sees: it goes with the robot, up stairs too, and so do the lamps."""
        assert self._renderer is not None
        place = robot.data.qpos[:3]
        self._seen += (float(place[2]) - self._seen) * -math.expm1(-self._every / _CLIMBS)
        camera = mujoco.MjvCamera()
        camera.azimuth, camera.elevation = self._view
        camera.distance = _DISTANCE
        camera.lookat[:] = [*place[:2], self._seen]
        self._renderer.update_scene(robot.data, camera)
        scene = self._renderer.scene
        _lined(scene, place)
        went = [*(place - self._from)[:2], self._seen - self._from[2]]
        for lamp in scene.lights[: scene.nlight]:
            if not lamp.headlight:
                lamp.pos[:] += went
        return np.asarray(self._renderer.render(), dtype=np.uint8)

    def _list(self, draw: ImageDraw.ImageDraw) -> None:
        """The verdicts so far, a cause below its own."""
        left, row = self._width + 12, 78
        draw.rectangle((self._width, row, self._width + _PANEL, self._height), fill=_PAPER)
        for name, verdict, cause in self._done:
            colour = _BAD if verdict == FAIL else _GOOD
            draw.text((left, row), name.replace("_", " "), _INK, self._small)
            word = _VERDICTS[verdict]
            draw.text((left + _PANEL - 24 - draw.textlength(word, self._small), row), word, colour, self._small)
            if cause:
                draw.text((left + 8, row + 14), cause, colour, self._tiny)
            row += 30 if cause else 17

    def _add(self, image: Image.Image, seconds: float) -> None:
        self._frames.append(image)
        self._stays.append(seconds)

    def judged(self, trial: Trial) -> None:
        """The verdict on the course that was just filmed: large on its last picture, small beside all later ones."""
        if not self._frames:
            raise ValueError("nothing was filmed of what is judged")
        self._done.append((trial.procedure, trial.verdict, trial.cause))
        image = self._frames[-1].copy()
        draw = ImageDraw.Draw(image)
        self._list(draw)
        word = _VERDICTS[trial.verdict].upper()
        font = ImageFont.load_default(44)
        across = draw.textlength(word, font)
        place = (self._width - across - 14, self._height - 62)
        draw.rectangle((place[0] - 8, place[1], self._width - 6, place[1] + 54), fill=(255, 255, 255))
        draw.text(place, word, _BAD if trial.verdict == FAIL else _GOOD, font)
        self._judged.append(len(self._frames))
        self._add(image, _STAYS)

    def sheet(self, columns: int = 3) -> bytes:
        """The pictures with a verdict, so many side by side, as PNG. Raises ValueError where nothing was judged."""
        if not self._judged:
            raise ValueError("nothing was judged")
        rows, width = -(-len(self._judged) // columns), self._width + _PANEL
        sheet = Image.new("RGB", (min(columns, len(self._judged)) * width, rows * self._height), (255, 255, 255))
        for i, number in enumerate(self._judged):
            sheet.paste(self._frames[number], (i % columns * width, i // columns * self._height))
        buffer = io.BytesIO()
        # Few colours are enough, and a fifth of the bytes.
        sheet.quantize(192).save(buffer, "png", optimize=True)
        return buffer.getvalue()

    def frame(self, number: int) -> NDArray[np.uint8]:
        """One picture (height, width, 3), its panel on the right."""
        return np.asarray(self._frames[number], dtype=np.uint8)

    def close(self) -> None:
        """Give the renderer back."""
        if self._renderer is not None:
            self._renderer.close()
        self._renderer, self._robot = None, None

    def write(self, path: Path, kind: str) -> None:
        """Write all pictures to `path` as a `kind` of `SUFFIXES`, whatever the path ends in. Raises OSError."""
        if kind not in SUFFIXES:
            raise ValueError(f"a film ends in {' or '.join(SUFFIXES)}, not {kind}")
        if not self._frames:
            raise ValueError("nothing was filmed")
        first, *others = self._frames
        more = {"quality": 70, "method": 3} if kind == ".webp" else {"optimize": False}
        with path.open("wb") as file:
            first.save(
                file, kind[1:], save_all=True, append_images=others, loop=0,
                duration=[round(1e3 * seconds) for seconds in self._stays], **more,
            )  # fmt: skip


def _rises(model: mujoco.MjModel) -> bool:
    """Whether blocks of a way that rises stand on the floor."""
    blocks = (model.geom_bodyid == 0) & (model.geom_type == mujoco.mjtGeom.mjGEOM_BOX)
    tops = model.geom_pos[:, 2] + model.geom_size[:, 2]
    return bool((blocks & (2.0 * model.geom_size[:, 1] > _WIDE) & (tops > _HIGH)).any())


def _lined(scene: mujoco.MjvScene, place: NDArray[np.float64]) -> None:
    """Draw lines of the world on the floor, so that a walk is seen to go somewhere."""
    here = np.round(place[:2])
    for across in (0, 1):
        for step in range(-_LINED, _LINED + 1):
            if scene.ngeom >= scene.maxgeom:
                return
            ends = np.zeros((2, 3))
            ends[:, across], ends[:, 1 - across] = here[across] + step, here[1 - across] + np.array([-_LINED, _LINED])
            ends[:, 2] = _ABOVE
            line = scene.geoms[scene.ngeom]
            mujoco.mjv_initGeom(
                line, mujoco.mjtGeom.mjGEOM_LINE, np.zeros(3), np.zeros(3), np.eye(3).ravel(), np.array(_LINE)
            )
            mujoco.mjv_connector(line, mujoco.mjtGeom.mjGEOM_LINE, 1.5, ends[0], ends[1])
            scene.ngeom += 1
