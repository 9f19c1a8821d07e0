"""What is wrong with a user's input, said so that it can be mended: place, problem, valid choices, mend."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

__all__ = ["Fault", "FaultLog", "ScenarioFaults", "closest"]

_CHOICES_SHOWN = 12


@dataclass(frozen=True, order=True)
class Fault:
    """One fault (or warning) in an input file.

    `line` counts from 1; 0 means the file as a whole. `key` names the cell, row or setting. `choices` lists valid
    values where there is a list of them. `mend` says what to do.
    """

    file: str
    line: int
    key: str
    problem: str
    choices: tuple[str, ...] = ()
    mend: str = ""

    def __str__(self) -> str:
        parts = [self.problem]
        if self.choices:
            shown = ", ".join(self.choices[:_CHOICES_SHOWN])
            more = len(self.choices) - _CHOICES_SHOWN
            parts.append(f"choose one of: {shown}" + (f" and {more} more" if more > 0 else ""))
        if self.mend:
            parts.append(self.mend)
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.key, "; ".join(parts)) if part)


class ScenarioFaults(Exception):
    """Everything that is wrong with a scenario; nothing runs on a broken one."""

    def __init__(self, faults: Iterable[Fault], warnings: Iterable[Fault] = ()) -> None:
        self.faults = tuple(faults)
        self.warnings = tuple(warnings)
        super().__init__(self.faults, self.warnings)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


@dataclass
class FaultLog:
    """Collects faults and warnings while an input is read, so that all of them are shown at once."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def add(self, file: str, line: int, key: str, problem: str, *, choices: Iterable[str] = (), mend: str = "") -> None:
        """Note a fault: it stops the scenario."""
        self.faults.append(Fault(file, line, key, problem, tuple(choices), mend))

    def warn(self, file: str, line: int, key: str, problem: str, *, mend: str = "") -> None:
        """Note a warning: it is shown and stops nothing."""
        self.warnings.append(Fault(file, line, key, problem, (), mend))

    def stop_on_faults(self) -> None:
        """Raise `ScenarioFaults` with everything so far, in the order of files and lines, if there is any fault."""
        if self.faults:
            raise ScenarioFaults(sorted(set(self.faults)), sorted(set(self.warnings)))

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.faults)


def closest(word: str, choices: Iterable[str]) -> str:
    """`did you mean ...?` for the nearest choice, or an empty string when none is near."""
    match = difflib.get_close_matches(word[:200], list(choices), n=1, cutoff=0.6)
    return f"did you mean `{match[0]}`?" if match else ""
