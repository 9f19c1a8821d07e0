"""ironworks balance: what is told, written and refused."""

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ironworks import cli
from ironworks.faults import ScenarioFaults

RUNNER = CliRunner()
LINE = """<number of tasks>
4
<cycle time>
10
<task times>
1 6
2 4
3 5
4 5
<precedence relations>
1,2
2,3
<end>
"""


@pytest.fixture
def line(tmp_path: Path) -> Path:
    """A line of four tasks that needs two stations of 10."""
    path = tmp_path / "four.alb"
    path.write_text(LINE)
    return path


def test_the_fewest_stations_are_told_and_written(line: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = RUNNER.invoke(cli.app, ["balance", str(line), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "2 stations, at least 2: proven best" in done.output
    told = json.loads((out / "results.json").read_text())
    assert (told["stations"], told["least"], told["proven"], told["loads"]) == (2, 2, True, [10, 10])
    with (out / "assignment.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert sorted(row["task"] for row in rows) == ["1", "2", "3", "4"]
    for picture in ("line", "precedence"):
        assert (out / f"{picture}.png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in (out / f"{picture}.svg").read_text()


def test_the_shortest_cycle_of_some_stations_is_told(line: Path, tmp_path: Path) -> None:
    done = RUNNER.invoke(cli.app, ["balance", str(line), "--stations", "3", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "cycle 9, at least 9: proven best" in done.output


def test_a_task_longer_than_the_cycle_is_a_fault_and_nothing_is_written(line: Path, tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults, match="task 1 takes 6, more than the cycle of 5"):
        RUNNER.invoke(
            cli.app, ["balance", str(line), "--cycle", "5", "--out", str(tmp_path / "out")], catch_exceptions=False
        )
    assert not (tmp_path / "out").exists()


def test_cycle_and_stations_together_are_a_fault(line: Path) -> None:
    with pytest.raises(ScenarioFaults, match="--cycle"):
        RUNNER.invoke(cli.app, ["balance", str(line), "--cycle", "5", "--stations", "2"], catch_exceptions=False)


def test_a_file_without_a_cycle_asks_for_one(tmp_path: Path) -> None:
    path = tmp_path / "two.in2"
    path.write_text("2\n7\n8\n1,2\n-1,-1\n")
    with pytest.raises(ScenarioFaults, match="add --cycle or --stations"):
        RUNNER.invoke(cli.app, ["balance", str(path)], catch_exceptions=False)


def test_a_route_of_a_scenario_is_balanced_for_a_rate(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = RUNNER.invoke(cli.app, ["balance", "tiny", "--yearly", "3000", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "proven cheapest" in done.output
    told = json.loads((out / "results.json").read_text())
    assert told["places"] == {"bench": 1, "stand": 1, "packing": 1}
    assert (out / "line.png").read_bytes().startswith(b"\x89PNG")
    more = RUNNER.invoke(cli.app, ["balance", "tiny", "--yearly", "9000", "--at-unit", "3000", "--out", str(out)])
    assert json.loads((out / "results.json").read_text())["places"]["bench"] > 1, more.output


def test_an_unknown_route_names_those_that_there_are() -> None:
    with pytest.raises(ScenarioFaults, match=r"did you mean `robot@shop`"):
        RUNNER.invoke(cli.app, ["balance", "tiny", "--yearly", "9", "--route", "robt@shop"], catch_exceptions=False)


@pytest.mark.parametrize("words", [["tiny"], ["tiny", "--cycle", "3"], ["x.alb", "--yearly", "3"]])
def test_options_of_the_other_kind_of_line_are_faults(words: list[str]) -> None:
    with pytest.raises(ScenarioFaults, match="--"):
        RUNNER.invoke(cli.app, ["balance", *words], catch_exceptions=False)
