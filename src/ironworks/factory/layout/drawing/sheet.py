"""A sheet of SVG: shapes and words at metres, y upwards, as a plan is read."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

__all__ = ["Sheet"]


class Sheet:
    """Shapes are added in the order in which they lie on one another; `text` gives the file.

    From (x, y) to (right, top) [m] is seen; `scale` [pixels per m].
    """

    def __init__(self, x: float, y: float, right: float, top: float, scale: float, title: str) -> None:
        self._x, self._top, self._scale = x, top, scale
        self._size = (right - x) * scale, (top - y) * scale
        self._title = title
        self._shapes: list[str] = []

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return (x - self._x) * self._scale, (self._top - y) * self._scale

    def box(
        self, x: float, y: float, right: float, top: float, fill: str = "none", stroke: str = "none",
        width: float = 0.05, dash: str = "", opacity: float = 1.0, title: str = "",
    ) -> None:  # fmt: skip
        """A rectangle between two corners [m], its line `width` [m]; `title` shows under the pointer."""
        left, up = self._at(x, top)
        inside = f"><title>{escape(title)}</title></rect>" if title else "/>"
        self._shapes.append(
            f'<rect x="{left:.2f}" y="{up:.2f}" width="{(right - x) * self._scale:.2f}" '
            f'height="{(top - y) * self._scale:.2f}"{self._pen(fill, stroke, width, dash, opacity)}{inside}'
        )

    def line(
        self, points: Sequence[tuple[float, float]], stroke: str = "#000", width: float = 0.05, dash: str = "",
        opacity: float = 1.0, fill: str = "none",
    ) -> None:  # fmt: skip
        """A line through points [m]; closed and filled with `fill`."""
        way = " ".join(f"{x:.2f},{y:.2f}" for x, y in (self._at(*point) for point in points))
        kind = "polyline" if fill == "none" else "polygon"
        self._shapes.append(f'<{kind} points="{way}"{self._pen(fill, stroke, width, dash, opacity)}/>')

    def circle(self, x: float, y: float, radius: float, fill: str, stroke: str, width: float) -> None:
        """A circle about a point [m]."""
        across, down = self._at(x, y)
        self._shapes.append(
            f'<circle cx="{across:.2f}" cy="{down:.2f}" r="{radius * self._scale:.2f}"'
            f"{self._pen(fill, stroke, width, '', 1.0)}/>"
        )

    def words(
        self, x: float, y: float, text: str, size: float, anchor: str = "middle", turned: bool = False,
        colour: str = "#222", bold: bool = False, halo: bool = False,
    ) -> None:  # fmt: skip
        """Words of a height [m] whose middle line is at y; `turned` to read upwards; `halo`: on white."""
        across, down = self._at(x, y)
        turn = f' transform="rotate(-90 {across:.2f} {down:.2f})"' if turned else ""
        weight = ' font-weight="bold"' if bold else ""
        head = (
            f'<text x="{across:.2f}" y="{down + 0.35 * size * self._scale:.2f}" font-size="{size * self._scale:.2f}" '
            f'text-anchor="{anchor}"{weight}{turn}'
        )
        if halo:
            # Drawn on its own: many programs paint a line over its letters.
            self._shapes.append(
                f'{head} fill="#fff" stroke="#fff" stroke-width="{0.3 * size * self._scale:.2f}" opacity="0.85" '
                f'stroke-linejoin="round">{escape(text)}</text>'
            )
        self._shapes.append(f'{head} fill="{colour}">{escape(text)}</text>')

    def _pen(self, fill: str, stroke: str, width: float, dash: str, opacity: float) -> str:
        pen = f' fill="{fill}"'
        if stroke != "none":
            pen += f' stroke="{stroke}" stroke-width="{width * self._scale:.2f}"'
        if dash:
            lengths = " ".join(f"{float(part) * self._scale:.1f}" for part in dash.split())
            pen += f' stroke-dasharray="{lengths}"'
        return pen + (f' opacity="{opacity:g}"' if opacity < 1.0 else "")

    @property
    def text(self) -> str:
        """The whole file."""
        width, height = self._size
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.2f} {height:.2f}" font-family="Helvetica, Arial, sans-serif" role="img" '
            f"aria-label={quoteattr(self._title)}><title>{escape(self._title)}</title>"
            f'<rect width="100%" height="100%" fill="#fff"/>' + "\n".join(self._shapes) + "</svg>\n"
        )
