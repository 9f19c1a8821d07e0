"""ironworks layout: what is drawn, told and refused."""

import csv
import importlib.util
import json
from pathlib import Path

import pytest
from tests.factory.halls import HALLS, folder_with_halls
from typer.testing import CliRunner

from ironworks import cli
from ironworks.faults import ScenarioFaults

RUNNER = CliRunner()


def laid_out(folder: Path, *more: str) -> tuple[str, Path]:
    out = folder.parent / "out"
    done = RUNNER.invoke(cli.app, ["layout", str(folder), "--out", str(out), *more])
    assert done.exit_code == 0, done.output
    return done.output, out


def test_a_plan_is_drawn_listed_and_summed(tmp_path: Path) -> None:
    output, out = laid_out(folder_with_halls(tmp_path))
    assert "no rule is broken" in output
    assert "<svg" in (out / "plan.svg").read_text(encoding="utf-8")
    kinds = {one["properties"]["kind"] for one in json.loads((out / "plan.geojson").read_text())["features"]}
    assert kinds == {"hall", "dock", "aisle", "place"}
    told = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert (told["site"], told["findings"], told["broken"]) == ("shop", [], [])
    with (out / "places.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == told["places"]
    assert {row["department"] for row in rows} == {"bench", "stand", "packing", "racks"}
    assert ("plan.dxf" in {path.name for path in out.iterdir()}) != ("no plan.dxf" in output)
    assert told["halls"] == [{"hall": "h1", "ready": "2027-01-04", "m2": 400.0}]
    assert "sites.csv has no longitude and latitude" in output
    power = next(need for need in told["needs"] if need["kind"] == "power")
    assert (power["halls"], power["has"], power["short"]) == (["h1"], 100e3, False)


def test_the_drawing_for_cad_passes_the_audit_of_its_own_library(tmp_path: Path) -> None:
    pytest.importorskip("ezdxf", reason="ezdxf is not installed: pip install 'ironworks[cad]'")
    import ezdxf

    _, out = laid_out(folder_with_halls(tmp_path))
    document = ezdxf.readfile(out / "plan.dxf")
    assert not document.audit().errors
    assert any(one.dxf.layer == "PLACES" for one in document.modelspace())


def test_the_absence_of_the_library_for_cad_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ezdxf" else find(name))
    output, out = laid_out(folder_with_halls(tmp_path))
    assert "no plan.dxf: that needs the package ezdxf" in output
    assert not (out / "plan.dxf").exists()


def test_what_does_not_fit_is_told_in_square_metres_and_is_no_fault(tmp_path: Path) -> None:
    small = {"halls.csv": HALLS.replace("2,2,10 m,10 m", "1,1,7 m,7 m"), "docks.csv": "dock,hall,x,y\n"}
    output, out = laid_out(folder_with_halls(tmp_path, small), "--set", "sites.shop.area=49 m2")
    assert "has 49 m2 of halls" in output
    assert "no plan: " in output
    told = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert told["findings"]
    assert next(need for need in told["needs"] if need["kind"] == "floor")["short"]
    assert not (out / "plan.svg").exists()


def test_another_day_has_other_places(tmp_path: Path) -> None:
    files = {"expansions.csv": "station,date,places,note\nbench,2027-02-15,2,\n"}
    folder = folder_with_halls(tmp_path, files)
    assert json.loads((laid_out(folder)[1] / "results.json").read_text())["date"] == "2027-02-15"
    _, out = laid_out(folder, "--date", "2027-02-01")
    rows = (out / "places.csv").read_text(encoding="utf-8").splitlines()
    assert sum(row.startswith("bench,") for row in rows) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--date", "2027-13-01"], "--date: 2027-13-01: is not a date"),
        (["--date", "2031-01-01"], "is outside the horizon; write a day from 2027-01-04"),
        (["--site", "shopp"], "--site: shopp: has no halls; choose one of: shop"),
    ],
)
def test_faults_name_the_option_and_the_mend(arguments: list[str], words: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults) as raised:
        RUNNER.invoke(
            cli.app, ["layout", str(folder_with_halls(tmp_path)), *arguments], catch_exceptions=False
        )  # fmt: skip
    assert words in str(raised.value)


def test_a_scenario_without_halls_is_a_fault_that_names_the_table(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults, match=r"halls\.csv: tiny has no halls to place anything in; add its halls"):
        RUNNER.invoke(cli.app, ["layout", "tiny", "--out", str(tmp_path / "out")], catch_exceptions=False)
    assert not (tmp_path / "out").exists()
