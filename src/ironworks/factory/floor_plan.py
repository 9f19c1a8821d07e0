"""The floor plan of a site: stations and stores of a day in its halls, what halls lack, and how far loads go."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ironworks.factory.calendar import DAY
from ironworks.factory.layout import Layout, LayoutError, LayoutProblem, has_cells, plan_layout
from ironworks.factory.material_flow import MaterialFlow, material_flow
from ironworks.factory.plant import Plant
from ironworks.factory.premises import premises, sites_with_halls
from ironworks.factory.site import USABLE, Hall, Site, SiteError, Space, unsuitable
from ironworks.scenario import Draw, Scenario

__all__ = ["FloorPlan", "HallNeed", "floor_needed", "floor_plan", "floor_plans", "fullest_day", "has_room", "ways_of"]

_UNITS = {
    "floor": ("m2", 1.0), "power": ("kW", 1e3), "heat": ("kW", 1e3), "air": ("m3/h", 1.0 / 3600.0),
    "floor load": ("kN/m2", 1e3), "height": ("m", 1.0), "crane": ("kg", 1.0), "noise": ("dB(A)", 1.0),
}  # fmt: skip
#: As long as a search may take [s], on whatever machine: iterations end it long before, so that it can be repeated.
_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class HallNeed:
    """What stands in a hall, or has to stand in one of several, needs of something, and what there is.

    `kind`: "floor" [m2, clearance included; without a plan, with aisles], "power" and "heat" [W], "air" [m3/s]: sums.
    "floor load" [Pa], "height" [m], "crane" [kg], "noise" [dB(A)]: the most of any place.
    """

    halls: tuple[str, ...]
    kind: str
    needs: float
    has: float

    @property
    def unit(self) -> str:
        """The unit in which people speak of it."""
        return _UNITS[self.kind][0]

    def shown(self) -> tuple[float, float]:
        """What is needed and what there is, in that unit."""
        one = _UNITS[self.kind][1]
        return self.needs / one, self.has / one

    @property
    def short(self) -> bool:
        """Whether there is less than is needed."""
        return self.needs > self.has * (1.0 + 1e-9)


@dataclass(frozen=True, eq=False)
class FloorPlan:
    """What was found for a site on a day. Without a layout `findings` say why, in words."""

    site: str
    day: date
    premises: Site
    flow: MaterialFlow
    layout: Layout | None
    findings: tuple[str, ...]
    needs: tuple[HallNeed, ...]
    chance: float
    """Share of the draws in which the maker has the floor that is needed, 0..1."""
    metres: Mapping[tuple[str, str], float]
    """Mean way [m] of a lot after (route, operation), for lots that leave to somewhere on the plan."""


def floor_plans(plant: Plant, draws: Sequence[Draw] = ()) -> tuple[FloorPlan, ...]:
    """A plan of each site with halls for the day on which the most floor is planned there.

    `draws`: in which of them the maker has the floor decides the chance; at the figures' values alone if empty.
    """
    names = sites_with_halls(plant.scenario)
    return tuple(floor_plan(plant, name, fullest_day(plant, name), draws) for name in names)


def fullest_day(plant: Plant, site: str) -> date:
    """The first day on which the plan has most floor under the stations of a site."""
    draw = plant.scenario.mode()
    rows = [row for row in plant.scenario.stations if row.site == site]
    floor = {row.station: draw(row.footprint) if row.footprint else 0.0 for row in rows}
    last = plant.start + timedelta(days=plant.days - 1)
    times = (0.0, *plant.equipment.planned_changes(list(plant.process.routes.values())))
    ready = plant.equipment.site_ready(site, draw)
    # Equipment may be planned for an earlier hand-over than the likeliest; until that nothing stands.
    days = sorted({plant.start + timedelta(days=math.ceil(max(at, ready) / DAY)) for at in times})
    return max(
        [day for day in days if day <= last] or [last],
        key=lambda day: sum(floor[name] * plant.equipment.planned_places(name, day) for name in floor),
    )


def floor_plan(plant: Plant, site: str, day: date, draws: Sequence[Draw] = ()) -> FloorPlan:
    """Lay out what is planned to stand at a site on a day, by [layout] of the scenario; the same seed, the same plan.

    What forbids a plan is a finding, not an error. Raises ValueError for a site without halls.
    """
    scenario, draw = plant.scenario, plant.scenario.mode()
    chosen = scenario.settings.layout
    halls = premises(scenario, site, draw, plant.equipment)
    flow = material_flow(plant, site, halls, day, draw)
    layout, findings = None, tuple[str, ...]()
    try:
        problem = LayoutProblem(halls, flow.departments, flow.hauls, day=day)
        layout = plan_layout(problem, _SECONDS, chosen.seed, chosen.iterations)
    except (LayoutError, SiteError) as error:
        findings = tuple(error.problems)
    spaces = _spaces(flow)
    needs = tuple(_in_halls(layout, halls, day) if layout else _without_plan(spaces, halls, day))
    if layout is None:
        findings += tuple(_told(need) for need in needs if need.short and len(need.halls) < len(halls.ready(day)))
    row = next(row for row in scenario.sites if row.site == site)
    floor = _floor(flow)
    had = [one(row.area) for one in draws or (draw,)]
    return FloorPlan(
        site, day, halls, flow, layout, findings, needs,
        chance=sum(area >= floor for area in had) / len(had),
        metres=_metres(layout, flow) if layout else {},
    )  # fmt: skip


def has_room(plant: Plant) -> bool:
    """Whether halls bear and hold what is planned on their fullest day, before anything is placed."""
    for site in sites_with_halls(plant.scenario):
        draw, day = plant.scenario.mode(), fullest_day(plant, site)
        halls = premises(plant.scenario, site, draw, plant.equipment)
        try:
            flow = material_flow(plant, site, halls, day, draw)
            if not has_cells(LayoutProblem(halls, flow.departments, flow.hauls, day=day)):
                return False
        except (LayoutError, SiteError):
            return False
    return True


def _told(need: HallNeed) -> str:
    taken, has = need.shown()
    halls = " and ".join(need.halls)
    needed = f"{taken:,.0f} {need.unit} needed by what can stand nowhere else"
    return f"{halls}: {has:,.0f} {need.unit} of {need.kind}, {needed}"


def floor_needed(plant: Plant, site: str, draw: Draw) -> float:
    """Floor [m2] of what is planned to stand at a site with halls on its fullest day: clearance and aisles included."""
    day = fullest_day(plant, site)
    return _floor(material_flow(plant, site, premises(plant.scenario, site, draw, plant.equipment), day, draw))


def _spaces(flow: MaterialFlow) -> list[tuple[Space, int]]:
    return [(one.space, one.places) for one in flow.departments if one.places]


def _floor(flow: MaterialFlow) -> float:
    return sum(space.area * places for space, places in _spaces(flow)) / USABLE


def ways_of(scenario: Scenario, plans: Sequence[FloorPlan]) -> dict[tuple[str, str], float]:
    """Metres that carriers drive after each (route, operation), of all plans; none where [layout] asks for tables.

    A row of operations.csv without a fleet, or whose fleet has no speed, keeps its `travel`.
    """
    if scenario.settings.layout.travel == "tables":
        return {}
    quick = {fleet.fleet for fleet in scenario.fleets if fleet.speed is not None}
    carried = {(row.route, row.operation) for row in scenario.operations if row.fleet in quick}
    return {key: metres for plan in plans for key, metres in plan.metres.items() if key in carried}


_SUMS = ("power", "heat", "air")
#: What the most demanding place alone decides: kind, name in `Space`; and the name in `Hall` where it is another.
_MOST = {"floor load": "pressure", "height": "height", "crane": "crane", "noise": "noise"}
_GIVEN = {"floor load": "floor_load", "height": "clear_height"}


def _in_halls(layout: Layout, site: Site, day: date) -> Iterator[HallNeed]:
    for hall in site.ready(day):
        there = [place.space for place in layout.places if place.hall == hall.name]
        yield HallNeed((hall.name,), "floor", layout.area(hall.name), hall.area)
        yield from _needs(there, [1] * len(there), [hall])


def _needs(spaces: Sequence[Space], places: Sequence[int], halls: Sequence[Hall]) -> Iterator[HallNeed]:
    names = tuple(hall.name for hall in halls)
    for kind in _SUMS:
        taken = sum(getattr(space, kind) * count for space, count in zip(spaces, places, strict=True))
        yield HallNeed(names, kind, taken, sum(getattr(hall, kind) for hall in halls))
    for kind, name in _MOST.items():
        most = max((getattr(space, name) for space in spaces), default=0.0)
        yield HallNeed(names, kind, most, max(getattr(hall, _GIVEN.get(kind, kind)) for hall in halls))


def _without_plan(spaces: Sequence[tuple[Space, int]], site: Site, day: date) -> Iterator[HallNeed]:
    """Needs of what may stand in certain halls alone, each set of such halls on its own, then of all together."""
    ready = site.ready(day)
    suits = [(frozenset(hall.name for hall in ready if not unsuitable(space, hall)), space, n) for space, n in spaces]
    sets = {halls for halls, _, _ in suits if halls} | {frozenset(hall.name for hall in ready)}
    for halls in sorted(sets, key=lambda names: (len(names), sorted(names))):
        inside = [hall for hall in ready if hall.name in halls]
        there = [(space, n) for may, space, n in suits if may <= halls]
        if inside:
            needed = sum(space.area * n for space, n in there) / USABLE
            yield HallNeed(tuple(hall.name for hall in inside), "floor", needed, sum(hall.area for hall in inside))
            yield from _needs([space for space, _ in there], [n for _, n in there], inside)


def _metres(layout: Layout, flow: MaterialFlow) -> dict[tuple[str, str], float]:
    found = {}
    for (route, operation), (source, ends) in flow.leaving.items():
        ways = [(0.0 if source == target else layout.metres.get((source, target)), share) for target, share in ends]
        known = [(metres, share) for metres, share in ways if metres is not None and share > 0.0]
        total = sum(share for _, share in known)
        if total > 0.0:
            found[route, operation] = sum(metres * share for metres, share in known) / total
    return found
