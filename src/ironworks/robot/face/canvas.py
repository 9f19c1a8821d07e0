"""A picture that shapes are drawn on by their signed distances, with edges one pixel soft."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Canvas", "Colour", "Distance", "Floats", "arc", "around", "capsule", "smooth_max"]

Floats = NDArray[np.float32]
Colour = tuple[float, float, float]
#: Signed distance [m] to a shape, negative inside, at places (s, t) [m] of the picture.
Distance = Callable[[Floats, Floats], Floats]


class Canvas:
    """A black picture of `width` x `height` [m] in `columns` x `rows` pixels; s to the right, t up from its middle.

    Drawing touches only the pixels of the box that is named: left, right, bottom, top [m].
    """

    def __init__(self, width: float, height: float, columns: int, rows: int) -> None:
        self.pixels = np.zeros((rows, columns, 3), np.float32)
        self._s = ((np.arange(columns) + 0.5) / columns - 0.5).astype(np.float32) * np.float32(width)
        self._t = (0.5 - (np.arange(rows) + 0.5) / rows).astype(np.float32) * np.float32(height)
        self._pitch = height / rows

    def fill(self, distance: Distance, box: Floats, colour: Colour | Callable[[Floats, Floats], Floats]) -> None:
        """Paint the inside of a shape over what is there; `colour` may be a function of the places."""
        view, s, t = self._part(box)
        cover = np.clip(0.5 - distance(s, t) / self._pitch, 0.0, 1.0)[..., None]
        paint = colour(s, t) if callable(colour) else np.asarray(colour, np.float32)
        view += cover * (paint - view)

    def glow(self, distance: Distance, box: Floats, colour: Colour, reach: float, strength: float) -> None:
        """Add light round a shape, which falls to 1/e within `reach` [m] and is gone at the edge of the box."""
        view, s, t = self._part(box)
        edge = np.minimum(np.minimum(s - box[0], box[1] - s), np.minimum(t - box[2], box[3] - t))
        fade = np.clip(edge / (2.0 * reach), 0.0, 1.0)
        light = strength * np.exp(-np.maximum(distance(s, t), 0.0) / reach) * fade * fade * (3.0 - 2.0 * fade)
        view += light[..., None] * np.asarray(colour, np.float32)

    def image(self) -> NDArray[np.uint8]:
        """The picture (rows, columns, 3), its first row on top."""
        return np.round(255.0 * np.clip(self.pixels, 0.0, 1.0)).astype(np.uint8)

    def _part(self, box: Floats) -> tuple[Floats, Floats, Floats]:
        left, right = np.searchsorted(self._s, box[:2])
        top, bottom = np.searchsorted(-self._t, [-box[3], -box[2]])
        view = self.pixels[top:bottom, left:right]
        return view, self._s[None, left:right], self._t[top:bottom, None]


def around(s: float, t: float, across: float, up: float | None = None) -> Floats:
    """The box of half-sizes `across` and `up` about a place."""
    up = across if up is None else up
    return np.array([s - across, s + across, t - up, t + up], np.float32)


def capsule(s0: float, t0: float, s1: float, t1: float, radius: float) -> Distance:
    """A thick line with round ends."""
    way = np.array([s1 - s0, t1 - t0])
    square = float(way @ way)

    def distance(s: Floats, t: Floats) -> Floats:
        share = np.clip(((s - s0) * way[0] + (t - t0) * way[1]) / square, 0.0, 1.0) if square else 0.0
        return np.asarray(np.hypot(s - s0 - share * way[0], t - t0 - share * way[1]) - radius)

    return distance


def arc(s0: float, t0: float, radius: float, thickness: float, start: float, sweep: float) -> Distance:
    """A thick arc with round ends about a place, from angle `start` over `sweep` [rad], anticlockwise."""
    ends = s0 + radius * np.cos([start, start + sweep]), t0 + radius * np.sin([start, start + sweep])

    def distance(s: Floats, t: Floats) -> Floats:
        ds, dt = s - s0, t - t0
        ring = np.abs(np.hypot(ds, dt) - radius)
        within = (np.arctan2(dt, ds) - start) % (2.0 * np.pi) <= sweep
        caps = np.minimum(*(np.hypot(s - ends[0][i], t - ends[1][i]) for i in (0, 1)))
        return np.asarray(np.where(within, ring, caps) - thickness / 2.0)

    return distance


def smooth_max(one: Floats, other: Floats, soft: float) -> Floats:
    """The larger of two distances, with the corner between them rounded over `soft` [m]."""
    share = np.maximum(soft - np.abs(one - other), 0.0)
    return np.asarray(np.maximum(one, other) + share * share / (4.0 * soft))
