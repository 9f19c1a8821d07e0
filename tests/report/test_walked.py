"""Falls and the sweep of units on their legs, on the page of acceptance and in its summary."""

from typing import Any, cast

import numpy as np
import pytest
from tests.robot.acceptance.walking.test_sample import sample, visit

from ironworks.commands._legs_summary import on_legs
from ironworks.report.blocks import Chart, Table, Text
from ironworks.report.walked import falls, grown
from ironworks.robot.acceptance.walking import WalkingSweep
from ironworks.studies.acceptance import Accepted
from ironworks.studies.walking import Walked

NONE = cast(Any, None)


def walked(fell: bool = False, swept: bool = True) -> Walked:
    passed = np.ones((2, 3, 2, 4), dtype=np.bool_)
    # Of four units, one fails to stand at five times the friction, and all fail both at ten times.
    passed[1, 1, 0, 2] = False
    passed[1, 2] = False
    sweep = WalkingSweep(("link_length", "friction"), (1.0, 5.0, 10.0), ("stand", "turn"), passed, 40, 7.0)
    one = sample(visit(1), visit(2, fell=fell))
    return Walked(NONE, 1.0, one.result, NONE, (), None, one, sweep if swept else None)


def table_of(blocks: Any) -> Table:
    return next(block for block in blocks if isinstance(block, Table))


def test_a_sample_that_did_not_walk_has_neither() -> None:
    bench = Accepted(NONE, 1.0, walked().result, NONE, (), None)
    assert falls(bench) is None
    assert grown(bench) is None
    assert on_legs(bench) is None
    assert grown(walked(swept=False)) is None


def test_each_fall_is_a_row_beside_what_the_row_of_units_proves() -> None:
    upright, fell = falls(walked()), falls(walked(fell=True))
    assert upright is not None
    assert fell is not None
    assert not any(isinstance(block, Table) for block in upright.blocks)
    assert isinstance(fell.blocks[0], Text)
    assert fell.blocks[0].text.startswith("1 of 2 units fell, 1 in a row did not")
    assert table_of(fell.blocks).rows == [("2", "turn", "turn", "3", "0.0, 0.0", "–", "")]


def test_the_sweep_is_a_picture_of_the_whole_and_a_row_for_each_procedure(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}

    def keep(names, levels, shares, ax):  # type: ignore[no-untyped-def]
        seen.update(names=names, levels=levels, shares=shares.tolist())

    monkeypatch.setattr("ironworks.report.walked.plot_swept", keep)
    section = grown(walked())
    assert section is not None
    assert isinstance(section.blocks[0], Chart)
    assert seen == {
        "names": ["link length", "friction"],
        "levels": ["x 1", "x 5", "x 10"],
        "shares": [[1.0, 1.0, 1.0], [1.0, 0.75, 0.0]],
    }
    assert list(table_of(section.blocks).rows)[2:] == [
        ("friction", "stand", "4", "3", "0"),
        ("friction", "turn", "4", "4", "0"),
    ]


def test_programs_read_the_same() -> None:
    told = on_legs(walked(fell=True))
    assert told is not None
    assert (told["walked"], told["fallen"], told["in_a_row"]) == (2, 1, 1)
    assert told["falls"][0]["unit"] == 2
    assert told["sweep"]["passed"]["friction"] == {"stand": [4, 3, 0], "turn": [4, 4, 0]}
