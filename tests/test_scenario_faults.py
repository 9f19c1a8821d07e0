"""Each case of scenario_faults.toml breaks the tiny scenario in one way: which fault, where, and how to mend it."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from ironworks.faults import Fault, ScenarioFaults
from ironworks.scenario import read_scenario

from .broken import appended, copy_of_tiny, replaced

CASES = tomllib.loads((Path(__file__).parent / "scenario_faults.toml").read_text(encoding="utf-8"))["case"]


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(ScenarioFaults) as raised:
        read_scenario(folder)
    return raised.value.faults


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_fault_says_where_what_and_how_to_mend(case: dict[str, Any], tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    for file, old, new in case["edits"]:
        if old:
            replaced(folder / file, old, new)
        else:
            appended(folder / file, new)
    faults = faults_of(folder)
    matching = [fault for fault in faults if case["words"] in str(fault) and fault.key.endswith(case["key"])]
    assert matching, "\n".join(str(fault) for fault in faults)
    assert (matching[0].file, matching[0].line) == (case["file"], case["line"])
    assert matching[0].mend or matching[0].choices
    assert len(faults) <= 3, "one mistake gives a flood of faults"


def test_a_needed_table_that_is_missing_is_named_with_its_columns(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    (folder / "sites.csv").unlink()
    faults = faults_of(folder)
    assert "sites.csv: is missing; add it with at least the columns site,available,area" in [
        str(fault) for fault in faults
    ]


def test_settings_that_are_missing_are_named(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    (folder / "scenario.toml").unlink()
    assert [(fault.file, fault.problem) for fault in faults_of(folder)] == [("scenario.toml", "is missing")]


def test_text_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    (folder / "crews.csv").write_bytes("crew,size,calendar\nfitters,1,day\nmäher,1,day\n".encode("latin-1"))
    fault = next(fault for fault in faults_of(folder) if fault.file == "crews.csv")
    assert (fault.line, fault.mend) == (3, "save the file as `CSV UTF-8` or as UTF-8 text")


def test_every_fault_is_listed_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    replaced(folder / "operations.csv", "30 min", "30 kg")
    replaced(folder / "stations.csv", "fitters", "fiters")
    replaced(folder / "figures.csv", "yuan/kWh", "yuan/kwhh")
    replaced(folder / "scenario.toml", "seed", "sed")
    files = [fault.file for fault in faults_of(folder)]
    assert files == ["figures.csv", "operations.csv", "scenario.toml", "stations.csv"]


def test_no_scenario_of_that_name_lists_the_built_in_ones() -> None:
    with pytest.raises(ScenarioFaults) as raised:
        read_scenario("tyny")
    assert "did you mean `tiny`?" in str(raised.value)


def test_a_table_with_a_lost_row_gives_no_faults_in_others(tmp_path: Path) -> None:
    folder = copy_of_tiny(tmp_path)
    replaced(folder / "stations.csv", "packing,shop,manual,1", "packing,shop,manual,one")
    assert [fault.file for fault in faults_of(folder)] == ["stations.csv"]


def test_at_least_forty_distinct_faults_are_known() -> None:
    assert len({case["words"] for case in CASES}) >= 40
