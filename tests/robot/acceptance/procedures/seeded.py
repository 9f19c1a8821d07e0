"""Units for tests of procedures: healthy ones of the default scenario, and ones with a fault at its stated severity."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ironworks.product.battery.read import pack_of
from ironworks.product.compute.read import computer_of
from ironworks.product.design import Design, Mass, bill_of, read_design
from ironworks.product.design.skin import patches_of
from ironworks.robot.acceptance.bench import Bench, Trial
from ironworks.robot.acceptance.families import by_family, visit_of
from ironworks.robot.acceptance.measurement import Verdict, judge_all
from ironworks.robot.acceptance.planning import Plan
from ironworks.robot.acceptance.procedure import Procedure, Readings, Specimen, with_needed
from ironworks.robot.acceptance.procedures import PROCEDURES
from ironworks.robot.asbuilt import Places, Population, SpreadOf, Unit
from ironworks.robot.rig import neighbour
from ironworks.scenario import Scenario, read_scenario
from ironworks.studies.acceptance import SHIPPED
from ironworks.verdicts import Verdicts

#: Links of the fingers begin with these.
FINGERS = ("thumb", "index", "middle", "ring", "little")
BY_NAME: Mapping[str, Procedure] = {procedure.name: procedure for procedure in PROCEDURES}


@dataclass(frozen=True)
class Kind:
    """A design with its masses and its healthy population."""

    design: Design
    masses: Mapping[str, Mass]
    population: Population

    def specimen(self, serial: int, fault: str = "", place: str = "", seed: int = 1) -> Specimen:
        unit = self.population.unit(serial)
        if fault:
            unit = unit.with_fault(fault, place, severity_of(fault))
        return Specimen(self.design, self.masses, unit, self.population, seed)


def kind(name: str = "humanoid") -> Kind:
    """A design as all tests share it."""
    return _kind(name)


@lru_cache(maxsize=4)
def _kind(name: str) -> Kind:
    """Spreads are those of the default scenario; rows that speak of no place of the design fit nothing."""
    design = read_design(name)
    scenario = tianhe()
    value = scenario.mode()
    taxels = [patch.name for patch in patches_of(design) for _ in range(patch.taxels)]
    spreads = tuple(
        SpreadOf(row.deviation, row.of, value(row.sigma), row.distribution, value(row.lot), row.lot_units)
        for row in scenario.spreads
    )
    chips = sum(chip.kind == "accelerator" for chip in computer_of(design).chips)
    places = Places.of(design, cells=pack_of(design).capacity.size, taxels=taxels, chips=chips)
    return Kind(design, design.weigh(bill_of(design).masses), Population(places, spreads, (), 1))


@lru_cache(maxsize=1)
def tianhe() -> Scenario:
    return read_scenario("tianhe")


@lru_cache(maxsize=32)
def severity_of(fault: str) -> float:
    scenario = tianhe()
    (row,) = (row for row in scenario.gross_faults if row.fault == fault)
    return float(scenario.mode()(row.severity))


def bench() -> Bench:
    """The bench of the default scenario, with the acceptance limits, testers and retests of its shipped verdicts."""
    one = kind()
    plan = Plan.from_json(Verdicts.read(SHIPPED / "tianhe.parquet").meta["plan"])
    return Bench(
        one.design, one.masses, one.population, acceptance=plan.acceptance(by_family(PROCEDURES, one.design)), seed=1
    )


def tried(bench: Bench, name: str, unit: Unit) -> list[Trial]:
    """Trials of the procedures of a name (one for each set of joints), after those that they need."""
    procedures = by_family(PROCEDURES, bench.design)
    due = [procedure.name == name for procedure in procedures]
    memos: dict[str, dict[str, object]] = {}
    trials = []
    for procedure, wanted, run in zip(procedures, due, with_needed(procedures, due), strict=True):
        if run:
            trial = bench.test(procedure, unit, memo=memos.setdefault(visit_of(procedure), {}))
            trials += [trial] if wanted else []
    return trials


def failures(procedure: Procedure, readings: Mapping[str, Readings]) -> dict[str, set[str]]:
    """Places outside the tolerance, by measurement."""
    found = {}
    for measurement in procedure.measurements:
        verdicts = judge_all(measurement.limits, readings[measurement.name].values)
        failed = {readings[measurement.name].places[i] for i in np.flatnonzero(verdicts == Verdict.FAIL)}
        if failed:
            found[measurement.name] = failed
    return found


def truly_outside(procedure: Procedure, readings: Mapping[str, Readings]) -> dict[str, set[str]]:
    """Places whose true value is outside the tolerance, by measurement."""
    true = {name: Readings(one.places, one.true, one.true) for name, one in readings.items()}
    return failures(procedure, true)


#: Fault: the procedure that is meant to catch it, and the measurement that shows it.
MEANT = {
    "swapped_cable": ("power_on", "response"),
    "torn_insulation": ("power_on", "insulation"),
    "open_phase": ("torque_constant", "torque_constant"),
    "wrong_lot": ("torque_constant", "resistance"),
    "tight_bearing": ("joint_friction", "friction"),
    "cracked_gear": ("gear_play", "backlash"),
    "bent_stop": ("joint_range", "range"),
    "loose_winding": ("thermal_soak", "thermal_resistance"),
    "missing_screw": ("lengths", "link_play"),
    "wrong_part": ("lengths", "joint_place"),
    "missing_part": ("link_mass", "link_mass"),
    "knocked_imu": ("imu", "imu_tilt"),
    "knocked_camera": ("cameras", "camera_tilt"),
    "weak_cell": ("battery_capacity", "cell_capacity"),
    "dead_taxels": ("skin_map", "hole"),
    "dead_pixels": ("face", "dead_lines"),
    "slow_chip": ("compute_deadlines", "chip_speed"),
    "slipped_encoder": ("calibration", "zero_offset"),
}


def shown_at(design: Design, fault: str, place: str) -> set[str]:
    """Where a fault may show: at its place, at its neighbour, its patch, or the joint that drives it."""
    if fault == "swapped_cable":
        return {place, neighbour(design, place)}
    if fault == "dead_taxels":
        return {place.partition("#")[0]}
    if fault == "bent_stop":
        follow = next(joint.follow for joint in design.joints if joint.name == place)
        return {follow.joint if follow else place}
    return {place}


def catching(design: Design, fault: str, place: str) -> tuple[Procedure, str]:
    """The procedure and the measurement for a fault at a place.

    Stops of coupled joints show in the hand alone, and encoders of fingers are looked at before the hand is mounted.
    """
    if fault == "slipped_encoder" and any(finger in place for finger in FINGERS):
        return BY_NAME["hand"], "finger_offset"
    if fault == "bent_stop" and any(joint.name == place and joint.follow for joint in design.joints):
        return BY_NAME["hand"], "finger_range"
    name, measurement = MEANT[fault]
    return BY_NAME[name], measurement
