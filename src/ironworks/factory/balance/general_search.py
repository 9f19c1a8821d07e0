"""The cheapest assignment of a general line, by OR-Tools CP-SAT; each is checked by itself before it is given out."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from ortools.sat.python import cp_model

from ironworks.factory.balance.general import Element, GeneralAssignment, GeneralLine
from ironworks.factory.balance.instance import BalanceError

__all__ = ["GeneralBalanced", "cheapest_line"]

#: Whole parts of a second and of a point of strain; costs are told in so many parts of the dearest place.
_PARTS, _COST_PARTS = 1000, 1_000_000


@dataclass(frozen=True, eq=False)
class GeneralBalanced:
    """The best assignment found, and the least cost a year that any can have."""

    assignment: GeneralAssignment
    least: float
    proven: bool
    seconds: float


def cheapest_line(
    line: GeneralLine, seconds: float = 60.0, workers: int = 1, seed: int = 0, *, work: float = math.inf
) -> GeneralBalanced:
    """The cheapest assignment that keeps every rule of a line; times are rounded up to milliseconds.

    `work` ends the search by the solver's own count of what it did, some seconds each: with one worker and enough
    `seconds`, the line is then the same on every machine.
    Raises BalanceError with rules that no assignment keeps together, or when `seconds` were too few to find one.
    """
    began = time.monotonic()
    model = _Model(line)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, workers
    solver.parameters.random_seed, solver.parameters.max_deterministic_time = seed, work
    status = solver.solve(model.model)
    if status == cp_model.INFEASIBLE:
        raise BalanceError(_conflict(line, seconds))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise BalanceError([f"no line was found in {seconds:g} s: give it more time"])
    assignment = model.read(solver)
    assignment.verify()
    proven = status == cp_model.OPTIMAL
    # The cost without rounding is the assignment's own; only the bound of an open search is read off the solver.
    least = assignment.cost if proven else max(solver.best_objective_bound - model.blur, 0.0) * model.unit
    return GeneralBalanced(assignment, least, proven, time.monotonic() - began)


def _conflict(line: GeneralLine, seconds: float) -> list[str]:
    """Rules that cannot be kept together, of those that a user can loosen."""
    guarded = _Model(line, guarded=True)
    guarded.model.clear_objective()  # type: ignore[no-untyped-call]
    guarded.model.add_assumptions(list(guarded.rules.values()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 1
    if solver.solve(guarded.model) != cp_model.INFEASIBLE:
        return ["no assignment keeps all rules"]
    index = {rule.index: said for said, rule in guarded.rules.items()}
    core = [index[at] for at in solver.sufficient_assumptions_for_infeasibility() if at in index]
    if not core:
        return [
            "the order of the elements leaves none of them a bay: their bays, heights, floors or sides go against it"
        ]
    return ["no assignment keeps these together: " + "; ".join(core)]


class _Model:
    """A line as CP-SAT reads it: `x[name, bay]`, places opened one by one, and what a bay needs of tools and skills."""

    def __init__(self, line: GeneralLine, guarded: bool = False) -> None:
        self.line, self.model, self._guarded = line, cp_model.CpModel(), guarded
        self.rules: dict[str, cp_model.IntVar] = {}
        dearest = line.place_cost + sum(line.tool_cost.values()) + sum(line.skill_cost.values())
        dearest += line.worker_cost * max((one.workers for one in line.elements), default=0)
        #: What one whole part of the objective costs.
        self.unit = (dearest or 1.0) / _COST_PARTS
        self._fits = {one.name: line.fits(one) for one in line.elements}
        self.x = {
            (name, bay): self.model.new_bool_var(f"{name} at {bay}")
            for name, fits in self._fits.items()
            for bay in fits
        }
        for name, fits in self._fits.items():
            self.model.add_exactly_one(self.x[name, bay] for bay in fits)
        self._bays = range(len(line.bays))
        self.open = {
            (bay, place): self.model.new_bool_var("") for bay in self._bays for place in range(line.bays[bay].places)
        }
        self._lost: dict[int, Any] = {}
        self._pos: dict[str, cp_model.IntVar] = {}
        self._order()
        self._places()
        self._time()
        self._zones()
        self._cost()

    def _at(self, name: str, bay: int) -> Any:
        return self.x.get((name, bay), 0)

    def _add(self, rule: str, constraint: Any) -> None:
        """A constraint that a user can loosen: told by its name where lines contradict themselves."""
        added = self.model.add(constraint)
        if self._guarded:
            if rule not in self.rules:
                self.rules[rule] = self.model.new_bool_var(rule)
            added.only_enforce_if(self.rules[rule])

    def _order(self) -> None:
        for one, bay in product(self.line.elements, self._bays):
            for before in one.after:
                done = sum(self._at(before, at) for at in range(bay + 1))
                self.model.add(sum(self._at(one.name, at) for at in range(bay + 1)) <= done)

    def _places(self) -> None:
        for bay in self._bays:
            here = [self.x[name, bay] for name, fits in self._fits.items() if bay in fits]
            for one in here:
                self.model.add_implication(one, self.open[bay, 0])
            self.model.add(sum(here) >= self.open[bay, 0])
            for place in range(1, self.line.bays[bay].places):
                self.model.add_implication(self.open[bay, place], self.open[bay, place - 1])

    def _count(self, bay: int) -> Any:
        return sum(self.open[bay, place] for place in range(self.line.bays[bay].places))

    def _time(self) -> None:
        line = self.line
        for bay in self._bays:
            self._lost[bay] = self._walked(bay) + (self._set_up(bay) if line.setup else 0)
            for unit, takt in line.takts:
                room = math.floor(takt * _PARTS) * self._count(bay)
                said = f"a takt of {takt:g} s from unit {unit:g}"
                load = sum(_whole(self._mean(one, unit)) * self._at(one.name, bay) for one in line.elements)
                self._add(said, load + self._lost[bay] <= room)
                most = math.floor(takt * _PARTS * (1.0 + line.overload)) * self._count(bay)
                for variant in (name for name, share in line.shares.items() if share > 0.0 and len(line.shares) > 1):
                    load = sum(
                        _whole(line.seconds(one, variant, unit)) * self._at(one.name, bay) for one in line.elements
                    )
                    self._add(
                        f"{said}, with {line.overload:.0%} overload for {variant}", load + self._lost[bay] <= most
                    )
            if math.isfinite(line.strain_limit):
                strain = sum(_whole(one.strain) * self._at(one.name, bay) for one in line.elements)
                limit = math.floor(line.strain_limit * _PARTS) * self._count(bay)
                self._add(f"a strain of at most {line.strain_limit:g}", strain <= limit)

    def _elements(self, names: Collection[str]) -> list[Element]:
        return [one for one in self.line.elements if one.name in set(names)]

    def _mean(self, one: Element, unit: float) -> float:
        return sum(share * self.line.seconds(one, variant, unit) for variant, share in self.line.shares.items())

    def _needs(self, bay: int, needs: dict[str, list[str]]) -> dict[str, cp_model.IntVar]:
        """Whether a bay needs each thing, from the elements that need it."""
        found = {}
        for thing, names in needs.items():
            here = [self.x[name, bay] for name in names if (name, bay) in self.x]
            if here:
                found[thing] = self.model.new_bool_var("")
                for one in here:
                    self.model.add_implication(one, found[thing])
        return found

    def _walked(self, bay: int) -> Any:
        if self.line.walk == 0.0:
            return 0
        sides = self._needs(bay, _by(self.line, "side", "any"))
        walks = self.model.new_int_var(0, 3, "")
        self.model.add(walks >= sum(sides.values()) - 1)
        return _whole(self.line.walk) * walks

    def _set_up(self, bay: int) -> Any:
        """Set-ups along a closed tour of the elements of a bay that are set up for, and their order."""
        line, model = self.line, self.model
        if not self._pos:
            most = len(line.elements)
            self._pos = {one.name: model.new_int_var(0, most, "") for one in line.elements}
            for one in line.elements:
                for before in one.after:
                    model.add(self._pos[before] + 1 <= self._pos[one.name])
        families = [one for one in line.elements if one.family and (one.name, bay) in self.x]
        if not families:
            return 0
        arcs: list[tuple[int, int, Any]] = []
        lost: list[Any] = []
        empty = model.new_bool_var("")
        arcs.append((0, 0, empty))
        ends: dict[tuple[str, str], list[cp_model.IntVar]] = {}
        for i, one in enumerate(families, 1):
            arcs.append((i, i, ~self.x[one.name, bay]))
            for end, arc in (("first", (0, i)), ("last", (i, 0))):
                taken = model.new_bool_var("")
                arcs.append((*arc, taken))
                ends.setdefault((end, one.family), []).append(taken)
            for j, other in enumerate(families, 1):
                if i != j and other.name not in one.after:
                    taken = model.new_bool_var("")
                    arcs.append((i, j, taken))
                    model.add(self._pos[other.name] >= self._pos[one.name] + 1).only_enforce_if(taken)
                    lost.append(_whole(line.setup.get((one.family, other.family), 0.0)) * taken)
        model.add_circuit(arcs)
        for (last, first), setup in line.setup.items():
            back = model.new_bool_var("")
            model.add(back >= sum(ends.get(("last", last), [])) + sum(ends.get(("first", first), [])) - 1)
            lost.append(_whole(setup) * back)
        return sum(lost)

    def _zones(self) -> None:
        line = self.line
        for group in line.together:
            first, *others = sorted(group)
            for other, bay in product(others, self._bays):
                same = self._at(first, bay) == self._at(other, bay)
                if not isinstance(same, bool):
                    self._add(f"{', '.join(sorted(group))} together", same)
        for pair, bay in product(line.apart, self._bays):
            here = [self.x[name, bay] for name in sorted(pair) if (name, bay) in self.x]
            if len(here) > 1:
                self._add(f"{', '.join(sorted(pair))} apart", sum(here) <= 1)
        if line.moves is not None:
            rank = {bay.name: at for at, bay in enumerate(line.bays)}
            stay = sum(self._at(name, rank[bay]) for name, bay in line.now.items())
            least = len(line.now) - line.moves
            if not isinstance(stay, int) or least > 0:
                self._add(f"at most {line.moves} elements moved", stay >= least)

    def _cost(self) -> None:
        line, total = self.line, []
        skills, tools = _by(line, "skill", ""), _tools(line)
        teams = sorted({one.workers for one in line.elements} - {0})
        larger = {str(size): [one.name for one in line.elements if one.workers >= size] for size in teams}
        step = {str(size): size - before for before, size in pairwise([0, *teams])}
        places: dict[frozenset[str], list[Any]] = {frozenset(one.name for one in line.elements): []}
        for bay in self._bays:
            skilled = self._needs(bay, skills)
            if skilled and line.most_skills < len(skilled):
                self._add(f"at most {line.most_skills} skills of one worker", sum(skilled.values()) <= line.most_skills)
            priced = [(need, skills[skill], line.skill_cost.get(skill, 0.0)) for skill, need in skilled.items()]
            for size, need in self._needs(bay, larger).items():
                priced.append((need, larger[size], line.worker_cost * step[size]))
            priced += [(need, tools[tool], line.tool_cost[tool]) for tool, need in self._needs(bay, tools).items()]
            total.append(round(line.place_cost / self.unit) * self._count(bay))
            next(iter(places.values())).append(self._count(bay))
            for need, names, price in priced:
                if price:
                    at = self._equipped(bay, need, names)
                    places.setdefault(frozenset(names), []).append(at)
                    total.append(round(price / self.unit) * at)
        if not self._guarded:
            for group, counts in places.items():
                self.model.add(sum(counts) >= self._least(group))
        # Of equally cheap lines that which is nearest to today's.
        rank = {bay.name: at for at, bay in enumerate(line.bays)}
        total += [1 - self._at(name, rank[bay]) for name, bay in line.now.items()]
        #: By how many whole parts the objective may be off: half of one for each rounded cost, and moves.
        self.blur = 0.5 * len(total) + len(line.now)
        self.model.minimize(sum(total))

    def _equipped(self, bay: int, need: cp_model.IntVar, names: Sequence[str]) -> cp_model.IntVar:
        """Places of a bay that have what some elements need: all of them, if one of those is done there."""
        at = self.model.new_int_var(0, self.line.bays[bay].places, "")
        self.model.add(at >= self._count(bay)).only_enforce_if(need)
        # Implied, but a relaxation that opens a half of each place would not know it.
        for unit, takt in () if self._guarded else self.line.takts:
            load = sum(_whole(self._mean(one, unit)) * self._at(one.name, bay) for one in self._elements(names))
            self.model.add(load <= math.floor(takt * _PARTS) * at)
        return at

    def _least(self, names: Collection[str]) -> int:
        """Places that the work of some elements takes at least, wherever it is done."""
        return max(
            math.ceil(sum(_whole(self._mean(one, unit)) for one in self._elements(names)) / math.floor(takt * _PARTS))
            for unit, takt in self.line.takts
        )

    def read(self, solver: cp_model.CpSolver) -> GeneralAssignment:
        """The assignment that was found."""
        rank = {name: at for at, name in enumerate(self.line.sequence)}
        order: dict[str, tuple[str, ...]] = {}
        for bay in self._bays:
            names = [name for (name, at), var in self.x.items() if at == bay and solver.boolean_value(var)]
            if names:
                order[self.line.bays[bay].name] = tuple(
                    sorted(names, key=lambda name: (solver.value(self._pos[name]) if self._pos else 0, rank[name]))
                )
        places = {self.line.bays[bay].name: int(solver.value(self._count(bay))) for bay in self._bays}
        return GeneralAssignment(self.line, order, {name: count for name, count in places.items() if count})


def _whole(amount: float) -> int:
    # A thousandth of a part of slack keeps binary fractions from rounding up.
    return math.ceil(amount * _PARTS - 1e-3)


def _by(line: GeneralLine, attribute: str, none: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in line.elements:
        if (value := getattr(one, attribute)) != none:
            found.setdefault(value, []).append(one.name)
    return found


def _tools(line: GeneralLine) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in line.elements:
        for tool in sorted(one.tools):
            found.setdefault(tool, []).append(one.name)
    return found
