"""A scenario's folder as text: scenario.toml with the line of each key, and the raw tables."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ironworks.faults import FaultLog, closest
from ironworks.rows import REQUIRED_TABLES, TABLES
from ironworks.tables import RawTable, parse_table, read_text

SETTINGS_FILE = "scenario.toml"
_SECTION = re.compile(r"\s*\[\s*([\w.\"'-]+)\s*\]")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")


@dataclass
class Folder:
    """Raw settings (None where unreadable), where each dotted key stands, and the raw tables by name."""

    settings: dict[str, Any] | None = None
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    tables: dict[str, RawTable] = field(default_factory=dict)

    def place(self, key: str) -> tuple[str, int]:
        """File and line of a dotted key of scenario.toml; of its section where the key is missing."""
        parts = key.split(".")
        found = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
        return next((self.places[name] for name in found if name in self.places), (SETTINGS_FILE, 1))


def read_folder(path: Path, log: FaultLog) -> Folder:
    """Read the texts of a scenario's folder."""
    folder = Folder()
    if not path.is_dir():
        log.add(
            str(path), 0, "", "is not a scenario's folder", mend="`ironworks scenario list` shows the built-in ones"
        )
        return folder
    if (path / SETTINGS_FILE).exists():
        text = read_text(path / SETTINGS_FILE, log)
        if text is not None:
            folder.settings = parse_settings(text, log)
            folder.places = _places(text)
    else:
        log.add(
            SETTINGS_FILE,
            0,
            "",
            "is missing",
            mend=f"add {SETTINGS_FILE}; `ironworks scenario new` makes a whole folder",
        )
    for file in sorted(path.glob("*.csv")):
        if file.stem not in TABLES:
            known = [f"{name}.csv" for name in TABLES]
            log.add(
                file.name,
                0,
                "",
                "is not a table of a scenario",
                choices=known,
                mend=closest(file.name, known) or "rename or remove it",
            )
            continue
        table_text = read_text(file, log)
        table = parse_table(file.name, table_text, log) if table_text is not None else None
        if table is not None:
            folder.tables[file.stem] = table
    for name in REQUIRED_TABLES:
        if not (path / f"{name}.csv").exists():
            columns = ",".join(column for column, field_ in _columns(name) if field_)
            log.add(f"{name}.csv", 0, "", "is missing", mend=f"add it with at least the columns {columns}")
    return folder


def _columns(name: str) -> list[tuple[str, bool]]:
    return [(field_.alias or key, field_.is_required()) for key, field_ in TABLES[name].model_fields.items()]


def parse_settings(text: str, log: FaultLog, file: str = SETTINGS_FILE) -> dict[str, Any] | None:
    """Parse the text of a TOML file; None, with a fault noted in `file`, where it is not TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        said = re.sub(r"\s*\(at .*\)$", "", str(error)) or "brackets too deep"
        line = re.search(r"at line (\d+)", str(error))
        last = text.count("\n") + 1
        log.add(
            file,
            int(line[1]) if line else last,
            "",
            f"is not TOML: {said}",
            mend='write `key = value`, texts in "quotes"',
        )
        return None


def _places(text: str) -> dict[str, tuple[str, int]]:
    places: dict[str, tuple[str, int]] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _SECTION.match(line):
            section = re.sub(r"[\"']", "", header[1])
            places.setdefault(section, (SETTINGS_FILE, number))
        elif key := _KEY.match(line):
            name = re.sub(r"[\"']", "", key[1])
            places.setdefault(f"{section}.{name}" if section else name, (SETTINGS_FILE, number))
    return places
