"""`ironworks scenario ...`: what it says, and its exit codes."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from ironworks import cli
from ironworks.faults import FaultLog
from ironworks.rows import TABLES
from ironworks.scenario import builtin_scenarios, read_scenario
from ironworks.schema import settings_schema, tables_schema
from ironworks.tables import parse_table


def run(*arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["ironworks", *arguments])
    code = 0
    try:
        cli.main()
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def ironworks(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    return lambda *arguments: run(*map(str, arguments), capsys=capsys, monkeypatch=monkeypatch)


def test_list_names_the_built_in_scenarios(ironworks) -> None:
    code, out, _ = ironworks("scenario", "list")
    assert code == 0
    assert all(name in out for name in builtin_scenarios())


def test_check_of_a_sound_scenario(ironworks) -> None:
    code, out, err = ironworks("scenario", "check", "tiny")
    assert (code, err) == (0, "")
    assert "tiny: sound." in out


def test_faults_are_listed_without_a_traceback_and_exit_with_2(ironworks, tmp_path: Path) -> None:
    assert ironworks("scenario", "new", tmp_path / "mine", "--from", "tiny")[0] == 0
    table = tmp_path / "mine" / "operations.csv"
    table.write_text(table.read_text().replace("30 min", "30 kg").replace("constant", "constnt"))
    code, _, err = ironworks("scenario", "check", tmp_path / "mine")
    assert code == 2
    assert err.count("operations.csv:3") == 2
    assert "2 faults" in err
    assert "Traceback" not in err


def test_check_finds_faults_of_variants(ironworks, tmp_path: Path) -> None:
    ironworks("scenario", "new", tmp_path / "mine", "--from", "tiny")
    table = tmp_path / "mine" / "variants.csv"
    table.write_text(table.read_text().replace("stations.stand.places,2", "stations.stand.places,two"))
    code, _, err = ironworks("scenario", "check", tmp_path / "mine")
    assert code == 2
    assert "variants.csv:2: stations.stand.places: `two` is not a whole number" in err


def test_new_leaves_an_existing_folder_alone(ironworks, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    code, _, err = ironworks("scenario", "new", tmp_path / "mine")
    assert code == 2
    assert "exists already" in err
    assert list(tmp_path.iterdir()) == [tmp_path / "mine"]


def test_sources_prints_each_figure_and_counts_by_kind(ironworks) -> None:
    code, out, _ = ironworks("scenario", "sources", "tiny")
    figures = list(read_scenario("tiny").all_figures())
    assert code == 0
    assert all(figure.id in out for figure in figures)
    assert f"{len(figures)} figures: 0 article, 0 public, {len(figures)} assumed, 0 measured" in out


def test_schema_is_json_that_accepts_the_built_in_scenarios(ironworks) -> None:
    code, out, _ = ironworks("scenario", "schema")
    assert code == 0
    assert json.loads(out) == settings_schema()
    for folder in builtin_scenarios().values():
        settings = tomllib.loads((folder / "scenario.toml").read_text(encoding="utf-8"))
        jsonschema.validate(json.loads(json.dumps(settings, default=str)), settings_schema())


@pytest.mark.parametrize("name", sorted(builtin_scenarios()))
def test_the_tables_schema_accepts_the_built_in_tables(name: str) -> None:
    content = {}
    for path in builtin_scenarios()[name].glob("*.csv"):
        raw = parse_table(path.name, path.read_text(encoding="utf-8"), FaultLog())
        assert raw is not None
        content[path.stem] = [{column: text for column, text in row.cells.items() if text} for row in raw.rows]
    jsonschema.Draft202012Validator(tables_schema()).validate(content)
    content["stations"][0]["blocking"] = "sideways"
    assert not jsonschema.Draft202012Validator(tables_schema()).is_valid(content)


def test_schemas_are_written_for_editors(ironworks, tmp_path: Path) -> None:
    assert ironworks("scenario", "schema", "--out", tmp_path)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["settings.schema.json", "tables.schema.json"]
    assert set(json.loads((tmp_path / "tables.schema.json").read_text())["properties"]) == set(TABLES)


def test_export_and_import(ironworks, tmp_path: Path) -> None:
    assert ironworks("scenario", "export", "tiny", tmp_path / "tiny.xlsx")[0] == 0
    assert ironworks("scenario", "import", tmp_path / "tiny.xlsx", tmp_path / "again")[0] == 0
    assert ironworks("scenario", "check", tmp_path / "again")[0] == 0


def test_what_the_machine_refuses_exits_with_1(ironworks, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = ironworks("scenario", "export", "tiny", tmp_path / "file" / "tiny.xlsx")
    assert code == 1
    assert "Traceback" not in err


def test_an_interruption_exits_with_130(ironworks, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ironworks.commands.scenario.export_workbook", interrupted)
    code, _, err = ironworks("scenario", "export", "tiny", "nowhere.xlsx")
    assert (code, err.strip()) == (130, "interrupted; nothing half-written is left")


def test_an_unknown_command_exits_with_2(ironworks) -> None:
    assert ironworks("scenario", "chek")[0] == 2


def test_the_module_runs_as_a_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ironworks", "scenario", "check", "nowhere"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "neither a built-in scenario nor a folder" in done.stderr
