"""What would make an unreachable target reachable: one constraint at a time relieved, as little as suffices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ironworks.factory.flow.statistics import Interval
from ironworks.scenario import Scenario
from ironworks.studies.plan.bounds import Bound
from ironworks.studies.plan.constraint import Constraint, constraints, relieved
from ironworks.studies.plan.knobs import Knobs
from ironworks.studies.plan.search import Tell
from ironworks.studies.plan.sizing import Sizing
from ironworks.studies.plan.target import Aim
from ironworks.studies.plan.trial import Trials, Tried

__all__ = ["Relief", "reliefs"]

_TOGETHER = 3
_BESIDE = 4
#: Share of the target below which a quarter or half of the replications tell that a relief does not suffice.
_FAR = {4: 0.85, 2: 0.95, 1: 0.0}

Parts = tuple[tuple[Constraint, int], ...]
"""Constraints, each with the number of its level."""


@dataclass(frozen=True, eq=False)
class Relief:
    """Constraints that were relieved together, and what the plan then reaches."""

    parts: Parts
    tried: Tried
    knobs: Knobs
    suffices: bool

    @property
    def text(self) -> str:
        """In words."""
        return " and ".join(one.levels[at].text for one, at in self.parts)

    @property
    def money(self) -> float | None:
        """Its cost [base currency]; None where the scenario has no price for a part of it."""
        total = 0.0
        for one, at in self.parts:
            cost = one.levels[at].money
            if cost is None:
                return None
            total += cost
        return total

    @property
    def probability(self) -> Interval:
        """Of meeting the target."""
        return self.tried.probability


class _Worlds:
    """Tries plans in relieved worlds; the plan that reaches most of the target counts."""

    def __init__(
        self,
        name: str,
        aim: Aim,
        sizing: Sizing,
        trials: Trials,
        knobs: Sequence[Knobs],
        probability: float,
        count: int,
    ) -> None:
        self._name, self._aim, self._sizing, self._trials = name, aim, sizing, trials
        self._knobs, self._probability, self._count = knobs, probability, count

    def of(self, parts: Parts) -> Relief:
        """What the best of the plans reaches with these reliefs: all on a quarter of the replications, two on more."""
        sizing, world = self._world(parts)
        plans = {one: sizing.decide(one) for one in self._knobs}
        order: list[tuple[Knobs, Tried]] = []
        for part in (4, 2, 1):
            kept = [one for one, _ in order[:2]] or list(plans)
            tried = self._trials.of([plans[one] for one in kept], -(-self._count // part), scenario=world)
            order = sorted(zip(kept, tried, strict=True), key=lambda pair: self._rank(pair[1]), reverse=True)
            if order[0][1].reached(self._probability) < _FAR[part]:
                break
        return self._relief(parts, *order[0])

    def surely(self, parts: Parts, knobs: Knobs) -> Relief:
        """What one plan reaches with these reliefs on three times as many replications."""
        sizing, world = self._world(parts)
        plan = sizing.decide(knobs)
        return self._relief(
            parts, knobs, *self._trials.race([plan], 3 * self._count, self._probability, scenario=world)
        )

    def rank(self, relief: Relief) -> tuple[float, float]:
        """How near it is to the target."""
        return self._rank(relief.tried)

    def _world(self, parts: Parts) -> tuple[Sizing, Scenario]:
        world = relieved(self._sizing.scenario, [one.levels[at] for one, at in parts], self._name, self._aim)
        return Sizing(world, self._aim, seed=self._sizing.seed), world

    def _rank(self, tried: Tried) -> tuple[float, float]:
        return min(tried.reached(self._probability), 1.0), tried.probability.mean

    def _relief(self, parts: Parts, knobs: Knobs, tried: Tried) -> Relief:
        return Relief(parts, tried, knobs, tried.reached(self._probability) >= 1.0)


def reliefs(
    name: str,
    aim: Aim,
    sizing: Sizing,
    held_by: Sequence[Bound],
    trials: Trials,
    knobs: Sequence[Knobs],
    probability: float,
    count: int,
    *,
    tell: Tell,
) -> list[Relief]:
    """The least relief of each constraint that suffices alone; where none does, of the best of them together.

    The cheapest is first; those without a price follow. Where not even three together suffice, the widest is told.
    """
    worlds = _Worlds(name, aim, sizing, trials, knobs, probability, count)
    able = constraints(sizing.scenario, sizing, held_by, probability)
    held: Parts = ()
    best: Relief | None = None
    while able and len(held) < _TOGETHER:
        wide = []
        for one in able:
            tell(f"without a limit: {' and '.join(part.name for part in (*(c for c, _ in held), one))}")
            wide.append(worlds.of((*held, (one, len(one.levels) - 1))))
        wide.sort(key=worlds.rank, reverse=True)
        enough = [least for one in wide if one.suffices and (least := _least(one, worlds, tell)).suffices]
        if enough:
            return sorted(enough, key=_price)
        if best is not None and worlds.rank(wide[0]) <= worlds.rank(best):
            break
        best = wide[0]
        held = best.parts
        # What helped most alone is tried first beside the best.
        able = [one.parts[-1][0] for one in wide[1 : 1 + _BESIDE]]
    return [best] if best is not None else []


def _least(found: Relief, worlds: _Worlds, tell: Tell) -> Relief:
    """The narrowest level of each part that still suffices, the last part first, by bisection on more replications."""
    best = worlds.surely(found.parts, found.knobs)
    if not best.suffices:
        return best
    for at in range(len(found.parts) - 1, -1, -1):
        one, high = best.parts[at]
        low = -1
        while high - low > 1:
            middle = (low + high) // 2
            tell(f"how little suffices: {one.levels[middle].text}")
            tried = worlds.surely((*best.parts[:at], (one, middle), *best.parts[at + 1 :]), found.knobs)
            if tried.suffices:
                best, high = tried, middle
            else:
                low = middle
    return best


def _price(relief: Relief) -> tuple[bool, float, int]:
    """Priced ones first, by price; the others by how wide they are."""
    return relief.money is None, relief.money or 0.0, sum(at for _, at in relief.parts)
