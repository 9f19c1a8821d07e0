"""What sections are made of: text, charts, pictures, tables, legends. The template draws each kind."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup
from matplotlib.figure import Figure

from ironworks.report.drawing import inline_svg
from ironworks.report.plots.theme import STACKING, STATE_COLOURS, STATE_LABELS, Dates, Floats
from ironworks.report.readout import readout


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `tone` is `plain`, `note` (how to read) or `warning`."""

    text: str
    tone: str = "plain"
    shape: str = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a section."""

    text: str
    shape: str = "heading"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with its caption, which says what the bands are. `legend`: (colour, words)."""

    svg: Markup
    title: str
    caption: str
    legend: Sequence[tuple[str, str]] = ()
    readout: dict[str, object] | None = None
    shape: str = "chart"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words under `columns`; columns named in `numbers` are set flush right."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[int] = ()
    note: str = ""
    folded: bool = False
    shape: str = "table"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands in the page itself; `source` is its data address."""

    source: str
    title: str
    caption: str
    shape: str = "picture"

    @classmethod
    def of(cls, png: bytes, title: str, caption: str) -> Picture:
        """A picture from the bytes of a PNG file."""
        return cls(f"data:image/png;base64,{base64.b64encode(png).decode()}", title, caption)


@dataclass(frozen=True, slots=True)
class Partial:
    """A part of the page with a template file of its own, filled with `data`."""

    template: str
    data: dict[str, object]
    shape: str = "partial"


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks behind a line that opens them."""

    title: str
    blocks: Sequence[Block]
    shape: str = "folded"


Block = Text | Heading | Chart | Picture | Table | Partial | Folded


@dataclass(frozen=True, slots=True)
class Section:
    """One section: `id` is its anchor, `title` stands in the navigation, `question` is what it answers."""

    id: str
    title: str
    question: str
    blocks: Sequence[Block] = field(default_factory=tuple)


def chart(
    figure: Figure,
    name: str,
    title: str,
    caption: str,
    legend: Sequence[tuple[str, str]] = (),
    shown: tuple[Dates, Mapping[str, Floats]] | None = None,
) -> Chart:
    """A chart from a figure; `name` must be its own on the page. `shown`: dates (B,) and series (N, B) to read out."""
    svg = inline_svg(figure, name, title)
    return Chart(svg, title, caption, legend, readout(figure.axes[0], *shown) if shown else None)


def state_legend(on_shift_alone: bool = False) -> list[tuple[str, str]]:
    """Colours and words of the states of a place, as they are stacked."""
    states = STACKING[:8] if on_shift_alone else STACKING
    return [(STATE_COLOURS[state], STATE_LABELS[state]) for state in states]
