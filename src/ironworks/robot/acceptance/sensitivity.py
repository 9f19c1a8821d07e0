"""How yield answers to each spread: swept with common random numbers, only what can see it run again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ironworks.executor import Job, run_jobs
from ironworks.product.design import Design, Mass
from ironworks.robot.acceptance.at_work import at_work, begin_work
from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.families import by_family, visit_of
from ironworks.robot.acceptance.mean_squares import Interval
from ironworks.robot.acceptance.planning import Plan
from ironworks.robot.acceptance.procedure import Procedure, seen, with_needed
from ironworks.robot.acceptance.result import wilson
from ironworks.robot.acceptance.testers import BenchTesters
from ironworks.robot.asbuilt import Population
from ironworks.verdicts import FAIL

__all__ = ["FACTORS", "Sensitivity", "sensitivity"]

FACTORS = (1.0, 2.0, 5.0, 10.0, 30.0)
_GROUP = 4
#: Multiple of a spread at which a probe looks whether a procedure sees it.
_PROBE = 10.0


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Units (of `units`) that pass everything at the first run, for each deviation (D) and factor of its spread (F).

    `passed` (D, F). A factor behind one at which nothing passed was not run: it counts as 0. `seen_by`: procedures that
    were run for each deviation. `runs` of procedures and `seconds` are what the sweep cost.
    """

    deviations: tuple[str, ...]
    factors: tuple[float, ...]
    passed: NDArray[np.int64]
    units: int
    seen_by: tuple[tuple[str, ...], ...]
    runs: int
    seconds: float = field(default=0.0, compare=False)

    @property
    def shares(self) -> NDArray[np.float64]:
        """Yield (D, F)."""
        return self.passed / self.units

    def interval(self, deviation: int, factor: int) -> Interval:
        """Wilson's 95 % interval of one yield."""
        return wilson(int(self.passed[deviation, factor]), self.units)


def sensitivity(
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
    factors: Sequence[float] = FACTORS,
    deviations: Sequence[str] | None = None,
    seed: int | None = None,
) -> Sensitivity:
    """First-run yield of units without gross faults where one spread at a time is multiplied by each factor.

    Every level has the same units, the same luck and the same noise; nothing is measured again or repaired. Only the
    procedures that see a deviation are run for it; what the others found at factor 1 stands. `deviations`: by default
    all that have a spread. Raises ValueError for one that has none.
    """
    begun = time.perf_counter()
    procedures = by_family(procedures, design)
    named = dict.fromkeys(deviations or [row.deviation for row in population.spreads])
    if unknown := set(named) - {row.deviation for row in population.spreads}:
        raise ValueError(f"no spread of {', '.join(sorted(unknown))}")
    levels = tuple(sorted({1.0, *factors}))
    everything = np.ones(len(procedures), dtype=bool)
    limits = (plan or Plan()).acceptance(procedures)
    noise = population.seed if seed is None else seed
    bench = Bench(design, masses, population.without_gross(), testers or BenchTesters(), limits, 0, noise)

    seeing = _probed(bench, procedures, tuple(named), workers, on_progress)
    names = tuple(name for name in named if seeing[name].any())
    sees = np.array([seeing[name] for name in names], dtype=bool).reshape(len(names), -1)

    def passes(wanted: Sequence[tuple[str, float]]) -> list[NDArray[np.bool_]]:
        """(units, procedures) for each deviation and factor; True where the procedure was not run."""
        starts = range(0, units, _GROUP)
        jobs = [
            Job(
                f"{name} x {factor:g}, units {start} and up",
                (name, factor, start, min(units, start + _GROUP), seeing.get(name, everything)),
            )
            for name, factor in wanted
            for start in starts
        ]
        found = run_jobs(
            _level, jobs, workers=workers, progress=on_progress, initializer=begin_work, initargs=(bench, procedures)
        )
        return [np.concatenate(found[i : i + len(starts)]) for i in range(0, len(found), len(starts))]

    base = passes([("", 1.0)])[0]
    passed = np.zeros((len(names), len(levels)), dtype=np.int64)
    runs = base.size
    for j, factor in enumerate(levels):
        if factor == 1.0:
            passed[:, j] = base.all(axis=1).sum()
            continue
        left = [i for i in range(len(names)) if factor < 1.0 or passed[i, j - 1] > 0]
        for i, found in zip(left, passes([(names[i], factor) for i in left]), strict=True):
            passed[i, j] = np.where(sees[i], found, base).all(axis=1).sum()
            runs += int(sees[i].sum()) * units
    seen_by = [tuple(dict.fromkeys(p.name for p, s in zip(procedures, row, strict=True) if s)) for row in sees]
    return Sensitivity(
        names, levels, passed, units,
        tuple(seen_by),
        runs, time.perf_counter() - begun,
    )  # fmt: skip


def _probed(
    bench: Bench,
    procedures: tuple[Procedure, ...],
    names: Sequence[str],
    workers: int | None,
    on_progress: Callable[[int, int], None] | None,
) -> dict[str, NDArray[np.bool_]]:
    """Which procedures see each deviation: as they say, and of those that do not say, as one unit shows."""
    say = np.array([hasattr(procedure, "sees") for procedure in procedures], dtype=bool)
    said = {name: np.array([name in seen(p) for p in procedures], dtype=bool) for name in names}
    if say.all():
        return said
    jobs = [Job(f"probe of {name or 'none'}", (name, ~say)) for name in ("", *names)]
    found = run_jobs(
        _probe, jobs, workers=workers, progress=on_progress, initializer=begin_work, initargs=(bench, procedures)
    )
    return {
        name: np.array(
            [s if told else not _same(a, b) for s, told, a, b in zip(said[name], say, one, found[0], strict=True)]
        )
        for name, one in zip(names, found[1:], strict=True)
    }


def _probe(given: tuple[str, NDArray[np.bool_]]) -> list[list[NDArray[np.float64]]]:
    """True values by procedure of one unit with one spread at its tenfold; nothing for procedures that are not due."""
    name, due = given
    bench, procedures = at_work()
    population = bench.population.changed(name, _PROBE) if name else bench.population
    memos: dict[str, dict[str, object]] = {}
    found: list[list[NDArray[np.float64]]] = []
    for procedure, wanted in zip(procedures, due, strict=True):
        specimen = replace(bench.specimen(population.unit(0), bench.seed), population=population)
        specimen = replace(specimen, memo=memos.setdefault(visit_of(procedure), {}))
        found.append([one.true for one in procedure.run(specimen).values()] if wanted else [])
    return found


def _same(one: Sequence[NDArray[np.float64]], other: Sequence[NDArray[np.float64]]) -> bool:
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


def _level(given: tuple[str, float, int, int, NDArray[np.bool_]]) -> NDArray[np.bool_]:
    name, factor, start, stop, due = given
    bench, procedures = at_work()
    population = bench.population.changed(name, factor) if name else bench.population
    changed = replace(bench, population=population)
    found = np.ones((stop - start, len(procedures)), dtype=bool)
    run = with_needed(procedures, due.tolist())
    for row, k in enumerate(range(start, stop)):
        unit = population.unit(population.apart(k))
        memos: dict[str, dict[str, object]] = {}
        for column, procedure in enumerate(procedures):
            if run[column]:
                memo = memos.setdefault(visit_of(procedure), {})
                found[row, column] = changed.test(procedure, unit, memo=memo).verdict != FAIL
    return found
