"""What a sample of units showed: yields with intervals, causes, capability, wrong decisions, minutes, verdicts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ironworks.robot.acceptance.bench import NO_FAULT_FOUND, Trial, counts
from ironworks.robot.acceptance.capability import Capability, capability
from ironworks.robot.acceptance.journey import Journey, items_of
from ironworks.robot.acceptance.mean_squares import Interval
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.planning import Plan, Studied
from ironworks.robot.acceptance.procedure import Procedure
from ironworks.verdicts import FAIL, Verdicts

__all__ = ["AcceptanceResult", "Capable", "Yield", "wilson"]


@dataclass(frozen=True, slots=True)
class Yield:
    """First passes of a procedure (or an item, with an empty procedure) at one scale.

    `passed` counts accepted ones, those accepted when measured again (`again`) among them. `false_rejects` and
    `escapes` count trials of all attempts. `minutes`: mean of plant minutes at the first attempt, retests included.
    """

    item: str
    procedure: str
    scale: float
    tested: int
    passed: int
    again: int
    false_rejects: int
    escapes: int
    minutes: float
    share: Interval


@dataclass(frozen=True, slots=True)
class Capable:
    """Capability of a measurement: of readings at the first run, all places together; None where it has none.

    `why` says why there is none. `outside`: share of true values outside the tolerance.
    """

    item: str
    procedure: str
    measurement: str
    limits: Limits
    readings: int
    found: Capability | None
    why: str
    outside: float


@dataclass(frozen=True, eq=False)
class AcceptanceResult:
    """All journeys of a sample, in the order (scale, serial number); `seconds`: how long it took."""

    procedures: tuple[Procedure, ...]
    plan: Plan
    journeys: tuple[Journey, ...]
    seed: int
    seconds: float = field(default=0.0, compare=False)

    @property
    def scales(self) -> tuple[float, ...]:
        """In the order in which they were run."""
        return tuple(dict.fromkeys(journey.scale for journey in self.journeys))

    def of(self, scale: float) -> tuple[Journey, ...]:
        """Journeys at one scale."""
        return tuple(journey for journey in self.journeys if journey.scale == scale)

    def trials(self, scale: float, attempt: int | None = None) -> Iterator[Trial]:
        """Trials at one scale, of one attempt or of all."""
        for journey in self.of(scale):
            yield from (trial for trial in journey.trials if attempt in (None, trial.attempt))

    def yields(self, scale: float = 1.0) -> list[Yield]:
        """One row for each procedure in the order of the tests, then one for each item."""
        every = list(self.trials(scale))
        rows = [
            _yield(item, p.name, scale, [t for t in every if (t.item, t.procedure) == (p.item, p.name)])
            for item in items_of(self.procedures)
            for p in self.procedures
            if p.item == item
        ]
        return rows + [self._item(item, scale) for item in items_of(self.procedures)]

    def _item(self, item: str, scale: float) -> Yield:
        units = [[t for t in j.trials if t.item == item and t.attempt == 1] for j in self.of(scale)]
        every = [t for j in self.of(scale) for t in j.trials if t.item == item]
        passed = [all(t.verdict != FAIL for t in trials) for trials in units]
        again = [ok and any(t.runs > 1 for t in trials) for ok, trials in zip(passed, units, strict=True)]
        return Yield(
            item, "", scale, len(units), sum(passed), sum(again), sum(t.false_reject for t in every),
            sum(t.escape for t in every), float(np.mean([sum(t.minutes for t in trials) for trials in units])),
            wilson(sum(passed), len(units)),
        )  # fmt: skip

    def causes(self, scale: float = 1.0) -> dict[str, int]:
        """Pareto: units in which a first attempt failed, by class of cause (procedure: measurement), the most first."""
        found: Counter[str] = Counter()
        for journey in self.of(scale):
            found.update({_class(t) for t in journey.trials if t.attempt == 1 and t.verdict == FAIL})
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    def capabilities(self, scale: float = 1.0) -> list[Capable]:
        """One row for each measurement, in the order of the procedures.

        Units with a gross fault that the procedure is meant to catch are left out: a capability speaks of the process.
        """
        rows = []
        for p in self.procedures:
            sound = [j for j in self.of(scale) if not any(one.fault in p.catches for one in j.gross)]
            first = [t for j in sound for t in j.trials if (t.item, t.procedure) == (p.item, p.name) and t.attempt == 1]
            rows += [_capable(p, m, [_one(t, m.name) for t in first]) for m in p.measurements]
        return rows

    def studied(self) -> tuple[Studied, ...]:
        """The studies behind the acceptance limits."""
        return self.plan.studies

    def replaced(self, scale: float = 1.0) -> dict[str, int]:
        """How often each kind of part was replaced, the most frequent first."""
        found = Counter(part.repair for journey in self.of(scale) for _, _, part in journey.replaced)
        return dict(found.most_common())

    def verdicts(self, key: str = "", meta: Mapping[str, Any] | None = None) -> Verdicts:
        """The table that passes to the factory: a row for each trial."""
        rows = [(j.scale, t) for j in self.journeys for t in j.trials]
        return Verdicts(
            scale=np.array([scale for scale, _ in rows]),
            unit=np.array([t.unit for _, t in rows]),
            item=np.array([t.item for _, t in rows]),
            procedure=np.array([t.procedure for _, t in rows]),
            attempt=np.array([t.attempt for _, t in rows]),
            verdict=np.array([t.verdict for _, t in rows], np.int8),
            cause=np.array([t.cause for _, t in rows]),
            minutes=np.array([t.minutes for _, t in rows]),
            key=key,
            meta=meta or {},
        )

    def readings(self) -> dict[str, list[Any]]:
        """Every value of every run, as columns: what a real bench would log, and what is true besides."""
        columns: dict[str, list[Any]] = {name: [] for name in _READING}
        for journey in self.journeys:
            for t in journey.trials:
                for one in t.measured:
                    for run, values in enumerate(one.values.tolist()):
                        for i, value in enumerate(values):
                            row = (
                                journey.scale, t.unit, t.item, t.procedure, t.attempt, run + 1, t.tester,
                                one.measurement.name, one.places[i], value, one.true[i], one.measurement.unit,
                            )  # fmt: skip
                            for name, cell in zip(_READING, row, strict=True):
                                columns[name].append(cell)
        return columns

    def check(self) -> list[str]:
        """What contradicts itself, one sentence each; nothing where all is well.

        Every unit has every procedure once at attempt 1; no attempt without the one before it and a repair between;
        minutes follow from the runs.
        """
        return [fault for journey in self.journeys for fault in _checked(journey, self._minutes)]

    @cached_property
    def _minutes(self) -> dict[tuple[str, str], float]:
        return {(procedure.item, procedure.name): procedure.minutes for procedure in self.procedures}


_READING = (
    "scale", "unit", "item", "procedure", "attempt", "run", "tester", "measurement", "place", "value", "true",
    "unit_of_measure",
)  # fmt: skip


def wilson(passed: int, tested: int, confidence: float = 0.95) -> Interval:
    """Wilson's score interval of a share (J. Am. Stat. Assoc. 22, 1927); 0 to 1 where nothing was tested."""
    if tested == 0:
        return Interval(math.nan, 0.0, 1.0)
    z = float(stats.norm.ppf(0.5 + confidence / 2.0))
    share = passed / tested
    centre = (share + z**2 / (2 * tested)) / (1 + z**2 / tested)
    half = z / (1 + z**2 / tested) * math.sqrt(share * (1 - share) / tested + z**2 / (4 * tested**2))
    low = 0.0 if passed == 0 else max(0.0, centre - half)
    return Interval(share, low, 1.0 if passed == tested else min(1.0, centre + half))


