"""Which chip runs what: the partition that misses the fewest deadlines, by branch and bound, checked by simulation."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ironworks.product.compute.chip import CASES, Case, Computer
from ironworks.product.compute.holistic import end_to_end
from ironworks.product.compute.placement import Placed, options, seconds
from ironworks.product.compute.simulation import observed, structure_faults
from ironworks.product.compute.workload import Workload

__all__ = ["Response", "Schedule", "Verification", "plan", "plan_cases"]


@dataclass(frozen=True, slots=True)
class Response:
    """A workload's worst-case response beside its deadline and period [s]; inf without bound or without a place.

    alone: what it would take on its chips with nothing else there, so what is missing can be said of an overload too.
    """

    workload: str
    response: float
    alone: float
    deadline: float
    period: float

    @property
    def meets(self) -> bool:
        """Whether the deadline always holds."""
        return self.response <= self.deadline

    @property
    def lateness(self) -> float:
        """How much too late, at worst [s]; negative is slack."""
        return self.response - self.deadline

    @property
    def age(self) -> float:
        """The oldest that the last result can be when the next one arrives [s]."""
        return self.period + self.response


@dataclass(frozen=True)
class Verification:
    """What a simulation over `horizon` [s] saw: the worst response per workload [s], and what contradicts the plan."""

    horizon: float
    worst: Mapping[str, float]
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing contradicts."""
        return not self.faults


@dataclass(frozen=True)
class Schedule:
    """Workloads on the chips of a computer under fixed priorities, at one end of the chips' bands."""

    computer: Computer
    workloads: tuple[Workload, ...]
    """Most urgent first."""
    case: Case
    placed: tuple[Placed, ...]
    responses: tuple[Response, ...]
    exact: bool
    """Whether the search ended: no other partition is better."""

    @property
    def meets(self) -> bool:
        """Whether every deadline always holds."""
        return not self.missed

    @property
    def missed(self) -> tuple[Response, ...]:
        """The responses that come too late, most urgent first."""
        return tuple(response for response in self.responses if not response.meets)

    @property
    def unplaced(self) -> tuple[str, ...]:
        """Workloads that no chip has the memory, the kind or the precision for."""
        names = {placed.workload.name for placed in self.placed}
        return tuple(workload.name for workload in self.workloads if workload.name not in names)

    def chips_of(self, workload: str) -> tuple[str, ...]:
        """Names of the chips that run a workload, in the order of its stages."""
        for placed in self.placed:
            if placed.workload.name == workload:
                return tuple(self.computer.chips[part.chip].name for part in placed.parts)
        return ()

    def utilisation(self) -> dict[str, float]:
        """Share of time that each chip works."""
        loads = _loads(self.placed, len(self.computer.chips))
        return {chip.name: load for chip, load in zip(self.computer.chips, loads, strict=True)}

    def memory(self) -> dict[str, float]:
        """Resident bytes per chip."""
        used = _memory(self.placed, len(self.computer.chips))
        return {chip.name: size for chip, size in zip(self.computer.chips, used, strict=True)}

    def power(self) -> float:
        """Mean power of the chips [W]; links are in the chips' figures."""
        loads = self.utilisation()
        return sum(
            chip.idle_power + min(1.0, loads[chip.name]) * (chip.busy_power - chip.idle_power)
            for chip in self.computer.chips
        )

    def verify(self, horizon: float = 2.0) -> Verification:
        """Check the placement and simulate it from several releases, without the analysis; bounded by `horizon` [s]."""
        placements = {placed.workload.name: placed.parts for placed in self.placed}
        faults = structure_faults(self.computer, self.workloads, placements)
        worst = {} if faults else observed(self.computer, self.workloads, placements, self.case, horizon)
        told = [(response.workload, response.deadline) for response in self.responses]
        if told != [(workload.name, workload.deadline) for workload in self.workloads]:
            faults.append("the responses are not those of the workloads and their deadlines")
        for response in self.responses:
            if response.workload not in placements and response.meets:
                faults.append(f"{response.workload}: is said to be in time, but runs nowhere")
            seen = worst.get(response.workload, 0.0)
            if seen > response.response:
                faults.append(
                    f"{response.workload}: {seen:.6f} s seen, at most {response.response:.6f} s by the analysis"
                )
        return Verification(horizon, worst, tuple(faults))


def plan(computer: Computer, workloads: Iterable[Workload], case: Case = "slow", most: int = 20_000) -> Schedule:
    """The partition with the fewest missed deadlines (then the less urgent missed, then the most slack).

    Workloads stay on their chips; each chip runs the most urgent job that is ready, region by region. The search is
    exact unless it would look at more than `most` partial placements.
    """
    ordered = tuple(sorted(workloads, key=lambda workload: workload.urgency))
    names = [workload.name for workload in ordered]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"several workloads are called {', '.join(twice)}")
    search = _Search(computer, ordered, case, most)
    search.descend(0, {}, _Score.best())
    placed = tuple(search.found[i] for i in range(len(ordered)) if i in search.found)
    ends = dict(zip(sorted(search.found), end_to_end(placed, len(computer.chips)), strict=True))
    responses = tuple(
        Response(
            w.name,
            math.inf if (end := ends.get(i)) is None else seconds(end),
            seconds(search.found[i].alone) if i in search.found else math.inf,
            w.deadline,
            w.period,
        )
        for i, w in enumerate(ordered)
    )
    return Schedule(computer, ordered, case, placed, responses, search.looked <= most)


