"""ironworks run and compare: files, exit codes, and nothing half-written."""

import json
from pathlib import Path

import pyarrow.parquet as pa_parquet
import pytest
from tests.divided_tiny import divided_tiny
from typer.testing import CliRunner

from ironworks import chain, cli
from ironworks.commands._results import result_folder
from ironworks.faults import ScenarioFaults
from ironworks.scenario import read_scenario

RUNNER = CliRunner()
QUICK = ["tiny", "--workers", "1", "--replications", "2", "--no-elasticities"]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "tiny"
    done = RUNNER.invoke(cli.app, ["run", "tiny", "--workers", "1", "--replications", "3", "--out", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def test_a_run_leaves_report_summary_tables_and_event_log(results: Path) -> None:
    names = {path.name for path in results.iterdir()}
    assert {"report.html", "results.json", "weekly.parquet", "weekly.csv", "figures.csv"} <= names
    assert {"events.ocel.json", "events.ocel.sqlite"} <= names
    assert [path.name for path in results.parent.iterdir()] == ["tiny"]


def test_the_summary_holds_probabilities_with_their_intervals(results: Path) -> None:
    summary = json.loads((results / "results.json").read_text(encoding="utf-8"))
    assert summary["replications"] == 3
    for target in summary["targets"]:
        low, high = target["interval_95"]
        assert low <= target["probability"] <= high
    assert summary["bottlenecks"]["elasticities"]


def test_a_line_of_work_elements_is_tried_as_balanced_and_told(tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    divided_tiny(tmp_path / "tiny")
    out = tmp_path / "out"
    done = RUNNER.invoke(
        cli.app,
        ["run", str(tmp_path / "tiny"), "--workers", "1", "--replications", "4", "--no-bench", "--out", str(out)],
    )
    assert done.exit_code == 0, done.output
    line = json.loads((out / "results.json").read_text(encoding="utf-8"))["line"]
    assert line["route"] == "robot@shop"
    assert [len(line["trial"][how]) for how in ("planned", "spread", "cheapest")] == [4, 4, 4]
    assert "Simulated in 4 of these futures" in (out / "report.html").read_text(encoding="utf-8")


def test_weekly_output_adds_up_to_the_summary(results: Path) -> None:
    weekly = pa_parquet.read_table(results / "weekly.parquet").to_pylist()
    assert len(weekly) == 3 * 12
    summary = json.loads((results / "results.json").read_text(encoding="utf-8"))
    totals = sorted(sum(row["finished"] for row in weekly if row["replication"] == r) for r in range(3))
    assert summary["output_per_quarter"][0]["p50"] == totals[1]


def test_json_goes_to_the_output_alone(tmp_path: Path) -> None:
    done = RUNNER.invoke(cli.app, ["run", *QUICK, "--json", "--out", str(tmp_path / "x")])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["scenario"] == "tiny"


def test_changes_and_variants_reach_the_scenario(tmp_path: Path) -> None:
    arguments = ["--json", "--variant", "two_stands", "--set", "figure.motor_lead=2 week", "--until", "2027-02-28"]
    done = RUNNER.invoke(cli.app, ["run", *QUICK, *arguments, "--out", str(tmp_path / "x")])
    assert done.exit_code == 0, done.output
    summary = json.loads(done.stdout)
    assert (summary["variant"], summary["end"]) == ("two_stands", "2027-02-28")
    assert summary["overrides"]["figure.motor_lead"] == "2 week"


def test_an_earlier_end_changes_nothing_before_it_and_says_which_targets_it_leaves_open() -> None:
    whole = chain.run(read_scenario("tiny"), workers=1, replications=2, seed=3)
    short = read_scenario("tiny", {"scenario.end": "2027-02-14"})
    cut = chain.run(short, workers=1, replications=2, seed=3)
    for long_run, short_run in zip(whole.replications, cut.replications, strict=True):
        for route, times in short_run.finish_times.items():
            before = long_run.finish_times[route]
            assert times.tolist() == before[before < short_run.stopped].tolist()
    open_targets = {target.target for target in read_scenario("tiny").targets} - {t.target for t in short.targets}
    assert open_targets
    assert all(any(name in str(warning) for warning in short.warnings) for name in open_targets)


def test_a_change_without_a_value_is_a_fault() -> None:
    done = RUNNER.invoke(cli.app, ["run", *QUICK, "--set", "figure.motor_lead"])
    assert isinstance(done.exception, ScenarioFaults)
    assert "is not KEY=VALUE" in str(done.exception)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_an_interruption_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise stop

    monkeypatch.setattr("ironworks.commands.run.write_report", interrupted)
    done = RUNNER.invoke(cli.app, ["run", *QUICK, "--out", str(tmp_path / "x")])
    assert done.exit_code != 0
    assert list(tmp_path.iterdir()) == []


def test_old_results_stay_when_a_run_fails(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "results.json").write_text("old")

    def fail() -> None:
        with result_folder(folder) as temporary:
            (temporary / "results.json").write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (folder / "results.json").read_text() == "old"
    with result_folder(folder) as temporary:
        (temporary / "results.json").write_text("new")
    assert (folder / "results.json").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_folder_of_something_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("x")
    with pytest.raises(FileExistsError), result_folder(tmp_path):
        pass
    assert (tmp_path / "precious.txt").exists()


def test_a_deadlock_has_its_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stuck(*_: object, **__: object) -> None:
        raise chain.Stopped("replication 0 stopped: bench waits for stand, stand waits for bench")

    monkeypatch.setattr(chain, "run", stuck)
    done = RUNNER.invoke(cli.app, ["run", *QUICK, "--out", str(tmp_path / "x")])
    assert done.exit_code == 3
    assert "bench waits for stand" in done.output
    assert list(tmp_path.iterdir()) == []


def test_compare_prints_paired_differences() -> None:
    done = RUNNER.invoke(
        cli.app, ["compare", "tiny", "tiny:two_stands", "--workers", "1", "--replications", "3", "--json"]
    )
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    low, high = found["output"][1:]
    assert low <= found["output"][0] <= high
    assert set(found["output_per_quarter"]) == {"2027 Q1"}


def test_compare_names_what_cannot_be_compared() -> None:
    done = RUNNER.invoke(
        cli.app,
        ["compare", "tiny", "tiny", "--workers", "1", "--replications", "1", "--set", "scenario.end=2027-03-29"],
    )
    assert isinstance(done.exception, ScenarioFaults)
    assert "length differs" in str(done.exception)
