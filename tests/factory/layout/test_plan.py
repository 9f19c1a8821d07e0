"""Layouts hold every rule, by a checker of the tests' own, and what forbids one is told."""

import dataclasses
import datetime
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from tests.factory.layout.plants import plants, two_storeys
from tests.factory.layout.test_geometry import apart

from ironworks.factory.layout import (
    Aisles,
    Assigned,
    Department,
    Haul,
    Layout,
    LayoutError,
    LayoutProblem,
    QapInstance,
    plan_layout,
    violations,
)
from ironworks.factory.layout import plan as module
from ironworks.factory.site import Dock, Hall, Link, Share, Site, Space

CONCRETE = datetime.date(2027, 1, 1)


@pytest.fixture(scope="module")
def planned() -> Layout:
    return plan_layout(two_storeys(), iterations=20_000, seed=1)


def holds(layout: Layout) -> None:
    """The rules again, rectangle by rectangle and sum by sum."""
    problem = layout.problem
    halls = {hall.name: hall for hall in problem.site.halls}
    assert Counter(place.department for place in layout.places) == Counter(
        {department.name: department.places for department in problem.departments if department.places}
    )
    for name, hall in halls.items():
        there = [place for place in layout.places if place.hall == name]
        assert not there or hall.ready <= problem.day
        assert sum(place.space.power for place in there) <= hall.power * 1.000001
        half = hall.column / 2.0
        taken = [(x - half, y - half, x + half, y + half) for x, y in hall.columns]
        taken += [(one.x, one.y, one.x + one.width, one.y + one.depth) for one in layout.aisles if one.hall == name]
        for place in there:
            space, (x, y, right, top) = place.space, place.footprint
            low, high = (space.back, space.front) if place.up else (space.front, space.back)
            wide = (x - space.side, y - low, right + space.side, top + high)
            assert min(wide[0], wide[1], hall.width - wide[2], hall.depth - wide[3]) >= -1e-6
            assert space.height <= hall.clear_height
            assert space.mass * 9.80665 / (space.width * space.depth) <= hall.floor_load
            assert space.room in hall.rooms
            assert all(apart(wide, other) for other in taken)
            assert all(apart(wide, other.footprint) for other in there if other is not place)


@given(plants())
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_drawn_plants_are_laid_out_by_the_rules_or_refused_in_words(drawn: tuple) -> None:
    site, departments, hauls, aisles = drawn
    try:
        layout = plan_layout(LayoutProblem(site, departments, hauls, aisles, CONCRETE), iterations=400, seed=2)
    except LayoutError:
        return
    holds(layout)
    assert violations(layout) == []


def test_a_plant_on_two_storeys_is_laid_out(planned: Layout) -> None:
    holds(planned)
    assert {place.hall for place in planned.places if place.department == "head bench"} == {"H2"}
    assert all(np.isfinite(list(planned.metres.values())))


def test_neighbours_save_transport(planned: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "relieved", lambda instance, place, *_: place)
    rough = plan_layout(two_storeys(), iterations=0, seed=1)
    assert planned.work < 0.9 * rough.work


def test_the_same_seed_gives_the_same_layout(planned: Layout) -> None:
    assert plan_layout(two_storeys(), iterations=20_000, seed=1).places == planned.places


def test_scarce_power_moves_places_to_another_hall() -> None:
    halls = tuple(Hall(f"H{n}", (6, 3), power=100e3) for n in (1, 2))
    oven = Department("oven", Space("oven", 9.0, 4.0, power=30e3), 6)
    layout = plan_layout(LayoutProblem(Site("S", halls), (oven,)), iterations=2000, seed=1)
    assert Counter(place.hall for place in layout.places) == {"H1": 3, "H2": 3}


def test_what_moved_for_supplies_is_placed_anew_within_its_hall(monkeypatch: pytest.MonkeyPatch) -> None:
    halls = (
        Hall("H1", (6, 3), power=100e3, docks=(Dock("gate", 0.0, 6.0),)),
        Hall("H2", (6, 3), power=200e3, corner=(80.0, 0.0)),
    )
    site = Site("S", halls, (Link("door", ("H1", "H2"), ((72.0, 18.0), (0.0, 18.0)), 10.0),))
    ovens = tuple(Department(f"oven {n}", Space("oven", 9.0, 4.0, power=30e3)) for n in range(8))
    hauls = tuple(Haul("gate", oven.name, 1.0 + 5.0 * n) for n, oven in enumerate(ovens))
    problem = LayoutProblem(site, ovens, hauls)
    layout = plan_layout(problem, iterations=3000, seed=1)
    holds(layout)
    assert Counter(place.hall for place in layout.places) == {"H1": 3, "H2": 5}
    searched, once = [], module.assign

    def first_alone(instance: QapInstance, *given: object, **more: object) -> Assigned:
        searched.append(instance)
        if len(searched) == 1:
            return once(instance, *given, **more)  # type: ignore[arg-type]
        return Assigned(instance, np.arange(len(instance)), np.inf, 0.0, 0)

    monkeypatch.setattr(module, "assign", first_alone)
    assert layout.work <= plan_layout(problem, iterations=3000, seed=1).work
    assert len(searched) == 2