def plan_cases(computer: Computer, workloads: Iterable[Workload]) -> dict[Case, Schedule]:
    """A schedule for the fast end of the chips' bands, their modes and the slow end."""
    workloads = tuple(workloads)
    return {case: plan(computer, workloads, case) for case in CASES}


@dataclass(frozen=True, order=True, slots=True)
class _Score:
    """Smaller is better, and no part of it falls when a workload is added: so a partial score bounds the full one."""

    unplaced: int
    missed: int
    urgent: tuple[bool, ...]
    tightest: float

    @classmethod
    def best(cls) -> _Score:
        return cls(0, 0, (), 0.0)


class _Search:
    """Depth-first branch and bound over the placements, the heaviest workload first."""

    def __init__(self, computer: Computer, workloads: Sequence[Workload], case: Case, most: int) -> None:
        self._computer, self._workloads, self._most = computer, workloads, most
        self._options = [tuple(options(workload, computer, case)) for workload in workloads]
        weight = [
            min((sum(task.work / task.period for task in placed.tasks) for placed in choices), default=0.0)
            for choices in self._options
        ]
        self._order = sorted(range(len(workloads)), key=lambda i: (-weight[i], i))
        chips = computer.chips
        self._twins = [[j for j in range(len(chips)) if _alike(computer, i, j)] for i in range(len(chips))]
        self.looked = 0
        self.found: dict[int, Placed] = {}
        self._score: _Score | None = None

    def descend(self, depth: int, chosen: dict[int, Placed], score: _Score) -> None:
        if self._score is not None and score >= self._score:
            return
        if depth == len(self._order):
            self.found, self._score = dict(chosen), score
            return
        workload = self._order[depth]
        children: list[tuple[_Score, float, int, dict[int, Placed]]] = []
        for placed in self._options[workload]:
            if self._score is not None and self.looked > self._most:
                break
            if self._is_twin(placed, chosen) or not self._fits(placed, chosen):
                continue
            self.looked += 1
            child = {**chosen, workload: placed}
            fullest = max(_loads(child.values(), len(self._computer.chips)))
            children.append((self._scored(child, score.unplaced), fullest, len(children), child))
        children.sort(key=lambda row: row[:3])
        for found, _, _, child in children:
            self.descend(depth + 1, child, found)
        # Left out last, so that it happens only where nothing else is possible.
        self.descend(depth + 1, chosen, _Score(score.unplaced + 1, score.missed, score.urgent, score.tightest))

    def _scored(self, chosen: Mapping[int, Placed], unplaced: int) -> _Score:
        indices = sorted(chosen)
        ends = end_to_end([chosen[i] for i in indices], len(self._computer.chips))
        urgent, tightest = [False] * len(self._workloads), 0.0
        for i, end in zip(indices, ends, strict=True):
            share = math.inf if end is None else seconds(end) / self._workloads[i].deadline
            tightest = max(tightest, share)
            urgent[i] = share > 1.0
        return _Score(unplaced, sum(urgent), tuple(urgent), tightest)

    def _fits(self, placed: Placed, chosen: Mapping[int, Placed]) -> bool:
        used = _memory([*chosen.values(), placed], len(self._computer.chips))
        return all(used[part.chip] <= self._computer.chips[part.chip].memory for part in placed.parts)

    def _is_twin(self, placed: Placed, chosen: Mapping[int, Placed]) -> bool:
        """Whether the same placement, but for the names of equal empty chips, is looked at anyway."""
        used = {part.chip for other in chosen.values() for part in other.parts}
        for part in placed.parts:
            if part.chip not in used and any(j < part.chip and j not in used for j in self._twins[part.chip]):
                return True
            used.add(part.chip)
        return False


def _alike(computer: Computer, i: int, j: int) -> bool:
    one, other = computer.chips[i], computer.chips[j]
    return {**vars(one), "name": ""} == {**vars(other), "name": ""}


def _loads(placed: Iterable[Placed], chips: int) -> list[float]:
    loads = [0.0] * chips
    for one in placed:
        for part, task in zip(one.parts, one.tasks, strict=True):
            loads[part.chip] += task.work / task.period
    return loads


def _memory(placed: Iterable[Placed], chips: int) -> list[float]:
    used = [0.0] * chips
    for one in placed:
        for part, size in zip(one.parts, one.memory, strict=True):
            used[part.chip] += size
    return used
