"""One file that a command writes: its suffix is the one of what is written, and it appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ironworks.faults import Fault, ScenarioFaults

__all__ = ["check_result_file", "result_file"]


def check_result_file(path: Path, suffix: str) -> None:
    """Raise ScenarioFaults where `path`, an --out, is a folder or has another suffix than `suffix` (as `.png`)."""
    if path.is_dir():
        mend = f"name a file in it, such as {path / f'robot{suffix}'}"
        raise ScenarioFaults([Fault("--out", 0, str(path), "is a folder", (), mend)])
    if path.suffix.lower() != suffix:
        problem = f"does not end in {suffix}, and nothing else is written"
        raise ScenarioFaults([Fault("--out", 0, str(path), problem, (), f"write {path.with_suffix(suffix)}")])


@contextmanager
def result_file(path: Path) -> Iterator[Path]:
    """A temporary file that becomes `path`, whose folder is made, when all went well, and vanishes when not.

    An OSError on the way names `path`, which the user gave, instead of the temporary file.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        if temporary.parent.is_dir():
            temporary.unlink(missing_ok=True)
