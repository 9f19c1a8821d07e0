"""Logs of benches: read whole or refused with everything that is wrong, and fitted as the same data in a study."""

import math
from pathlib import Path

import numpy as np
import pytest
from tests.robot.acceptance.aiag import AIAG

from ironworks.faults import ScenarioFaults
from ironworks.robot.acceptance.bench_log import BenchLog, read_bench_log

HEADER = "serial,tester,measurement,value,unit,time"


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "bench.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def moment(second: int) -> str:
    return f"2027-03-01T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}+08:00"


def aiag_log(folder: Path) -> BenchLog:
    cells = [(p, o, t) for t in range(3) for o in range(3) for p in range(10)]
    rows = [f"R{p},T{o},backlash,{AIAG[p, o, t]},mm,{moment(i)}" for i, (p, o, t) in enumerate(cells)]
    return read_bench_log(written(folder, *rows))


def faults_of(path: Path) -> list[str]:
    with pytest.raises(ScenarioFaults) as caught:
        read_bench_log(path)
    return [str(fault) for fault in caught.value.faults]


def test_the_aiag_study_as_a_log_gives_the_published_figures(tmp_path: Path) -> None:
    fit = aiag_log(tmp_path).fit("backlash")
    assert (fit.readings, fit.parts, fit.testers, fit.unit) == (90, 10, 3, "mm")
    assert fit.study is not None
    assert fit.study.pooled
    assert fit.components.percent_grr == pytest.approx(27.86, abs=5e-3)
    assert fit.uncertainty == pytest.approx(0.302373, abs=2e-6)
    assert (fit.process.mean, fit.process.sd) == pytest.approx((AIAG.mean(), 1.042327), rel=1e-5)
    assert fit.unseen == ()


def test_a_log_without_a_plan_is_fitted_too(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    true, bias = rng.normal(10, 0.5, 200), np.array([-0.1, 0.0, 0.15])
    rows = []
    for i in range(700):
        part, tester = int(rng.integers(200)), int(rng.integers(3))
        rows.append(f"R{part},T{tester},torque,{true[part] + bias[tester] + rng.normal(0, 0.2)},N*m,{moment(i)}")
    fit = read_bench_log(written(tmp_path, *rows)).fit("torque")
    assert fit.study is None
    assert math.sqrt(fit.components.part) == pytest.approx(true.std(ddof=1), rel=0.1)
    assert math.sqrt(fit.components.repeatability) == pytest.approx(0.2, rel=0.1)
    assert math.sqrt(fit.components.operator) == pytest.approx(bias.std(ddof=1), rel=0.3)


def test_every_fault_is_said_at_once_with_its_line_and_mend(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "R1,T1,mass,70.1,kg,2027-03-01T08:00:00+08:00",
        ",T1,mass,70.1,kg,2027-03-01T08:01:00+08:00",
        "R2,T1,mass,heavy,kg,2027-03-01T08:02:00+08:00",
        "R3,T1,mass,70.1,mm,2027-03-01T08:03:00+08:00",
        "R4,T1,mass,70.1,stone-ish,2027-03-01T08:04:00+08:00",
        "R5,T1,mass,70.1,kg,yesterday",
        "R6,T1,mass,70.1,kg,2027-03-01T08:05:00",
        "R1,T1,mass,70.2,kg,2027-03-01T08:00:00+08:00",
        "R7,T1,mass,70.1,degC,2027-03-01T08:06:00+08:00",
        "R8,T1",
    )
    said = faults_of(path)
    expected = [
        (3, "serial: is empty; fill in `serial`"),
        (4, "value: `heavy` is not a number; write a number"),
        (5, "unit: `mm` cannot be turned into `kg`"),
        (6, "unit: `stone-ish` is not a unit; write a unit such as"),
        (7, "time: `yesterday` is not a date and time; write it as"),
        (8, "time: `2027-03-01T08:05:00` has no UTC offset; write it as"),
        (9, "mass: was logged twice at the same time; remove this row; the other is on line 2"),
        (10, "unit: `degC` cannot be turned into `kg`"),
        (11, "R8: has 2 cells where the header has 6 columns"),
    ]
    assert len(said) == len(expected)
    for fault, (line, text) in zip(said, expected, strict=True):
        assert fault.startswith(f"bench.csv:{line}: {text}")


def test_a_missing_column_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    said = faults_of(written(tmp_path, "R1,T1,mass,1,kg", header="serial,testr,measurement,value,unit"))
    assert len(said) == 2
    assert any("tester: is a column that a bench log needs; did you mean `testr`?" in fault for fault in said)
    assert any("time: is a column that a bench log needs; add `time`" in fault for fault in said)


def test_files_that_hold_nothing_are_refused(tmp_path: Path) -> None:
    assert "cannot be read" in faults_of(tmp_path / "none.csv")[0]
    assert "has no readings" in faults_of(written(tmp_path))[0]


def test_units_of_one_dimension_are_converted_to_the_first(tmp_path: Path) -> None:
    log = read_bench_log(
        written(
            tmp_path,
            "R1,T1,backlash,0.2,mm,2027-03-01T08:00:00Z",
            "R2,T1,backlash,300,um,2027-03-01T08:01:00Z",
            "R1,T1,case,31.5,degC,2027-03-01T08:02:00Z",
        )
    )
    assert log.value == pytest.approx([0.2, 0.3, 31.5])
    assert log.units == {"backlash": "mm", "case": "degC"}
    assert np.diff(log.time) == pytest.approx([60.0, 60.0])


def test_readings_that_are_not_finite_are_warned_of_and_left_out(tmp_path: Path) -> None:
    rows = [f"R{i},T1,mass,{value},kg,{moment(i)}" for i, value in enumerate(["70", "nan", "71", "", "inf", "72"])]
    log = read_bench_log(written(tmp_path, *rows, header=HEADER))
    assert [warning.line for warning in log.warnings] == [3, 5, 6]
    fit = log.fit("mass")
    assert (fit.readings, fit.left_out, fit.mean) == (3, 3, 71.0)
    assert fit.unseen == ("operator: there is only one", "repeatability: cannot be told from part")


def test_further_columns_are_ignored(tmp_path: Path) -> None:
    path = written(tmp_path, "x,R1,T1,mass,1,kg,2027-03-01T08:00:00Z", header=f"verdict,{HEADER}")
    assert read_bench_log(path).serial == ("R1",)


def test_a_measurement_that_is_not_there_is_refused_with_the_choices(tmp_path: Path) -> None:
    log = aiag_log(tmp_path)
    with pytest.raises(KeyError, match="choose one of: backlash"):
        log.fit("torque")
