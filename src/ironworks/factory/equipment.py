"""Equipment over time: when sites are ready, places stand, moves happen; what to order by when, and what it costs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta

from ironworks.factory.calendar import DAY, seconds
from ironworks.rows.plant import Expansion, Move, Station
from ironworks.rows.process import Route
from ironworks.scenario import Draw, Scenario

__all__ = ["Equipment", "EquipmentOrder"]


@dataclass(frozen=True, slots=True)
class EquipmentOrder:
    """`places` of a station, wanted on `needed`, to be ordered by `order_by`. `lead` [s], `money` [base currency]."""

    station: str
    places: int
    needed: date
    order_by: date
    lead: float
    money: float


class Equipment:
    """Stations of a scenario in time.

    What stands at a site that can be used on the first day is there already. Everything else is ordered in time by
    the planned leads (never before the first day) and arrives by the drawn ones; installation starts when both the
    site and the delivery are there, qualification follows.
    """

    def __init__(self, scenario: Scenario) -> None:
        general = scenario.settings.scenario
        self.start = general.start
        self.horizon = ((general.end - general.start).days + 1) * DAY
        self._planned = scenario.planned_days * DAY
        self._sites = {site.site: site for site in scenario.sites}
        self.stations: dict[str, Station] = {station.station: station for station in scenario.stations}
        self._expansions = _by_station(scenario.expansions)
        self.moves: tuple[Move, ...] = tuple(scenario.moves)
        self._mode = scenario.mode()

    def with_expansions(self, expansions: Sequence[Expansion]) -> Equipment:
        """The same with other expansions."""
        other = copy(self)
        other._expansions = _by_station(expansions)
        return other

    def site_ready(self, site: str, draw: Draw) -> float:
        """When a site can be used [s from start]."""
        row = self._sites[site]
        return seconds(self.start, row.available) + draw(row.delay)

    def availability(self, station: str, draw: Draw) -> float:
        """Share of its working time that failures leave a station: MTBF over MTBF and MTTR."""
        row = self.stations[station]
        if row.failure == "none" or row.mtbf is None or row.mttr is None:
            return 1.0
        return draw(row.mtbf) / (draw(row.mtbf) + draw(row.mttr))

    def places(self, station: str, draw: Draw) -> tuple[int, list[tuple[float, int]]]:
        """Places that stand from the start, and later changes (time [s], places added)."""
        row = self.stations[station]
        ready = self.site_ready(row.site, draw)
        fitting = draw(row.installation) + draw(row.qualification)
        initial, steps = row.places, []
        if ready > 0 and row.places:
            initial = 0
            planned = max(0.0, self.site_ready(row.site, self._mode))
            steps.append((self._arrival(row, draw, planned - self._mode(row.order_lead), ready, fitting), row.places))
        for day, places in self._expansions[station]:
            at = seconds(self.start, day)
            if places > 0:
                at = self._arrival(row, draw, at - self._lead(row), ready, fitting)
            if at <= 0:
                initial += places
            else:
                steps.append((at, places))
        return initial, _never_below_zero(initial, steps)

    def _arrival(self, row: Station, draw: Draw, ordered: float, ready: float, fitting: float) -> float:
        # Nothing can be ordered before the first day.
        return max(max(0.0, ordered) + draw(row.order_lead), ready) + fitting

    def _lead(self, row: Station) -> float:
        return self._mode(row.order_lead) + self._mode(row.installation) + self._mode(row.qualification)

    def move_time(self, move: Move, draw: Draw) -> float:
        """When a move begins [s]: its date, or when the sites that it goes to are ready, if that is later."""
        goals = {self.stations[name].site for name in move.to_stations}
        return max([seconds(self.start, move.date), *(self.site_ready(site, draw) for site in goals)])

    def moved_places(self, move: Move) -> dict[str, int]:
        """Places that a move puts up, by station: all that were planned at the old ones until its date."""
        found: dict[str, int] = defaultdict(int)
        for old, new in zip(move.stations, move.to_stations, strict=True):
            found[new] += self.stations[old].places
            found[new] += sum(places for day, places in self._expansions[old] if day <= move.date)
        return dict(found)

    def planned_places(self, station: str, day: date) -> int:
        """Places that the plan has on a day, moves included."""
        row = self.stations[station]
        count = 0
        at = seconds(self.start, day)
        if self._planned_ready(row) <= at:
            count = row.places
        count += sum(places for when, places in self._expansions[station] if when <= day)
        for move in self.moves:
            if move.date <= day:
                if station in move.stations:
                    return 0
                count += self.moved_places(move).get(station, 0)
        return max(0, count)

    def _planned_ready(self, row: Station) -> float:
        ready = self.site_ready(row.site, self._mode)
        return ready if ready <= 0 else ready + self._mode(row.installation) + self._mode(row.qualification)

    def planned_changes(self, routes: Sequence[Route]) -> list[float]:
        """Times [s] at which the plan changes what runs: dates of routes, stations and moves."""
        days = {self.start}
        for route in routes:
            days |= {day for day in (route.from_,) if day is not None}
            days |= {route.until + timedelta(days=1)} if route.until is not None else set()
        days |= {day for steps in self._expansions.values() for day, _ in steps}
        days |= {move.date for move in self.moves}
        times = {seconds(self.start, day) for day in days}
        times |= {math.ceil(self._planned_ready(row) / DAY) * DAY for row in self.stations.values()}
        return sorted({max(0.0, at) for at in times if at < self._planned})

    def orders(self, draw: Draw) -> list[EquipmentOrder]:
        """Everything that must be ordered, with the planned leads and the drawn prices."""
        found = []
        for name, row in self.stations.items():
            price = draw(row.price)
            ready = self.site_ready(row.site, self._mode)
            if ready > 0 and row.places:
                needed = self.start + timedelta(days=math.ceil(self._planned_ready(row) / DAY))
                lead = self._lead(row)
                order = self.start + timedelta(days=math.floor((ready - self._mode(row.order_lead)) / DAY))
                found.append(EquipmentOrder(name, row.places, needed, order, lead, row.places * price))
            for day, places in self._expansions[name]:
                if places > 0:
                    order = day - timedelta(days=math.ceil(self._lead(row) / DAY))
                    found.append(EquipmentOrder(name, places, day, order, self._lead(row), places * price))
        return sorted(found, key=lambda o: (o.order_by, o.station))

    def spending(self, draw: Draw) -> list[tuple[float, float]]:
        """Investment as it stands ready: (time [s], money [base currency]); moved equipment is not bought again."""
        paid = []
        for name, row in self.stations.items():
            price = draw(row.price)
            initial, steps = self.places(name, draw)
            bought = [(0.0, initial), *steps]
            paid += [(at, places * price) for at, places in bought if places > 0 and at < self.horizon]
        return sorted(paid)


def _by_station(expansions: Sequence[Expansion]) -> dict[str, list[tuple[date, int]]]:
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for row in sorted(expansions, key=lambda row: row.date):
        found[row.station].append((row.date, row.places))
    return found


def _never_below_zero(initial: int, steps: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """The steps in time order; a removal takes no more than what stands (its addition may be late)."""
    result = []
    standing = initial
    owed = 0
    for at, places in sorted(steps):
        if places > 0:
            taken = min(owed, places)
            owed -= taken
            change = places - taken
        else:
            change = -min(standing, -places)
            owed += -places + change
        standing += change
        if change:
            result.append((at, change))
    return result
