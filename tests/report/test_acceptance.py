"""The section on the bench: there when it was used, with the numbers of its table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.report.test_page import Page
from tests.verdict_tables import tiny_with_bench, verdicts_of

from ironworks.factory.flow.statistics import wilson
from ironworks.outcome import Outcome
from ironworks.report import render
from ironworks.report.blocks import Chart, Picture, Text
from ironworks.report.sections import SECTIONS
from ironworks.report.sections.acceptance import acceptance

PNG = b"\x89PNG not really"
ROWS = [[1, 1]] * 10 + [[0, 1]] * 10 + [[0, 0]] * 80


@pytest.fixture(scope="module")
def tested(build: Callable[..., Outcome], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    made = build(n=3, traced=False, measured=False)
    values = {name: getattr(made, name) for name in made.__dataclass_fields__}
    values["scenario"] = tiny_with_bench(Path(tmp_path_factory.mktemp("bench")), first=4.0, mature=0.7)
    values["verdicts"] = verdicts_of({1.0: ROWS, 4.0: [[1, 1]] * 3 + [[0, 0]]})
    values["notes"] = ("Fewer than 20 repairs of loose_joint were tested again.",)
    return Outcome(**values | {"unit_picture": PNG})


def test_without_a_bench_there_is_no_section(build: Callable[..., Outcome]) -> None:
    assert acceptance(build(n=2, traced=False, measured=False)) is None


def test_the_page_has_the_section_and_stays_sound(tested: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    neighbours = [section for section in SECTIONS if section.__name__ in ("quality", "acceptance", "orders")]
    monkeypatch.setattr("ironworks.report.page.SECTIONS", neighbours)
    page = Page()
    page.feed(html := render(tested))
    assert page.faults == []
    sections = [attrs["id"] for tag, attrs in page.elements if tag == "section"]
    assert sections == ["quality", "acceptance", "orders"]
    assert '<a href="#acceptance">' in html
    (picture,) = [attrs for tag, attrs in page.elements if tag == "img"]
    assert picture["src"] == "data:image/png;base64,iVBORyBub3QgcmVhbGx5"


def test_it_says_what_the_table_holds(tested: Outcome) -> None:
    section = acceptance(tested)
    assert section is not None
    said = " ".join(block.text for block in section.blocks if isinstance(block, Text))
    assert "104 units of the design humanoid" in said
    assert "from 4 at the first unit to 0.7" in said
    # 90 % and 80 % pass; 80 % of the units pass both, where 72 % would by chance.
    assert "80 % of the robots pass everything the first time; independent procedures would pass 72 %" in said
    assert "Assumed are spreads" in said
    assert "repairs of loose joint" in said
    titles = [block.title for block in section.blocks if isinstance(block, Chart | Picture)]
    assert titles == [
        "A unit on the bench",
        "First-pass yield of the robot by procedure",
        "Causes of failure of the robot",
        "First-pass yield as the spreads narrow",
    ]


def test_intervals_of_procedures_are_wilsons(tested: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}

    def keep(names, share, low, high, ax, whole):  # type: ignore[no-untyped-def]
        seen.update({name: (a, b, c) for name, a, b, c in zip(names, share, low, high, strict=True)}, whole=whole)

    # The package's name for the module is taken by its function.
    monkeypatch.setattr(sys.modules[acceptance.__module__], "plot_first_pass", keep)
    acceptance(tested)
    for name, passed in (("range", 90), ("torque", 80), ("whole", 80)):
        interval = wilson(passed, 100)
        assert seen[name] == pytest.approx((interval.mean, interval.low, interval.high))
