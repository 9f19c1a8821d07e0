"""Lines as the literature writes them: `.alb` (Otto, Otto and Scholl 2013) and `.IN2` (Scholl 1993)."""

from __future__ import annotations

import re
from pathlib import Path

from ironworks.factory.balance.instance import BalanceError, LineInstance
from ironworks.faults import Fault, ScenarioFaults

__all__ = ["SUFFIXES", "read_instance"]

SUFFIXES = (".alb", ".in2")
"""What a line's file may end in, in small letters."""

_TIMES, _ORDER, _CYCLE = "task times", "precedence relations", "cycle time"


def read_instance(path: Path) -> tuple[LineInstance, int | None]:
    """A line and the cycle time that its file tells, None where it tells none.

    Raises ScenarioFaults with every line that is wrong, OSError where the file cannot be read.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ScenarioFaults([Fault(str(path), 0, "", "is no file of a line", SUFFIXES)])
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    faults: list[Fault] = []
    read = _alb if path.suffix.lower() == ".alb" else _in2
    times, order, cycle = read(path, lines, faults)
    if faults:
        raise ScenarioFaults(faults)
    try:
        return LineInstance(times, tuple(order)), cycle  # type: ignore[arg-type]
    except BalanceError as error:
        raise ScenarioFaults([Fault(str(path), 0, "", problem) for problem in error.problems]) from None


def _numbers(text: str, count: int) -> list[int] | None:
    try:
        found = [
            int(float(part.replace(",", "."))) if count == 1 else int(part)
            for part in re.split(r"[,\s]+", text.strip())
        ]
    except ValueError:
        return None
    return found if len(found) == count else None


def _alb(path: Path, lines: list[str], faults: list[Fault]) -> tuple[list[int], list[tuple[int, int]], int | None]:
    section, told, cycle = "", 0, None
    times: dict[int, int] = {}
    order = []
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        if text.startswith("<"):
            section = text.strip("<>").lower()
            continue
        if section == "number of tasks" or section == _CYCLE:
            found = _numbers(text, 1)
            if found is None or found[0] < 1:
                faults.append(Fault(str(path), number, section, f"`{text}` is no whole number above 0"))
            elif section == _CYCLE:
                cycle = found[0]
            else:
                told = found[0]
        elif section in (_TIMES, _ORDER):
            pair = _numbers(text, 2)
            if pair is None:
                faults.append(Fault(str(path), number, section, f"`{text}` is no pair of whole numbers"))
            elif section == _TIMES:
                if pair[0] in times:
                    faults.append(Fault(str(path), number, section, f"task {pair[0]} has a time already"))
                times[pair[0]] = pair[1]
            else:
                order.append((pair[0] - 1, pair[1] - 1))
    if missing := sorted(set(range(1, told + 1)) - set(times)):
        faults.append(Fault(str(path), 0, _TIMES, f"no time for tasks {', '.join(map(str, missing[:10]))}"))
    if beyond := sorted(set(times) - set(range(1, told + 1))):
        faults.append(
            Fault(str(path), 0, _TIMES, f"{told} tasks are told, but there are {', '.join(map(str, beyond[:10]))}")
        )
    return [times.get(task, 0) for task in range(1, told + 1)], order, cycle


def _in2(path: Path, lines: list[str], faults: list[Fault]) -> tuple[list[int], list[tuple[int, int]], int | None]:
    filled = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    head = _numbers(filled[0][1], 1) if filled else None
    if head is None or head[0] < 1:
        faults.append(Fault(str(path), 1, "tasks", "the first line tells how many tasks there are"))
        return [], [], None
    count = head[0]
    times, order = [], []
    for number, text in filled[1 : 1 + count]:
        found = _numbers(text, 1)
        if found is None:
            faults.append(Fault(str(path), number, "time", f"`{text}` is no whole number"))
        else:
            times.append(found[0])
    if len(filled) < 1 + count:
        faults.append(Fault(str(path), 0, "time", f"{count} tasks are told, but only {len(filled) - 1} lines follow"))
    ended = False
    for number, text in filled[1 + count :]:
        pair = _numbers(text, 2)
        if pair is None:
            faults.append(Fault(str(path), number, "pair", f"`{text}` is no pair of tasks"))
        elif pair[0] < 0:
            ended = True
            break
        else:
            order.append((pair[0] - 1, pair[1] - 1))
    if not ended and not faults:
        faults.append(Fault(str(path), 0, "pair", "the pairs do not end with -1,-1"))
    return times, order, None
