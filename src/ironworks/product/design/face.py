"""The curved display in a robot's visor: where it lies on the surface, and where lines of sight cross it."""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.optimize import brentq

from ironworks.faults import FaultLog, closest
from ironworks.product.design.tree import Design, Shape
from ironworks.reading.folder import parse_settings
from ironworks.tables import read_text

__all__ = ["Face", "face_of"]

Floats = NDArray[np.float64]
_FILE = "design.toml"
_STEPS = 400
#: A display ends where the visor turns to the side: beyond this share of its half-width.
_FRONT = 0.97


@dataclass(frozen=True)
class Face:
    """A display on the front of a loft along z, in the frame of its link (x forwards, y left, z up).

    Places on it are (s, t) [m]: s along the level section from the middle, to the robot's left; t along the middle
    line, upwards from height `at`. `width`, `height` [m] are measured so, along the surface; `columns` x `rows` pixels;
    `luminance` [cd/m2] of white. The eyes are balls `eye_depth` behind the surface, `eye_spacing` apart, `eye_above`
    the middle; each shows an iris of `eye_radius` where its line of sight crosses the display (all [m]).
    """

    link: str
    shape: Shape
    at: float
    width: float
    height: float
    columns: int
    rows: int
    luminance: float
    eye_spacing: float
    eye_above: float
    eye_radius: float
    eye_depth: float

    def place(self, s: Floats, t: Floats) -> Floats:
        """Points (..., 3) [m] of the surface at arc lengths s, t (...) [m]; none lies beyond the visor's front."""
        s, t = np.broadcast_arrays(np.asarray(s, float), np.asarray(t, float))
        z = np.interp(t.ravel(), self._meridian[1], self._meridian[0])
        found = np.empty((z.size, 3))
        for level in np.unique(z):
            here = z == level
            y, arc = self._level(float(level))
            across = np.interp(s.ravel()[here], arc, y)
            found[here] = np.stack([self._depth(across, level), across, np.full(across.size, level)], axis=1)
        return found.reshape(*s.shape, 3)

    def meet(self, origin: Floats, direction: Floats) -> tuple[float, float]:
        """Arc lengths (s, t) [m] at which a line from inside the visor crosses its surface forwards.

        Raises ValueError for a line that never does so on the visor's front.
        """
        origin, way = np.asarray(origin, float), np.asarray(direction, float) / np.linalg.norm(direction)

        def outside(length: float) -> float:
            x, y, z = origin + length * way
            a, b, u, v = self._section(z)
            return float(abs((x - u) / a) ** self.shape.power + abs((y - v) / b) ** self.shape.power - 1.0)

        if way[0] <= 0.0 or outside(0.0) >= 0.0:
            raise ValueError("the line does not leave the visor forwards")
        x, y, z = origin + brentq(outside, 0.0, 1.0, xtol=1e-12) * way
        low, high = self._meridian[0][[0, -1]]
        levels, arc = self._level(z)
        if not (low <= z <= high and levels[0] <= y <= levels[-1]) or x <= self._section(z)[2]:
            raise ValueError("the line leaves the visor beside its front")
        return float(np.interp(y, levels, arc)), float(np.interp(z, *self._meridian))

    @cached_property
    def eyes(self) -> Floats:
        """Centres (2, 3) [m] of the left and the right eye."""
        z = float(np.interp(self.eye_above, self._meridian[1], self._meridian[0]))
        y = np.array([0.5, -0.5]) * self.eye_spacing
        return np.stack([self._depth(y, z) - self.eye_depth, y, np.full(2, z)], axis=1)

    @cached_property
    def limits(self) -> tuple[float, float, float]:
        """How far the eyes turn alone with both irises whole on the display: to a side, upwards, downwards [rad].

        For a target far away, one axis at a time; found by bisection on the curved surface.
        """
        side, up, down = (self._limit(np.array(way)) for way in ((1.0, 0.0), (0.0, 1.0), (0.0, -1.0)))
        return side, up, down

    def _limit(self, way: Floats) -> float:
        room = np.array([self.width, self.height]) / 2.0 - self.eye_radius
        low, high = 0.0, math.radians(80.0)
        for _ in range(24):
            angle = (low + high) / 2.0
            across, up = np.sin(angle * way)
            try:
                places = np.array([self.meet(eye, np.array([math.cos(angle), across, up])) for eye in self.eyes])
                shown = bool((np.abs(places) <= room).all())
            except ValueError:
                shown = False
            low, high = (angle, high) if shown else (low, angle)
        return low

    @property
    def wrap(self) -> float:
        """Angle [rad] by which the surface turns from the display's left edge to its right, at its middle."""
        s = 0.5 * self.width * np.array([-1.0, -0.98, 0.98, 1.0])
        way = np.diff(self.place(s, np.zeros(4)), axis=0)[[0, 2]]
        right, left = np.arctan2(way[:, 0], way[:, 1])
        # These two chords lie at 0.99 of the half-width.
        return float(right - left) / 0.99

    @property
    def radius(self) -> float:
        """Mean radius [m] of its curvature across: width by the angle that it wraps."""
        return self.width / self.wrap

    def stretch(self, n: int = 41) -> tuple[float, float, float]:
        """Largest (across, along, shear) of the picture on the surface, from n x n cells.

        The first two are relative: lengths on the surface beside those in the picture; shear is the cosine of the
        angle between what is level and what is upright in the picture.
        """
        s, t = np.linspace(-0.5, 0.5, n) * self.width, np.linspace(-0.5, 0.5, n) * self.height
        points = self.place(s[None, :], t[:, None])
        level, upright = np.diff(points, axis=1)[:-1] / np.diff(s)[0], np.diff(points, axis=0)[:, :-1] / np.diff(t)[0]
        across, along = np.linalg.norm(level, axis=-1), np.linalg.norm(upright, axis=-1)
        shear = (level * upright).sum(axis=-1) / (across * along)
        return float(np.abs(across - 1.0).max()), float(np.abs(along - 1.0).max()), float(np.abs(shear).max())

    @cached_property
    def _loft(self) -> PchipInterpolator:
        assert self.shape.sections is not None
        x, y, z = self.shape.centre
        return PchipInterpolator(self.shape.sections[:, 0] + z, self.shape.sections[:, 1:] + [0.0, 0.0, x, y])

    def _section(self, z: float) -> Floats:
        return np.asarray(self._loft(np.clip(z, self._loft.x[0], self._loft.x[-1])))

    def _depth(self, y: Floats, z: float) -> Floats:
        a, b, u, v = self._section(z)
        inside: Floats = np.maximum(1.0 - np.abs((y - v) / b) ** self.shape.power, 0.0)
        return np.asarray(u + a * inside ** (1.0 / self.shape.power))

    def _level(self, z: float) -> tuple[Floats, Floats]:
        """(y, arc length from the middle) of the front's level section."""
        _, b, _, v = self._section(z)
        y = v + _FRONT * b * np.linspace(-1.0, 1.0, 2 * _STEPS + 1)
        arc = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(y), np.diff(self._depth(y, z))))])
        return y, arc - arc[_STEPS]

    @cached_property
    def _meridian(self) -> tuple[Floats, Floats]:
        """(z, arc length from `at`) of the middle line."""
        z = np.linspace(self._loft.x[0], self._loft.x[-1], _STEPS + 1)
        a, _, u, _ = self._loft(z).T
        arc = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(z), np.diff(u + a)))])
        return z, arc - np.interp(self.at, z, arc)

    def _misfit(self) -> str:
        """Why it does not lie on the visor's front, or an empty text."""
        z, arc = self._meridian
        if not z[0] < self.at < z[-1]:
            return f"`at` is not within the visor, {z[0]:g} to {z[-1]:g} m"
        if self.height / 2.0 > min(-arc[0], arc[-1]):
            return f"`height` is more than the visor has there, {2.0 * min(-arc[0], arc[-1]):.4f} m"
        levels = np.interp(np.linspace(-0.5, 0.5, 9) * self.height, arc, z)
        room = 2.0 * min(self._level(float(level))[1][-1] for level in levels)
        if self.width > room:
            return f"`width` is more than the visor's front has there, {room:.4f} m"
        half = np.array([self.eye_spacing / 2.0, abs(self.eye_above)]) + self.eye_radius
        if half[0] > self.width / 2.0 or half[1] > self.height / 2.0:
            return "the eyes do not lie on the display"
        return ""


