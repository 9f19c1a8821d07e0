"""A programme that reaches the target, and which routes follow it with which experience, step by step."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ironworks.factory.calendar import DAY, seconds
from ironworks.factory.plant import Plant
from ironworks.factory.sharing import is_open
from ironworks.factory.targets import TRAILING, shippers
from ironworks.rows.process import Route
from ironworks.studies.plan.target import Aim

__all__ = ["Schedule", "Step"]

Rate = tuple[str, date, float]
"""(item, from, pieces per second)."""


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the programme with one rate [pieces/s], from `begins` to `ends` [s]."""

    day: date
    begins: float
    ends: float
    rate: float
    routes: Mapping[str, tuple[float, float]]
    """(share of its item, experience in lots) by route."""


class Schedule:
    """Programmes for one scenario and target."""

    def __init__(self, plant: Plant, aim: Aim) -> None:
        self._plant, self._aim = plant, aim
        self._start = plant.scenario.settings.scenario.start
        self._end = seconds(self._start, aim.day) + DAY
        self.quantity = plant.process.bom.explode(aim.item)
        self.made = [name for name in self.quantity if plant.process.routes_of(name)]
        scaled = {aim.item} | {plant.process.routes[one].item for one in shippers(plant.scenario, aim.item)}
        mode = plant.scenario.mode()
        rows = [(row.item, row.from_, mode(row.rate)) for row in plant.scenario.programme if row.item in scaled]
        self.own: list[Rate] = sorted(row for row in rows if row[1] <= aim.day)
        """The scenario's own steps of the items that are scaled, at the figures' values."""

    def programme(self, pace: float, ramp: float = 1.0) -> list[Rate]:
        """The programme of the item and of what ships it, all but first steps scaled to `pace` times what is wanted.

        Where it grows, steps that end before the target's span grow by the power `ramp` (0 to 1) of the factor.
        """
        aim, start = self._aim, self._start
        rows = list(self.own)
        if not any(item == aim.item and day > start for item, day, _ in rows):
            rows += self._risen(rows)
        begins = self._end - TRAILING if aim.kind == "rate" else seconds(start, aim.begins)
        mine = sorted((seconds(start, day), rate) for item, day, rate in rows if item == aim.item)
        ends = [*(at for at, _ in mine[1:]), math.inf]
        released = [
            (at > 0.0, rate * max(0.0, min(until, self._end) - max(at, begins)))
            for (at, rate), until in zip(mine, ends, strict=True)
        ]
        fixed = sum(pieces for later, pieces in released if not later)
        free = sum(pieces for later, pieces in released if later)
        wanted = pace * aim.quantity * (TRAILING if aim.kind == "rate" else 1.0)
        factor = max(0.0, wanted - fixed) / free if free else 1.0
        within = max(
            (day for item, day, _ in rows if seconds(start, day) <= begins and item == aim.item), default=start
        )
        early = min(factor, max(factor, 1.0) ** ramp)
        return sorted(
            (item, day, rate * (1.0 if day <= start else early if day < within else factor)) for item, day, rate in rows
        )

    def _risen(self, rows: Sequence[Rate]) -> Iterator[Rate]:
        """A step for a programme that has none: when equipment ordered on the first day stands."""
        mode = self._plant.scenario.mode()
        lead = max(
            mode(row.order_lead) + mode(row.installation) + mode(row.qualification)
            for row in self._plant.equipment.stations.values()
        )
        latest = self._aim.day - timedelta(seconds=2 * TRAILING)
        day = max(self._start + timedelta(days=1), min(self._start + timedelta(seconds=lead), latest))
        for item in sorted({name for name, _, _ in rows}):
            yield item, day, next(rate for name, _, rate in reversed(rows) if name == item)

    def steps(self, programme: Sequence[Rate], mix: Mapping[str, float]) -> list[Step]:
        """The target item's steps with the routes of all that is made in it."""
        rows = [(day, rate) for item, day, rate in programme if item == self._aim.item]
        experience: dict[str, float] = defaultdict(float)
        found = []
        for (day, rate), until in zip(rows, [*(seconds(self._start, d) for d, _ in rows[1:]), self._end], strict=True):
            at = max(0.0, seconds(self._start, day))
            if until <= at:
                continue
            # What counts on the target's day is the experience at the beginning of its window.
            counted = max(0.0, until - at - (TRAILING if until == self._end else 0.0))
            routes = {}
            for name, part in self._shares(day, until, mix).items():
                item = self._plant.process.routes[name].item
                lots = part * rate * self.quantity[item] / self._plant.process.lots[item]
                routes[name] = (part, experience[name] + lots * counted)
                experience[name] += lots * (until - at)
            found.append(Step(max(day, self._start), at, until, rate, routes))
        return found

    def _shares(self, day: date, until: float, mix: Mapping[str, float]) -> dict[str, float]:
        """Share of its item of each route that can be planned to run in a step."""
        last = self._start + timedelta(seconds=until - DAY)
        shares: dict[str, float] = {}
        for item in self.made:
            able = [one for one in self._plant.process.routes_of(item) if self._is_open(one, day, last)]
            weights = {one.route: mix.get(one.site, 0.0) for one in able}
            if not any(weights.values()):
                weights = dict.fromkeys((one.route for one in able or self._plant.process.routes_of(item)), 1.0)
            total = sum(weights.values())
            shares |= {name: weight / total for name, weight in weights.items() if weight}
        return shares

    def _is_open(self, route: Route, day: date, last: date) -> bool:
        equipment = self._plant.equipment
        if not is_open(route, equipment, day) or (route.until is not None and route.until < last):
            return False
        # A site that is planned to be ready within the step counts.
        return equipment.site_ready(route.site, self._plant.scenario.mode()) < seconds(self._start, last)
