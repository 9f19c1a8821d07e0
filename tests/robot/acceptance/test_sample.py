"""Samples: the same whatever the workers, repaired where they fail, and free of contradictions."""

from dataclasses import replace

import numpy as np
import pytest
from tests.robot.acceptance.bench_samples import PROCEDURES, Capacity, Friction, Zero, population, quadruped

from ironworks.robot.acceptance.bench import Bench
from ironworks.robot.acceptance.families import by_family
from ironworks.robot.acceptance.journey import journey
from ironworks.robot.acceptance.planning import STUDIED, Guarding, Plan, plan_bench
from ironworks.robot.acceptance.procedures import PROCEDURES as REAL
from ironworks.robot.acceptance.repair import Replaced, regression, repaired
from ironworks.robot.acceptance.result import AcceptanceResult, wilson
from ironworks.robot.acceptance.sample import accept
from ironworks.robot.acceptance.testers import BenchTesters
from ironworks.robot.asbuilt import GrossRate
from ironworks.verdicts import FAIL

RATES = (GrossRate("tight_bearing", (), 0.02, 1.5), GrossRate("weak_cell", (), 0.02, 0.12))


@pytest.fixture(scope="module")
def result() -> AcceptanceResult:
    design, masses = quadruped()
    return accept(population(design, *RATES), design, masses, 60, PROCEDURES, 1, scales=(2.0, 1.0))


def test_a_result_does_not_contradict_itself(result: AcceptanceResult) -> None:
    assert result.check() == []
    broken = replace(result, journeys=(replace(result.journeys[0], trials=result.journeys[0].trials[1:]),))
    assert any("0 times at attempt 1" in fault for fault in broken.check())


def test_verdicts_are_the_trials(result: AcceptanceResult) -> None:
    verdicts = result.verdicts("key", {"a": 1})
    assert verdicts.scales == (1.0, 2.0)
    assert set(verdicts.items) == {"pack", "robot"}
    of_robot = verdicts.first_pass_of_item("robot", 1.0)
    row = next(row for row in result.yields(1.0) if row.item == "robot" and not row.procedure)
    assert (of_robot.passed, of_robot.tested) == (row.passed, row.tested)
    failed = verdicts.cause[verdicts.verdict == FAIL]
    assert {cause.partition("@")[0] for cause in failed.tolist()} <= {
        "friction",
        "offset",
        "capacity",
        "no_fault_found",
    }


def test_less_scale_more_yield_and_causes_add_up(result: AcceptanceResult) -> None:
    worse, better = (next(r for r in result.yields(s) if r.item == "robot" and not r.procedure) for s in (2.0, 1.0))
    assert better.passed > worse.passed
    assert sum(result.causes(2.0).values()) >= worse.tested - worse.passed


def test_gross_faults_are_found_repaired_and_gone(result: AcceptanceResult) -> None:
    struck = [j for j in result.of(1.0) if any(g.fault == "tight_bearing" for g in j.gross)]
    assert len(struck) > 5
    for one in struck:
        joints = {g.place for g in one.gross if g.fault == "tight_bearing"}
        first = next(t for t in one.trials if t.procedure == "friction" and t.attempt == 1)
        assert first.verdict == FAIL
        assert joints <= {part.place for item, attempt, part in one.replaced if item == "robot"}
    last = [max((t for t in j.trials if t.procedure == "friction"), key=lambda t: t.attempt) for j in struck]
    assert sum(t.verdict != FAIL for t in last) > 0.8 * len(last)


def test_capability_leaves_out_units_with_the_fault_that_is_looked_for(result: AcceptanceResult) -> None:
    row = next(row for row in result.capabilities(1.0) if row.measurement == "friction")
    assert row.found is not None
    assert row.found.sd == pytest.approx(np.hypot(0.1, 0.02), rel=0.15)
    count = next(row for row in result.capabilities(1.0) if row.measurement == "dead")
    assert (count.found, count.why) == (None, "a count")


def test_the_number_of_workers_does_not_matter() -> None:
    design, masses = quadruped()
    real = [p for p in REAL if p.name == "torque_constant"]
    one, two = (
        accept(population(design), design, masses, 3, real, workers, plan=Plan()).readings() for workers in (1, 2)
    )
    assert len(one["value"]) > 0
    assert one == two


