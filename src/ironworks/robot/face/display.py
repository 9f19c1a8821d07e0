"""One built display with its defects, and what a bench's camera measures of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Face

__all__ = ["DisplayMeasurements", "DisplayState", "draw_display", "measure_display"]

Floats = NDArray[np.float64]

#: Linear light of the sRGB primaries to CIE XYZ (IEC 61966-2-1), white at Y = 1.
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
#: A pixel is dead below this share of the median about it, and belongs to a dead line where most of the line is.
_DEAD, _LINE = 0.5, 0.9
#: Pixels to a side of the field whose median a pixel is compared with.
_FIELD = 40
# What the bench's camera adds; assumed.
_PIXEL_NOISE, _SPOT_NOISE, _CHANNEL_NOISE, _MARK_NOISE = 0.01, 0.004, 0.002, 2e-5


@dataclass(frozen=True)
class DisplayState:
    """How one display differs from its design.

    `dead`: (n, 2) row and column of dead pixels; `dead_rows`, `dead_columns`: whole lines; `brightness`: its share of
    the nominal luminance; `slope`: (2,) by which share it rises from the middle to the right and to the upper edge;
    `channels`: (3,) share of nominal red, green and blue; `shift` (2,) [m]: along s and t to its place in the head;
    `roll` [rad]: anticlockwise, as seen from in front.
    """

    dead: NDArray[np.intp]
    dead_rows: tuple[int, ...] = ()
    dead_columns: tuple[int, ...] = ()
    brightness: float = 1.0
    slope: tuple[float, float] = (0.0, 0.0)
    channels: tuple[float, float, float] = (1.0, 1.0, 1.0)
    shift: tuple[float, float] = (0.0, 0.0)
    roll: float = 0.0

    @staticmethod
    def perfect() -> DisplayState:
        """A display as designed."""
        return DisplayState(np.empty((0, 2), np.intp))

    def shares(self, face: Face) -> Floats:
        """Luminance of each pixel (rows, columns) of a white picture, as a share of the nominal."""
        rise = self.slope[1] * np.linspace(1.0, -1.0, face.rows)[:, None]
        found = self.brightness * (1.0 + self.slope[0] * np.linspace(-1.0, 1.0, face.columns)[None, :] + rise)
        found = found * float(_TO_XYZ[1] @ self.channels)
        found[self.dead[:, 0], self.dead[:, 1]] = 0.0
        found[list(self.dead_rows), :] = 0.0
        found[:, list(self.dead_columns)] = 0.0
        return np.asarray(found)


@dataclass(frozen=True)
class DisplayMeasurements:
    """What the bench finds of one display.

    `dead_pixels`: single ones, those of `dead_lines` not counted; `luminance` [cd/m2] of white, mean of nine spots;
    `nonuniformity`: (most - least) / most of the nine; `colour_error`: distance of its white in CIE 1976 u', v';
    `shift` (2,) [m] and `roll` [rad] of the display in the head.
    """

    dead_pixels: int
    dead_lines: int
    luminance: float
    nonuniformity: float
    colour_error: float
    shift: tuple[float, float]
    roll: float

    @property
    def offset(self) -> float:
        """Distance [m] of the display's middle from its place."""
        return math.hypot(*self.shift)


def draw_display(
    face: Face,
    rng: np.random.Generator,
    *,
    dead_rate: float = 1e-6,
    line_rate: float = 0.0005,
    brightness: float = 0.04,
    slope: float = 0.02,
    channel: float = 0.01,
    shift: float = 1.5e-4,
    roll: float = 0.002,
) -> DisplayState:
    """Draw one built display; every spread is an assumption.

    `dead_rate` of each pixel, `line_rate` of each display; standard deviations of brightness, slope and channels
    (shares), shift [m] and roll [rad].
    """
    count = rng.poisson(dead_rate * face.rows * face.columns)
    dead = np.stack([rng.integers(0, face.rows, count), rng.integers(0, face.columns, count)], axis=1)
    line = rng.random() < line_rate
    at, rise, channels, moved = (
        rng.integers(0, face.columns),
        rng.normal(size=2),
        rng.normal(size=3),
        rng.normal(size=2),
    )
    return DisplayState(
        dead=np.unique(dead, axis=0),
        dead_columns=(int(at),) if line else (),
        brightness=float(max(0.0, 1.0 + brightness * rng.normal())),
        slope=(slope * float(rise[0]), slope * float(rise[1])),
        channels=tuple(np.maximum(0.0, 1.0 + channel * channels).tolist()),
        shift=(shift * float(moved[0]), shift * float(moved[1])),
        roll=roll * float(rng.normal()),
    )


