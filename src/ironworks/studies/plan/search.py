"""The cheapest plan that reaches a target with a probability: turn knobs on common random numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ironworks.factory.calendar import WEEK
from ironworks.factory.floor_plan import floor_plans, has_room
from ironworks.factory.plant import Plant
from ironworks.scenario import Scenario
from ironworks.studies.plan.decisions import Decisions, Outlay, outlay
from ironworks.studies.plan.knobs import Knobs
from ironworks.studies.plan.sizing import Sizing
from ironworks.studies.plan.trial import Trials, Tried

__all__ = ["MOST_PACE", "Effort", "Point", "Search", "Tell", "aimed_probability"]

Tell = Callable[[str], None]

_ASSURANCE = (0.5, 0.65, 0.8, 0.9, 0.95, 0.98)
_PACE = (1.05, 1.15, 1.3, 1.5, 1.8)
MOST_PACE = _PACE[-1]
"""The most that a search releases over what is wanted."""
_COVER = tuple(weeks * WEEK for weeks in (0.0, 4.0, 8.0, 16.0))
_EARLY = tuple(weeks * WEEK for weeks in (2.0, 4.0, 8.0, 16.0))
_FLOW = (1.0, 1.5, 2.5)
_RAMP = (0.0, 0.5, 1.0)
_STAFF = (0.8, 0.9, 1.0, 1.15, 1.3)
_DEAREST = 8
_ROUNDS = 6
#: The least that a step upwards brings, as a share of what is wanted, for another one to be tried.
_GAIN = 0.02
_KNOWN, _MATCHES = 2, 5
_MOST = 1500


@dataclass(frozen=True, slots=True)
class Effort:
    """Replications: to compare plans, to take one as good, to confirm it on fresh seeds, and at most in a search.

    Without `most` it is 1500, and fewer where one replication makes many pieces.
    """

    screen: int = 24
    sure: int = 72
    confirm: int = 400
    most: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Point:
    """A plan that was tried."""

    knobs: Knobs
    tried: Tried
    outlay: Outlay


def aimed_probability(probability: float, confirm: int) -> float:
    """What a search has to aim at, so that the lower bound of a confirmation most likely reaches the probability."""
    error = 1.96 * math.sqrt(probability * (1.0 - probability) / confirm)
    return min(probability + 2.0 * error, 1.0 - (1.0 - probability) / 3.0)


class Search:
    """Searches plans of one scenario; `points` holds each plan that was tried, with the most replications it got."""

    def __init__(
        self,
        scenario: Scenario,
        sizing: Sizing,
        trials: Trials,
        probability: float,
        effort: Effort,
        tell: Tell,
        budget: float | None = None,
    ) -> None:
        self._scenario, self._sizing, self._trials, self._effort, self._tell = scenario, sizing, trials, effort, tell
        self._budget = math.inf if budget is None else budget
        self.probability = aimed_probability(probability, effort.confirm)
        self._most = round(_MOST * sizing.ease) if effort.most is None else effort.most
        self.points: dict[Knobs, Point] = {}
        self._fits: dict[object, bool] = {}
        self._rooms: dict[object, bool] = {}

    def look(self, knobs: Iterable[Knobs], count: int) -> list[Point]:
        """Plans of knobs, each tried on at least `count` replications."""
        wanted, plans = self._decided(knobs)
        return self._kept(wanted, plans, self._trials.of(plans, count))

    def _race(self, knobs: Iterable[Knobs], count: int) -> list[Point]:
        """Those plans of knobs that reach the target on `count` replications; the others stop early."""
        wanted, plans = self._decided(knobs)
        points = self._kept(wanted, plans, self._trials.race(plans, count, self.probability))
        return [one for one in points if len(one.tried.values) >= count and self.reaches(one)]

    def _decided(self, knobs: Iterable[Knobs]) -> tuple[list[Knobs], list[Decisions]]:
        wanted = list(dict.fromkeys(knobs))
        return wanted, [self._sizing.decide(one) for one in wanted]

    def _kept(self, wanted: Sequence[Knobs], plans: Sequence[Decisions], tries: Sequence[Tried]) -> list[Point]:
        for one, plan, tried in zip(wanted, plans, tries, strict=True):
            known = self.points.get(one)
            if known is None or len(known.tried.values) < len(tried.values):
                spent = known.outlay if known else outlay(Plant(plan.apply(self._scenario)), self._scenario.mode())
                self.points[one] = Point(one, tried, spent)
        return [self.points[one] for one in wanted]

    def climb(self, start: Point | None = None, count: int | None = None) -> Point:
        """From a plan (or one for each mix of sites) upwards until the target is reached or nothing helps."""
        runs = count or self._effort.screen
        if start is None:
            self._tell("which sites")
        best = start or self._best(self.first(), runs)
        for _ in range(_ROUNDS):
            if self.reaches(best) or self._is_spent():
                break
            self._tell(f"upwards from {best.knobs.text}")
            found = self._best(self.ampler(best.knobs), runs)
            if self._rank(found) <= self._rank(best):
                break
            gain = found.tried.reached(self.probability) - best.tried.reached(self.probability)
            best = found
            # What no knob turns does not give way to more of them.
            if not self.reaches(best) and gain < _GAIN:
                break
        return best

    def _best(self, knobs: Sequence[Knobs], count: int) -> Point:
        """The best of some plans: all on a quarter of the replications, ever fewer on half and on all of them."""
        kept = list(knobs)
        for part, share in ((4, 2), (2, 3)):
            tried = sorted(self.look(kept, -(-count // part)), key=self._rank, reverse=True)
            kept = [one.knobs for one in tried[: max(2, -(-len(tried) // share))]]
        ranked = sorted(self.look(kept, count), key=self._rank, reverse=True)
        # A plan that no hall has room for is taken only where all of the best are like it.
        return next((one for one in ranked if self.fits(one)), ranked[0])

    def fits(self, point: Point) -> bool:
        """Whether everything finds a place in the halls of the scenario, where it has some."""
        places = point.tried.plan.places
        if places not in self._fits:
            plant = Plant(point.tried.plan.apply(self._scenario))
            self._fits[places] = all(one.layout is not None for one in floor_plans(plant))
        return self._fits[places]

    def _housed(self, knobs: Knobs) -> Knobs:
        """The knobs, or with early steps that grow less where the halls would have no room for the plan."""
        for ramp in (one for one in reversed(_RAMP) if one <= knobs.ramp):
            plan = self._sizing.decide(replace(knobs, ramp=ramp))
            if plan.places not in self._rooms:
                self._rooms[plan.places] = has_room(Plant(plan.apply(self._scenario)))
            if self._rooms[plan.places]:
                return replace(knobs, ramp=ramp)
        return knobs

    @property
    def lacked_floor(self) -> bool:
        """Whether some plan that was tried had too little floor, or no place in the halls."""
        return not all(self._fits.values()) or any(one.tried.floor.max() > 1.0 for one in self.points.values())

    def cheapen(self, point: Point) -> Point:
        """From a plan that reaches the target downwards as far as it still does on more replications."""
        best = self.look([point.knobs], self._effort.sure)[0]
        refused: set[object] = set()
        while not self._is_spent():
            downs = [one for one in self._steps(best.knobs, -1) if _turned(best.knobs, one) not in refused]
            plans = {one: self._outlay(one) for one in downs}
            cheaper = sorted((one for one in downs if plans[one] < best.outlay.total), key=plans.__getitem__)
            taken = None
            for one in cheaper:
                self._tell(f"cheaper: {one.text}")
                if self._holds(one):
                    taken = self.points[one]
                    break
                refused.add(_turned(best.knobs, one))
            if taken is None:
                break
            best = taken
        return self._thin(best)

    def _thin(self, best: Point) -> Point:
        """One place fewer at each of the dearest stations that can spare it, all together where they can."""
        prices = {row.station: self._scenario.mode()(row.price) for row in self._scenario.stations}
        loads = self._sizing.loads(best.knobs)
        order = sorted(loads, key=lambda name: -prices[name] * (1.0 - loads[name]))[:_DEAREST]
        single = [
            one for one in (_fewer(best.knobs, [name]) for name in order) if self._outlay(one) < best.outlay.total
        ]
        if self._is_spent() or not single:
            return best
        self._tell("one place fewer at the dearest stations")
        good = [one.knobs for one in self._race(single, self._effort.screen)]
        spared = [name for name in order if _fewer(best.knobs, [name]) in good]
        while spared and not self._is_spent():
            together = _fewer(best.knobs, spared)
            if self._holds(together):
                return self.points[together]
            spared = spared[: len(spared) // 2]
        return best

    def raised(self, point: Point) -> Point | None:
        """A plan upwards of one that a confirmation found too unlikely; None where there is none."""
        self.probability = (self.probability + 1.0) / 2.0
        best = self.climb(self.look([point.knobs], self._effort.sure)[0], self._effort.sure)
        return None if best.knobs == point.knobs else best

    def matched(self, best: Point, own: Tried, spent: Outlay) -> None:
        """Look for a plan as likely as the scenario's own on as many replications: a known one, or an ampler one."""
        least, count = own.probability.mean, len(own.values)
        cheaper = [one for one in self.points.values() if one.outlay.total < spent.total and self.fits(one)]
        alike = sorted((one for one in cheaper if self._seems(one, least)), key=lambda one: one.outlay.total)
        ampler = sorted(
            (one for one in self.around(replace(best.knobs, extra=())) if self._outlay(one) < spent.total),
            key=self._outlay,
        )
        for one in [*(point.knobs for point in alike[:_KNOWN]), *ampler][:_MATCHES]:
            self._tell(f"as likely as the scenario's own: {one.text}")
            found = self.look([one], count)[0]
            if found.tried.probability.mean >= least and self.fits(found):
                break

    def _seems(self, point: Point, least: float) -> bool:
        return len(point.tried.values) >= self._effort.screen and point.tried.probability.mean >= least

    def may_reach(self, point: Point, probability: float) -> bool:
        """Whether the replications leave it open that a plan meets the target with a probability."""
        return point.outlay.total <= self._budget and point.tried.probability.high >= probability

    def around(self, knobs: Knobs) -> list[Knobs]:
        """The plan and ampler ones: what may be the best where a constraint is relieved."""
        found = [knobs]
        for name, levels in (("assurance", _ASSURANCE), ("pace", _PACE)):
            found += [
                _with(one, name, levels[at])
                for one in tuple(found)
                if (at := _next(levels, getattr(one, name), 1)) is not None
            ]
        found += [replace(knobs, weekend=True), *self.beside(found[-1])]
        return list(dict.fromkeys(map(self._housed, found)))

    def ampler(self, knobs: Knobs) -> list[Knobs]:
        """One step upwards by each knob."""
        return [self._housed(one) for one in self._steps(knobs, 1)]

    def first(self) -> list[Knobs]:
        """One plan for each mix of sites."""
        return [self._housed(Knobs(mix=mix)) for mix in _mixes(self._sizing.sites)]

    def beside(self, knobs: Knobs) -> list[Knobs]:
        """The same plan with the next mixes of sites."""
        mixes = _mixes(self._sizing.sites)
        at = mixes.index(knobs.mix) if knobs.mix in mixes else 0
        return [replace(knobs, mix=mixes[i]) for i in (at - 1, at + 1) if 0 <= i < len(mixes)]

    def reaches(self, point: Point) -> bool:
        """Whether enough of the replications meet the target, within the budget."""
        return point.outlay.total <= self._budget and point.tried.reached(self.probability) >= 1.0

    def _holds(self, knobs: Knobs) -> bool:
        if not self._race([knobs], self._effort.screen):
            return False
        return any(self.fits(one) for one in self._race([knobs], self._effort.sure))

    def _rank(self, point: Point) -> tuple[bool, float, float]:
        if self.reaches(point):
            return True, -point.outlay.total, 0.0
        if point.outlay.total > self._budget:
            return False, -point.outlay.total, 0.0
        return False, round(point.tried.reached(self.probability), 6), point.tried.probability.mean

    def _outlay(self, knobs: Knobs) -> float:
        if knobs in self.points:
            return self.points[knobs].outlay.total
        return outlay(Plant(self._sizing.decide(knobs).apply(self._scenario)), self._scenario.mode()).total

    def _is_spent(self) -> bool:
        return self._trials.spent >= self._most

    def _steps(self, knobs: Knobs, way: int) -> list[Knobs]:
        """Knobs with one of them turned by one level."""
        found = [
            _with(knobs, name, levels[at])
            for name, levels in (
                ("assurance", _ASSURANCE),
                ("pace", _PACE),
                ("ramp", _RAMP),
                ("cover", _COVER if self._sizing.limited else ()),
                ("early", _EARLY),
                ("flow", _FLOW),
                ("staff", _STAFF),
            )
            if (at := _next(levels, getattr(knobs, name), way)) is not None
        ]
        if knobs.weekend == (way < 0):
            found.append(replace(knobs, weekend=not knobs.weekend))
        return found + self.beside(knobs)


