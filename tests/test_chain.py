"""The chain on the scenario tiny: sound replications, targets, causes, costs, and the same results for any workers."""

import numpy as np
import pytest

from ironworks import chain
from ironworks.factory.calendar import WEEK
from ironworks.factory.flow.result import State
from ironworks.factory.plant import Plant
from ironworks.factory.shortfall import Shortfall
from ironworks.factory.targets import goals
from ironworks.outcome import Outcome
from ironworks.scenario import read_scenario

REPLICATIONS = 8


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return chain.run(read_scenario("tiny"), workers=1, replications=REPLICATIONS)


def test_replications_are_sound_and_weekly(outcome: Outcome) -> None:
    for run in outcome.replications:
        assert run.check() == []
        assert np.diff(run.edges).tolist() == [WEEK] * 12


def test_states_fill_the_calendar(outcome: Outcome) -> None:
    places = {"bench": 3, "stand": 1, "packing": 1}
    for run in outcome.replications:
        for s, name in enumerate(run.names.stations):
            assert run.states[:, s].sum(axis=1) == pytest.approx(places[name] * WEEK)
        bench = run.names.stations.index("bench")
        assert run.states[0, bench, State.OFF_SHIFT] == pytest.approx(3 * (7 * 24 - 40) * 3600)


def test_work_done_is_what_the_units_took(outcome: Outcome) -> None:
    """Tests last exactly 30 minutes: working time of the stand is half an hour per start, up to those under way."""
    for run in outcome.replications:
        stand = run.names.stations.index("stand")
        starts = int(run.starts[:, run.names.operations.index("robot@shop.test")].sum())
        assert run.states[:, stand, State.WORKING].sum() == pytest.approx(1800 * starts, abs=1800)


def test_motors_balance(outcome: Outcome) -> None:
    for run in outcome.replications:
        motor = run.names.stores.index("motor")
        left = 120 + run.delivered[:, motor].sum() - run.consumed[:, motor].sum()
        assert left == run.stock[-1, motor]
        assert (
            run.consumed[:, motor].sum() == 6 * run.starts[:, run.names.operations.index("robot@shop.assemble")].sum()
        )


def test_targets_count_what_was_finished(outcome: Outcome) -> None:
    finished = next(target for target in outcome.targets if target.kind == "finished")
    assert finished.values.tolist() == outcome.output().sum(axis=1).tolist()
    assert finished.probability == pytest.approx(np.mean(finished.values >= 200))
    assert finished.low < finished.probability <= finished.high


def test_milestones_are_finish_times(outcome: Outcome) -> None:
    hundredth = next(m for m in outcome.milestones if m.count == 100)
    assert hundredth.times.tolist() == [run.finish_times["robot@shop"][99] for run in outcome.replications]
    assert not any(m.count == 1_000 for m in outcome.milestones)


def test_draws_are_those_of_the_replications(outcome: Outcome) -> None:
    column = outcome.draws.ids.index("motor_lead")
    scenario = outcome.scenario
    assert outcome.draws.values[5, column] == scenario.draw(1, 5).values["motor_lead"]
    assert len(np.unique(outcome.draws.values[:, column])) == REPLICATIONS


def test_cost_of_a_replication_adds_up(outcome: Outcome) -> None:
    scenario, run = outcome.scenario, outcome.replications[3]
    ((year,),) = [outcome.costs[3]]
    draw = scenario.draw(1, 3)
    assembled = run.starts[:, run.names.operations.index("robot@shop.assemble")].sum()
    assert year.material == pytest.approx(2000 * run.released.sum() + 6 * 300 * assembled)
    assert year.investment == 3 * 20_000 + 200_000 + 10_000
    assert year.people == pytest.approx(5 * 110_000 * 84 / 365.25, rel=2e-3)
    watts = {"bench": (500, 100), "stand": (2000, 300), "packing": (200, 100)}
    joules = 0.0
    for s, name in enumerate(run.names.stations):
        busy, idle = watts[name]
        total = run.states[:, s].sum(axis=0)
        at_work = total[State.WORKING] + total[State.SETUP]
        joules += at_work * busy + (total.sum() - at_work - total[State.OFF_SHIFT]) * idle
    assert year.joules == pytest.approx(joules)
    assert year.energy == pytest.approx(joules * draw(scenario.settings.money.energy_flat))


def test_results_do_not_depend_on_the_number_of_processes() -> None:
    scenario = read_scenario("tiny")
    jobs = [chain.Job(1, i) for i in range(3)]
    for one, two in zip(
        chain.replicate(scenario, jobs, workers=1), chain.replicate(scenario, jobs, workers=2), strict=True
    ):
        assert one.run is not None
        assert two.run is not None
        assert one.times.tolist() == two.times.tolist()
        assert (one.run.states == two.run.states).all()


def test_causes_of_a_miss_sum_to_what_is_missing() -> None:
    slow = chain.run(read_scenario("tiny", variant="slow_supplier"), workers=1, replications=REPLICATIONS)
    miss = next(miss for miss in slow.misses if miss.target == "start")
    assert sum(cause.lost for cause in miss.causes) == pytest.approx(miss.shortfall)
    assert miss.causes[0].name == "motor"
    assert miss.causes[0].kind == "part"


def test_a_week_of_shortage_is_blamed_on_the_part() -> None:
    slow = chain.run(read_scenario("tiny", variant="slow_supplier"), workers=1, replications=2)
    plant = Plant(slow.scenario)
    run = slow.replications[0]
    motor = run.names.stores.index("motor")
    week = int(run.short[:, motor].argmax())
    blame = Shortfall(plant, run).blame("robot", week)
    assert sum(blame.values()) == pytest.approx(1)
    assert max(blame, key=blame.__getitem__) == ("part", "motor")


def test_capacity_that_is_missing_is_blamed_on_its_station() -> None:
    weak = {
        "stations.bench.places": "1",
        "figure.assemble_time": "9 h",
        "supply.motor_maker/2027-01-04.ceiling": "900 unit/week",
        "parts.motor.initial_stock": "900",
    }
    run = chain.run(read_scenario("tiny", weak), workers=1, replications=4)
    miss = next(miss for miss in run.misses if miss.target == "two_hundred")
    assert (miss.causes[0].kind, miss.causes[0].name) == ("capacity", "bench")
    goal = next(goal for goal in goals(run.scenario) if goal.row.target == "two_hundred")
    assert miss.shortfall == pytest.approx(goal.wanted - min(run.targets[0].values))
