"""From a target to a confirmed plan, or to the least relief: on a plant of three stations."""

from dataclasses import replace
from datetime import date

import pytest

from ironworks import chain
from ironworks.factory.calendar import WEEK
from ironworks.faults import ScenarioFaults
from ironworks.scenario import read_scenario
from ironworks.studies.plan import (
    Effort,
    Knobs,
    PlanResult,
    Search,
    Sizing,
    Trials,
    as_planned,
    plan,
    read_aimed,
    write_scenario,
)

EFFORT = Effort(screen=16, sure=32, confirm=200, most=400)
WITHIN = "23/week by 2027-03-28"
BEYOND = "60/week by 2027-03-28"


def planned(text: str, workers: int = 1, budget: float | None = None, **overrides: str) -> PlanResult:
    scenario, aim = read_aimed("tiny", text, {key.replace("__", "."): value for key, value in overrides.items()})
    return plan("tiny", scenario, aim, 0.8, seed=4, workers=workers, effort=EFFORT, budget=budget)


@pytest.fixture(scope="module")
def found() -> PlanResult:
    return planned(WITHIN)


@pytest.fixture(scope="module")
def refused() -> PlanResult:
    return planned(BEYOND)


def test_a_plan_is_confirmed_on_fresh_replications_with_its_lower_bound(found: PlanResult) -> None:
    assert found.refusal is None
    assert found.chosen is not None
    assert found.confirmed is not None
    assert len(found.confirmed.values) == EFFORT.confirm
    assert found.confirmed.probability.low >= 0.8
    assert set(found.confirmed.values[:16]) != set(found.chosen.tried.values[:16])


def test_the_plan_costs_no_more_than_the_scenarios_own_at_the_same_probability(found: PlanResult) -> None:
    alike = found.as_likely
    assert alike is not None
    assert alike.outlay.total <= found.hand_outlay.total


def test_a_plan_verifies_itself_and_finds_what_was_changed_in_it(found: PlanResult) -> None:
    assert found.verify() == []
    assert found.chosen is not None
    assert found.confirmed is not None
    own = found.chosen.tried.plan
    early = replace(own, places=(("stand", date(2027, 1, 20), 1),))
    forged = replace(found, chosen=replace(found.chosen, tried=replace(found.chosen.tried, plan=early)))
    said = " ".join(forged.verify())
    assert "before the first day" in said
    assert "not the plan" in said
    assert "the outlay is" in said
    assert "as low as" in " ".join(replace(found, probability=0.9999).verify())


def test_no_plan_of_the_front_is_beaten(found: PlanResult) -> None:
    assert found.front
    for one in found.front:
        for other in found.points:
            if len(other.tried.values) >= EFFORT.screen:
                cheaper = other.outlay.total < one.outlay.total
                assert not (cheaper and other.tried.probability.mean >= one.tried.probability.mean)


def test_one_more_of_each_thing_has_a_worth(found: PlanResult) -> None:
    changes = " ".join(one.change for one in found.marginals)
    for word in ("place at", "tester at stand", "assembler", "weekend", "stock", "buffers"):
        assert word in changes
    assert all(one.gain.low <= one.gain.mean <= one.gain.high for one in found.marginals)
    stand = next(one for one in found.marginals if "stand" in one.change)
    assert stand.outlay == pytest.approx(200_000)


def test_what_cannot_be_reached_is_refused_with_a_relief_that_suffices_when_it_is_made(refused: PlanResult) -> None:
    assert refused.refusal is not None
    assert refused.refusal.reached < 1.0
    assert refused.confirmed is not None
    assert refused.chosen is not None
    assert refused.refusal.reached == refused.confirmed.reached(refused.probability)
    assert refused.confirmed.plan == refused.chosen.tried.plan
    enough = [one for one in refused.refusal.reliefs if one.suffices]
    assert enough
    assert "motor_maker" in enough[0].text
    changes = {key: value for one, at in enough[0].parts for key, value in one.levels[at].overrides.items()}
    scenario, aim = read_aimed("tiny", BEYOND, changes)
    with Trials(scenario, None, seed=99, workers=1) as trials:
        (tried,) = trials.of([Sizing(scenario, aim, seed=4).decide(enough[0].knobs)], 60)
    assert tried.probability.high > 0.8
    assert tried.probability.mean > refused.confirmed.probability.mean


def test_a_hall_that_is_too_small_is_a_limit_that_no_plan_gets_around_and_flips_with_more_floor() -> None:
    small = planned(WITHIN, sites__shop__area="20 m2")
    assert [one.name for one in small.broken] == ["shop"]
    assert small.chosen is None
    assert small.replications == 0
    factor = small.broken[0].factor(0.8)
    large = read_aimed("tiny", WITHIN, {"sites.shop.area": f"{20 * factor * 1.01:g} m2"})
    assert not plan("tiny", *large, 0.8, seed=4, workers=1, effort=replace(EFFORT, most=100)).broken


def test_a_plan_that_has_no_place_in_the_halls_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Search, "fits", lambda *_: False)
    assert planned(WITHIN).refusal is not None


def test_the_own_plan_is_matched_on_as_many_replications(found: PlanResult) -> None:
    assert found.hand is not None
    assert found.as_likely is not None
    assert len(found.as_likely.tried.values) >= len(found.hand.values)


def test_a_budget_is_kept_or_the_plan_is_refused(found: PlanResult) -> None:
    assert found.chosen is not None
    poor = planned(WITHIN, budget=0.5 * found.chosen.outlay.total)
    assert poor.refusal is not None


def test_the_same_seed_gives_the_same_plan_whatever_the_workers(found: PlanResult) -> None:
    again = planned(WITHIN, workers=2)
    assert again.chosen is not None
    assert found.chosen is not None
    assert again.chosen.tried.plan == found.chosen.tried.plan
    assert (again.confirmed.values == found.confirmed.values).all()  # type: ignore[union-attr]


def test_a_trial_is_what_the_chain_runs() -> None:
    scenario, _ = read_aimed("tiny", WITHIN)
    with Trials(scenario, None, seed=6, workers=1) as trials:
        (tried,) = trials.of([as_planned(scenario)], 4)
    outcome = chain.run(scenario, replications=4, seed=6, workers=1)
    assert tried.values.tolist() == outcome.targets[0].values.tolist()
    assert tried.wanted == pytest.approx(23 / WEEK)


def test_the_written_scenario_runs_as_the_plan_did(tmp_path) -> None:  # type: ignore[no-untyped-def]
    scenario, aim = read_aimed("tiny", BEYOND, {"figure.motor_lead": "5 week"})
    sizing = Sizing(scenario, aim, seed=4)
    made = sizing.decide(Knobs(pace=2.0, mix=(("shop", 1.0),), cover=2 * WEEK, flow=2.0, weekend=True))
    write_scenario(scenario, made, aim, tmp_path)
    read = read_scenario(tmp_path, {"scenario.end": aim.day.isoformat()})
    assert as_planned(read).places == made.places
    assert as_planned(read).people == made.people
    with Trials(scenario, None, seed=6, workers=1) as trials:
        (tried,) = trials.of([made], 3)
    assert chain.run(read, replications=3, seed=6, workers=1).targets[0].values == pytest.approx(tried.values)


def test_a_relief_that_leaves_a_columns_range_is_told_as_a_fault() -> None:
    with pytest.raises(ScenarioFaults):
        read_aimed("tiny", WITHIN, {"sites.shop.area": "-1 m2"})
