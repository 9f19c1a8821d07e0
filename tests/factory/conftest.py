"""A scenario of tables small enough to count by hand: the built-in tiny, with some files replaced."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ironworks.scenario import Scenario, read_scenario, scenario_path

Changed = Callable[..., Scenario]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """Call with files by name (text replaces the file) to read tiny with them."""

    def read(files: dict[str, str], **overrides: str) -> Scenario:
        for source in scenario_path("tiny").iterdir():
            (tmp_path / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return read_scenario(tmp_path, {key.replace("__", "."): value for key, value in overrides.items()})

    return read
