"""A line as a plant has it (GALBP): variants, parallel places, tools, skills, zones, access, strain, set-ups, moves.

Boysen, Fliedner and Scholl (2007, EJOR 183(2)) sort these extensions. All is data, and an assignment checks itself.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from ironworks.factory.balance.instance import BalanceError

__all__ = ["SIDES", "Bay", "Element", "GeneralAssignment", "GeneralLine"]

SIDES = ("any", "left", "right", "inside")
"""From where a robot is reached: `any` side will do, or one that the worker has to walk to."""

#: Seconds by which a load may miss its limit in a check.
_ROUND = 1e-6


@dataclass(frozen=True)
class Element:
    """A work element: `seconds` of each variant (0: the variant does not need it), at unit number 1.

    `learning`: what a doubling of units leaves of its time (Crawford), 1 for none. `strain`: ergonomic points of one
    unit; `height` [m] and `floor_load` [kPa] that it needs; `family`: what a worker is set up for; `workers`: how many
    do it together; `allowed`: bays, none for all.
    """

    name: str
    seconds: Mapping[str, float]
    after: tuple[str, ...] = ()
    learning: float = 1.0
    skill: str = ""
    tools: frozenset[str] = frozenset()
    side: str = "any"
    height: float = 0.0
    floor_load: float = 0.0
    strain: float = 0.0
    family: str = ""
    workers: int = 1
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Bay:
    """Where a station may stand: at most `places` side by side, each with a team that does every so manieth unit."""

    name: str
    places: int = 1
    height: float = float("inf")
    floor_load: float = float("inf")
    sides: frozenset[str] = frozenset(SIDES)


@dataclass(frozen=True, eq=False)
class GeneralLine:
    """Elements, and bays in the order of the flow.

    `shares` of variants sum to 1; `takts`: pairs of unit number and takt [s] that hold from there on. `overload`: share
    by which one variant may exceed what its station has on average. `together`: groups at one station, `apart`: pairs
    that are not. Costs a year: `place_cost` of each place, `worker_cost` of each
    of its workers, as many as its largest team, `tool_cost` and `skill_cost` of each at each place in need.
    `strain_limit` of one worker in a takt; `walk` [s] from one side to another; `setup` [s] from family to family,
    also from the last back to the first. `now`: bays of today; at most `moves` elements leave theirs (None: all may).
    """

    elements: tuple[Element, ...]
    bays: tuple[Bay, ...]
    takts: tuple[tuple[float, float], ...]
    shares: Mapping[str, float]
    overload: float = 0.0
    together: tuple[frozenset[str], ...] = ()
    apart: tuple[frozenset[str], ...] = ()
    place_cost: float = 1.0
    worker_cost: float = 0.0
    tool_cost: Mapping[str, float] = field(default_factory=dict)
    skill_cost: Mapping[str, float] = field(default_factory=dict)
    most_skills: int = 99
    strain_limit: float = float("inf")
    walk: float = 0.0
    setup: Mapping[tuple[str, str], float] = field(default_factory=dict)
    now: Mapping[str, str] = field(default_factory=dict)
    moves: int | None = None

    def __post_init__(self) -> None:
        if problems := self._problems():
            raise BalanceError(problems)

    def _problems(self) -> list[str]:
        names, bays = {one.name for one in self.elements}, {bay.name for bay in self.bays}
        found = []
        if len(names) < len(self.elements) or len(bays) < len(self.bays):
            found.append("two elements or two bays have one name")
        if abs(sum(self.shares.values()) - 1.0) > 1e-6 or min(self.shares.values(), default=-1.0) < 0.0:
            found.append(
                f"shares of variants sum to {sum(self.shares.values()):g}: they must be at least 0 and sum to 1"
            )
        if not self.takts or any(unit < 1.0 or takt <= 0.0 for unit, takt in self.takts):
            found.append("a takt is above 0 s, and holds from unit 1 or later")
        for one in self.elements:
            unknown = [(before, "comes after", "element") for before in one.after if before not in names]
            unknown += [(variant, "has a time of", "variant") for variant in one.seconds if variant not in self.shares]
            unknown += [(bay, "may be done at", "bay") for bay in sorted(one.allowed - bays)]
            unknown += [(tool, "needs", "tool with a cost") for tool in sorted(one.tools - set(self.tool_cost))]
            found += [f"{one.name} {verb} {thing}, which is no {kind}" for thing, verb, kind in unknown]
            found += [
                f"{one.name} takes {each:g} s of {variant}" for variant, each in one.seconds.items() if each < 0.0
            ]
            if one.workers < 0:
                found.append(f"{one.name} is done by {one.workers} workers")
            if one.side not in SIDES:
                found.append(f"{one.name} is reached from {one.side}: choose one of {', '.join(SIDES)}")
            if not 0.0 < one.learning <= 1.0:
                found.append(f"{one.name} learns with {one.learning:g}: above 0, at most 1")
        for group in (*self.together, *self.apart):
            found += [f"a zone names {name}, which is no element" for name in sorted(group - names)]
        found += [
            f"{name} is at {bay} today: one of them is unknown"
            for name, bay in self.now.items() if name not in names or bay not in bays
        ]  # fmt: skip
        if not found and len(self.sequence) < len(self.elements):
            stuck = [one.name for one in self.elements if one.name not in self.sequence]
            found.append(f"these elements wait for one another in a circle, or behind one: {', '.join(stuck)}")
        if not found:
            found += [
                f"{one.name} finds no bay: {self._why_nowhere(one)}" for one in self.elements if not self.fits(one)
            ]
        return found

    def _why_nowhere(self, one: Element) -> str:
        bays = [bay for bay in self.bays if not one.allowed or bay.name in one.allowed]
        needs = [
            (f"{one.height:g} m of clear height", [bay for bay in bays if bay.height >= one.height]),
            (f"a floor for {one.floor_load:g} kPa", [bay for bay in bays if bay.floor_load >= one.floor_load]),
            (f"access from {one.side}", [bay for bay in bays if one.side in bay.sides or one.side == "any"]),
        ]
        return "none has " + (" nor ".join(what for what, who in needs if not who) or "all that it needs at once")

    @cached_property
    def sequence(self) -> tuple[str, ...]:
        """Names of the elements in an order that may be followed."""
        after = {one.name: set(one.after) for one in self.elements}
        order: list[str] = []
        while ready := [name for name, waits in after.items() if not waits]:
            order += ready
            after = {name: waits - set(ready) for name, waits in after.items() if name not in ready}
        return tuple(order)

    def fits(self, one: Element) -> list[int]:
        """Bays whose height, floor, sides and name an element allows."""
        return [
            at
            for at, bay in enumerate(self.bays)
            if (not one.allowed or bay.name in one.allowed)
            and bay.height >= one.height
            and bay.floor_load >= one.floor_load
            and (one.side == "any" or one.side in bay.sides)
        ]

    def seconds(self, one: Element, variant: str, unit: float) -> float:
        """Time of an element [s] at a unit number, learnt after Crawford."""
        return float(one.seconds.get(variant, 0.0) * unit ** math.log2(one.learning))


@dataclass(frozen=True, eq=False)
class GeneralAssignment:
    """Sequence of elements at each bay (bays without work have none), and how many places are open there."""

    line: GeneralLine
    order: Mapping[str, tuple[str, ...]]
    places: Mapping[str, int]

    @cached_property
    def bay(self) -> dict[str, str]:
        """Bay of each element."""
        return {name: bay for bay, names in self.order.items() for name in names}

    def lost(self, bay: str) -> float:
        """Seconds of walking and set-ups of one unit at a bay."""
        elements = {one.name: one for one in self.line.elements}
        there = [elements[name] for name in self.order.get(bay, ())]
        sides = {one.side for one in there} - {"any"}
        families = [one.family for one in there if one.family]
        turns = [*pairwise(families), (families[-1], families[0])] if families else []
        return self.line.walk * max(len(sides) - 1, 0) + sum(self.line.setup.get(turn, 0.0) for turn in turns)

    def load(self, bay: str, variant: str, unit: float) -> float:
        """Seconds that one unit of a variant takes at a bay, at a unit number."""
        there = set(self.order.get(bay, ()))
        return self.lost(bay) + sum(
            self.line.seconds(one, variant, unit) for one in self.line.elements if one.name in there
        )

    def mean_load(self, bay: str, unit: float) -> float:
        """Seconds that one unit takes at a bay, at a unit number, in the mean of the variants."""
        return sum(share * self.load(bay, variant, unit) for variant, share in self.line.shares.items())

    @property
    def cost(self) -> float:
        """Cost a year of places, their tools and their skills."""
        total = 0.0
        for bay, names in self.order.items():
            there = [one for one in self.line.elements if one.name in names]
            tools = frozenset[str]().union(*(one.tools for one in there))
            skills = {one.skill for one in there} - {""}
            each = self.line.place_cost + self.line.worker_cost * max(one.workers for one in there)
            each += sum(self.line.tool_cost[tool] for tool in tools)
            each += sum(self.line.skill_cost.get(skill, 0.0) for skill in skills)
            total += self.places.get(bay, 0) * each
        return total

    @property
    def moved(self) -> list[str]:
        """Elements that leave their bay of today."""
        return sorted(name for name, bay in self.line.now.items() if self.bay.get(name) != bay)

    def problems(self) -> list[str]:
        """Every rule that is broken, from the line alone; empty where it holds."""
        line, rank = self.line, {bay.name: at for at, bay in enumerate(self.line.bays)}
        counted: dict[str, int] = defaultdict(int)
        for names in self.order.values():
            for name in names:
                counted[name] += 1
        broken = [f"{one.name} is done {counted[one.name]} times" for one in line.elements if counted[one.name] != 1]
        if broken or set(counted) - {one.name for one in line.elements} or set(self.order) - set(rank):
            unknown = sorted(set(counted) - set(line.sequence)) + sorted(set(self.order) - set(rank))
            return [*broken, *(f"{name} is no element or bay" for name in unknown)]
        place = {name: (rank[bay], at) for bay, names in self.order.items() for at, name in enumerate(names)}
        for one in line.elements:
            if rank[self.bay[one.name]] not in line.fits(one):
                broken.append(f"{one.name} cannot be done at {self.bay[one.name]}")
            broken += [f"{one.name} is done before {before}" for before in one.after if place[before] > place[one.name]]
        for group in line.together:
            if len({self.bay[name] for name in group}) > 1:
                broken.append(f"{', '.join(sorted(group))} are not together")
        for pair in line.apart:
            if len({self.bay[name] for name in pair}) < len(pair):
                broken.append(f"{', '.join(sorted(pair))} are not apart")
        if line.moves is not None and len(self.moved) > line.moves:
            broken.append(f"{len(self.moved)} elements are moved, {line.moves} may be")
        for bay in line.bays:
            broken += self._problems_at(bay)
        return broken

    def _problems_at(self, bay: Bay) -> list[str]:
        line, places = self.line, self.places.get(bay.name, 0)
        there = [one for one in line.elements if self.bay[one.name] == bay.name]
        if not there:
            return [f"{bay.name} has {places} places and nothing to do"] if places else []
        broken = []
        if not 1 <= places <= bay.places:
            broken.append(f"{bay.name} has {places} places, 1 to {bay.places} fit")
        if len({one.skill for one in there} - {""}) > line.most_skills:
            broken.append(f"a worker at {bay.name} needs more than {line.most_skills} skills")
        if sum(one.strain for one in there) > line.strain_limit * places + _ROUND:
            broken.append(f"work at {bay.name} strains more than {line.strain_limit:g}")
        for unit, takt in line.takts:
            loads = {variant: self.load(bay.name, variant, unit) for variant in line.shares}
            mean = self.mean_load(bay.name, unit)
            if mean > takt * places + _ROUND:
                broken.append(f"{bay.name} needs {mean:g} s at unit {unit:g}, it has {takt * places:g}")
            broken += [
                f"{variant} takes {load:g} s at {bay.name} at unit {unit:g}, "
                f"more than {takt * places * (1 + line.overload):g}"
                for variant, load in loads.items() if line.shares[variant] > 0.0
                and load > takt * places * (1 + line.overload) + _ROUND
            ]  # fmt: skip
        return broken

    def verify(self) -> None:
        """Raise BalanceError with every rule that is broken."""
        if broken := self.problems():
            raise BalanceError(broken)
