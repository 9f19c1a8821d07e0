"""What makes a robot fail on its legs: each deviation grown behind the back of a controller that knows the rest."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ironworks.executor import Job, run_jobs
from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.mean_squares import Interval
from ironworks.robot.acceptance.procedures.calibration import CalibrationTest
from ironworks.robot.acceptance.result import wilson
from ironworks.robot.acceptance.walking.procedures import WalkingTest, push, sideways, stand, straight, turn
from ironworks.robot.asbuilt import Population, Unit
from ironworks.robot.calibration import Calibration
from ironworks.verdicts import FAIL

__all__ = ["DELAY", "FACTORS", "SWEPT", "SWEPT_PROGRAMME", "WalkingSweep", "deviated", "walking_sweep"]

COMMAND_DELAY = "command_delay"
SWEPT = ("link_length", "zero_offset", "torque_constant", "friction", COMMAND_DELAY)
"""Deviations that are swept; of zero offsets, what calibration left."""
FACTORS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
DELAY = 0.0004
"""What stands for the spread of the commands' delay [s]: an assumption, a fifth of a cycle of the bus."""
#: A share never falls below this: no motor turns the other way for being weak.
_LEAST_SHARE = -0.95

SWEPT_PROGRAMME: tuple[WalkingTest, ...] = (stand(6.0), push(), straight(6.0), sideways(), turn())
"""A shorter programme, since a sweep runs it hundreds of times."""


@dataclass(frozen=True, eq=False)
class WalkingSweep:
    """Which units passed: `passed` (D deviations, F factors, P procedures, U units).

    Factor 1 is the unit as it is. A unit that failed every procedure at one factor was not walked at larger ones: those
    count as failed.
    """

    deviations: tuple[str, ...]
    factors: tuple[float, ...]
    procedures: tuple[str, ...]
    passed: NDArray[np.bool_]
    runs: int
    seconds: float = field(default=0.0, compare=False)

    @property
    def units(self) -> int:
        """U."""
        return int(self.passed.shape[3])

    def counts(self, procedure: str = "") -> NDArray[np.int64]:
        """Units (D, F) that pass one procedure, or all of them."""
        one = slice(None) if not procedure else [self.procedures.index(procedure)]
        return np.asarray(self.passed[:, :, one].all(axis=2).sum(axis=2), dtype=np.int64)

    def interval(self, deviation: int, factor: int, procedure: str = "") -> Interval:
        """Wilson's 95 % interval of one yield."""
        return wilson(int(self.counts(procedure)[deviation, factor]), self.units)


def deviated(unit: Unit, believed: Unit, population: Population, deviation: str, factor: float) -> Unit:
    """The unit with one deviation `factor` times as large; of zero offsets, what its calibration did not find.

    The command delay is no deviation of a unit's parts: that unit stays as it is. Raises ValueError where the
    population has no such spread.
    """
    if deviation == COMMAND_DELAY or factor == 1.0:
        return unit
    if deviation == "zero_offset":
        known = believed.values[deviation]
        grown = known + factor * (unit.values[deviation] - known)
    else:
        grown = population.changed(deviation, factor).unit(unit.serial).values[deviation]
    if deviation == "torque_constant":
        grown = np.maximum(grown, _LEAST_SHARE)
    return replace(unit, values={**unit.values, deviation: grown})


def walking_sweep(
    bench: Bench,
    units: int,
    procedures: Sequence[WalkingTest] = SWEPT_PROGRAMME,
    workers: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    *,
    deviations: Sequence[str] = SWEPT,
    factors: Sequence[float] = FACTORS,
) -> WalkingSweep:
    """Walk the same units with the same luck at each factor of each deviation, the controller made once for each unit.

    It is made from the calibration of the unit as it is, so that it never knows what is added. The result is the same
    whatever the number of workers. Raises JobFailed where a procedure raises.
    """
    begun = time.perf_counter()
    levels = tuple(sorted({1.0, *factors}))
    larger = tuple(level for level in levels if level != 1.0)
    jobs = [
        Job(f"unit {k}: {name or 'as it is'}", (k, name, larger if name else (1.0,)))
        for k in range(units)
        for name in ("", *deviations)
    ]
    found = run_jobs(
        _swept, jobs, workers=workers, progress=on_progress, initializer=_begin, initargs=(bench, tuple(procedures))
    )
    passed = np.zeros((len(deviations), len(levels), len(procedures), units), dtype=np.bool_)
    each = iter(found)
    as_it_is = levels.index(1.0)
    others = [j for j in range(len(levels)) if j != as_it_is]
    for k in range(units):
        passed[:, as_it_is, :, k] = next(each)[0]
        for d in range(len(deviations)):
            for j, row in zip(others, next(each), strict=True):
                passed[d, j, :, k] = row
    return WalkingSweep(
        tuple(deviations), levels, tuple(procedure.name for procedure in procedures), passed,
        sum(len(rows) for rows in found) * len(procedures), time.perf_counter() - begun,
    )  # fmt: skip


_HANDED: list[tuple[Bench, tuple[WalkingTest, ...]]] = []


def _begin(bench: Bench, procedures: tuple[WalkingTest, ...]) -> None:
    _HANDED[:] = [(replace(bench, retests=0), procedures)]


def _swept(given: tuple[int, str, tuple[float, ...]]) -> list[list[bool]]:
    """Which procedures a unit passes at each factor of a deviation."""
    k, deviation, factors = given
    bench, procedures = _HANDED[0]
    population = bench.population
    unit = population.unit(population.apart(k))
    memo: dict[str, object] = {}
    bench.test(CalibrationTest(), unit, memo=memo)
    calibration = memo["calibration"]
    assert isinstance(calibration, Calibration)
    rows: list[list[bool]] = []
    for factor in factors:
        if rows and factor > 1.0 and not any(rows[-1]):
            rows.append([False] * len(procedures))
            continue
        grown = deviated(unit, calibration.identified, population, deviation, factor)
        late = DELAY * (factor - 1.0) if deviation == COMMAND_DELAY else 0.0
        row = []
        for procedure in procedures:
            staged = replace(procedure, stage=replace(procedure.stage, delay=procedure.stage.delay + late))
            row.append(bench.test(staged, grown, memo=memo).verdict != FAIL)
        rows.append(row)
    return rows
