"""Plans tried on common random numbers: what each replication reaches, and whether its floor suffices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ironworks import chain, executor
from ironworks.executor import Pool
from ironworks.factory.cost import CostModel, YearCost
from ironworks.factory.floor_plan import floor_needed, has_room
from ironworks.factory.flow import Outcome, run_once
from ironworks.factory.flow.statistics import Interval, wilson
from ironworks.factory.planning import site_needs
from ironworks.factory.plant import Plant
from ironworks.factory.premises import sites_with_halls
from ironworks.factory.targets import Goal, goals, output_times, pieces_per_unit
from ironworks.scenario import Scenario
from ironworks.studies.plan.decisions import Decisions
from ironworks.verdicts import Verdicts

__all__ = ["Trials", "Tried"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Looks at whether a plan can still reach the target while it is tried.
_PARTS = 4


@dataclass(frozen=True, slots=True)
class _Ask:
    plan: Decisions
    scenario: Scenario | None
    seed: int
    replication: int
    costs: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    value: float
    floor: float
    """Floor that the plan wants over what there is, at the site where it is tightest."""
    costs: tuple[YearCost, ...] = ()


@dataclass(frozen=True, eq=False)
class Tried:
    """One plan on N replications. `values` (N,): pieces, or pieces per second for a rate."""

    plan: Decisions
    wanted: float
    values: Floats
    floor: Floats
    """(N,) floor that the plan wants over what there is, where it is tightest."""
    costs: tuple[tuple[YearCost, ...], ...] = ()

    @cached_property
    def met(self) -> Bools:
        """(N,) whether the target is met on floor that is there."""
        return (self.values >= self.wanted * (1 - 1e-12)) & (self.floor <= 1.0)

    @cached_property
    def probability(self) -> Interval:
        """Share of replications that meet the target, with its Wilson 95 % interval."""
        return wilson(int(self.met.sum()), len(self.met))

    def reached(self, share: float) -> float:
        """What a share of the replications reaches at least over what is wanted; 0 where the floor does not suffice."""
        return float(np.quantile(np.where(self.floor <= 1.0, self.values, 0.0) / self.wanted, 1.0 - share))

    def may_reach(self, share: float, count: int) -> bool:
        """Whether a share of `count` replications may still reach the target, whatever those that are missing bring."""
        return len(self.met) - int(self.met.sum()) < math.floor((count - 1) * (1.0 - share)) + 2

    def joined(self, more: Tried) -> Tried:
        """With more replications of the same plan."""
        values, floor = (np.concatenate(pair) for pair in ((self.values, more.values), (self.floor, more.floor)))
        return Tried(self.plan, self.wanted, values, floor, self.costs + more.costs)


class Trials:
    """Tries plans of a scenario with one target; in a `with` statement, since its processes stay.

    Replication i of one seed has the same draws for each plan. What was tried is remembered. `ways` of carriers [m]
    are those of one floor plan for all.
    """

    def __init__(
        self,
        scenario: Scenario,
        verdicts: Verdicts | None,
        *,
        seed: int,
        workers: int | None = None,
        ways: Mapping[tuple[str, str], float] | None = None,
    ) -> None:
        self._seed = seed
        self._wanted = goals(scenario)[0].wanted
        self._known: dict[tuple[str, str], list[_Answer]] = {}
        self._pool: Pool[_Ask, _Answer] = Pool(
            _answer, workers=workers, initializer=_open, initargs=(scenario, verdicts, ways or {})
        )
        self.spent = 0
        """Replications simulated."""

    def __enter__(self) -> Trials:
        return self

    def __exit__(self, *failure: object) -> None:
        self._pool.__exit__(*failure)

    def of(self, plans: Sequence[Decisions], count: int, *, scenario: Scenario | None = None) -> list[Tried]:
        """Each plan on replications 0..count-1; with a `scenario` of other figures instead of the own one."""
        world = "" if scenario is None else repr(scenario.overrides)
        asks = []
        for plan in {plan.key: plan for plan in plans}.values():
            have = len(self._known.setdefault((plan.key, world), []))
            asks += [_Ask(plan, scenario, self._seed, i, False) for i in range(have, count)]
        for ask, answer in zip(asks, self._asked(asks), strict=True):
            self._known[ask.plan.key, world].append(answer)
        return [self._tried(plan, self._known[plan.key, world][:count]) for plan in plans]

    def race(
        self, plans: Sequence[Decisions], count: int, share: float, *, scenario: Scenario | None = None
    ) -> list[Tried]:
        """As `of`, but a plan stops as soon as a share of `count` replications can no longer reach the target."""
        found: dict[str, Tried] = {}
        going = list(plans)
        for part in range(1, _PARTS + 1):
            for plan, tried in zip(going, self.of(going, -(-count * part // _PARTS), scenario=scenario), strict=True):
                found[plan.key] = tried
            going = [plan for plan in going if found[plan.key].may_reach(share, count)]
        return [found[plan.key] for plan in plans]

    def fresh(self, plan: Decisions, seed: int, count: int, first: int = 0) -> Tried:
        """A plan on replications first..first+count-1 of a seed of its own, with costs."""
        asks = [_Ask(plan, None, seed, i, True) for i in range(first, first + count)]
        return self._tried(plan, self._asked(asks))

    def _asked(self, asks: Sequence[_Ask]) -> list[_Answer]:
        self.spent += len(asks)
        jobs = [executor.Job(f"replication {ask.replication}", ask) for ask in asks]
        try:
            return self._pool.run(jobs)
        except executor.JobFailed as failed:
            if isinstance(failed.__cause__, chain.Stopped):
                raise failed.__cause__ from None
            raise

    def _tried(self, plan: Decisions, answers: Sequence[_Answer]) -> Tried:
        values, floor = np.array([one.value for one in answers]), np.array([one.floor for one in answers])
        return Tried(plan, self._wanted, values, floor, tuple(one.costs for one in answers if one.costs))


_scenario: Scenario | None = None
_verdicts: Verdicts | None = None
_ways: Mapping[tuple[str, str], float] = {}


def _open(scenario: Scenario, verdicts: Verdicts | None, ways: Mapping[tuple[str, str], float]) -> None:
    global _scenario, _verdicts, _ways
    _scenario, _verdicts, _ways = scenario, verdicts, ways
    _plants.clear()


@dataclass(frozen=True, slots=True)
class _Made:
    plant: Plant
    goal: Goal
    floors: Mapping[str, float]
    """Floor that is needed at each site [m2]; empty where its halls have no room for the plan."""


class _Plants:
    """The plants asked for last: jobs of one plan come one after the other."""

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._kept: dict[tuple[str, str], _Made] = {}

    def clear(self) -> None:
        self._kept.clear()

    def of(self, ask: _Ask) -> _Made:
        key = (ask.plan.key, "" if ask.scenario is None else repr(ask.scenario.overrides))
        if key not in self._kept:
            while len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            base = ask.scenario or _scenario
            assert base is not None
            scenario = ask.plan.apply(base)
            plant = Plant(scenario, _verdicts).walked(_ways)
            self._kept[key] = _Made(plant, goals(scenario)[0], _floors(plant) if has_room(plant) else {})
        return self._kept[key]


_plants = _Plants()


def _answer(ask: _Ask) -> _Answer:
    made = _plants.of(ask)
    plant, goal = made.plant, made.goal
    scenario = plant.scenario
    if not made.floors:
        return _Answer(0.0, math.inf)
    draw = scenario.draw(ask.seed, ask.replication)
    edges = np.arange(7 * 86400.0, plant.horizon, 7 * 86400.0).tolist() if ask.costs else ()
    done = run_once(plant.model(draw), plant.horizon, seed=ask.seed, replication=ask.replication, edges=edges)
    if done.outcome is Outcome.DEADLOCK:
        raise chain.Stopped(f"replication {ask.replication} of seed {ask.seed} stopped: {done.explanation}")
    value = goal.value(output_times(done, goal.routes, pieces_per_unit(scenario, goal.row.item)))
    costs = CostModel(plant, goal.row.item).flows(done, draw) if ask.costs else ()
    tightest = max((need / draw(site.area) for site in scenario.sites if (need := made.floors[site.site])), default=0.0)
    return _Answer(value, tightest, costs)


def _floors(plant: Plant) -> dict[str, float]:
    """Floor that the plan needs at each site [m2]: where there are halls with clearance and aisles, else of places."""
    mode = plant.scenario.mode()
    found: dict[str, float] = {}
    for need in site_needs(plant, mode):
        found[need.site] = max(found.get(need.site, 0.0), need.floor)
    return found | {site: floor_needed(plant, site, mode) for site in sites_with_halls(plant.scenario)}
