"""The rules of the house that no linter knows."""

import ast
import importlib
import re
import shutil
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "ironworks"
PUBLIC_NAMES = tomllib.loads((Path(__file__).parent / "public_names.toml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

LONGEST_FILE = 400
MEDIAN_FILE = 150


def python_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("module", sorted(PUBLIC_NAMES))
def test_public_names_are_the_pinned_ones(module: str) -> None:
    assert sorted(importlib.import_module(module).__all__) == sorted(PUBLIC_NAMES[module])


@pytest.mark.parametrize("module", sorted(PUBLIC_NAMES))
def test_public_names_exist_and_say_what_they_are(module: str) -> None:
    imported = importlib.import_module(module)
    for name in imported.__all__:
        thing = getattr(imported, name)
        if callable(thing) and getattr(thing, "__module__", "").startswith("ironworks"):
            assert (thing.__doc__ or "").strip(), f"{module}.{name} has no docstring"


def test_every_package_that_lists_names_is_pinned() -> None:
    listing = set()
    for path in SOURCE.rglob("__init__.py"):
        if re.search(r"^__all__\b", path.read_text(encoding="utf-8"), re.MULTILINE):
            listing.add(".".join(("ironworks", *path.parent.relative_to(SOURCE).parts)))
    assert listing <= set(PUBLIC_NAMES), f"add to tests/public_names.toml: {sorted(listing - set(PUBLIC_NAMES))}"


@pytest.mark.parametrize("folder", [SOURCE, ROOT / "tests"], ids=["src", "tests"])
def test_files_are_read_in_one_sitting(folder: Path) -> None:
    lengths = {path: line_count(path) for path in python_files(folder)}
    too_long = {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LONGEST_FILE}
    assert not too_long
    assert statistics.median(n for n in lengths.values() if n) <= MEDIAN_FILE


def imported_roots(path: Path) -> set[str]:
    """The top-level packages that a file imports by absolute name."""
    roots = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            roots.add((node.module or "").split(".")[0])
    return roots


def test_kernels_import_numpy_and_numba_alone() -> None:
    allowed = {"numpy", "numba", "ironworks"} | set(sys.stdlib_module_names)
    for path in python_files(SOURCE / "factory" / "flow" / "kernels"):
        assert imported_roots(path) <= allowed, path.name


def test_sql_is_written_in_trace_alone() -> None:
    for path in python_files(SOURCE):
        if "sqlite3" in imported_roots(path):
            assert path.parent == SOURCE / "factory" / "trace", path


def test_no_generator_without_a_key_of_its_own() -> None:
    """Draws are counter-based or come from a generator that was handed over: no hidden global state."""
    hidden = re.compile(
        r"np\.random\.(seed|rand|randn|uniform|normal|choice)\(|default_rng\(\)|^import random$", re.MULTILINE
    )
    guilty = [str(p.relative_to(ROOT)) for p in python_files(SOURCE) if hidden.search(p.read_text(encoding="utf-8"))]
    assert not guilty


def test_each_dependency_has_a_reason() -> None:
    listed = list(PROJECT["project"]["dependencies"])
    for extra in PROJECT["project"]["optional-dependencies"].values():
        listed += extra
    names = {re.split(r"[\s<>=!~\[;]", entry, maxsplit=1)[0] for entry in listed}
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([\w.-]+)` \|", page, re.MULTILINE))
    assert explained == names


# One offence per rule: (contract's id, file that offends, its line).
OFFENCES = [
    ("storeys", "factory/process.py", "from ironworks import robot"),
    ("storeys", "robot/body.py", "from ironworks import factory"),
    ("storeys", "product/bom.py", "from ironworks import factory"),
    ("storeys", "figures.py", "from ironworks import product"),
    ("storeys", "factory/process.py", "from ironworks import chain"),
    ("storeys", "chain.py", "from ironworks import report"),
    ("storeys", "chain.py", "from ironworks import studies"),
    ("storeys", "report/page.py", "from ironworks import cli"),
    ("storeys", "astray.py", "x = 1"),
    ("flow-is-a-library", "factory/flow/model.py", "from ironworks import figures"),
    ("flow-is-a-library", "factory/flow/model.py", "from ironworks import product"),
    ("kernels-alone", "factory/flow/kernels/line.py", "from ironworks.factory.flow import encode"),
    ("kernels-alone", "factory/flow/kernels/line.py", "import scipy"),
    ("control-kernels-alone", "robot/control/kernels/filter.py", "import scipy"),
    ("balance-kernels-alone", "factory/balance/kernels/search.py", "import scipy"),
    ("layout-kernels-alone", "factory/layout/kernels/tabu.py", "import scipy"),
    ("sql-in-trace", "report/page.py", "import sqlite3"),
    ("mujoco-in-robot", "factory/process.py", "import mujoco"),
    ("torch-in-training", "robot/body.py", "import torch"),
    ("numba-in-kernels", "factory/flow/model.py", "import numba"),
]
SKELETON = (
    "factory/balance/kernels",
    "factory/balance",
    "factory/layout/kernels",
    "factory/layout",
    "factory/flow/kernels",
    "robot/control/kernels",
    "robot/control",
    "factory/flow",
    "factory/trace",
    "factory",
    "robot",
    "product",
    "report",
    "studies",
    ".",
)


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """An empty house with our contracts."""
    for folder in SKELETON:
        (tmp_path / "ironworks" / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "ironworks" / folder / "__init__.py").touch()
    for module in ("figures", "chain", "cli", "factory/flow/encode"):
        (tmp_path / "ironworks" / f"{module}.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken_contracts(house: Path) -> tuple[int, str]:
    command = [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(
        [*command, "--no-cache", "--no-logo"], cwd=house, env={"PYTHONPATH": str(house)}, capture_output=True, text=True
    )
    return done.returncode, done.stdout


def test_an_empty_house_keeps_every_contract(skeleton: Path) -> None:
    code, said = broken_contracts(skeleton)
    assert code == 0, said


@pytest.mark.parametrize(("contract", "file", "line"), OFFENCES)
def test_each_layer_rule_catches_its_offence(skeleton: Path, contract: str, file: str, line: str) -> None:
    (skeleton / "ironworks" / file).write_text(line + "\n")
    code, said = broken_contracts(skeleton)
    name = next(c["name"] for c in PROJECT["tool"]["importlinter"]["contracts"] if c["id"] == contract)
    assert code == 1
    assert f"{name} BROKEN" in " ".join(said.split())
