"""The humanoid, as designed or as built, with what its controller believes, for tests of control."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ironworks.product.design import bill_of, read_design
from ironworks.robot.acceptance.procedure import Specimen
from ironworks.robot.acceptance.procedures.calibration import CalibrationTest
from ironworks.robot.asbuilt import Places, Unit, population_of
from ironworks.robot.calibration import Calibration
from ironworks.robot.control.control_model import ControlModel, held_joints
from ironworks.robot.control.estimator import Estimator
from ironworks.robot.control.interface import TICK, Command
from ironworks.robot.control.simulation import SimulatedRobot
from ironworks.robot.control.walking import Walking
from ironworks.scenario import read_scenario

DESIGN = read_design("humanoid")
MASSES = DESIGN.weigh(bill_of(DESIGN).masses)
PLACES = Places.of(DESIGN)
#: Fingers are held where nothing is grasped: physics takes half the time.
FINGERS = tuple(name for name in held_joints(DESIGN) if "toe" not in name)


@lru_cache(maxsize=1)
def model() -> ControlModel:
    return ControlModel(DESIGN, MASSES, Unit.nominal(PLACES))


def robot(unit: Unit | None = None, seed: int = 1) -> SimulatedRobot:
    return SimulatedRobot(DESIGN, MASSES, unit or Unit.nominal(PLACES), np.random.default_rng(seed), frozen=FINGERS)


@dataclass(frozen=True, eq=False)
class Walk:
    """What happened: T ticks; places of the root (T, 3), its true and believed velocities (T, 3)."""

    places: np.ndarray
    speeds: np.ndarray
    believed: np.ndarray
    fell: bool


def walk(
    seconds: float, wanted: Command, push: tuple[float, float] = (0.0, 0.0), at: float = 0.0, stop: float = np.inf
) -> Walk:
    """Stand for half a second, then follow a command that begins slowly and ends at `stop`; a push adds a speed."""
    one, control = robot(), Walking(Estimator())
    control.reset(model())
    observation = one.begin()
    begun, places, speeds, believed = one.time, [], [], []
    for _ in range(round(seconds / TICK)):
        now = one.time - begun
        share = min(1.0, max(0.0, now - 0.5))
        share *= now < stop
        walks = wanted.walk and 0.5 < now < stop
        command = Command(share * wanted.forward, share * wanted.left, share * wanted.turn, walks)
        asked = control.step(observation, command)
        force = np.array(push) * model().mass / 0.1 if at <= now < at + 0.1 else np.zeros(2)
        one.data.body("pelvis").xfrc_applied[:2] = force
        observation = one.step(asked)
        places.append(one.data.qpos[:3].copy())
        speeds.append(one.data.qvel[:3].copy())
        believed.append(model().data.qvel[:3].copy())
        if places[-1][2] < 0.6:
            return Walk(np.array(places), np.array(speeds), np.array(believed), True)
    return Walk(np.array(places), np.array(speeds), np.array(believed), False)


@lru_cache(maxsize=4)
def calibrated(serial: int) -> tuple[Unit, ControlModel]:
    """A unit as built, drawn with a seed that no tuning saw, and what its own calibration tells of it."""
    population = population_of(read_scenario("tianhe"), PLACES, seed=20261130).without_gross()
    unit = population.unit(serial)
    specimen = Specimen(DESIGN, MASSES, unit, population, serial)
    CalibrationTest().run(specimen)
    found = specimen.memo["calibration"]
    assert isinstance(found, Calibration)
    return unit, ControlModel(DESIGN, MASSES, found.identified)
