"""ironworks plan: what is told, written and refused."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ironworks import cli
from ironworks.faults import ScenarioFaults
from ironworks.scenario import read_scenario

RUNNER = CliRunner()
QUICK = ["--workers", "1", "--confirm", "60", "--most", "150", "--seed", "4"]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    out = tmp_path_factory.mktemp("plan") / "out"
    done = RUNNER.invoke(
        cli.app,
        ["plan", "tiny", "--target", "20/week by 2027-03-28", "--probability", "0.7", "--out", str(out), *QUICK],
    )
    assert done.exit_code == 0, done.output
    return out, done.output


def test_a_plan_is_told_with_its_interval_and_written_as_a_scenario_that_runs(planned: tuple[Path, str]) -> None:
    out, said = planned
    assert "20 robots a week on 2027-03-28" in said
    assert "--until 2027-03-28" in " ".join(said.split())
    scenario = read_scenario(out / "scenario")
    assert [row.text for row in scenario.targets] == ["20/week by 2027-03-28"]
    done = RUNNER.invoke(
        cli.app,
        ["run", str(out / "scenario"), "--replications", "2", "--workers", "1", "--no-elasticities"]
        + ["--out", str(out.parent / "ran"), "--until", "2027-03-28"],
    )
    assert done.exit_code == 0, done.output


def test_the_results_hold_the_plan_its_probability_and_what_was_tried(planned: tuple[Path, str]) -> None:
    out, _ = planned
    found = json.loads((out / "results.json").read_text())
    assert found["planned"] is True
    assert found["plan"]["probability"][1] >= 0.7
    assert found["plan"]["replications"] == 60
    assert len((out / "tried.csv").read_text().splitlines()) > len(found["front"])


def test_the_page_says_the_answer_and_draws_the_front_and_the_money(planned: tuple[Path, str]) -> None:
    page = (planned[0] / "report.html").read_text()
    for words in (
        "A plan meets the target",
        "Probability against outlay",
        "What the ramp spends",
        "One more of something",
    ):
        assert words in page


def test_a_refusal_has_an_exit_code_of_its_own_and_names_reliefs(tmp_path: Path) -> None:
    done = RUNNER.invoke(
        cli.app, ["plan", "tiny", "--target", "90/week by 2027-03-28", "--out", str(tmp_path / "out"), *QUICK]
    )
    assert done.exit_code == 4
    assert "No plan was found" in done.output
    assert "motor" in done.output


def test_a_limit_is_told_without_any_simulation(tmp_path: Path) -> None:
    done = RUNNER.invoke(
        cli.app,
        ["plan", "tiny", "--target", "20/week by 2027-03-28", "--set", "sites.shop.area=10 m2"]
        + ["--out", str(tmp_path / "out"), *QUICK],
    )
    assert done.exit_code == 4
    assert "the floor of shop suffices in 0 %" in done.output
    assert json.loads((tmp_path / "out" / "results.json").read_text())["replications"] == 0


@pytest.mark.parametrize("target", [[], ["--target", "soon"]])
def test_a_target_that_is_none_is_a_fault_and_leaves_nothing(tmp_path: Path, target: list[str]) -> None:
    done = RUNNER.invoke(cli.app, ["plan", "tiny", *target, "--out", str(tmp_path / "out")])
    assert isinstance(done.exception, ScenarioFaults)
    assert not (tmp_path / "out").exists()
