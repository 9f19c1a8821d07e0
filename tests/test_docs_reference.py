"""Reference pages name what the program has, no more and no less."""

import dataclasses
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from ironworks import cli
from ironworks.commands.plan import NO_PLAN
from ironworks.commands.run import DEADLOCK
from ironworks.factory import flow
from ironworks.factory.flow.result import Replication
from ironworks.faults import ScenarioFaults

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"


def sections(page: str) -> dict[str, str]:
    """Text below each heading of the second level."""
    text = (REFERENCE / page).read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def commands(command: Any, name: str) -> dict[str, Any]:
    """Every command that does something, by its full name."""
    inner = getattr(command, "commands", None)
    if not inner:
        return {name: command}
    found: dict[str, Any] = {}
    for word, one in inner.items():
        found |= commands(one, f"{name} {word}")
    return found


COMMANDS = commands(typer.main.get_command(cli.app), "ironworks")


def options(command: Any) -> set[str]:
    return {word for one in command.params for word in (*one.opts, *one.secondary_opts) if word.startswith("--")}


def test_the_page_of_the_command_line_has_every_command() -> None:
    assert {heading for heading in sections("cli.md") if heading.startswith("ironworks")} == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_page_of_the_command_line_has_every_option(name: str) -> None:
    rows = [line for line in sections("cli.md")[name].splitlines() if line.startswith("| `--")]
    documented = {word for row in rows for word in re.findall(r"`(--[a-z-]+)", row.split("|")[1])}
    assert documented == options(COMMANDS[name]) - {"--help"}


def test_help_says_the_same_as_the_program() -> None:
    # The test above reads the program's own tables; this one that --help prints them.
    said = CliRunner().invoke(cli.app, ["run", "--help"], env={"COLUMNS": "200"}, color=False).output
    assert {word for word in options(COMMANDS["ironworks run"]) if word not in said} == set()


def test_the_page_of_the_command_line_has_every_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = re.findall(r"^\| (\d+) \|", sections("cli.md")["Exit codes"], re.MULTILINE)
    assert {int(code) for code in rows} == {0, cli.REFUSED, cli.FAULTS, DEADLOCK, NO_PLAN, cli.INTERRUPTED}

    def broken() -> None:
        raise ScenarioFaults([])

    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.setattr(sys, "argv", ["ironworks"])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == cli.FAULTS


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "tiny"
    done = CliRunner().invoke(cli.app, ["run", "tiny", "--workers", "1", "--replications", "2", "--out", str(folder)])
    assert done.exit_code == 0, done.output
    return folder


def test_every_key_of_the_summary_is_documented(results: Path) -> None:
    rows = re.findall(r"^\| (`.+?) \|", sections("results.md")["results.json"], re.MULTILINE)
    documented = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    assert documented == set(json.loads((results / "results.json").read_text(encoding="utf-8")))


def test_every_file_of_results_is_documented(results: Path) -> None:
    text = (REFERENCE / "results.md").read_text(encoding="utf-8").split("## ", 1)[0]
    documented = {
        name for row in re.findall(r"^\| (`.+?) \|", text, re.MULTILINE) for name in re.findall("`(.+?)`", row)
    }
    written = {path.name.removesuffix(".parquet").removesuffix(".csv") for path in results.iterdir()}
    assert documented == written


@pytest.mark.parametrize("table", ["weekly", "stations", "stores", "costs", "figures", "draws"])
def test_every_column_of_results_is_documented(results: Path, table: str) -> None:
    header = (results / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0]
    columns = [name.strip('"') for name in header.split(",")]
    documented = re.findall(r"`(\w+)`", sections("results.md")[table])
    if table == "draws":
        # The other columns are the figures' ids.
        columns = columns[:1]
    assert [name for name in columns if name not in documented] == []
    assert [name for name in documented if name not in columns] == []


def test_every_public_name_of_the_flow_is_documented() -> None:
    page = (REFERENCE / "library.md").read_text(encoding="utf-8")
    assert [name for name in flow.__all__ if not re.search(rf"`{name}\b", page)] == []


def test_every_field_of_a_replication_is_documented() -> None:
    rows = [line.split("|")[1] for line in sections("library.md")["Read the result"].splitlines() if line[:3] == "| `"]
    documented = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    said_in_words = {"names", "seed", "replication", "edges", "events", "wip_start"}
    assert documented == {field.name for field in dataclasses.fields(Replication)} - said_in_words
