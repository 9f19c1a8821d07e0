"""A matplotlib figure as lean inline SVG whose ids are its own on the page."""

from __future__ import annotations

import io
import re

import matplotlib as mpl
from markupsafe import Markup, escape
from matplotlib.figure import Figure

from ironworks.report.plots.theme import RC

SIDE = 5.0
"""Room at each side of a drawing, in its own units: the page's type may be wider than the one measured here."""

_ID = re.compile(r'\bid="([^"]+)"')
_REFERENCE = re.compile(r"(url\(#|href=\"#)")
_LONG = re.compile(r"(-?\d+\.\d{2})\d+")


def inline_svg(figure: Figure, name: str, title: str) -> Markup:
    """The figure as an `<svg>` element that scales with its box; `name` prefixes all ids, `title` is read aloud."""
    buffer = io.StringIO()
    with mpl.rc_context(RC):
        # Saving would draw everything once more only to lay it out.
        engine = figure.get_layout_engine()
        if engine is not None:
            engine.execute(figure)
            figure.set_layout_engine("none")
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r' xmlns(:xlink)?="[^"]*"', "", text).replace("xlink:href", "href")
    opening, body = text.split(">", 1)
    box = re.search(r'viewBox="([^"]+)"', opening)
    left, top, width, height = (float(x) for x in (box.group(1) if box else "0 0 100 100").split())
    view = f"{left - SIDE:g} {top:g} {width + 2 * SIDE:g} {height:g}"
    used = set(re.findall(r"(?:url\(#|href=\"#)([^\")]+)", body))
    body = _ID.sub(lambda m: f'id="{name}-{m.group(1)}"' if m.group(1) in used else "", body)
    body = _REFERENCE.sub(lambda m: f"{m.group(1)}{name}-", body)
    body = _LONG.sub(r"\1", re.sub(r"\s*\n\s*", " ", body))
    body = re.sub(r"font: (?:\w+ )??([\d.]+px) 'DejaVu Sans'[^;\"]*", r"font-size: \1", body)
    return Markup(f'<svg viewBox="{view}" role="img" aria-label="{escape(title)}">{body}')
