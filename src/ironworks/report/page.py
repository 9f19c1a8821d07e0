"""An outcome as one HTML page that needs no network: drawings, styles and scripts are inside."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import matplotlib as mpl
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ironworks.outcome import Outcome
from ironworks.report import words
from ironworks.report.blocks import Section
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
    count = len(outcome.replications)
    return page(
        title=general.title,
        description=general.description,
        variant=outcome.variant,
        facts=(
            f"{words.day(outcome.start)} to {words.day(general.end)}",
            f"{count} replication{'' if count == 1 else 's'}",
            f"seed {outcome.seed}",
        ),
        sections=sections,
    )


def page(*, title: str, description: str, facts: Sequence[str], sections: Sequence[Section], variant: str = "") -> str:
    """A page of sections below its title; `facts` stand in one line with the day on which it was made."""
    return _TEMPLATES.get_template("report.html.j2").render(
        title=title,
        description=description,
        variant=variant,
        facts=[*facts, f"made {words.day(datetime.now(UTC).date())}"],
        sections=sections,
        style=_asset("style.css"),
        script=_asset("table.js") + _asset("readout.js") + _asset("week.js"),
    )


def write_report(outcome: Outcome, path: str | Path) -> Path:
    """Write the page to `path`, whole or not at all. Raises OSError."""
    return write_page(render(outcome), path)


def write_page(text: str, path: str | Path) -> Path:
    """Write a page to `path`, whole or not at all: a complete temporary file is renamed. Raises OSError."""
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
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