def test_a_repair_draws_only_what_was_replaced() -> None:
    design, _ = quadruped()
    built = population(design)
    joint, other = built.places.names["joint"][:2]
    unit = built.unit(3).with_fault("tight_bearing", joint, 1.5).with_fault("slipped_encoder", other, 0.1)
    mended = repaired(unit, [Replaced("joint", joint, "joint")], built, 0)
    assert [g.place for g in mended.gross] == [other]
    assert mended["friction"][0] != unit["friction"][0]
    np.testing.assert_array_equal(mended["friction"][1:], unit["friction"][1:])
    np.testing.assert_array_equal(mended["cell_capacity"], unit["cell_capacity"])
    again = repaired(mended, [Replaced("joint", joint, "joint")], built, 1)
    assert again["friction"][0] != mended["friction"][0]


def test_what_sees_the_replaced_part_runs_again() -> None:
    procedures = (Friction(), Zero(), Capacity())
    parts = [Replaced("joint", "j", "joint")]
    assert [p.name for p in regression(parts, procedures, ["friction"])] == ["friction", "zero"]
    assert [p.name for p in regression([Replaced("cell", "c", "cell")], procedures, [])] == ["capacity"]


def test_a_unit_that_no_repair_mends_stops_after_its_attempts() -> None:
    design, masses = quadruped()
    bench = Bench(design, masses, population(design))
    found = journey(bench, [Friction(limit=0.5)], bench.population.unit(0), attempts=3)
    assert [t.attempt for t in found.trials] == [1, 2, 3]
    assert all(t.verdict == FAIL for t in found.trials)


def test_a_study_finds_the_noise_and_the_testers_that_were_put_in() -> None:
    design, masses = quadruped()
    testers = BenchTesters(count=3, bias=0.1, drift=0.0, golden="off")
    bench = Bench(design, masses, population(design), testers)
    plan = plan_bench(bench, (Friction(noise=0.03),), guarding=Guarding("guarded"), workers=1)
    study = plan.studies[0]
    assert study.components is not None
    assert study.components.repeatability**0.5 == pytest.approx(0.03, rel=0.1)
    # The units meet the testers after other calibrations of theirs: what differs between testers on one unit counts.
    days = [bench.population.apart(k, STUDIED) // testers.units_a_day for k in range(3)]
    offs = np.array([[testers.error("robot/friction/friction", t, day) * 1.3 for t in range(3)] for day in days])
    between = offs.var(axis=1, ddof=1).mean()
    assert study.components.reproducibility == pytest.approx(between, rel=0.3)
    assert study.acceptance is not None
    assert study.acceptance.high == pytest.approx(1.3 - 2.0 * study.uncertainty)
    assert Plan.from_json(plan.as_json()) == plan


def test_acceptance_limits_are_never_outside_the_tolerance(result: AcceptanceResult) -> None:
    for study in result.plan.studies:
        if study.acceptance is not None:
            assert study.limits.lower <= study.acceptance.lower
            assert study.acceptance.upper <= study.limits.upper


def test_joints_are_tested_by_sets_of_their_family() -> None:
    design, masses = quadruped()
    joint = [p for p in REAL if p.item == "joint"]
    grouped = by_family(joint, design)
    assert {p.item for p in grouped} == {"planetary_set"}
    assert grouped[0].minutes == pytest.approx(12 * joint[0].minutes)
    found = journey(Bench(design, masses, population(design)), grouped, population(design).unit(0))
    assert {len(t.measured[0].places) for t in found.trials} == {12}


@pytest.mark.parametrize(("passed", "low", "high"), [(9, 0.5958, 0.9821), (10, 0.7225, 1.0), (0, 0.0, 0.2775)])
def test_wilson_intervals_are_the_published_ones(passed: int, low: float, high: float) -> None:
    # Brown, Cai and DasGupta, Statistical Science 16 (2001): n = 10.
    interval = wilson(passed, 10)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=2e-4), pytest.approx(high, abs=2e-4))
