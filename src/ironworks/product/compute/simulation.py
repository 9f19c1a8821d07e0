"""Play a placement tick by tick and see how late jobs end: the check on the analysis, which shares none of its code."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ironworks.product.compute.chip import Case, Computer
from ironworks.product.compute.placement import Part, period_ticks, seconds, ticks
from ironworks.product.compute.roofline import stage_time
from ironworks.product.compute.workload import Workload

__all__ = ["observed", "structure_faults"]


def structure_faults(
    computer: Computer, workloads: Sequence[Workload], placements: Mapping[str, Sequence[Part]]
) -> list[str]:
    """What is wrong with a placement apart from time: stages left out, models torn apart, wrong chips, memory."""
    faults, used = [], dict.fromkeys(range(len(computer.chips)), 0.0)
    for workload in workloads:
        parts = placements.get(workload.name, ())
        if not parts:
            continue
        covered = [i for part in parts for i in range(part.first, part.stop)]
        if covered != list(range(len(workload.stages))):
            faults.append(f"{workload.name}: runs stages {covered} of {len(workload.stages)}")
            continue
        if len(parts) > 1 and not workload.pipelined:
            faults.append(f"{workload.name}: is not pipelined, but lies on {len(parts)} chips")
        for part in parts:
            chip = computer.chips[part.chip]
            if workload.on and chip.kind not in workload.on:
                faults.append(f"{workload.name}: may not run on {chip.name}")
            before = workload.stages[part.first - 1].model if part.first else ""
            if before and before == workload.stages[part.first].model:
                faults.append(f"{workload.name}: the model {before} is torn apart")
            used[part.chip] += sum(stage.resident for stage in workload.stages[part.first : part.stop])
    for index, size in used.items():
        chip = computer.chips[index]
        if size > chip.memory * (1 + 1e-12):
            faults.append(f"{chip.name}: holds {size:.3g} B in {chip.memory:.3g} B of memory")
    return faults


def observed(
    computer: Computer,
    workloads: Sequence[Workload],
    placements: Mapping[str, Sequence[Part]],
    case: Case,
    horizon: float,
) -> dict[str, float]:
    """The worst response seen per placed workload [s], over the releases of one hyperperiod or of `horizon` [s].

    workloads: most urgent first. Played with all released at once, and, for each workload, with the less urgent ones
    one tick ahead of it and the more urgent, so that it meets a region that has just begun.
    """
    placed = [workload for workload in workloads if placements.get(workload.name)]
    jobs = [_Job.of(w, placements[w.name], computer, case) for w in placed]
    length = min(math.lcm(*(job.period for job in jobs)) if jobs else 1, ticks(horizon))
    worst = [0] * len(jobs)
    for ahead in range(len(jobs)):
        offsets = [1 if i <= ahead else 0 for i in range(len(jobs))]
        for i, seen in enumerate(_play(jobs, offsets, length, len(computer.chips))):
            worst[i] = max(worst[i], seen)
    return {workload.name: seconds(seen) for workload, seen in zip(placed, worst, strict=True)}


@dataclass(frozen=True, slots=True)
class _Job:
    """A workload as played: per part its chip and the regions one after another; transfers between parts."""

    period: int
    chips: tuple[int, ...]
    regions: tuple[tuple[int, ...], ...]
    transfers: tuple[int, ...]

    @classmethod
    def of(cls, workload: Workload, parts: Sequence[Part], computer: Computer, case: Case) -> _Job:
        regions = []
        for part in parts:
            row: list[int] = []
            for stage in workload.stages[part.first : part.stop]:
                row += [ticks(stage_time(stage, computer.chips[part.chip], case).region)] * stage.repeats
            regions.append(tuple(row))
        sent = [workload.stages[part.stop - 1].output_bytes for part in parts[:-1]]
        return cls(
            period_ticks(workload.period),
            tuple(part.chip for part in parts),
            tuple(regions),
            tuple(ticks(computer.transfer(size)) for size in sent),
        )


@dataclass(slots=True)
class _Processor:
    """A chip while it is played: ready (workload, job, part, next region), and what runs."""

    ready: list[tuple[int, int, int, int]] = field(default_factory=list)
    running: tuple[int, int, int, int] | None = None


def _play(jobs: Sequence[_Job], offsets: Sequence[int], length: int, chips: int) -> list[int]:
    """Worst response per job in ticks. All jobs released before `length` are played to their end."""
    worst = [0] * len(jobs)
    processors = [_Processor() for _ in range(chips)]
    # An event is (time, workload, number of the job, part that arrives) or, with part -1, the end of a chip's region.
    events: list[tuple[int, int, int, int]] = []
    for w, job in enumerate(jobs):
        events += [(at, w, n, 0) for n, at in enumerate(range(offsets[w], length + 1, job.period))]
    heapq.heapify(events)
    while events:
        now = events[0][0]
        while events and events[0][0] == now:
            _, w, n, part = heapq.heappop(events)
            if part >= 0:
                heapq.heappush(processors[jobs[w].chips[part]].ready, (w, n, part, 0))
                continue
            processor = processors[w]
            assert processor.running is not None
            w, n, part, region = processor.running
            processor.running = None
            job = jobs[w]
            if region + 1 < len(job.regions[part]):
                heapq.heappush(processor.ready, (w, n, part, region + 1))
            elif part + 1 < len(job.regions):
                heapq.heappush(events, (now + job.transfers[part], w, n, part + 1))
            else:
                worst[w] = max(worst[w], now - offsets[w] - n * job.period)
        for index, processor in enumerate(processors):
            if processor.running is None and processor.ready:
                w, n, part, region = heapq.heappop(processor.ready)
                processor.running = (w, n, part, region)
                heapq.heappush(events, (now + jobs[w].regions[part][region], index, 0, -1))
    return worst
