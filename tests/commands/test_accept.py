"""`ironworks accept`: tables, files, a page; and what it says to a user's mistakes."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from ironworks.cli import app
from ironworks.commands.accept import accept
from ironworks.faults import ScenarioFaults


def run(*given: str) -> str:
    done = CliRunner().invoke(app, ["accept", *given], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_sample_is_tested_shown_and_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run("--units", "3", "--only", "torque_constant", "--workers", "1", "--html", "--out", str(out))
    assert "First pass of 3 units" in said
    assert "torque_constant: torque_constant" in said
    summary = json.loads((out / "results.json").read_text())
    assert summary["units"] == 3
    assert {row["procedure"] for row in summary["yields"]} == {"torque_constant", ""}
    readings = pq.read_table(out / "readings.parquet")
    assert readings.num_rows >= 3 * 72 * 2
    assert pq.read_table(out / "verdicts.parquet").num_rows >= 3 * 4
    page = (out / "report.html").read_text()
    assert "Does a unit pass the first time?" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    # The same again: results of before are replaced, and equal.
    run("--units", "3", "--only", "torque_constant", "--workers", "1", "--out", str(out))
    assert not (out / "report.html").exists()
    assert pq.read_table(out / "readings.parquet").equals(readings)


def test_an_unknown_procedure_is_a_fault_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults, match="torque_constant"):
        accept(only=["torque_konstant"], out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("scenario", ["tiny", "botq"])
def test_a_scenario_without_a_bench_is_one_fault_that_says_what_it_lacks(scenario: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults) as caught:
        accept(scenario, out=tmp_path / "out")
    (fault,) = caught.value.faults
    assert fault.file == scenario
    assert "[acceptance] and spreads.csv" in fault.problem
    assert fault.choices == ("tianhe",)


def test_a_log_of_a_real_bench_becomes_spreads(tmp_path: Path) -> None:
    rows = ["serial,tester,measurement,value,unit,time"]
    for part, value in enumerate((1.0, 1.4, 0.8, 1.2)):
        for tester in "ab":
            for repeat in range(2):
                read = value + (0.02 if tester == "a" else 0.0) + 0.01 * repeat
                rows.append(f"u{part},{tester},friction,{read},N*m,2027-03-0{part + 1}T08:0{repeat}:00+08:00")
    log = tmp_path / "bench.csv"
    log.write_text("\n".join(rows) + "\n")
    said = run("--log", str(log))
    assert "16 readings" in said
    assert "friction,,0.258 N*m,normal,,,measured,bench.csv" in said
