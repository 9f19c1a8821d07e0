"""Units in a row through the walking programme, each from a bench that it passed: what they show together."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Protocol

from scipy import stats

from ironworks.executor import Job, run_jobs
from ironworks.faults import Fault, ScenarioFaults
from ironworks.robot.acceptance.bench import Bench, Trial
from ironworks.robot.acceptance.families import visit_of
from ironworks.robot.acceptance.journey import ROBOT, Journey, items_of
from ironworks.robot.acceptance.mean_squares import Interval
from ironworks.robot.acceptance.planning import Plan
from ironworks.robot.acceptance.procedure import Procedure
from ironworks.robot.acceptance.procedures.calibration import CalibrationTest
from ironworks.robot.acceptance.repair import Replaced
from ironworks.robot.acceptance.result import AcceptanceResult, Yield
from ironworks.robot.acceptance.walking.course import Fell
from ironworks.robot.asbuilt import Unit
from ironworks.verdicts import FAIL

__all__ = [
    "RETUNED",
    "Course",
    "Visit",
    "WalkingSample",
    "WalkingTrial",
    "clopper_pearson",
    "on_legs",
    "passes_bench",
    "proven",
    "walk_units",
]

Progress = Callable[[int, int], None]
RETUNED = Replaced(ROBOT, ROBOT, "retune")
"""What is done to a unit that failed on its legs: no part is replaced, its calibration is."""
#: So many units are drawn for each one that is to walk, at most, and some more.
_MOST, _MORE = 10, 20


def clopper_pearson(passed: int, tested: int, confidence: float = 0.95) -> Interval:
    """The exact interval of a share (Clopper and Pearson, Biometrika 26, 1934); 0 to 1 where nothing was tested."""
    if tested == 0:
        return Interval(math.nan, 0.0, 1.0)
    tail = 0.5 * (1.0 - confidence)
    low = float(stats.beta.ppf(tail, passed, tested - passed + 1)) if passed else 0.0
    high = float(stats.beta.ppf(1.0 - tail, passed + 1, tested - passed)) if passed < tested else 1.0
    return Interval(passed / tested, low, high)


def proven(passed: int, tested: int, confidence: float = 0.95) -> float:
    """The share that at least passes with this confidence, by the exact one-sided bound: 0.95 after 59 of 59."""
    return float(stats.beta.ppf(1.0 - confidence, passed, tested - passed + 1)) if passed else 0.0


class Course(Procedure, Protocol):
    """A procedure of a programme, after the bench; it tells how long it lasts."""

    @property
    def seconds(self) -> float:
        """Simulated seconds of one run."""
        ...


@dataclass(frozen=True, eq=False)
class WalkingTrial(Trial):
    """A trial on legs: where the robot fell, that is the cause, whatever else could not be measured any more."""

    fell: Fell | None = None

    @property
    def cause(self) -> str:
        """`falls@leg` for a fall, else that of the bench."""
        return f"falls@{self.fell.leg}" if self.fell is not None else super().cause

    @classmethod
    def of(cls, trial: Trial) -> WalkingTrial:
        """A trial with the fall that its traces tell of, and without its traces."""
        fell = next((one for one in trial.traces.values() if isinstance(one, Fell)), None)
        given = {one.name: getattr(trial, one.name) for one in fields(Trial)}
        return cls(**{**given, "traces": {}}, fell=fell)


@dataclass(frozen=True, eq=False)
class Visit:
    """One unit: its way through the programme, or, without one, why the bench before it turned it away."""

    serial: int
    journey: Journey | None
    turned_away: str = ""


@dataclass(frozen=True, eq=False)
class WalkingSample:
    """All visits, in the order of the units; `seconds`: how long they took."""

    procedures: tuple[Course, ...]
    visits: tuple[Visit, ...]
    seed: int
    scale: float
    seconds: float = field(default=0.0, compare=False)

    @cached_property
    def result(self) -> AcceptanceResult:
        """Of the units that walked, as the bench has it."""
        journeys = tuple(visit.journey for visit in self.visits if visit.journey is not None)
        return AcceptanceResult(self.procedures, Plan(), journeys, self.seed, self.seconds)

    @property
    def walked(self) -> int:
        """Units that came to the programme."""
        return len(self.result.journeys)

    @cached_property
    def yields(self) -> list[Yield]:
        """First passes by procedure, then of the whole programme, with exact intervals."""
        return [replace(row, share=clopper_pearson(row.passed, row.tested)) for row in self.result.yields(self.scale)]

    @cached_property
    def falls(self) -> list[tuple[int, Fell]]:
        """Serial number and fall, in the order of the units and procedures."""
        return [
            (trial.unit, trial.fell)
            for trial in self.result.trials(self.scale)
            if isinstance(trial, WalkingTrial) and trial.fell is not None
        ]

    @property
    def fallen(self) -> int:
        """Units that fell at least once."""
        return len({serial for serial, _ in self.falls})

    @property
    def in_a_row(self) -> int:
        """Units without a fall before the first one that fell."""
        fell = {serial for serial, _ in self.falls}
        order = [journey.serial in fell for journey in self.result.journeys]
        return order.index(True) if any(order) else len(order)

    @property
    def proven(self) -> float:
        """The share of units that at least stays on its feet, with 95 % confidence."""
        return proven(self.walked - self.fallen, self.walked)

    @property
    def simulated(self) -> float:
        """Seconds of one unit's programme."""
        return sum(procedure.seconds for procedure in self.procedures)


