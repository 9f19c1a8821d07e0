"""The bench judges readings, measures again, names causes; what is no number never passes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from tests.robot.acceptance.bench_samples import DEGREE, Friction, Zero, population, quadruped

from ironworks.robot.acceptance.bench import NO_FAULT_FOUND, Bench
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.testers import BenchTesters
from ironworks.verdicts import FAIL, MARGINAL, PASS

PERFECT = BenchTesters(bias=0.0, drift=0.0, golden="off")


@dataclass(frozen=True)
class Scripted:
    """Gives the values of a script, one row for each run."""

    script: tuple[tuple[float, ...], ...]
    true: tuple[float, ...]
    name: str = "scripted"
    item: str = "robot"
    minutes: float = 2.0
    measurements: tuple[Measurement, ...] = (Measurement("gap", Limits(-1.0, 1.0, "mm")),)
    catches: tuple[str, ...] = ()
    sees: tuple[str, ...] = ()
    seeds: list[int] = field(default_factory=list, compare=False)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        self.seeds.append(specimen.seed)
        places = tuple(f"p{i}" for i in range(len(self.true)))
        return {"gap": Readings(places, np.array(self.script[len(self.seeds) - 1]), np.array(self.true))}


@pytest.fixture
def bench() -> Bench:
    design, masses = quadruped()
    return Bench(design, masses, population(design), PERFECT)


def test_an_accepted_reading_is_not_measured_again(bench: Bench) -> None:
    trial = bench.test(Scripted(((0.5, -0.9),), (0.5, -0.9)), bench.population.unit(0))
    assert (trial.verdict, trial.cause, trial.runs, trial.minutes) == (PASS, "", 1, 2.0)


def test_the_mean_of_the_runs_decides(bench: Bench) -> None:
    again = bench.test(Scripted(((1.1, 0.5), (0.8, 9.0)), (0.95, 0.5)), bench.population.unit(0))
    # What was accepted at first stays so; the other place has the mean 0.95.
    assert (again.verdict, again.cause, again.minutes) == (MARGINAL, "gap@p0", 4.0)
    bad = bench.test(Scripted(((1.5, 3.5), (1.5, 3.6), (1.5, 3.7)), (1.5, 3.6)), bench.population.unit(0))
    assert (bad.verdict, bad.cause, bad.runs, bad.false_reject, bad.escape) == (FAIL, "gap@p1", 3, False, False)


def test_each_retest_has_noise_of_its_own(bench: Bench) -> None:
    procedure = Scripted(((1.5,),) * 6, (1.5,))
    bench.test(procedure, bench.population.unit(0))
    bench.test(procedure, bench.population.unit(0), attempt=2)
    assert len(set(procedure.seeds)) == 6


def test_a_false_reject_is_no_fault_found_and_an_escape_is_seen(bench: Bench) -> None:
    unit = bench.population.unit(0)
    rejected = bench.test(Scripted(((1.1,), (1.2,), (1.1,)), (0.9,)), unit)
    assert (rejected.verdict, rejected.cause, rejected.false_reject) == (FAIL, NO_FAULT_FOUND, True)
    accepted = bench.test(Scripted(((0.9,),), (1.1,)), unit)
    assert (accepted.verdict, accepted.escape) == (PASS, True)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_never_passes(bench: Bench, wrong: float) -> None:
    one_sided = (Measurement("gap", Limits(None, 1.0)),)
    procedure = Scripted(((wrong, 0.5), (wrong, 0.5), (wrong, 0.5)), (0.5, 0.5), measurements=one_sided)
    assert bench.test(procedure, bench.population.unit(0)).verdict == FAIL


def test_a_guarded_reading_inside_the_tolerance_is_rejected(bench: Bench) -> None:
    guarded = Measurement("gap", Limits(-1.0, 1.0, "mm")).guarded(Limits(-0.8, 0.8, "mm"))
    bench = replace(bench, acceptance={("robot", "scripted", "gap"): guarded}, retests=0)
    trial = bench.test(Scripted(((0.9,),), (1.05,)), bench.population.unit(0))
    assert (trial.verdict, trial.cause) == (FAIL, "gap@p0")


def test_testers_are_off_by_their_error_but_count_alike(bench: Bench) -> None:
    off = replace(bench, testers=BenchTesters(bias=0.5, golden="off"))
    unit, procedure = bench.population.unit(0), Scripted(((0.25, 0.5),) * 3, (0.25, 0.5))
    error = off.testers.error("robot/scripted/gap", 0, 0)
    values = off.test(procedure, unit).measured[0].values[0]
    np.testing.assert_allclose(values - np.array([0.25, 0.5]), error)
    counted = off.test(Scripted(((0.0, 1.0),), (0.0, 1.0)), unit)
    np.testing.assert_array_equal(counted.measured[0].values[0], [0.0, 1.0])


def test_a_procedure_that_gives_something_else_is_refused(bench: Bench) -> None:
    with pytest.raises(ValueError, match="declares"):
        bench.test(replace(Scripted(((0.0,),), (0.0,)), measurements=()), bench.population.unit(0))


def test_the_memo_passes_on_and_a_retest_makes_its_own_anew(bench: Bench) -> None:
    memo: dict[str, object] = {"friction.of_before": 1}
    sound = bench.test(Zero(limit=5.0 * DEGREE), bench.population.unit(0), memo=memo)
    assert set(memo) == {"friction.of_before", "zero.offset"}
    assert set(sound.traces) == {"zero.offset"}
    again = bench.test(Zero(limit=0.001 * DEGREE), bench.population.unit(0), memo=dict(memo))
    assert again.runs == 3


def test_a_seeded_fault_is_caught_where_it_sits(bench: Bench) -> None:
    joints = bench.population.places.names["joint"]
    unit = bench.population.unit(0).with_fault("tight_bearing", joints[4], 1.5)
    trial = bench.test(Friction(), unit)
    assert trial.cause == f"friction@{joints[4]}"


@dataclass(frozen=True)
class Estimated:
    """An estimate that each run makes anew: what is true of it is another thing each time."""

    name: str = "estimated"
    item: str = "robot"
    minutes: float = 1.0
    measurements: tuple[Measurement, ...] = (Measurement("error", Limits(None, 1.0)),)
    catches: tuple[str, ...] = ()

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        error = specimen.rng(self.name).uniform(1.1, 1.5, 1)
        return {"error": Readings(("robot",), error, error)}


def test_the_truth_of_a_repeated_measurement_is_that_of_the_runs_that_decide() -> None:
    design, masses = quadruped()
    bench = Bench(design, masses, population(design), BenchTesters(bias=0.0, drift=0.0, golden="off"))
    (found,) = bench.test(Estimated(), bench.population.unit(0)).measured
    assert len(found.values) == 3
    assert found.true == pytest.approx(found.values.mean(axis=0))
    assert found.true[0] != found.values[0, 0]