_NUMBERS = [f.name for f in dataclasses.fields(Face) if f.name not in ("link", "shape")]
_WHOLE = ("columns", "rows")
_ANY_SIGN = ("at", "eye_above")
#: Beyond it, pixels are a slip of the pen.
_MOST = 8192


def face_of(design: Design) -> Face | None:
    """The display that section [face] of a design's design.toml describes; None where there is none.

    Raises ScenarioFaults with every fault at once.
    """
    log = FaultLog()
    text = read_text(design.folder / _FILE, log) or ""
    section = (parse_settings(text, log, _FILE) or {}).get("face")
    log.stop_on_faults()
    if section is None:
        return None

    def fault(key: str, problem: str, choices: tuple[str, ...] = (), mend: str = "correct it") -> None:
        start = re.search(r"^\[face\]", text, re.MULTILINE)
        at = re.compile(rf"^\s*{re.escape(key)}\s*=", re.MULTILINE).search(text, start.end() if start else 0)
        line = text.count("\n", 0, (at or start).start()) + 1 if at or start else 1  # type: ignore[union-attr]
        log.add(_FILE, line, f"face.{key}".rstrip("."), problem, choices=choices, mend=mend)

    if not isinstance(section, dict):
        fault("", "is no section", (), "write [face]")
        log.stop_on_faults()
    known = ("shape", *_NUMBERS)
    for key in sorted(section.keys() - set(known)):
        fault(key, "is no key of [face]", known, closest(key, known) or "leave it out")
    for key in (key for key in known if key not in section):
        fault(key, "is missing", (), "add it")
    for key in (key for key in _NUMBERS if key in section):
        value = section[key]
        kind = int if key in _WHOLE else int | float
        if isinstance(value, bool) or not isinstance(value, kind) or not abs(value) < _MOST:
            fault(key, f"`{value}` is no number for it", (), "write a whole number" if key in _WHOLE else "in metres")
        elif key not in _ANY_SIGN and value <= 0:
            fault(key, f"{value} is not above 0")
    lofts = {
        shape.name: (link.name, shape)
        for link in design.links
        for shape in link.shapes
        if shape.sections is not None and shape.along == "z"
    }
    name = section.get("shape")
    if name is not None and name not in lofts:
        fault("shape", f"`{name}` is no loft along z", tuple(lofts), closest(str(name), lofts) or "name one")
    log.stop_on_faults()
    link, shape = lofts[name]
    face = Face(link, shape, **{key: section[key] for key in _NUMBERS})
    if misfit := face._misfit():
        fault("", misfit, (), "change it, or the visor in shapes.csv")
        log.stop_on_faults()
    return face
