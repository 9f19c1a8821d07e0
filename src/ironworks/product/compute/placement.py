"""Where stages may run: every way to lay a workload on chips that keeps models whole and stages in order."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ironworks.product.compute.chip import Case, Computer
from ironworks.product.compute.response import Task
from ironworks.product.compute.roofline import stage_time
from ironworks.product.compute.workload import Workload

__all__ = ["TICKS", "Part", "Placed", "options", "period_ticks", "seconds", "ticks"]

TICKS = 1_000_000
"""Per second: analysis and simulation count whole microseconds; work is rounded up, periods down."""


def ticks(time: float) -> int:
    """Time of work [s] in ticks, rounded up; what floating point adds is forgiven."""
    return max(1, math.ceil(time * TICKS - 1e-6))


def period_ticks(period: float) -> int:
    """A period [s] in ticks, rounded down."""
    return max(1, math.floor(period * TICKS + 1e-6))


def seconds(count: int) -> float:
    """Ticks as time [s]."""
    return count / TICKS


@dataclass(frozen=True, slots=True)
class Part:
    """Stages first..stop-1 of a workload on the chip with this index."""

    chip: int
    first: int
    stop: int


@dataclass(frozen=True)
class Placed:
    """One way to lay a workload on chips: its parts in order, their work, memory and the transfers between them."""

    workload: Workload
    parts: tuple[Part, ...]
    tasks: tuple[Task, ...]
    memory: tuple[float, ...]
    """Resident bytes per part."""
    transfers: tuple[int, ...]
    """Ticks from the end of a part to the arrival at the next."""

    @property
    def alone(self) -> int:
        """Ticks from release to end where nothing else runs."""
        return sum(task.work for task in self.tasks) + sum(self.transfers)

    @classmethod
    def of(cls, workload: Workload, parts: Sequence[Part], computer: Computer, case: Case) -> Placed:
        """With the times of the given case."""
        period, tasks, memory, transfers = period_ticks(workload.period), [], [], []
        for part in parts:
            stages = workload.stages[part.first : part.stop]
            times = [stage_time(stage, computer.chips[part.chip], case) for stage in stages]
            regions = [ticks(time.region) for time in times]
            work = sum(region * time.repeats for region, time in zip(regions, times, strict=True))
            tasks.append(Task(work, max(regions), regions[-1], period))
            memory.append(sum(stage.resident for stage in stages))
            if part.stop < len(workload.stages):
                transfers.append(ticks(computer.transfer(stages[-1].output_bytes)))
        return cls(workload, tuple(parts), tuple(tasks), tuple(memory), tuple(transfers))


def options(workload: Workload, computer: Computer, case: Case) -> Iterator[Placed]:
    """Every way to place a workload, each part within its chip's memory; whole ones first."""
    stages = workload.stages
    # Cuts stand between models only: stages that share weights stay together.
    cuts = [i for i in range(1, len(stages)) if not stages[i].model or stages[i].model != stages[i - 1].model]
    fit = [i for i, chip in enumerate(computer.chips) if not workload.on or chip.kind in workload.on]
    most = min(len(cuts) + 1, len(fit)) if workload.pipelined else 1
    for count in range(1, most + 1):
        for inner in itertools.combinations(cuts, count - 1):
            edges = list(itertools.pairwise((0, *inner, len(stages))))
            for chips in itertools.permutations(fit, count):
                parts = [Part(chip, *edge) for chip, edge in zip(chips, edges, strict=True)]
                if any(
                    stage.precision not in computer.chips[part.chip].peak
                    for part in parts
                    for stage in stages[part.first : part.stop]
                ):
                    continue
                placed = Placed.of(workload, parts, computer, case)
                if all(m <= computer.chips[p.chip].memory for m, p in zip(placed.memory, parts, strict=True)):
                    yield placed
