"""Draws a face as the picture that its display shows."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Face
from ironworks.robot.face.canvas import Canvas, Colour, Distance, Floats, arc, around, capsule, smooth_max
from ironworks.robot.face.expression import LOOKS, Expression, Gaze, Look, State

__all__ = ["draw_face", "pupils"]

#: Shares of the iris' radius.
_PUPIL, _RIM, _HIGHLIGHT = 0.44, 0.10, 0.15
_WHITE = (1.0, 1.0, 1.0)


def pupils(face: Face, gaze: Gaze) -> NDArray[np.float64]:
    """Where on the display the pupils stand: (2, 2) arc lengths s, t [m] of the left and the right eye.

    Each is where the line from the middle of the eye to what is looked at crosses the curved surface, so that somebody
    there sees the robot look at them. Raises ValueError where that is not on the visor's front.
    """
    middle = face.eyes.mean(axis=0)
    if math.isinf(gaze.distance):
        return np.array([face.meet(eye, gaze.direction) for eye in face.eyes])
    target = middle + gaze.distance * gaze.direction
    return np.array([face.meet(eye, target - eye) for eye in face.eyes])


def draw_face(face: Face, expression: Expression, rows: int | None = None) -> NDArray[np.uint8]:
    """The picture (rows, columns, 3), as somebody in front of the robot sees it; fewer `rows` draw faster."""
    rows = face.rows if rows is None else rows
    canvas = Canvas(face.width, face.height, round(face.columns * rows / face.rows), rows)
    if expression.state is State.OFF:
        return canvas.image()
    look = LOOKS[expression.state]
    at = pupils(face, expression.gaze)
    ahead = pupils(face, Gaze())
    for side, pupil, home in zip((1.0, -1.0), at, ahead, strict=True):
        _eye(canvas, face.eye_radius, look, expression.open, side, pupil, home)
    _SIGNS[look.sign](canvas, face, look.colour, expression)
    return canvas.image()


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    a, b, c = (x + share * (y - x) for x, y in zip(one, other, strict=True))
    return a, b, c


def _eye(
    canvas: Canvas,
    r: float,
    look: Look,
    opened: float,
    side: float,
    pupil: NDArray[np.float64],
    home: NDArray[np.float64],
) -> None:
    ps, pt = (float(x) for x in pupil)
    ht = float(home[1])
    box = around(ps, pt, 2.4 * r)
    # Lids follow the gaze in part, as a person's do, and meet a little below the middle.
    level = ht + 0.6 * (pt - ht)
    meeting = level - 0.25 * r
    upper = meeting + opened * (level + look.upper * r - meeting)
    lower = meeting + opened * (level - look.lower * r - meeting)
    thin = 0.05 * r
    soft = min(0.18 * r, 0.4 * (upper - lower + 2.0 * thin))
    flat = 1.0 - opened

    def shape(s: Floats, t: Floats) -> Floats:
        towards_nose = -side * (s - ps)
        bow = ((s - ps) / r) ** 2 * 0.12 * r
        # Shut, both lids follow one gentle curve.
        above = t - (upper + thin - opened * look.slant * towards_nose - opened * bow + flat * bow)
        below = (lower - thin + opened * bow * 0.6 + flat * bow) - t
        ball = np.hypot(s - ps, t - pt) - r
        return smooth_max(smooth_max(ball, above, soft), below, soft)

    deep, bright = _mix(look.colour, (0.0, 0.02, 0.10), 0.72), _mix(look.colour, _WHITE, 0.22)

    def iris(s: Floats, t: Floats) -> Floats:
        out = np.hypot(s - ps, t - pt) / r
        share = np.clip((out - 0.34) / 0.62, 0.0, 1.0)[..., None] ** 1.3
        # Light falls in from above: the lower half of an iris is the brighter one.
        lit = (1.0 - 0.22 * np.clip((t - pt) / r, -1.0, 1.0))[..., None]
        fill = (np.asarray(deep) + share * (np.asarray(bright) - np.asarray(deep))) * lit
        edge = np.maximum(np.clip((out - (1.0 - _RIM)) / 0.03, 0.0, 1.0), flat**4)[..., None]
        return np.asarray(fill + edge * (np.asarray(_mix(look.colour, _WHITE, 0.62)) - fill), np.float32)

    canvas.glow(shape, box, look.colour, 0.30 * r, 0.34)
    near = around(ps, pt, 1.1 * r)
    canvas.fill(shape, near, iris)

    def inside(distance: Distance) -> Distance:
        return lambda s, t: np.maximum(distance(s, t), shape(s, t) + 0.02 * r)

    dark = _mix(look.colour, (0.0, 0.0, 0.0), 0.965)
    if opened > 0.12:
        canvas.fill(inside(capsule(ps, pt, ps, pt, _PUPIL * r)), around(ps, pt, 0.5 * r), dark)
        for ds, dt, size, white in ((-0.30, 0.30, _HIGHLIGHT, 1.0), (0.24, -0.26, 0.06, 0.55)):
            spot = capsule(ps + ds * r, pt + dt * r, ps + ds * r, pt + dt * r, size * r)
            canvas.fill(inside(spot), around(ps + ds * r, pt + dt * r, 0.2 * r), _mix(look.colour, _WHITE, white))


def _lit(canvas: Canvas, distance: Distance, box: Floats, colour: Colour, strength: float = 1.0) -> None:
    canvas.glow(distance, box, colour, 0.0014, 0.30 * strength)
    canvas.fill(distance, box, _mix((0.0, 0.0, 0.0), _mix(colour, _WHITE, 0.35), strength))


def _below(face: Face) -> float:
    """The height [m] of signs below the eyes."""
    return -0.29 * face.height


def _line(canvas: Canvas, face: Face, colour: Colour, now: Expression) -> None:
    t, half = _below(face), 0.055 * face.width
    _lit(canvas, capsule(-half, t, half, t, 0.0006), around(0.0, t, half + 0.005, 0.005), colour, 0.45)


def _wave(canvas: Canvas, face: Face, colour: Colour, now: Expression) -> None:
    """Bars whose heights are the level, shaped as a voice is: most in the middle, never two alike."""
    t, n, gap = _below(face), 13, 0.0036
    for i in range(n):
        place = (i - (n - 1) / 2) / ((n - 1) / 2)
        dance = 0.62 + 0.38 * math.sin(2.0 * math.pi * (1.9 * now.time + 0.37 * i * i / n) + 1.7 * i)
        height = 0.0006 + 0.075 * face.height * now.level * dance * (1.0 - 0.85 * place * place)
        s = i * gap - (n - 1) / 2 * gap
        bar = capsule(s, t - height, s, t + height, 0.00085)
        _lit(canvas, bar, around(s, t, 0.005, height + 0.005), colour, 1.0 - 0.45 * abs(place))


def _ripple(canvas: Canvas, face: Face, colour: Colour, now: Expression) -> None:
    """A point that hears: arcs beside it, more of them the louder it is."""
    t = _below(face)
    _lit(canvas, capsule(0.0, t, 0.0, t, 0.0013), around(0.0, t, 0.007), colour)
    for i in range(4):
        strength = float(np.clip(0.25 + 4.0 * now.level - i, 0.16, 1.0)) * (1.0 - 0.12 * i)
        radius = 0.0042 + 0.0034 * i
        for start in (-0.6, math.pi - 0.6):
            _lit(canvas, arc(0.0, t, radius, 0.0011, start, 1.2), around(0.0, t, radius + 0.005), colour, strength)


def _dots(canvas: Canvas, face: Face, colour: Colour, now: Expression) -> None:
    t = _below(face)
    for i in range(3):
        wave = 0.5 + 0.5 * math.cos(2.0 * math.pi * (0.8 * now.time - i / 3.0))
        s, up = (i - 1) * 0.0068, t + 0.0012 * wave
        _lit(canvas, capsule(s, up, s, up, 0.0013 + 0.0004 * wave), around(s, up, 0.008), colour, 0.35 + 0.65 * wave)


def _bar(canvas: Canvas, face: Face, colour: Colour, now: Expression) -> None:
    """How much of a task is done."""
    t, half = _below(face), 0.18 * face.width
    box = around(0.0, t, half + 0.005, 0.006)
    canvas.fill(capsule(-half, t, half, t, 0.0011), box, _mix((0.0, 0.0, 0.0), colour, 0.22))
    if now.level > 0.0:
        _lit(canvas, capsule(-half, t, half * (2.0 * now.level - 1.0), t, 0.0011), box, colour)


def _battery(canvas: Canvas, face: Face, colour: Colour, now: Expression) -> None:
    t, half, up = _below(face), 0.0095, 0.0048

    def rounded(a: float, b: float, corner: float) -> Distance:
        def distance(s: Floats, h: Floats) -> Floats:
            ds, dt = np.abs(s) - a + corner, np.abs(h - t) - b + corner
            outside = np.hypot(np.maximum(ds, 0.0), np.maximum(dt, 0.0))
            return np.asarray(outside + np.minimum(np.maximum(ds, dt), 0.0) - corner)

        return distance

    box = around(0.0, t, half + 0.008, up + 0.006)
    case, filled = rounded(half, up, 0.0019), rounded(half - 0.0016, up - 0.0016, 0.0007)
    _lit(canvas, lambda s, h: np.asarray(np.abs(case(s, h)) - 0.0004, np.float32), box, colour)
    canvas.fill(capsule(half + 0.0014, t - 0.0013, half + 0.0014, t + 0.0013, 0.0005), box, colour)
    end = (half - 0.0016) * (2.0 * max(now.charge, 0.04) - 1.0)
    canvas.fill(lambda s, h: np.maximum(filled(s, h), s - end), box, _mix(colour, _WHITE, 0.25))


def _triangle(canvas: Canvas, face: Face, colour: Colour, now: Expression) -> None:
    t, size = _below(face) - 0.0006, 0.0058

    def outline(s: Floats, h: Floats) -> Floats:
        sides = np.maximum(math.cos(math.pi / 6) * np.abs(s) + 0.5 * (h - t), -(h - t))
        return np.asarray(np.abs(sides - 0.62 * size) - 0.00055)

    # Light falls round the corners, which the three sides alone would drag out into horns.
    box = around(0.0, t + 0.0005, 0.02)
    canvas.glow(lambda s, h: np.hypot(s, h - t) - 0.75 * size, box, colour, 0.0022, 0.22)
    canvas.fill(outline, box, _mix(colour, _WHITE, 0.35))
    _lit(canvas, capsule(0.0, t + 0.0002, 0.0, t + 0.0030, 0.00055), box, colour)
    _lit(canvas, capsule(0.0, t - 0.0019, 0.0, t - 0.0019, 0.00062), box, colour)


_SIGNS = {
    "line": _line, "wave": _wave, "ripple": _ripple, "dots": _dots, "bar": _bar, "battery": _battery,
    "triangle": _triangle,
}  # fmt: skip
