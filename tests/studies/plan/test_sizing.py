"""Plans before any simulation: what they release, install and hire, and by when."""

from dataclasses import replace
from datetime import date

import pytest

from ironworks.factory.calendar import DAY, seconds
from ironworks.factory.equipment import Equipment
from ironworks.factory.flow import run_once
from ironworks.factory.flow.kernels.fields import S_DOWN, S_WAIT_REPAIR, S_WORKING
from ironworks.factory.plant import Plant
from ironworks.factory.requirement import requirement
from ironworks.factory.targets import TRAILING
from ironworks.scenario import Scenario
from ironworks.studies.plan import Aim, Decisions, Knobs, Sizing, read_aimed

SHOP = (("shop", 1.0),)


def placed(plan: Decisions, scenario: Scenario) -> dict[str, int]:
    count = {row.station: row.places for row in scenario.stations}
    for name, _, places in plan.places:
        count[name] += places
    return count


@pytest.mark.parametrize("pace", [1.05, 1.5])
def test_the_programme_releases_pace_times_what_is_wanted_in_the_targets_span(
    aimed: tuple[Scenario, Aim], sizing: Sizing, pace: float
) -> None:
    scenario, aim = aimed
    plan = sizing.decide(Knobs(pace=pace, mix=SHOP))
    supply = Plant(plan.apply(scenario)).supply
    end = seconds(scenario.settings.scenario.start, aim.day) + DAY
    begins, ends = supply.planned("robot", scenario.mode(), [end - TRAILING, end])
    assert ends - begins == pytest.approx(pace * aim.quantity * TRAILING)
    assert plan.programme[0][2] == pytest.approx(scenario.mode()(scenario.programme[0].rate))


def test_more_assurance_never_takes_fewer_places_or_people(aimed: tuple[Scenario, Aim], sizing: Sizing) -> None:
    scenario, _ = aimed
    low, high = (sizing.decide(Knobs(assurance=a, pace=3.0, mix=SHOP)) for a in (0.5, 0.98))
    few, many = placed(low, scenario), placed(high, scenario)
    assert all(many[name] >= few[name] for name in few)
    assert sum(many.values()) > sum(few.values())
    assert max(n for *_, n in high.people) >= max(n for *_, n in low.people)


def test_what_is_sized_covers_what_the_rate_asks_for_at_the_figures_values(aimed: tuple[Scenario, Aim]) -> None:
    scenario, aim = read_aimed("tiny", "60/week by 2027-03-28")
    plan = Sizing(scenario, aim, seed=3).decide(Knobs(assurance=0.95, pace=1.1, mix=SHOP))
    planned = Plant(plan.apply(scenario))
    short = requirement(planned, "robot", aim.quantity, date(2027, 3, 20), scenario.mode(), unit=100.0).short
    assert not [one for one in short if one.kind in ("places", "people")]


def test_nothing_stands_before_what_is_ordered_on_the_first_day_can(
    aimed: tuple[Scenario, Aim], sizing: Sizing
) -> None:
    scenario, _ = aimed
    plan = sizing.decide(Knobs(assurance=0.98, pace=4.0, early=26 * 7 * DAY, mix=SHOP))
    assert plan.places
    for order in Equipment(plan.apply(scenario)).orders(scenario.mode()):
        assert order.order_by >= scenario.settings.scenario.start


def test_a_place_fewer_is_taken_where_it_is_asked_for(sizing: Sizing, aimed: tuple[Scenario, Aim]) -> None:
    knobs = Knobs(assurance=0.98, pace=4.0, mix=SHOP)
    name = sizing.decide(knobs).places[-1][0]
    less = sizing.decide(replace(knobs, extra=((name, -1),)))
    assert placed(less, aimed[0])[name] == placed(sizing.decide(knobs), aimed[0])[name] - 1


def test_more_works_in_process_take_more_carriers_buffers_and_caps() -> None:
    scenario, aim = read_aimed("tianhe", "5000/yr by 2027-12-31")
    sizing = Sizing(scenario, aim, seed=3)
    mix = (("pilot", 1.0), ("base", 0.0))
    few, many = (sizing.decide(Knobs(mix=mix, flow=flow)) for flow in (1.0, 2.5))
    fleet = {one.fleet: one.carriers for one in scenario.fleets}
    assert many.carriers["carriers@pilot"] > few.carriers.get("carriers@pilot", fleet["carriers@pilot"])
    assert many.wip["robot@pilot"] > few.wip["robot@pilot"]
    assert many.buffers
    changed = {one.fleet: one.carriers for one in many.apply(scenario).fleets}
    assert changed["carriers@pilot"] == many.carriers["carriers@pilot"]


def test_early_steps_grow_as_far_as_the_ramp_says() -> None:
    scenario, aim = read_aimed("tianhe", "30000/yr by 2029-12-31")
    sizing = Sizing(scenario, aim, seed=3)
    ramps = [sizing.decide(Knobs(mix=(("pilot", 0.0), ("base", 1.0)), ramp=ramp)).programme for ramp in (0.0, 0.5, 1.0)]
    none, half, full = ([rate for item, _, rate in steps if item == "robot"] for steps in ramps)
    assert none[-1] == half[-1] == full[-1]
    assert none[1] < half[1] < full[1]
    mode = scenario.mode()
    assert none[:-1] == [mode(row.rate) for row in scenario.programme if row.item == "robot"][: len(none) - 1]


def test_a_crew_mends_what_breaks_at_the_rate_that_is_wanted() -> None:
    """With one fitter stands would wait for repair half of their time; with those that are planned they hardly do."""
    scenario, aim = read_aimed(
        "tiny", "60/week by 2027-03-28", {"stations.stand.mtbf": "4 h", "stations.stand.mttr": "8 h"}
    )
    plan = Sizing(scenario, aim, seed=3).decide(Knobs(assurance=0.95, pace=1.1, mix=SHOP))
    assert plan.crews["fitters"] > 1
    waits = {}
    for crews in (plan.crews, {}):
        plant = Plant(replace(plan, crews=crews).apply(scenario))
        done = run_once(plant.model(scenario.mode()), plant.horizon, seed=1, replication=0)
        stand = done.states.sum(axis=0)[done.names.stations.index("stand")]
        waits[len(crews)] = stand[S_WAIT_REPAIR] / stand[[S_DOWN, S_WAIT_REPAIR, S_WORKING]].sum()
    assert waits[1] < 0.5 * waits[0]


def test_a_site_without_a_share_gets_nothing_for_the_targets_rate() -> None:
    scenario, aim = read_aimed("tianhe", "5000/yr by 2027-12-31")
    sizing = Sizing(scenario, aim, seed=3)
    assert sizing.sites == ("pilot", "base")
    alone = sizing.decide(Knobs(mix=(("pilot", 1.0), ("base", 0.0))))
    assert not [name for name, day, _ in alone.places if name.endswith("@base") and day <= aim.day]
    halves = sizing.decide(Knobs(mix=(("pilot", 0.5), ("base", 0.5))))
    pilot, base = (sum(n for name, _, n in halves.places if name.endswith(site)) for site in ("@pilot", "@base"))
    assert base > 20
    assert pilot < sum(n for name, _, n in alone.places if name.endswith("@pilot"))
