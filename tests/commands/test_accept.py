"""`ironworks accept`: tables, files, a page; and what it says to a user's mistakes."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from ironworks.cli import app
from ironworks.commands.accept import Programme, accept
from ironworks.faults import ScenarioFaults
from ironworks.scenario import builtin_scenarios, read_scenario


def run(*given: str) -> str:
    done = CliRunner().invoke(app, ["accept", *given], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_sample_is_tested_shown_and_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run("--units", "3", "--only", "torque_constant", "--workers", "1", "--html", "--out", str(out))
    assert "First pass of 3 units" in said
    assert "--sweep N shows which spread matters; --seeded N shows which procedure catches" in said
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
    row = next(line for line in said.splitlines() if line.startswith("friction,"))
    # The spread of parts, 0.258 N*m, as a share of the mean, 1.115 N*m: the deviation is a share.
    assert row == 'friction,,23.2 percent,normal,,,measured,bench.csv,"4 parts, 16 readings"'
    # A scenario takes the row as it is.
    folder = tmp_path / "mine"
    shutil.copytree(builtin_scenarios()["tianhe"], folder)
    spreads = (folder / "spreads.csv").read_text(encoding="utf-8").splitlines()
    pasted = [row if line.startswith("friction,") else line for line in spreads]
    (folder / "spreads.csv").write_text("\n".join(pasted) + "\n", encoding="utf-8")
    assert any(spread.kind == "measured" for spread in read_scenario(str(folder)).spreads)


def test_a_unit_that_does_not_fit_the_deviation_gives_no_row(tmp_path: Path) -> None:
    log = tmp_path / "bench.csv"
    rows = [f"u{i},a,camera_place,{i}.5,V,2027-03-01T08:0{i}:00+08:00" for i in range(4)]
    rows += [f"u{i},a,zero_offset,{i}.5,deg,2027-03-01T08:0{i}:00+08:00" for i in range(4)]
    twice = [row.replace("T08:", "T09:") for row in rows]
    log.write_text("\n".join(["serial,tester,measurement,value,unit,time", *rows, *twice]) + "\n")
    said = run("--log", str(log))
    assert "camera_place: no row" in said
    assert "zero_offset,,1.29 deg,normal" in said


def test_a_log_without_a_spread_says_what_is_needed(tmp_path: Path) -> None:
    log = tmp_path / "bench.csv"
    one = "u1,a,friction,{},N*m,2027-03-01T08:0{}:00+08:00"
    lines = ["serial,tester,measurement,value,unit,time", one.format("1.0", 0), one.format("nan", 1)]
    log.write_text("\n".join(lines) + "\n")
    with pytest.raises(ScenarioFaults) as caught:
        accept(log=log)
    (fault,), (warning,) = caught.value.faults, caught.value.warnings
    assert "2 or more finite readings" in fault.problem
    assert "several parts" in fault.mend
    assert warning.mend == "no fit uses it"


def test_a_film_is_of_units_that_walk() -> None:
    with pytest.raises(ScenarioFaults, match="add --programme walking"):
        accept(video=Path("walk.webp"))


def test_faults_of_a_walking_programme_come_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults) as caught:
        accept(programme=Programme.WALKING, video=Path("walk.mp4"), seeded=3, out=tmp_path / "out")
    seeded, film = caught.value.faults
    assert "catches gross faults before units walk" in seeded.problem
    assert film.choices == (".webp", ".gif")
    assert not (tmp_path / "out").exists()


def test_a_course_has_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults, match="sideways"):
        accept(programme=Programme.WALKING, only=["sidewise"], out=tmp_path / "out")


@pytest.mark.parametrize("programme", [Programme.TERRAIN, Programme.SAFETY])
def test_units_are_swept_on_the_walking_programme(programme: Programme, tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults, match="take --programme walking"):
        accept(programme=programme, sweep=2, out=tmp_path / "out")


def test_hands_are_neither_swept_nor_filmed(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults) as caught:
        accept(programme=Programme.GRASP, sweep=2, video=Path("walk.webp"), out=tmp_path / "out")
    assert [fault.file for fault in caught.value.faults] == ["--sweep", "--video"]