def _class(trial: Trial) -> str:
    cause = trial.cause
    if cause == NO_FAULT_FOUND:
        return f"{trial.procedure}: {NO_FAULT_FOUND}"
    return f"{trial.procedure}: {cause.partition('@')[0]}"


def _one(trial: Trial, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    found = next(one for one in trial.measured if one.measurement.name == name)
    return found.values[0], found.true


def _yield(item: str, procedure: str, scale: float, trials: Sequence[Trial]) -> Yield:
    first = [t for t in trials if t.attempt == 1]
    passed = [t for t in first if t.verdict != FAIL]
    return Yield(
        item, procedure, scale, len(first), len(passed), sum(t.runs > 1 for t in passed),
        sum(t.false_reject for t in trials), sum(t.escape for t in trials),
        float(np.mean([t.minutes for t in first])) if first else 0.0, wilson(len(passed), len(first)),
    )  # fmt: skip


def _capable(
    procedure: Procedure,
    measurement: Measurement,
    readings: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> Capable:
    limits = measurement.limits
    values = np.concatenate([value for value, _ in readings]) if readings else np.empty(0)
    true = np.concatenate([value for _, value in readings]) if readings else np.empty(0)
    units = np.repeat(np.arange(len(readings)), [len(value) for value, _ in readings])
    outside = float(np.mean(~((true >= limits.lower) & (true <= limits.upper)))) if len(true) else math.nan
    sound = np.isfinite(values)
    why = ""
    found = None
    if sound.sum() < 3:
        why = "fewer than 3 readings"
    elif counts(values):
        why = "a count"
    elif np.ptp(values[sound]) == 0.0:
        why = "does not vary"
    else:
        many = len(readings) < sound.sum()
        found = capability(values[sound], limits, units[sound].tolist() if many else None)
    return Capable(procedure.item, procedure.name, measurement.name, limits, len(values), found, why, outside)


def _checked(journey: Journey, minutes: Mapping[tuple[str, str], float]) -> Iterator[str]:
    who = f"unit {journey.serial} at scale {journey.scale:g}"
    seen = Counter((t.item, t.procedure, t.attempt) for t in journey.trials)
    for item, name in minutes:
        if seen[item, name, 1] != 1:
            yield f"{who}: {name} of {item} was run {seen[item, name, 1]} times at attempt 1"
    repairs = {(item, attempt) for item, attempt, _ in journey.replaced}
    for t in journey.trials:
        what = f"{who}: {t.procedure}, attempt {t.attempt}"
        if t.attempt > 1:
            before = [o for o in journey.trials if o.item == t.item and o.attempt == t.attempt - 1]
            if not any(o.verdict == FAIL for o in before):
                yield f"{what}: nothing had failed at the attempt before"
            elif (t.item, t.attempt - 1) not in repairs:
                yield f"{what}: nothing was replaced before it"
        if (t.cause == "") != (t.verdict == 0):
            yield f"{what}: verdict {t.verdict} with the cause {t.cause!r}"
        if not math.isclose(t.minutes, t.runs * minutes[t.item, t.procedure]):
            yield f"{what}: {t.minutes} minutes for {t.runs} runs"
        if t.verdict != FAIL and not all(np.isfinite(one.decided).all() for one in t.measured):
            yield f"{what}: what is no number was accepted"
