"""What a bench knows before it tests: how it measures (gauge studies), what comes to it, where it draws lines.

Studies run on the bench itself, on units without gross faults: parts by testers by repeats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ironworks.executor import Job, run_jobs
from ironworks.robot.acceptance.at_work import at_work, begin_work
from ironworks.robot.acceptance.bench import Bench, counts, visit_seed
from ironworks.robot.acceptance.families import visit_of
from ironworks.robot.acceptance.gauge import Components, crossed
from ironworks.robot.acceptance.guard import Process, Risks, cost_optimal, global_risks, guarded_acceptance
from ironworks.robot.acceptance.journey import ROBOT
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Procedure, Readings

__all__ = ["STUDIED", "Guarding", "Plan", "Studied", "plan_bench", "planned"]

Floats = NDArray[np.float64]

STUDIED = 50_000_000
"""Serial number of the first unit of a study: none of them is in a sample."""
#: A measurement at many places brings its own parts: it takes the fewest units; one with fewer parts takes them all.
_PARTS, _FEWEST, _UNITS, _REPEATS = 10, 3, 8, 2
#: Readings (places, testers, repeats) and true values (places,) of one measurement on one unit.
_OfUnit = tuple[Floats, Floats]
_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Guarding:
    """How acceptance limits are drawn: `cost_optimal`, `guarded` (by the expanded uncertainty, k = 2) or `simple`.

    Costs are multiples of a false reject's: what an escape costs when the next stage finds it, from a module's test
    (found at the robot) and from the robot's (found by the customer). Planner's assumptions.
    """

    rule: Literal["cost_optimal", "guarded", "simple"] = "cost_optimal"
    module_escape: float = 5.0
    robot_escape: float = 20.0


@dataclass(frozen=True, slots=True)
class Studied:
    """What the study of one measurement found, and the acceptance limits drawn from it; None where readings are counts.

    `parts`: units times places. Risks are of one reading of the process, in those limits.
    """

    item: str
    procedure: str
    measurement: str
    limits: Limits
    parts: int
    components: Components | None
    process: Process | None
    acceptance: Limits | None
    risks: Risks | None

    @property
    def uncertainty(self) -> float:
        """Standard uncertainty of one reading, in the measurement's unit; 0 for a count."""
        return float(np.sqrt(self.components.grr)) if self.components else 0.0


@dataclass(frozen=True)
class Plan:
    """Studies of all measurements; `visits` to the bench that they took."""

    studies: tuple[Studied, ...] = ()
    visits: int = 0

    def as_json(self) -> dict[str, Any]:
        """The plan as JSON takes it."""
        return asdict(self)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Plan:
        """What `as_json` made. Raises KeyError or TypeError for anything else."""
        return cls(tuple(_studied(study) for study in given["studies"]), given["visits"])

    def acceptance(self, procedures: Sequence[Procedure]) -> dict[tuple[str, str, str], Measurement]:
        """Measurements with their acceptance limits, by (item, procedure, measurement)."""
        drawn = {(study.item, study.procedure, study.measurement): study.acceptance for study in self.studies}
        found = {}
        for procedure in procedures:
            for measurement in procedure.measurements:
                limits = drawn.get((procedure.item, procedure.name, measurement.name))
                if limits is not None:
                    found[procedure.item, procedure.name, measurement.name] = measurement.guarded(limits)
        return found


def _studied(given: Mapping[str, Any]) -> Studied:
    parts = {"limits": Limits, "components": Components, "process": Process, "acceptance": Limits, "risks": Risks}
    made = {key: make(**given[key]) if given[key] is not None else None for key, make in parts.items()}
    return Studied(**{**given, **made})


