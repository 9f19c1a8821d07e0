"""Which gross fault is caught by which procedure, at a module or at the robot, and what it costs to find it late."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ironworks.executor import Job, run_jobs
from ironworks.product.design import Design, Mass
from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.families import by_family, visit_of
from ironworks.robot.acceptance.journey import ROBOT
from ironworks.robot.acceptance.planning import Plan
from ironworks.robot.acceptance.procedure import Procedure
from ironworks.robot.acceptance.repair import REPAIRS, kind_of
from ironworks.robot.acceptance.testers import BenchTesters
from ironworks.robot.asbuilt import Population
from ironworks.rows import GROSS_FAULTS
from ironworks.verdicts import FAIL

__all__ = ["Caught", "coverage"]


@dataclass(frozen=True, slots=True)
class Caught:
    """A gross fault and a procedure that is meant to catch it: `caught` of `seeded`, each on a unit of its own.

    `minutes` of the test at its level; `repair_minutes` there, and `late_minutes`: how much more the same repair takes
    on the finished robot. `severity` in SI.
    """

    fault: str
    severity: float
    item: str
    procedure: str
    caught: int
    seeded: int
    minutes: float
    repair_minutes: float
    late_minutes: float

    @property
    def level(self) -> str:
        """module or robot."""
        return ROBOT if self.item == ROBOT else "module"


def coverage(
    population: Population,
    design: Design,
    masses: Mapping[str, Mass],
    units: int,
    procedures: Sequence[Procedure],
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    plan: Plan | None = None,
    testers: BenchTesters | None = None,
    first: int = 700_000,
    faults: Sequence[str] | None = None,
    everything: bool = False,
) -> list[Caught]:
    """Seed each gross fault of the population on `units` units of their own, at places drawn by serial number.

    The severity is the table's. Procedures that are meant to catch the fault run on it, with `everything` all; of those
    that are not meant to, rows stand only where they caught something. Tests of single joints are one row each, with
    the minutes of one joint.
    """
    procedures = by_family(procedures, design)
    plain = population.scaled(1.0).without_gross()
    bench = Bench(
        design, masses, plain, testers or BenchTesters(), (plan or Plan()).acceptance(procedures), 2, population.seed
    )
    severities = {row.fault: row.severity for row in population.rates}
    wanted = [
        (fault, i)
        for i, fault in enumerate(severities)
        if population.places.names[GROSS_FAULTS[fault].place] and (faults is None or fault in faults)
    ]
    jobs = [
        Job(f"{fault} on unit {first + 1000 * i + k}", (fault, severities[fault], first + 1000 * i + k, everything))
        for fault, i in wanted
        for k in range(units)
    ]
    found = run_jobs(
        _seeded, jobs, workers=workers, progress=on_progress, initializer=_start, initargs=(bench, procedures)
    )
    rows = []
    for fault, _ in wanted:
        mine = [result for job, result in zip(jobs, found, strict=True) if job.argument[0] == fault]
        repair = REPAIRS[kind_of(fault)]
        done = set()
        for procedure in procedures:
            key = (visit_of(procedure), procedure.name)
            seen = [result[key] for result in mine if key in result]
            if key in done or not seen or (fault not in procedure.catches and not any(seen)):
                continue
            done.add(key)
            here = repair.robot_minutes if procedure.item == ROBOT else repair.module_minutes
            minutes = (getattr(procedure, "whole", procedure).minutes, here, repair.robot_minutes - here)
            rows.append(Caught(fault, severities[fault], *key, sum(seen), len(seen), *minutes))
    return rows


_AT_WORK: list[tuple[Bench, tuple[Procedure, ...]]] = []


def _start(bench: Bench, procedures: tuple[Procedure, ...]) -> None:
    """What all jobs of a process share."""
    _AT_WORK[:] = [(bench, procedures)]


def _seeded(given: tuple[str, float, int, bool]) -> dict[tuple[str, str], bool]:
    """Whether each procedure rejected one unit with the fault; without those that test no joint that was struck."""
    fault, severity, serial, everything = given
    bench, procedures = _AT_WORK[0]
    names = bench.population.places.names[GROSS_FAULTS[fault].place]
    place = names[int(np.random.default_rng([bench.seed, serial]).integers(len(names)))]
    unit = bench.population.unit(serial).with_fault(fault, place, severity)
    memos: dict[str, dict[str, object]] = {}
    found = {}
    for procedure in procedures:
        joints = getattr(procedure, "joints", None)
        if kind_of(fault) == "joint" and joints is not None and place not in joints:
            continue
        if everything or fault in procedure.catches:
            memo = memos.setdefault(visit_of(procedure), {})
            trial = bench.test(procedure, unit, memo=memo)
            found[visit_of(procedure), procedure.name] = trial.verdict == FAIL
    return found
