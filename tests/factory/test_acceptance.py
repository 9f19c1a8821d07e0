"""Verdicts of a bench in the plant: what they switch off, what they bring, and what does not fit."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from tests.verdict_tables import BENCH, tiny_with_bench, verdicts_of

from ironworks import chain
from ironworks.factory.flow import run_once
from ironworks.factory.flow.kernels import fields as f
from ironworks.factory.flow.validate import validate
from ironworks.factory.plant import Plant
from ironworks.faults import ScenarioFaults
from ironworks.studies.bottleneck import explain

#: Of a hundred robots, ten fail both procedures and five the second alone.
ROWS = [[1, 1]] * 10 + [[0, 1]] * 5 + [[0, 0]] * 85


def test_the_rows_of_a_route_are_the_units_of_the_table(tmp_path: Path) -> None:
    scenario = tiny_with_bench(tmp_path, first=4.0, mature=0.5)
    plant = Plant(scenario, verdicts_of({1.0: ROWS, 2.0: [[1, 1]] * 30}))
    model = plant.model(scenario.mode())
    validate(model)
    table = model.routings[0].resampled
    assert table is not None
    assert table.defects == ["robot@shop/loose_joint", "robot@shop/bad_motor"]
    assert (table.scales, table.at, table.first, table.mature) == ([1.0, 2.0], "assemble", 4.0, 0.5)
    assert table.present[0].astype(int).tolist() == ROWS
    assert table.present[1].all()
    assert table.growth is not None
    assert 100**table.growth.exponent == pytest.approx(0.5)
    # 30 minutes where all is well; both fail: 45, again in 30; the second fails: 35, again alone in 10.
    (factors, worse) = table.times["test"]
    assert factors[[0, 12, 20]].ravel() * 30 == pytest.approx([45, 30, 35, 10, 30, 30])
    assert worse[0].tolist() == factors[0].tolist()


def test_yields_that_the_table_replaces_are_off_and_the_others_stay(tmp_path: Path) -> None:
    scenario = tiny_with_bench(tmp_path, bench=BENCH.replace("torque,robot,test,bad_motor,\n", ""))
    assumed = Plant(scenario).model(scenario.mode()).routings[0].operations
    plant = Plant(scenario, verdicts_of({1.0: ROWS}))
    assemble, test, _ = plant.model(scenario.mode()).routings[0].operations
    assert [a.defect for a in assemble.arises] == ["robot@shop/bad_motor"]
    assert test.finds == {"robot@shop/loose_joint": 1.0, "robot@shop/bad_motor": 0.5}
    assert (test.false_reject, assumed[1].false_reject) == (0.0, 0.01)
    assert test.time == assumed[1].time
    assert plant.acceptance is not None
    assert any("torque (robot) open no defect" in note for note in plant.acceptance.notes)


def test_a_repair_succeeds_as_that_of_the_row_did(tmp_path: Path) -> None:
    scenario = tiny_with_bench(tmp_path)
    plant = Plant(scenario, verdicts_of({1.0: ROWS, 2.0: [[0, 1]] * 100}, mended=0.6))
    model = plant.model(scenario.mode())
    table = model.routings[0].resampled
    assert table is not None
    loose, motor = table.mends["robot@shop/loose_joint"], table.mends["robot@shop/bad_motor"]
    # The first repair is known; later ones succeed like all that were tested, and repairs.csv's 90 % count as one.
    late = (60 + 0.9) / (100 + 1)
    assert motor[1][59].tolist() == pytest.approx([1.0, late])
    assert motor[1][60].tolist() == pytest.approx([0.0, late])
    late = (10 + 0.9) / (10 + 1)
    assert loose[0][[0, 10]].tolist() == [pytest.approx([1.0, late]), pytest.approx([late, late])]
    validate(model)
    # At the second scale no joint was loose: nothing but repairs.csv is known of its repair.
    assert np.unique(loose[1]) == pytest.approx([0.9])
    assert [defect.success for defect in model.defects] == [0.9, 0.9]


def test_a_unit_that_no_repair_mended_on_the_bench_is_scrapped_in_the_plant(tmp_path: Path) -> None:
    scenario = tiny_with_bench(tmp_path)
    outputs = []
    for mended in (1.0, 0.0):
        (run,) = chain.run(
            scenario,
            verdicts=verdicts_of({1.0: [[0, 1]] * 50 + [[0, 0]] * 50}, mended=mended),
            workers=1,
            replications=1,
        ).replications
        outputs.append((int(run.scrapped.sum()), int(run.finished.sum())))
    (none, all_), (half, fewer) = outputs
    assert none == 0
    assert fewer < 0.75 * all_
    assert half > 0.2 * all_


def test_scales_without_a_second_attempt_have_no_less_columns(tmp_path: Path) -> None:
    scenario = tiny_with_bench(tmp_path)
    plant = Plant(scenario, verdicts_of({1.0: [[0, 0]] * 20, 2.0: [[0, 1]] * 20}, mended=0.5))
    model = plant.model(scenario.mode())
    validate(model)
    table = model.routings[0].resampled
    assert table is not None
    first, second = table.mends["robot@shop/bad_motor"]
    assert first.shape == second.shape == (20, 2)
    assert first == pytest.approx(0.9)


def test_a_repair_that_nothing_tested_again_is_named(tmp_path: Path) -> None:
    plant = Plant(tiny_with_bench(tmp_path), verdicts_of({1.0: [[0, 1]] * 30}))
    assert plant.acceptance is not None
    (note,) = plant.acceptance.notes
    assert note.startswith("No repair of loose_joint (robot) was tested again")


def test_the_plant_fails_as_the_bench_did(tmp_path: Path) -> None:
    scenario = tiny_with_bench(tmp_path)
    plant = Plant(scenario, verdicts_of({1.0: ROWS}))
    run = run_once(plant.model(scenario.mode()), plant.horizon, trace=(0, plant.horizon))
    test = run.names.operations.index("robot@shop.test")
    tested, passed = int(run.first_tests[0, test]), int(run.first_passes[0, test])
    assert tested > 150
    low, high = stats.binom.interval(0.999, tested, 0.85)
    assert low <= passed <= high
    # Whatever has the first defect has the second: they are found one after the other.
    loose, motor = (run.names.defects.index(f"robot@shop/{name}") for name in ("loose_joint", "bad_motor"))
    opened = run.log[run.log[:, 1] == f.K_OPENED]
    units = {d: set(opened[opened[:, 7] == d, 2].tolist()) for d in (loose, motor)}
    assert units[loose] < units[motor]
    assert len(units[loose]) > 5


def test_without_verdicts_the_plant_is_what_it_was(tmp_path: Path) -> None:
    scenario = tiny_with_bench(tmp_path)
    routing = Plant(scenario).model(scenario.mode()).routings[0]
    assert routing.resampled is None
    assert len(routing.operations[0].arises) == 2


@pytest.mark.parametrize(
    ("bench", "words"),
    [
        (BENCH.replace("range,robot", "rage,robot"), "bench.csv:2: bench.rage/robot.procedure: the bench has no such"),
        ("procedure,item,operation,defect,note\n", "bench.csv: has no rows"),
    ],
)
def test_what_does_not_fit_is_a_fault(tmp_path: Path, bench: str, words: str) -> None:
    scenario = tiny_with_bench(tmp_path, bench=bench)
    with pytest.raises(ScenarioFaults) as raised:
        Plant(scenario, verdicts_of({1.0: ROWS}))
    assert words in str(raised.value)


def test_an_item_that_the_bench_never_saw_is_a_fault(tmp_path: Path) -> None:
    scenario = tiny_with_bench(tmp_path)
    with pytest.raises(ScenarioFaults, match="the bench has no verdicts on it; choose one of: pack"):
        chain.run(scenario, verdicts=verdicts_of({1.0: ROWS}, item="pack"), workers=1, replications=1)


def test_the_chain_carries_verdicts_to_every_process(tmp_path: Path) -> None:
    scenario, verdicts = tiny_with_bench(tmp_path), verdicts_of({1.0: [[0, 1]] * 10 + [[0, 0]] * 90, 2.0: [[0, 1]] * 5})
    one, two = (chain.run(scenario, verdicts=verdicts, workers=n, replications=2) for n in (1, 2))
    assert one.verdicts is verdicts
    assert one.notes
    assert (one.output() == two.output()).all()
    assumed = chain.run(scenario, workers=1, replications=2)
    assert assumed.verdicts is None
    assert (assumed.output() != one.output()).any()
    # A study runs the same plant: the replication that it traces is that of the run.
    traced = explain(one, stations=("stand",), workers=1).traced
    assert traced is not None
    assert (traced.run.states == one.replications[0].states).all()


def test_worse_units_lower_the_yield(tmp_path: Path) -> None:
    verdicts = verdicts_of({1.0: ROWS, 4.0: [[1, 0]] * 50 + [[0, 0]] * 50})
    yields = []
    for name, scale in (("good", 1.0), ("bad", 4.0)):
        (tmp_path / name).mkdir()
        scenario = tiny_with_bench(tmp_path / name, first=scale, mature=scale)
        (run,) = chain.run(scenario, verdicts=verdicts, workers=1, replications=1).replications
        test = run.names.operations.index("robot@shop.test")
        yields.append(run.first_passes[:, test].sum() / run.first_tests[:, test].sum())
    assert yields[0] == pytest.approx(0.85, abs=0.08)
    assert yields[1] == pytest.approx(0.50, abs=0.1)
