"""Sweeps of spreads with common random numbers, and what seeded faults are caught by."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats
from tests.robot.acceptance.bench_samples import PROCEDURES, Zero, population, quadruped

from ironworks.robot.acceptance.coverage import coverage
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.repair import REPAIRS, kind_of
from ironworks.robot.acceptance.sensitivity import sensitivity
from ironworks.robot.asbuilt import GrossRate
from ironworks.rows import GROSS_FAULTS


def test_yield_falls_as_the_exact_one_does() -> None:
    design, masses = quadruped()
    units = 200
    found = sensitivity(population(design), design, masses, units, [Zero(noise=0.0)], 1, factors=(1.0, 2.0, 5.0))
    assert found.deviations == ("zero_offset",)
    # 12 joints within 2.5 deg, spread of 0.5 deg, testers off by about 0.3 % of the room.
    exact = np.array([(1.0 - 2.0 * stats.norm.sf(5.0 / factor)) ** 12 for factor in found.factors])
    for j, expected in enumerate(exact):
        error = np.sqrt(max(expected * (1.0 - expected), 0.002) / units)
        assert abs(found.shares[0, j] - expected) < 4.0 * error


def test_only_what_sees_a_spread_runs_and_nothing_behind_zero() -> None:
    design, masses = quadruped()
    found = sensitivity(population(design), design, masses, 4, PROCEDURES, 1, factors=(1.0, 1000.0, 2000.0))
    assert dict(zip(found.deviations, found.seen_by, strict=True)) == {
        "friction": ("friction",), "zero_offset": ("zero",), "cell_capacity": ("capacity",)
    }  # fmt: skip
    assert (found.passed[:, 1:] == 0).all()
    assert found.runs == 4 * 3 + 4 * 3


def test_what_a_procedure_sees_is_probed_where_it_does_not_say() -> None:
    class Silent(Zero):
        def __getattribute__(self, name: str) -> object:
            if name == "sees":
                raise AttributeError(name)
            return super().__getattribute__(name)

    design, masses = quadruped()
    found = sensitivity(population(design), design, masses, 2, [Silent()], 1, factors=(2.0,))
    assert found.deviations == ("zero_offset",)


def test_seeded_faults_are_caught_by_what_is_meant_to() -> None:
    design, masses = quadruped()
    rates = (GrossRate("tight_bearing", (), 0.001, 1.5), GrossRate("weak_cell", (), 0.001, 0.12))
    rows = coverage(population(design, *rates), design, masses, 20, PROCEDURES, 1)
    assert [(row.fault, row.procedure, row.level, row.caught, row.seeded) for row in rows] == [
        ("tight_bearing", "friction", "robot", 20, 20),
        ("weak_cell", "capacity", "module", 20, 20),
    ]
    assert [row.late_minutes for row in rows] == [0.0, 30.0]
    small = coverage(population(design, GrossRate("tight_bearing", (), 0.001, 0.01)), design, masses, 20, PROCEDURES, 1)
    assert small[0].caught < 5


def test_everything_also_finds_what_is_caught_by_chance() -> None:
    design, masses = quadruped()
    rates = (GrossRate("slipped_encoder", (), 0.001, 0.2),)
    rows = coverage(population(design, *rates), design, masses, 5, PROCEDURES, 1, everything=True)
    assert [(row.procedure, row.caught) for row in rows] == [("zero", 5)]


def test_a_sweep_of_an_unknown_spread_is_refused() -> None:
    design, masses = quadruped()
    with pytest.raises(ValueError, match="no spread of damping"):
        sensitivity(population(design), design, masses, 1, [Zero()], 1, deviations=("zero_offset", "damping"))


def test_every_gross_fault_of_a_scenario_has_a_repair() -> None:
    assert {kind_of(fault) for fault in GROSS_FAULTS} <= set(REPAIRS)


def test_severity_and_places_are_those_of_the_faults_row() -> None:
    design, masses = quadruped()
    joints = population(design).places.names["drive"]
    rates = [GrossRate("tight_bearing", joints[:1], 0.001, 0.01), GrossRate("tight_bearing", joints[1:], 0.001, 1.5)]
    rows = coverage(population(design, *rates), design, masses, 20, PROCEDURES, 1)
    assert [(row.severity, row.seeded) for row in rows] == [(0.01, 20), (1.5, 20)]
    assert rows[0].caught < 5
    assert rows[1].caught == 20


@dataclass(frozen=True)
class Follower:
    """Takes over what Zero found at the same visit."""

    name: str = "follower"
    item: str = "robot"
    minutes: float = 1.0
    measurements: tuple[Measurement, ...] = (Measurement("found", Limits(0.5, None)),)
    catches: tuple[str, ...] = ("tight_bearing",)
    sees: tuple[str, ...] = ("friction",)
    needs: tuple[str, ...] = ("zero",)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        found = np.array([float("zero.offset" in specimen.memo)])
        return {"found": Readings(("robot",), found, found)}


def test_a_procedure_finds_what_it_needs_in_sweeps_and_with_seeded_faults() -> None:
    design, masses = quadruped()
    both = (Zero(), Follower())
    swept = sensitivity(population(design), design, masses, 2, both, 1, factors=(2.0,), deviations=("friction",))
    assert swept.passed.tolist() == [[2, 2]]
    assert swept.seen_by == (("follower",),)
    (row,) = coverage(population(design, GrossRate("tight_bearing", (), 0.001, 1.5)), design, masses, 3, both, 1)
    assert (row.procedure, row.caught, row.seeded) == ("follower", 0, 3)
