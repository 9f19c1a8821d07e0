"""What the documentation shows, works."""

import io
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import get_args

import pytest

from ironworks import cli
from ironworks.rows import TABLES, column_fields
from ironworks.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str, int]]:
    """(language, text, number of its first line) of each block of code."""
    text = page.read_text(encoding="utf-8")
    return [(m[1], m[2], text.count("\n", 0, m.start(2)) + 1) for m in BLOCK.finditer(text)]


def commands(console: str) -> list[tuple[str, list[str]]]:
    """(command, lines that it must print) of each command; `...` stands for lines that are not shown."""
    found: list[tuple[str, list[str]]] = []
    for line in console.splitlines():
        if line.startswith("$ ironworks"):
            found.append((line[2:], []))
        elif found and line.strip() not in ("", "..."):
            found[-1][1].append(line)
    return found


RUNNABLE = [page for page in PAGES if any(language in ("python", "console") for language, _, _ in blocks(page))]


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: str(page.relative_to(ROOT)))
def test_code_on_the_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of one page run in order, in one namespace and one empty folder."""
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": page.stem}
    for language, text, line in blocks(page):
        if language == "python":
            # Empty lines in front, so that a traceback shows the page's own line.
            exec(compile("\n" * (line - 1) + text, str(page), "exec"), namespace)
        elif language == "console":
            for command, shown in commands(text):
                run(command, shown, f"{page.name}:{line}")


def run(command: str, shown: list[str], where: str) -> None:
    """A command ends with 0, or with what its comment says, and prints what is shown, spaces apart."""
    expected = re.search(r"# exit code (\d+)$", command)
    arguments = shlex.split(command, comments=True)[1:]
    if arguments[0] in ("run", "compare"):
        # The results are the same, and a plant of three stations takes less time than a process takes to start.
        arguments += ["--workers", "1"]
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.setattr(sys, "argv", ["ironworks", *arguments])
        patch.setenv("COLUMNS", "140")
        patch.setenv("NO_COLOR", "1")
        with pytest.raises(SystemExit) as stop:
            cli.main()
    assert stop.value.code == int(expected[1] if expected else 0), f"{where}: {command}\n{said.getvalue()}"
    printed = [" ".join(line.split()) for line in said.getvalue().splitlines()]
    missing = [line for line in shown if " ".join(line.split()) not in printed]
    assert not missing, f"{where}: {command} does not print\n{missing}\nIt prints\n{said.getvalue()}"


def test_a_block_that_fails_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n```python\nx = 1\n```\n\ntext\n\n```python\nassert x == 2\n```\n")
    with pytest.raises(AssertionError):
        test_code_on_the_page_runs(page, tmp_path, monkeypatch)


def test_output_that_is_not_printed_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("```console\n$ ironworks scenario check tiny\ntiny: sound. 1 row\n```\n")
    with pytest.raises(AssertionError, match="does not print"):
        test_code_on_the_page_runs(page, tmp_path, monkeypatch)


def test_every_column_of_a_scenario_is_documented() -> None:
    sections = (DOCS / "reference" / "scenario.md").read_text(encoding="utf-8").split("### ")
    documented = {section.split(".csv")[0]: section for section in sections[1:]}
    assert set(documented) == set(TABLES)
    missing = [
        f"{table}.{column}"
        for table, model in TABLES.items()
        for column in column_fields(model)
        if f"`{column}`" not in documented[table]
    ]
    assert not missing


def test_every_key_of_scenario_toml_is_documented() -> None:
    page = (DOCS / "reference" / "scenario.md").read_text(encoding="utf-8")
    for section, field in Settings.model_fields.items():
        rows = " ".join(line for line in page.splitlines() if line.startswith(f"| `[{section}]"))
        models = [
            option for option in (field.annotation, *get_args(field.annotation)) if hasattr(option, "model_fields")
        ]
        assert rows, section
        for key in (key for model in models for key in model.model_fields):
            assert re.search(rf"[` ]{key}`", rows), f"[{section}] {key}"


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="the docs extra is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "site" / "index.html").is_file()
