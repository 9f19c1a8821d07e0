"""The page as a whole: complete, offline, valid, and with the outcome's own numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from ironworks.outcome import Outcome
from ironworks.report import render, words, write_report
from ironworks.report.sections import SECTIONS

Build = Callable[..., Outcome]
VOID = {"meta", "link", "input", "br", "hr", "img"}
EXPECTED = [
    "answer", "ramp", "bottleneck", "stations", "line", "floor-plan", "quality", "leadtime", "supply", "people", "cost",
    "orders", "worst", "beliefs", "week", "figures", "method",
]  # fmt: skip


class Page(HTMLParser):
    """Collects elements and checks that every element that opens is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def made(build: Build) -> Outcome:
    return build(n=14)


@pytest.fixture(scope="module")
def html(made: Outcome) -> str:
    return render(made)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    parsed = Page()
    parsed.feed(html)
    return parsed


def test_the_page_parses_and_every_element_is_closed(page: Page) -> None:
    assert page.faults == []
    assert page.open == []


def test_all_sections_are_there_and_in_the_navigation(page: Page) -> None:
    # Without verdicts of a bench there is nothing to say of it.
    assert len(SECTIONS) == len(EXPECTED) + 1
    sections = [attrs["id"] for tag, attrs in page.elements if tag == "section"]
    assert sections == EXPECTED
    links = [attrs["href"] for tag, attrs in page.elements if tag == "a" and attrs.get("href", "").startswith("#")]
    assert [f"#{name}" for name in EXPECTED] == links[: len(EXPECTED)]
    ids = {attrs["id"] for _, attrs in page.elements if "id" in attrs}
    assert {link[1:] for link in links} <= ids


def test_no_id_is_used_twice(page: Page) -> None:
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_references_within_drawings_lead_to_what_is_on_the_page(html: str) -> None:
    ids = set(re.findall(r'\bid="([^"]+)"', html))
    used = set(re.findall(r"url\(#([^)]+)\)", html)) | set(re.findall(r'<use [^>]*href="#([^"]+)"', html))
    assert used
    assert used <= ids


def test_nothing_is_fetched_from_outside(page: Page, html: str) -> None:
    for tag, attrs in page.elements:
        assert (attrs.get("src") or "data:").startswith("data:"), tag
        address = attrs.get("href") or ""
        if tag != "a":
            assert address.startswith(("#", "data:,")) or not address, (tag, address)
    style = html[html.index("<style>") : html.index("</style>")]
    assert "@import" not in style
    assert "http" not in style
    assert not re.search(r"url\((?!#)", html)
    scripts = "".join(re.findall(r"<script>(.*?)</script>", html, re.DOTALL))
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|https?:", scripts)


def test_targets_stand_with_the_numbers_of_the_outcome(made: Outcome, page: Page) -> None:
    text = " ".join(" ".join(page.text).split())
    for target in made.targets:
        assert target.text in text
        assert words.percent(target.probability) in text
        assert f"between {words.percent(target.low)} and {words.percent(target.high)}" in text
        assert f"Met in {int(target.met.sum())} of 14 replications" in text


def test_output_by_year_is_the_sum_of_the_outcomes_weeks(made: Outcome, html: str) -> None:
    row = re.search(r"<td>2027</td>((?:<td class=\"n\">[^<]+</td>)+)", html)
    assert row is not None
    shown = re.findall(r">([^<>]+)</td>", row.group(1))
    quantiles = np.quantile(made.output().sum(axis=1), (0.1, 0.5, 0.9)).round()
    assert shown == [words.number(float(q)) for q in quantiles]


def test_every_input_figure_is_listed_with_its_source(made: Outcome, html: str) -> None:
    rows = html[html.index('id="figure-table"') :]
    for figure in made.scenario.all_figures():
        if figure.role == "input":
            assert f"<code>{figure.id}</code>" in rows, figure.id
    assert rows.count('data-kind="assumed"') >= len(made.assumed)


def test_words_of_a_scenario_cannot_break_out_of_the_page(made: Outcome) -> None:
    general = made.scenario.settings.scenario.model_copy(update={"title": "<script>alert(1)</script>"})
    settings = made.scenario.settings.model_copy(update={"scenario": general})
    hostile = _with(made, scenario=_with(made.scenario, settings=settings))
    assert "<script>alert(1)" not in render(hostile)


def test_the_film_carries_every_event_of_the_window(html: str, made: Outcome) -> None:
    found = re.search(r'<script type="application/json" id="film">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    film = json.loads(found.group(1))
    assert made.traced is not None
    assert film["stations"][0] == words.plain(made.traced.run.names.stations[0])
    assert film["ends"] == made.traced.window[1] - made.traced.window[0]


def test_a_run_without_trace_elasticities_or_misses_still_renders(build: Build) -> None:
    bare = _with(build(n=1, traced=False, measured=False), misses=(), milestones=(), orders=(), capacity=())
    text = render(bare)
    assert "No week of this run was traced" in text
    assert "Elasticities were not computed" in text
    assert "1 replication" in text


def test_the_file_is_whole_or_absent(made: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = write_report(made, tmp_path / "report.html")
    assert written.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert written.stat().st_size < 6_000_000

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_report(made, tmp_path / "other.html")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def _with(thing, **changes):  # type: ignore[no-untyped-def]
    """A copy of a frozen dataclass; `dataclasses.replace` refuses fields that are not its parameters."""
    values = {name: getattr(thing, name) for name in thing.__dataclass_fields__}
    return type(thing)(**values | changes)
