"""What would make an unreachable target reachable: one constraint at a time relieved, as little as suffices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ironworks.factory.flow.statistics import Interval
from ironworks.scenario import Scenario
from ironworks.studies.plan.bounds import Bound
from ironworks.studies.plan.constraint import Constraint, ceilings, constraints, relieved
from ironworks.studies.plan.knobs import Knobs
from ironworks.studies.plan.search import Tell
from ironworks.studies.plan.sizing import Sizing
from ironworks.studies.plan.target import Aim
from ironworks.studies.plan.trial import Trials, Tried

__all__ = ["Relief", "reliefs"]

_TOGETHER = 3
_BESIDE = 4
_BEST = 3
#: Share of the target from which a relief nearly suffices.
_CLOSE = 0.9
#: Times the replications that a relief which suffices is shown on; half as many where one makes many pieces.
_SHOWN = 3
#: Replications of reliefs at most, where one makes few pieces.
_MOST = 500
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

    def of(self, parts: Parts, knobs: Sequence[Knobs] = ()) -> Relief:
        """What the best of the plans reaches with these reliefs: all on a quarter of the replications, two on more."""
        sizing, world = self._world(parts)
        plans = {one: sizing.decide(one) for one in knobs or self._knobs}
        order: list[tuple[Knobs, Tried]] = []
        for part in (4, 2, 1):
            kept = [one for one, _ in order[:2]] or list(plans)
            tried = self._trials.of([plans[one] for one in kept], -(-self._count // part), scenario=world)
            order = sorted(zip(kept, tried, strict=True), key=lambda pair: self._rank(pair[1]), reverse=True)
            if len(order) > _BEST:
                # What is best in one relieved world is tried in the next ones, ampler plans too.
                self._knobs = [one for one, _ in order[:_BEST]]
            if order[0][1].reached(self._probability) < _FAR[part]:
                break
        return self._relief(parts, *order[0])

    def one(self, parts: Parts, knobs: Knobs, count: int) -> Relief:
        """What one plan reaches with these reliefs; it stops early where it cannot reach the target any more."""
        sizing, world = self._world(parts)
        plan = sizing.decide(knobs)
        return self._relief(parts, knobs, *self._trials.race([plan], count, self._probability, scenario=world))

    def without(self, parts: Parts, at: int, suppliers: Sequence[str]) -> Parts:
        """The same reliefs, of the ceilings of these suppliers alone in one part."""
        fewer = ceilings(self._sizing.scenario, suppliers)
        return (*parts[:at], (fewer, parts[at][1]), *parts[at + 1 :])

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
    ampler: Callable[[Knobs], Sequence[Knobs]],
    floor: bool = True,
    tell: Tell,
) -> list[Relief]:
    """The least relief of each constraint that suffices alone; where none does, of the best of them together.

    `ampler` plans are tried where a relief nearly suffices. Without `floor`, more of it is not tried. The cheapest is
    first; those without a price follow. Where not even three together suffice, the widest is told.
    """
    worlds = _Worlds(name, aim, sizing, trials, knobs, probability, count)
    most = trials.spent + round(_MOST * sizing.ease)
    # Where one replication makes many pieces, fewer of them are made.
    shown = max(round(_SHOWN * count * sizing.ease), _SHOWN * count // 2)
    able = constraints(sizing.scenario, sizing, held_by, probability, floor=floor)
    held: Parts = ()
    best: Relief | None = None
    while able and len(held) < _TOGETHER:
        wide = []
        for one in able:
            tell(f"without a limit: {' and '.join(part.name for part in (*(c for c, _ in held), one))}")
            wide.append(worlds.of((*held, (one, len(one.levels) - 1))))
        wide.sort(key=worlds.rank, reverse=True)
        again = (worlds.one(one.parts, one.knobs, shown) for one in wide if one.suffices)
        enough = [one for one in again if one.suffices]
        if not enough and worlds.rank(wide[0])[0] >= _CLOSE:
            # What is short may be the plan now, not what it was made for.
            tell(f"ampler plans with {wide[0].text}")
            wide[0] = worlds.of(wide[0].parts, list(dict.fromkeys((wide[0].knobs, *ampler(wide[0].knobs)))))
            last = worlds.one(wide[0].parts, wide[0].knobs, shown)
            enough = [last] if last.suffices else []
        if enough:
            # Of several together there are many: the first will do.
            chosen = enough[:1] if held else enough
            return sorted((_least(one, worlds, count, shown, tell) for one in chosen), key=_price)
        if trials.spent >= most or (best is not None and worlds.rank(wide[0]) <= worlds.rank(best)):
            best = max((one for one in (best, wide[0]) if one is not None), key=worlds.rank)
            break
        best = wide[0]
        held = best.parts
        # What helped most alone is tried first beside the best.
        able = [one.parts[-1][0] for one in wide[1 : 1 + _BESIDE]]
    return [best] if best is not None else []


def _needed(found: Relief, worlds: _Worlds, count: int, tell: Tell) -> Relief:
    """Without suppliers that need no relief: the shortest alone, or the shorter half less those that can be spared."""
    best = found
    for at in range(len(found.parts)):
        kept = best.parts[at][0].suppliers
        if len(kept) < 2:
            continue
        tell(f"which of {len(kept)} suppliers it takes")
        for few in dict.fromkeys((kept[-1:], kept[len(kept) // 2 :])):
            tried = worlds.one(worlds.without(best.parts, at, few), found.knobs, count)
            if tried.suffices:
                best = tried
                break
        else:
            continue
        for name in best.parts[at][0].suppliers:
            if rest := [one for one in best.parts[at][0].suppliers if one != name]:
                tried = worlds.one(worlds.without(best.parts, at, rest), found.knobs, count)
                best = tried if tried.suffices else best
    return best


def _least(found: Relief, worlds: _Worlds, count: int, shown: int, tell: Tell) -> Relief:
    """The fewest suppliers and the narrowest level of each part that still suffice on `shown` replications.

    By bisection on half of them, the last part first; where those were too few to tell, the next wider levels.
    """
    best = _needed(found, worlds, count, tell)
    for at in range(len(found.parts) - 1, -1, -1):
        high, low = best.parts[at][1], -1
        while high - low > 1:
            middle = (low + high) // 2
            tell(f"how little suffices: {best.parts[at][0].levels[middle].text}")
            tried = worlds.one(_at(best.parts, at, middle), found.knobs, -(-shown // 2))
            if tried.suffices:
                best, high = tried, middle
            else:
                low = middle
    last = worlds.one(best.parts, found.knobs, shown)
    while not last.suffices and (wider := _wider(last.parts)) != last.parts:
        last = worlds.one(wider, found.knobs, shown)
    return last if last.suffices else found


def _wider(parts: Parts) -> Parts:
    """Each part by its next level, where it has one."""
    return tuple((one, min(at + 1, len(one.levels) - 1)) for one, at in parts)


def _at(parts: Parts, at: int, level: int) -> Parts:
    changed = list(parts)
    changed[at] = (parts[at][0], level)
    return tuple(changed)


def _price(relief: Relief) -> tuple[bool, float, int]:
    """Priced ones first, by price; the others by how wide they are."""
    return relief.money is None, relief.money or 0.0, sum(at for _, at in relief.parts)
