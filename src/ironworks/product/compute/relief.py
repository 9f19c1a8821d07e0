"""What would help where deadlines are missed: each remedy is tried, not guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ironworks.product.compute.schedule import Schedule, plan
from ironworks.product.compute.workload import Workload

__all__ = ["RATES", "Relief", "reliefs"]

RATES: tuple[float, ...] = (1.1, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
"""Factors on period and deadline that are tried in turn."""


@dataclass(frozen=True)
class Relief:
    """A remedy as tried: the schedule that comes of it, beside the missed deadlines before."""

    kind: Literal["quantise", "chip", "rate"]
    workload: str
    """Whom it is meant for, several divided by `, `; empty for a further chip."""
    change: str
    missed_before: tuple[str, ...]
    schedule: Schedule

    @property
    def missed(self) -> tuple[str, ...]:
        """Workloads that are late even so."""
        return tuple(response.workload for response in self.schedule.missed)

    @property
    def cures(self) -> bool:
        """Whether every deadline holds then."""
        return self.schedule.meets

    @property
    def helps(self) -> bool:
        """Whether it makes fewer workloads late, and none late that was not."""
        return set(self.missed) < set(self.missed_before)


def reliefs(schedule: Schedule) -> tuple[Relief, ...]:
    """Per late workload the next coarser precision and the highest lower rate that holds; one more chip.

    Where several are late, these rates are tried together as well. Where no rate of RATES holds, the lowest is
    reported, and its `helps` says no. Empty where nothing is late.
    """
    before = tuple(response.workload for response in schedule.missed)
    late = [workload for workload in schedule.workloads if workload.name in before]
    found: list[Relief] = []
    for workload in late:
        coarser = workload.quantised()
        if coarser is not None:
            steps = dict.fromkeys(
                f"{old.precision} to {new.precision}"
                for old, new in zip(workload.stages, coarser.stages, strict=True)
                if old != new
            )
            found.append(Relief("quantise", workload.name, ", ".join(steps), before, _with(schedule, coarser)))
        found.append(_slower(schedule, workload, before))
    lower = [relief for relief in found if relief.kind == "rate"]
    if len(lower) > 1:
        rates = {w.name: w for relief in lower for w in relief.schedule.workloads if w.name == relief.workload}
        together = [rates.get(workload.name, workload) for workload in schedule.workloads]
        change = "; ".join(f"{relief.workload} {relief.change}" for relief in lower)
        planned = plan(schedule.computer, together, schedule.case)
        found.append(Relief("rate", ", ".join(rates), change, before, planned))
    for kind in _kinds(schedule, late):
        more = schedule.computer.with_one_more(kind)
        found.append(Relief("chip", "", f"one more {kind}", before, plan(more, schedule.workloads, schedule.case)))
    return tuple(found)


def _with(schedule: Schedule, changed: Workload) -> Schedule:
    workloads = [changed if workload.name == changed.name else workload for workload in schedule.workloads]
    return plan(schedule.computer, workloads, schedule.case)


def _slower(schedule: Schedule, workload: Workload, before: tuple[str, ...]) -> Relief:
    """The first rate at which the workload is in time and nothing else becomes late; the last one otherwise."""
    for factor in RATES:
        slower = workload.slower(factor)
        change = f"{1 / workload.period:.3g} Hz to {1 / slower.period:.3g} Hz"
        relief = Relief("rate", workload.name, change, before, _with(schedule, slower))
        if workload.name not in relief.missed and relief.helps:
            break
    return relief


def _kinds(schedule: Schedule, late: Sequence[Workload]) -> list[str]:
    """Kinds of chips that a late workload may run on."""
    kinds = dict.fromkeys(chip.kind for chip in schedule.computer.chips)
    return [kind for kind in kinds if any(not workload.on or kind in workload.on for workload in late)]