def plan_bench(
    bench: Bench,
    procedures: Sequence[Procedure],
    *,
    guarding: Guarding | None = None,
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """Study every procedure on the bench at scale 1 and draw acceptance limits. The same whatever `workers` is."""
    guarding = guarding or Guarding()
    plain = replace(bench, population=bench.population.scaled(1.0).without_gross(), acceptance={})
    found: dict[_Key, list[_OfUnit]] = {}
    visits = 0
    everything = due = tuple(procedures)
    for units in (range(_FEWEST), range(_FEWEST, _UNITS)):
        if not due:
            break
        jobs = [Job(f"study of unit {k}", (k, tuple((p.item, p.name) for p in due))) for k in units]
        runs = run_jobs(
            _study,
            jobs,
            workers=workers,
            progress=on_progress,
            initializer=begin_work,
            initargs=(plain, everything),
        )
        visits += len(jobs) * max(2, bench.testers.count) * _REPEATS
        for run in runs:
            for key, value in run.items():
                found.setdefault(key, []).append(value)
        due = tuple(p for p in procedures if any(_short(found[p.item, p.name, m.name]) for m in p.measurements))
    studies = [
        planned(procedure, measurement, found[procedure.item, procedure.name, measurement.name], guarding)
        for procedure in procedures
        for measurement in procedure.measurements
    ]
    return Plan(tuple(studies), visits)


def _short(units: Sequence[_OfUnit]) -> bool:
    """Whether these units have too few parts for a study of what they read."""
    parts = sum(len(true) for _, true in units)
    return 0 < parts < _PARTS and not all(counts(values) for values, _ in units)


def _study(given: tuple[int, tuple[tuple[str, str], ...]]) -> dict[_Key, _OfUnit]:
    """Every tester measures one unit, again and again: one visit for each cell, whose procedures share a memo."""
    k, names = given
    bench, procedures = at_work()
    unit = bench.population.unit(bench.population.apart(k, STUDIED))
    day = unit.serial // bench.testers.units_a_day
    testers = range(max(2, bench.testers.count))
    cells: dict[_Key, list[Readings]] = {}
    for tester in testers:
        for repeat in range(_REPEATS):
            memos: dict[str, dict[str, object]] = {}
            for procedure in procedures:
                if (procedure.item, procedure.name) in names:
                    specimen = bench.specimen(
                        unit, visit_seed(bench.seed, f"gauge/{visit_of(procedure)}", tester, repeat)
                    )
                    specimen = replace(specimen, memo=memos.setdefault(visit_of(procedure), {}))
                    for name, one in bench.measure(procedure, specimen, tester, day).items():
                        cells.setdefault((procedure.item, procedure.name, name), []).append(one)
    shape = (len(testers), _REPEATS, -1)
    return {
        key: (np.stack([one.values for one in runs]).reshape(shape).transpose(2, 0, 1), runs[0].true)
        for key, runs in cells.items()
    }


def planned(procedure: Procedure, measurement: Measurement, units: Sequence[_OfUnit], guarding: Guarding) -> Studied:
    """The study of one measurement from its units' readings and true values, and its acceptance limits."""
    readings = np.concatenate([values for values, _ in units])
    true = np.concatenate([value for _, value in units])
    sound = np.isfinite(readings).all(axis=(1, 2)) & np.isfinite(true)
    readings, true = readings[sound], true[sound]
    name, limits = measurement.name, measurement.limits
    if len(true) < 2 or counts(readings):
        return Studied(procedure.item, procedure.name, name, limits, len(true), None, None, None, None)
    components = crossed(readings).components
    spread = float(true.std(ddof=1))
    if components.grr <= 0.0 or spread <= 0.0:
        return Studied(procedure.item, procedure.name, name, limits, len(true), components, None, None, None)
    process = Process(float(true.mean()), spread)
    uncertainty = float(np.sqrt(components.grr))
    acceptance = _drawn(limits, uncertainty, process, procedure.item == ROBOT, guarding)
    risks = global_risks(limits, acceptance, uncertainty, process)
    return Studied(procedure.item, procedure.name, name, limits, len(true), components, process, acceptance, risks)


def _drawn(limits: Limits, uncertainty: float, process: Process, robot: bool, guarding: Guarding) -> Limits:
    """Acceptance limits, never outside the tolerance: a gross fault is not of the process that would excuse it."""
    if guarding.rule == "simple":
        return limits
    if guarding.rule == "guarded":
        return guarded_acceptance(limits, uncertainty)
    escape = guarding.robot_escape if robot else guarding.module_escape
    best = cost_optimal(limits, uncertainty, process, escape, 1.0)
    if best is None:
        return limits
    low = None if limits.low is None or best.low is None else max(limits.low, best.low)
    high = None if limits.high is None or best.high is None else min(limits.high, best.high)
    if low is not None and high is not None and low >= high:
        return limits
    return Limits(low, high, limits.unit)
