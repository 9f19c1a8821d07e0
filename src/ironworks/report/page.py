"""An outcome as one HTML page that needs no network: drawings, styles and scripts are inside."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import matplotlib as mpl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.plots.theme import RC
from ironworks.report.sections import SECTIONS

_TEMPLATES = Environment(
    loader=PackageLoader("ironworks.report", "template"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(outcome: Outcome) -> str:
    """The whole page. Raises nothing on its own; every number on it comes from `outcome`."""
    with mpl.rc_context(RC):
        sections = [made for section in SECTIONS if (made := section(outcome)) is not None]
    general = outcome.scenario.settings.scenario
    return _TEMPLATES.get_template("report.html.j2").render(
        title=general.title,
        description=general.description,
        variant=outcome.variant,
        span=f"{words.day(outcome.start)} to {words.day(general.end)}",
        replications=len(outcome.replications),
        seed=outcome.seed,
        made=words.day(datetime.now(UTC).date()),
        sections=sections,
        style=_asset("style.css"),
        script=_asset("table.js") + _asset("readout.js") + _asset("week.js"),
    )


def write_report(outcome: Outcome, path: str | Path) -> Path:
    """Write the page to `path`, whole or not at all: a complete temporary file is renamed. Raises OSError."""
    path = Path(path)
    page = render(outcome)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def _asset(name: str) -> Markup:
    # Our own file, read as it stands: nothing of a scenario is in it.
    loader = _TEMPLATES.loader
    assert loader is not None
    return Markup(loader.get_source(_TEMPLATES, name)[0])
