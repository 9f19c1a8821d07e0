"""From a target to a plan that was simulated and confirmed on fresh seeds, or to what stands in its way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ironworks.factory.floor_plan import FloorPlan, floor_plans, ways_of
from ironworks.factory.flow.statistics import wilson
from ironworks.factory.plant import Plant
from ironworks.scenario import Scenario
from ironworks.studies.plan.bounds import Bound, bounds
from ironworks.studies.plan.constraint import Level, relieved
from ironworks.studies.plan.decisions import Outlay, as_planned, outlay
from ironworks.studies.plan.knobs import Knobs
from ironworks.studies.plan.marginal import Marginal, marginals
from ironworks.studies.plan.relief import Relief, reliefs
from ironworks.studies.plan.search import MOST_PACE, Effort, Point, Search, Tell
from ironworks.studies.plan.sizing import Sizing
from ironworks.studies.plan.target import Aim
from ironworks.studies.plan.trial import Trials, Tried
from ironworks.verdicts import Verdicts

__all__ = ["PlanResult", "Refusal", "plan"]

_ATTEMPTS = 3
#: Replications of a confirmation between two looks at whether it can still succeed.
_PART = 50
#: Most loaded stations of which one more place is tried.
_MARGINAL = 8
_LATER = (1, 2, 3, 4, 6, 9, 12, 18)
#: Where so little of what is wanted is reached, the last of these months is tried first: most likely none will do.
_HOPELESS = 0.75


@dataclass(frozen=True, eq=False)
class Refusal:
    """Why no plan was found. `reached`: what the best one reaches with the probability, over what is wanted (0..1)."""

    reached: float
    reliefs: tuple[Relief, ...]
    later: tuple[date, Tried] | None
    """The first month later at which the best plan meets the same target, where one is within a year and a half."""


@dataclass(frozen=True, eq=False)
class PlanResult:
    """What planning found.

    `chosen` is the plan (the best one where it is refused), `confirmed` that plan on fresh replications (on the
    search's own where those leave no hope), and `hand` the scenario's own plan on the search's replications. All three
    are None where a strict bound is broken and nothing was simulated. Probabilities are of meeting the target with
    floor that suffices; outlays are equipment and wages until the target's day at the figures' values.
    """

    scenario: Scenario
    aim: Aim
    probability: float
    seed: int
    effort: Effort
    hand: Tried | None
    hand_outlay: Outlay
    bounds: tuple[Bound, ...]
    points: tuple[Point, ...]
    chosen: Point | None
    confirmed: Tried | None
    attempts: int
    marginals: tuple[Marginal, ...]
    refusal: Refusal | None
    floors: tuple[FloorPlan, ...]
    """Of the plan, for each site that has halls."""
    replications: int
    """Simulated in all."""

    @property
    def front(self) -> list[Point]:
        """Plans of which none is both cheaper and likelier among those tried, the cheapest first."""
        found: list[Point] = []
        sure = [one for one in self.points if len(one.tried.values) >= self.effort.screen]
        for one in sorted(sure, key=lambda one: (one.outlay.total, -one.tried.probability.mean)):
            if not found or one.tried.probability.mean > found[-1].tried.probability.mean:
                found.append(one)
        return found

    @property
    def as_likely(self) -> Point | None:
        """The cheapest plan at least as likely as the scenario's own, of those tried on the same replications."""
        if self.hand is None or not self.hand.met.any():
            return None
        least, count = self.hand.probability.mean, len(self.hand.values)
        alike = [one for one in self.points if len(one.tried.values) >= count and one.tried.probability.mean >= least]
        return min(alike, key=lambda one: one.outlay.total, default=None)

    def verify(self) -> list[str]:
        """What is wrong with a plan that is given out, checked without the search: nothing, if it is sound."""
        if self.chosen is None or self.confirmed is None or self.refusal is not None:
            return []
        plan, start = self.chosen.tried.plan, self.scenario.settings.scenario.start
        planned = Plant(plan.apply(self.scenario))
        wrong = [
            f"{order.station} would have to be ordered on {order.order_by}, before the first day"
            for order in planned.equipment.orders(self.scenario.mode())
            if order.order_by < start and (order.station, order.needed) in {(name, day) for name, day, _ in plan.places}
        ]
        wrong += [
            f"{one.site} has no place for it: {'; '.join(one.findings)}" for one in self.floors if one.layout is None
        ]
        for one in (floor.layout for floor in self.floors if floor.layout is not None):
            one.verify()
        if self.confirmed.plan != plan:
            wrong.append("what was confirmed is not the plan")
        if self.confirmed.probability.low < self.probability:
            wrong.append(f"the probability may be as low as {self.confirmed.probability.low:.3f}")
        again = outlay(planned, self.scenario.mode())
        if abs(again.total - self.chosen.outlay.total) > 1e-6 * max(again.total, 1.0):
            wrong.append(f"the outlay is {again.total:,.0f}, not {self.chosen.outlay.total:,.0f}")
        return wrong

    @property
    def broken(self) -> tuple[Bound, ...]:
        """What no plan can get around, with the probability that was asked for."""
        return tuple(one for one in self.bounds if one.strict and one.chance < self.probability)


def plan(
    name: str,
    scenario: Scenario,
    aim: Aim,
    probability: float,
    *,
    verdicts: Verdicts | None = None,
    budget: float | None = None,
    seed: int = 1,
    workers: int | None = None,
    effort: Effort | None = None,
    tell: Tell = lambda said: None,
) -> PlanResult:
    """Plan a scenario that `read_aimed` made of `name`; `budget` bounds the outlay [base currency].

    Same seed, same result, whatever the number of workers. Raises ScenarioFaults, chain.Stopped, executor.JobFailed.
    """
    work = effort or Effort()
    sizing = Sizing(scenario, aim, seed=seed)
    hand = as_planned(scenario)
    spent = outlay(Plant(scenario), scenario.mode())
    tell("what no plan can get around")
    # More pieces beforehand are more experience: the bounds take as many as the search ever releases.
    mixes = {site: sizing.steps(Knobs(pace=MOST_PACE, mix=((site, 1.0),))) for site in sizing.sites}
    held = tuple(bounds(scenario, aim, mixes, seed=seed))
    found = PlanResult(scenario, aim, probability, seed, work, None, spent, held, (), None, None, 0, (), None, (), 0)
    if found.broken:
        return found
    tell("the scenario's own floor plan")
    ways = ways_of(scenario, floor_plans(Plant(scenario)))
    with Trials(scenario, verdicts, seed=seed, workers=workers, ways=ways) as trials:
        tell("the scenario's own plan")
        own = trials.of([hand], work.screen)[0]
        # A plan that never meets the target has nothing to be compared with.
        own = trials.of([hand], work.sure)[0] if own.met.any() else own
        search = Search(scenario, sizing, trials, probability, work, tell, budget)
        best = search.climb()
        if search.reaches(best):
            best = search.cheapen(best)
        best = search.look([best.knobs], work.sure)[0]
        confirmed, attempts = best.tried, 0
        while attempts < _ATTEMPTS and search.may_reach(best, probability):
            tell(f"confirming on {work.confirm} fresh replications: {best.knobs.text}")
            # Each attempt has a seed that nothing was chosen on.
            attempts += 1
            confirmed = _confirmed(trials, best, _fresh(seed, attempts), work.confirm, probability)
            if confirmed.probability.low >= probability or attempts == _ATTEMPTS:
                break
            higher = search.raised(best)
            if higher is None or not search.may_reach(higher, probability):
                break
            best = higher
        if best.outlay.total < spent.total and own.met.any():
            search.matched(best, own, spent)
        worth: Sequence[Marginal] = ()
        refusal = None
        if attempts and confirmed.probability.low >= probability and search.fits(best):
            tell("what one more of something is worth")
            worth = marginals(
                scenario,
                sizing,
                trials,
                best.knobs,
                max(math.ceil(work.screen * sizing.ease), work.screen // 3),
                stations=math.ceil(_MARGINAL * sizing.ease),
            )
        else:
            refusal = _refused(
                name, scenario, aim, probability, sizing, held, trials, best, confirmed, search, work, tell
            )
        return replace(
            found,
            hand=own,
            points=tuple(search.points.values()),
            chosen=best,
            confirmed=confirmed,
            attempts=attempts,
            marginals=tuple(worth),
            refusal=refusal,
            floors=_floors(scenario, best, work, seed),
            replications=trials.spent,
        )


def _confirmed(trials: Trials, best: Point, seed: int, count: int, probability: float) -> Tried:
    """The plan on fresh replications: all of them, or as many as show that the interval cannot reach up to it."""
    tried = trials.fresh(best.tried.plan, seed, min(count, _PART))
    while len(tried.values) < count:
        missed = len(tried.values) - int(tried.met.sum())
        if wilson(count - missed, count).low < probability:
            break
        tried = tried.joined(
            trials.fresh(best.tried.plan, seed, min(_PART, count - len(tried.values)), len(tried.values))
        )
    return tried


def _floors(scenario: Scenario, best: Point, work: Effort, seed: int) -> tuple[FloorPlan, ...]:
    planned = best.tried.plan.apply(scenario)
    return floor_plans(Plant(planned), [planned.draw(seed, i) for i in range(work.sure)])


def _refused(
    name: str,
    scenario: Scenario,
    aim: Aim,
    probability: float,
    sizing: Sizing,
    held: Sequence[Bound],
    trials: Trials,
    best: Point,
    confirmed: Tried,
    search: Search,
    work: Effort,
    tell: Tell,
) -> Refusal:
    tries = search.around(best.knobs)
    # More floor helps nobody where no plan that was tried had too little.
    floor = search.lacked_floor or any(one.kind == "floor" and one.chance < probability for one in held)
    ways = reliefs(
        name, aim, sizing, held, trials, tries, probability, work.screen, ampler=search.ampler, floor=floor, tell=tell
    )
    shown = max(work.screen, round(2 * work.screen * sizing.ease))
    later, low, high = None, -1, len(_LATER)
    mixes = list(dict.fromkeys((best.knobs, *search.first())))
    last_first = confirmed.reached(probability) < _HOPELESS
    while aim.kind == "rate" and high - low > 1:
        middle = high - 1 if last_first else (low + high) // 2
        last_first = False
        day = aim.day + timedelta(days=round(30.44 * _LATER[middle]))
        tell(f"whether {day} would do")
        moved = replace(aim, day=day)
        changed = relieved(scenario, [Level(f"until {day}", {"scenario.end": day.isoformat()}, None)], name, moved)
        sized = Sizing(changed, moved, seed=sizing.seed)
        some = trials.of([sized.decide(one) for one in mixes], work.screen // 4, scenario=changed)
        order = sorted(
            zip(mixes, some, strict=True),
            key=lambda pair: (min(pair[1].reached(probability), 1.0), pair[1].probability.mean),
            reverse=True,
        )
        # What is best on one day is tried on the others.
        mixes = [one for one, _ in order[:2]]
        then = trials.race([order[0][1].plan], shown, probability, scenario=changed)[0]
        if then.reached(probability) >= 1.0:
            later, high = (day, then), middle
        else:
            low = middle
    return Refusal(confirmed.reached(probability), tuple(ways), later)


def _fresh(seed: int, attempt: int) -> int:
    return seed + 1_000_003 * attempt