def _with(knobs: Knobs, name: str, level: float) -> Knobs:
    changes: dict[str, Any] = {name: level}
    return replace(knobs, **changes)


def _next(levels: Sequence[float], value: float, way: int) -> int | None:
    above = [i for i, level in enumerate(levels) if (level - value) * way > 1e-9]
    return None if not above else (min(above) if way > 0 else max(above))


def _turned(before: Knobs, after: Knobs) -> object:
    """Which knob differs, and for the mix to what."""
    if before.mix != after.mix:
        return after.mix
    names = ("assurance", "pace", "ramp", "cover", "early", "flow", "staff", "weekend")
    return next(name for name in names if getattr(before, name) != getattr(after, name))


def _mixes(sites: Sequence[str]) -> list[tuple[tuple[str, float], ...]]:
    """Shares of sites: two by quarters, more of them each alone and all alike."""
    if len(sites) == 2:
        one, other = sites
        return [((one, 1.0 - part), (other, part)) for part in (0.0, 0.25, 0.5, 0.75, 1.0)]
    alone = [((site, 1.0),) for site in sites]
    return alone + ([tuple((site, 1.0 / len(sites)) for site in sites)] if len(sites) > 1 else [])


def _fewer(knobs: Knobs, stations: Iterable[str]) -> Knobs:
    extra = dict(knobs.extra)
    for name in stations:
        extra[name] = extra.get(name, 0) - 1
    return replace(knobs, extra=tuple(sorted((name, count) for name, count in extra.items() if count)))