def passes_bench(bench: Bench, procedures: Sequence[Procedure], unit: Unit) -> tuple[str, dict[str, dict[str, object]]]:
    """Why a unit does not pass some procedures of a bench (empty where it does), and the memos of its visits."""
    memos: dict[str, dict[str, object]] = {}
    for item in items_of(procedures):
        for procedure in procedures:
            if procedure.item == item:
                trial = bench.test(procedure, unit, memo=memos.setdefault(visit_of(procedure), {}))
                if trial.verdict == FAIL:
                    return f"{procedure.name}: {trial.cause}", memos
    return "", memos


def walk_units(
    bench: Bench,
    before: Sequence[Procedure],
    procedures: Sequence[Course],
    units: int,
    workers: int | None = None,
    on_progress: Progress | None = None,
    *,
    first: int = 0,
    attempts: int = 1,
) -> WalkingSample:
    """Test units one after another, from the `first` on, until so many passed the bench `before` and walked.

    Nothing is measured again or repaired on the way: a fall is a fall. With more `attempts`, a unit that failed is
    calibrated anew and walks again what it failed. The result is the same whatever the number of
    workers. `on_progress(done, all)` counts units. Raises JobFailed where a procedure raises, ScenarioFaults where the
    bench turns nearly all units away.
    """
    if units < 1 or not procedures:
        raise ValueError(f"a sample needs units and procedures, not {units} and {len(procedures)}")
    begun = time.perf_counter()
    visits: list[Visit] = []
    walked = 0
    while walked < units:
        if len(visits) > _MOST * units + _MORE:
            what = f"turns {len(visits) - walked} of {len(visits)} units away"
            why = ", ".join(sorted({visit.turned_away for visit in visits if visit.turned_away})[:3])
            raise ScenarioFaults([Fault("the bench", 0, "", what, (), f"see what fails there: {why}")])
        start, done = first + len(visits), len(visits)
        jobs = [Job(f"unit {k} on its legs", k) for k in range(start, start + units - walked)]

        def report(now: int, of: int, done: int = done) -> None:
            if on_progress is not None:
                on_progress(done + now, done + of)

        found = run_jobs(
            _visit, jobs, workers=workers, progress=report, initializer=_begin,
            initargs=(bench, tuple(before), tuple(procedures), attempts),
        )  # fmt: skip
        visits += found
        walked += sum(visit.journey is not None for visit in found)
    return WalkingSample(
        tuple(procedures), tuple(visits), bench.seed, bench.population.scale, time.perf_counter() - begun
    )


_HANDED: list[tuple[Bench, tuple[Procedure, ...], tuple[Course, ...], int]] = []


def _begin(bench: Bench, before: tuple[Procedure, ...], procedures: tuple[Course, ...], attempts: int) -> None:
    _HANDED[:] = [(bench, before, procedures, attempts)]


def _visit(k: int) -> Visit:
    bench, before, procedures, attempts = _HANDED[0]
    unit = bench.population.unit(bench.population.apart(k))
    cause, memos = passes_bench(bench, before, unit)
    if cause:
        return Visit(unit.serial, None, cause)
    return Visit(unit.serial, on_legs(bench, procedures, unit, memos.setdefault(ROBOT, {}), attempts))


def on_legs(
    bench: Bench, procedures: Sequence[Course], unit: Unit, memo: dict[str, object], attempts: int = 1
) -> Journey:
    """A unit's way through procedures on its legs; `memo`: of its visit to the bench, with its calibration in it."""
    once = replace(bench, retests=0)
    due = tuple(procedures)
    trials: list[WalkingTrial] = []
    log: list[tuple[str, int, Replaced]] = []
    for attempt in range(1, attempts + 1):
        done = [WalkingTrial.of(once.test(procedure, unit, attempt, memo)) for procedure in due]
        trials += done
        due = tuple(procedure for procedure, trial in zip(due, done, strict=True) if trial.verdict == FAIL)
        if not due or attempt == attempts:
            break
        memo = {}
        once.test(CalibrationTest(), unit, attempt + 1, memo)
        log.append((ROBOT, attempt, RETUNED))
    return Journey(bench.population.scale, unit.serial, unit.gross, tuple(trials), tuple(log))