def measure_display(face: Face, state: DisplayState, rng: np.random.Generator) -> DisplayMeasurements:
    """Measure a display as a bench does: a white picture for pixels, spots and colour, four marks for its place.

    Luminance is taken at nine spots, a tenth of the sides away from the edges, each the median of a hundredth of the
    picture. The camera has noise, drawn from `rng`.
    """
    seen = state.shares(face) * (1.0 + _PIXEL_NOISE * rng.standard_normal((face.rows, face.columns)))
    dead = seen < _DEAD * _about(seen)
    rows, columns = np.flatnonzero(dead.mean(axis=1) > _LINE), np.flatnonzero(dead.mean(axis=0) > _LINE)
    single = dead.copy()
    single[rows, :], single[:, columns] = False, False
    spots = _spots(seen) * (1.0 + _SPOT_NOISE * rng.standard_normal(9))
    white = np.array(state.channels) * (1.0 + _CHANNEL_NOISE * rng.standard_normal(3))
    shift, roll = _place(face, state, rng)
    return DisplayMeasurements(
        dead_pixels=int(single.sum()),
        dead_lines=len(rows) + len(columns),
        luminance=face.luminance * float(spots.mean()),
        nonuniformity=float((spots.max() - spots.min()) / spots.max()) if spots.max() > 0.0 else 1.0,
        colour_error=float(np.linalg.norm(_uv(white) - _uv(np.ones(3)))),
        shift=shift,
        roll=roll,
    )


def _about(seen: Floats) -> Floats:
    """The median of the field that each pixel lies in, or of all pixels where that field is dark."""
    rows, columns = seen.shape
    at = np.arange(0, rows, _FIELD), np.arange(0, columns, _FIELD)
    fields = np.array([[np.median(seen[i : i + _FIELD, j : j + _FIELD]) for j in at[1]] for i in at[0]])
    fields = np.maximum(fields, _DEAD * np.median(seen))
    return np.repeat(np.repeat(fields, _FIELD, axis=0), _FIELD, axis=1)[:rows, :columns]


def _spots(seen: Floats) -> Floats:
    rows, columns = seen.shape
    up, across = max(1, rows // 20), max(1, columns // 20)
    return np.array(
        [
            np.median(seen[max(0, i - up) : i + up, max(0, j - across) : j + across])
            for i in (rows // 10, rows // 2, rows - rows // 10)
            for j in (columns // 10, columns // 2, columns - columns // 10)
        ]
    )


def _uv(channels: Floats) -> Floats:
    """CIE 1976 u', v' of linear red, green and blue (CIE 15:2004)."""
    x, y, z = _TO_XYZ @ channels
    total = x + 15.0 * y + 3.0 * z
    return np.array([4.0 * x, 9.0 * y]) / total if total > 0.0 else np.zeros(2)


def _place(face: Face, state: DisplayState, rng: np.random.Generator) -> tuple[tuple[float, float], float]:
    """Shift (2,) [m] and roll [rad]: the rigid motion that fits four marks near the corners best (Kabsch 1976)."""
    marks = 0.4 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [face.width, face.height]
    turn = np.array([[math.cos(state.roll), -math.sin(state.roll)], [math.sin(state.roll), math.cos(state.roll)]])
    found = marks @ turn.T + state.shift + _MARK_NOISE * rng.standard_normal((4, 2))
    centred = found - found.mean(axis=0)
    cross = marks.T @ centred
    roll = math.atan2(cross[0, 1] - cross[1, 0], cross[0, 0] + cross[1, 1])
    middle = found.mean(axis=0)
    return (float(middle[0]), float(middle[1])), roll