def moved(layout: Layout, number: int, **changes: object) -> Layout:
    places = list(layout.places)
    places[number] = dataclasses.replace(places[number], **changes)  # type: ignore[arg-type]
    return Layout(layout.problem, tuple(places), layout.aisles)


def told(layout: Layout, words: str) -> bool:
    return any(words in violation for violation in violations(layout))


def test_the_checker_sees_what_is_broken(planned: Layout) -> None:
    first, second = planned.places[:2]
    assert told(moved(planned, 0, x=second.x, y=second.y, hall=second.hall), "stands on")
    assert told(moved(planned, 0, x=-1.0), "reaches beyond the hall")
    lane = next(lane for lane in planned.aisles if lane.hall == first.hall)
    assert told(moved(planned, 0, x=lane.x, y=lane.y + 0.2), "reaches into an aisle")
    assert told(moved(planned, 0, x=12.0 - first.space.width / 2, y=12.0), "has a column in its footprint or clearance")
    bench = next(n for n, place in enumerate(planned.places) if place.department == "head bench")
    assert told(moved(planned, bench, hall="H1"), "needs a clean room, H1 has plain and dry")
    assert told(moved(planned, bench, hall="H9"), "there is no hall H9")
    assert told(Layout(planned.problem, planned.places[1:], planned.aisles), "places of")
    spine = next(lane for lane in planned.aisles if lane.along)
    rest = tuple(lane for lane in planned.aisles if lane is not spine)
    assert told(Layout(planned.problem, planned.places, rest), "the aisles of H1 do not hang together")
    assert told(Layout(planned.problem, planned.places, ()), "nobody gets from an aisle to the front of")
    narrow = dataclasses.replace(spine, depth=2.0)
    assert told(Layout(planned.problem, planned.places, (*rest, narrow)), "wide, not 4.5 m")
    weak = dataclasses.replace(planned.problem.site.links[0], capacity=20.0)
    site = dataclasses.replace(planned.problem.site, links=(weak,))
    problem = dataclasses.replace(planned.problem, site=site)
    assert told(Layout(problem, planned.places, planned.aisles), "cannot get from goods in to head bench")


def test_two_places_need_their_clearance() -> None:
    bench = Department("bench", Space("bench", 2.0, 1.0, front=1.0, back=0.5, side=0.5), 2)
    layout = plan_layout(LayoutProblem(Site("S", (Hall("H", (3, 2)),)), (bench,)), iterations=10)
    one, other = layout.places
    assert other.x - one.x == pytest.approx(2.5)
    assert told(moved(layout, 1, x=other.x - 0.1), "are too near for their clearance")


def test_all_that_forbids_a_layout_is_told_at_once() -> None:
    with pytest.raises(LayoutError) as caught:
        two_storeys(
            departments=(
                Department("tower", Space("tower", 2.0, 2.0, height=9.0)),
                Department("tower", Space("t", 1, 1)),
            ),
            hauls=(Haul("tower", "nowhere", 1.0),),
        )
    assert caught.value.problems == (
        "two departments are called tower", "tower to nowhere: there is no department or dock nowhere",
    )  # fmt: skip
    with pytest.raises(LayoutError, match="tower is 9 m high"):
        two_storeys(departments=(Department("tower", Space("tower", 2.0, 2.0, height=9.0)),), hauls=())


def test_what_is_larger_than_a_cell_is_told_with_both_sizes() -> None:
    long = Department("line", Space("line", 30.0, 4.0))
    problem = LayoutProblem(Site("S", (Hall("H", (6, 3)),)), (long,))
    with pytest.raises(
        LayoutError, match=r"line takes 31\.2 m x 6\.0 m with its clearance; .* there are 21\.0 m x 11\.4"
    ):
        plan_layout(problem, iterations=10)
    wider = dataclasses.replace(problem, aisles=Aisles(every=3))
    assert violations(plan_layout(wider, iterations=10)) == []


def test_a_share_that_is_too_small_forbids_a_layout() -> None:
    site = Site("S", (Hall("H", (6, 6)),), share=Share(0.05, 0.06, 0.07))
    ovens = (Department("oven", Space("oven", 6.0, 4.0), 20),)
    with pytest.raises(LayoutError, match="the maker has that much with a probability of 0%, 50% are asked for"):
        LayoutProblem(site, ovens)
