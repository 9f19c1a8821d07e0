"""Ways to break the tiny scenario, for the tests of the reader."""

import shutil
from pathlib import Path

from ironworks.scenario import builtin_scenarios


def copy_of_tiny(folder: Path) -> Path:
    """A good scenario that a test may break."""
    target = folder / "tiny"
    shutil.copytree(builtin_scenarios()["tiny"], target)
    return target


def replaced(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there exactly once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def appended(path: Path, line: str) -> None:
    """Add a line at the end of a table, which it creates where there is none."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{text}{line}\n", encoding="utf-8")
