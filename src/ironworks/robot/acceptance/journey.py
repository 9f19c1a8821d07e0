"""The way of one unit through the bench: its modules, then the robot; repaired and tested again where it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ironworks.robot.acceptance.bench import Bench, Trial
from ironworks.robot.acceptance.families import visit_of
from ironworks.robot.acceptance.procedure import Procedure
from ironworks.robot.acceptance.repair import Replaced, regression, repaired, suspects
from ironworks.robot.asbuilt import Gross, Unit
from ironworks.verdicts import FAIL

__all__ = ["ROBOT", "Journey", "items_of", "journey"]

ROBOT = "robot"


@dataclass(frozen=True, eq=False)
class Journey:
    """All trials of one unit, in order; what was replaced after which attempt of which item; its first gross faults."""

    scale: float
    serial: int
    gross: tuple[Gross, ...]
    trials: tuple[Trial, ...]
    replaced: tuple[tuple[str, int, Replaced], ...]


def items_of(procedures: Sequence[Procedure]) -> tuple[str, ...]:
    """Items in the order of their tests: modules as the procedures name them, the robot last."""
    return tuple(sorted(dict.fromkeys(p.item for p in procedures), key=lambda item: item == ROBOT))


def journey(
    bench: Bench, procedures: Sequence[Procedure], unit: Unit, *, attempts: int = 3, keep: bool = False
) -> Journey:
    """Test a unit, item by item, up to `attempts` times with a repair before each further one.

    The first attempt runs every procedure, whatever fails: what fails together is what the flow wants to know. After
    the last attempt an item goes on as it is. `keep` keeps traces.
    """
    struck = unit.gross
    trials: list[Trial] = []
    log: list[tuple[str, int, Replaced]] = []
    repairs = 0
    memos: dict[tuple[str, int], tuple[Unit, dict[str, object]]] = {}
    for item in items_of(procedures):
        mine = [procedure for procedure in procedures if procedure.item == item]
        due = mine
        for attempt in range(1, attempts + 1):
            visit = (visit_of(mine[0]), attempt)
            if visit not in memos or memos[visit][0] is not unit:
                memos[visit] = (unit, {})
            memo = memos[visit][1]
            done = [bench.test(procedure, unit, attempt, memo) for procedure in due]
            trials += done if keep else [replace(trial, traces={}) for trial in done]
            failed = [(trial, p) for trial, p in zip(done, due, strict=True) if trial.verdict == FAIL]
            if not failed or attempt == attempts:
                break
            parts = {part for trial, p in failed for part in suspects(trial, p, unit, bench.population, bench.design)}
            unit = repaired(unit, parts, bench.population, repairs)
            repairs += 1
            log += [(item, attempt, part) for part in sorted(parts, key=lambda one: (one.kind, one.place))]
            due = regression(parts, mine, (trial.procedure for trial, _ in failed))
    return Journey(bench.population.scale, unit.serial, struck, tuple(trials), tuple(log))
