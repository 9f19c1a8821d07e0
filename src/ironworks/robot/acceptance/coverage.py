"""Which gross fault is caught by which procedure, at a module or at the robot, and what it costs to find it late."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ironworks.executor import Job, run_jobs
from ironworks.product.design import Design, Mass
from ironworks.robot.acceptance.at_work import at_work, begin_work
from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.families import by_family, visit_of
from ironworks.robot.acceptance.journey import ROBOT
from ironworks.robot.acceptance.planning import Plan
from ironworks.robot.acceptance.procedure import Procedure, with_needed
from ironworks.robot.acceptance.repair import REPAIRS, kind_of
from ironworks.robot.acceptance.testers import BenchTesters
from ironworks.robot.asbuilt import GrossRate, Population
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
    first: int = 100_000_000,
    faults: Sequence[str] | None = None,
    everything: bool = False,
) -> list[Caught]:
    """Seed each gross fault of the population on `units` units of their own, at places drawn by serial number.

    Severity and places are those of the fault's row; a fault of two rows has two. Procedures that are meant to catch
    the fault run on it, with `everything` all; of those that are not meant to, rows stand only where they caught
    something. Tests of single joints are one row each, with the minutes of one joint.
    """
    procedures = by_family(procedures, design)
    plain = population.scaled(1.0).without_gross()
    bench = Bench(
        design, masses, plain, testers or BenchTesters(), (plan or Plan()).acceptance(procedures), 2, population.seed
    )
    wanted = [
        (i, row)
        for i, row in enumerate(population.rates)
        if _places(population, row) and (faults is None or row.fault in faults)
    ]
    jobs = [
        Job(f"{row.fault} on unit {k}", (row, plain.apart(1000 * i + k, first), everything))
        for i, row in wanted
        for k in range(units)
    ]
    found = run_jobs(
        _seeded, jobs, workers=workers, progress=on_progress, initializer=begin_work, initargs=(bench, procedures)
    )
    rows = []
    for n, (_, row) in enumerate(wanted):
        mine = found[n * units : (n + 1) * units]
        repair = REPAIRS[kind_of(row.fault)]
        done = set()
        for procedure in procedures:
            key = (visit_of(procedure), procedure.name)
            seen = [result[key] for result in mine if key in result]
            if key in done or not seen or (row.fault not in procedure.catches and not any(seen)):
                continue
            done.add(key)
            here = repair.robot_minutes if procedure.item == ROBOT else repair.module_minutes
            minutes = (getattr(procedure, "whole", procedure).minutes, here, repair.robot_minutes - here)
            rows.append(Caught(row.fault, row.severity, *key, sum(seen), len(seen), *minutes))
    return rows


def _places(population: Population, row: GrossRate) -> list[str]:
    """Names of the places that a row of gross_faults.csv speaks of."""
    kind = GROSS_FAULTS[row.fault].place
    names = population.places.names[kind]
    return [name for name, fits in zip(names, population.places.fits(kind, row.of), strict=True) if fits]


def _seeded(given: tuple[GrossRate, int, bool]) -> dict[tuple[str, str], bool]:
    """Whether each procedure rejected one unit with the fault; without those that test no joint that was struck."""
    row, serial, everything = given
    bench, procedures = at_work()
    names = _places(bench.population, row)
    place = names[int(np.random.default_rng([bench.seed, serial]).integers(len(names)))]
    unit = bench.population.unit(serial).with_fault(row.fault, place, row.severity)
    memos: dict[str, dict[str, object]] = {}
    found: dict[tuple[str, str], bool] = {}
    joints = [getattr(procedure, "joints", None) for procedure in procedures]
    struck = [kind_of(row.fault) != "joint" or mine is None or place in mine for mine in joints]
    due = [s and (everything or row.fault in p.catches) for s, p in zip(struck, procedures, strict=True)]
    for procedure, wanted, run in zip(procedures, due, with_needed(procedures, due), strict=True):
        if run:
            memo = memos.setdefault(visit_of(procedure), {})
            failed = bench.test(procedure, unit, memo=memo).verdict == FAIL
            if wanted:
                key = (visit_of(procedure), procedure.name)
                found[key] = failed or found.get(key, False)
    return found
