"""How hard a push at the pelvis a robot survives, walking and standing, over phases of the gait and directions.

Each number is the largest change of speed [m/s] by a force of 0.1 s, found by bisection, after which the robot has not
fallen within some seconds. From sensors alone, with delays and self-collision. Goal: forward and back median at least
0.75, left and right median at least 0.4, worst at least 0.25. The nominal robot, or units as built and calibrated, each
of which is pushed everywhere.
"""

import argparse
import copy
import sys
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ironworks import executor
from ironworks.product.design import bill_of, read_design
from ironworks.robot.acceptance.procedure import Specimen
from ironworks.robot.acceptance.procedures.calibration import CalibrationTest
from ironworks.robot.asbuilt import Places, Unit, population_of
from ironworks.robot.calibration import Calibration
from ironworks.robot.control.control_model import ControlModel, held_joints
from ironworks.robot.control.estimator import Estimator
from ironworks.robot.control.interface import TICK, Command, Observation
from ironworks.robot.control.simulation import SimulatedRobot
from ironworks.robot.control.walking import Walking
from ironworks.scenario import read_scenario

DESIGN = read_design("humanoid")
MASSES = DESIGN.weigh(bill_of(DESIGN).masses)
PUSH, FALLEN = 0.1, 0.6
DIRECTIONS = {"forward": (1.0, 0.0), "back": (-1.0, 0.0), "left": (0.0, 1.0), "right": (0.0, -1.0)}
GOALS = {"forward": 0.75, "back": 0.75, "left": 0.4, "right": 0.4}
WORST = 0.25


@dataclass(eq=False)
class Moment:
    """A robot with its controller at one moment, from which any number of trials begin."""

    robot: SimulatedRobot
    control: Walking
    model: ControlModel
    observation: Observation
    command: Command

    def copy(self) -> "Moment":
        """The same moment again; models are shared, since they have no memory."""
        kept = [
            self.model,
            self.control._body,
            self.control._climbing,
            self.robot.model,
            self.robot.design,
            self.robot.unit,
        ]
        robot, control = copy.deepcopy((self.robot, self.control), {id(one): one for one in kept})
        return Moment(robot, control, self.model, self.observation, self.command)

    def run(self, seconds: float, force: np.ndarray | None = None) -> bool:
        """Go on for so long, pushed by a force (2,) [N] for its first 0.1 s; whether the robot is still up."""
        for tick in range(round(seconds / TICK)):
            pushed = force is not None and tick * TICK < PUSH
            self.robot.data.body("pelvis").xfrc_applied[:2] = force if pushed else 0.0
            self.observation = self.robot.step(self.control.step(self.observation, self.command))
            if self.robot.data.qpos[2] < FALLEN:
                return False
        return True


@lru_cache(maxsize=1)
def built(seed: int, serial: int) -> tuple[Unit, Unit]:
    """A unit of the built-in scenario as built, and what its calibration tells of it."""
    population = population_of(read_scenario("tianhe"), Places.of(DESIGN), seed=seed).without_gross()
    specimen = Specimen(DESIGN, MASSES, population.unit(serial), population, serial)
    CalibrationTest().run(specimen)
    found = specimen.memo["calibration"]
    assert isinstance(found, Calibration)
    return population.unit(serial), found.identified


def begin(walks: bool, speed: float, seed: int, serial: int | None) -> Moment:
    """A robot that has stood for two seconds, or has walked for four."""
    nominal = Unit.nominal(Places.of(DESIGN))
    unit, believed = (nominal, nominal) if serial is None else built(seed, serial)
    frozen = tuple(name for name in held_joints(DESIGN) if "toe" not in name)
    robot = SimulatedRobot(DESIGN, MASSES, unit, np.random.default_rng(seed), frozen=frozen)
    model, control = ControlModel(DESIGN, MASSES, believed), Walking(Estimator())
    control.reset(model)
    moment = Moment(robot, control, model, robot.begin(), Command())
    moment.run(1.0)
    if walks:
        for k in range(20):
            moment.command = Command(forward=speed * (k + 1) / 20, walk=True)
            moment.run(0.05)
    if not moment.run(3.0 if walks else 1.0):
        raise RuntimeError("the robot fell before any push")
    return moment


def largest(moment: Moment, direction: tuple[float, float], most: float, fine: float, seconds: float) -> float:
    """The largest change of speed [m/s] survived, to within `fine`; `most` where even that is."""
    turn = moment.robot.data.body("pelvis").xmat.reshape(3, 3)
    heading = np.arctan2(turn[1, 0], turn[0, 0])
    c, s = np.cos(heading), np.sin(heading)
    along = np.array([[c, -s], [s, c]]) @ direction * moment.model.mass / PUSH
    low, high = 0, round(most / fine) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if moment.copy().run(seconds, along * middle * fine):
            low = middle
        else:
            high = middle
    return low * fine


@dataclass(frozen=True)
class Ask:
    """A direction to be tried at one moment: `phase` of a stride after four seconds of walking, or standing (None).

    `serial`: of the unit as built; None for the nominal one.
    """

    phase: float | None
    direction: str
    speed: float
    seed: int
    serial: int | None
    most: float
    fine: float
    seconds: float


def answer(ask: Ask) -> float:
    """The largest change of speed survived; the robot comes to its moment anew, so that jobs are alone."""
    moment = begin(ask.phase is not None, ask.speed, ask.seed, ask.serial)
    if ask.phase:
        moment.run(2.0 * moment.control.gait.time * ask.phase)
    return largest(moment, DIRECTIONS[ask.direction], ask.most, ask.fine, ask.seconds)


def main() -> int:
    """Print the grid, and say whether the goals were met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phases", type=int, default=8, help="of a stride of two steps")
    parser.add_argument("--speed", type=float, default=0.5, help="of the walk [m/s]")
    parser.add_argument("--most", type=float, default=1.2, help="largest push tried [m/s]")
    parser.add_argument("--fine", type=float, default=0.05, help="resolution [m/s]")
    parser.add_argument("--seconds", type=float, default=4.0, help="to survive after the push began")
    parser.add_argument("--directions", nargs="*", default=list(DIRECTIONS), choices=list(DIRECTIONS))
    parser.add_argument("--only", choices=["walking", "standing"], help="one of both")
    parser.add_argument("--units", type=int, default=0, help="as built and calibrated, without gross faults")
    parser.add_argument("--seed", type=int, default=1, help="of the sensors' noise, and of the units")
    parser.add_argument("--workers", type=int, help="processes; all cores where left out")
    given = parser.parse_args()
    if given.units < 0:
        parser.error(f"--units: 0 for the nominal robot, or a number of units, not {given.units}")
    serials = list(range(given.units)) or [None]
    met = True
    for walks in (True, False):
        if given.only == ("standing" if walks else "walking"):
            continue
        phases = [k / given.phases for k in range(given.phases)] if walks else [None]
        asks = [
            Ask(phase, name, given.speed, given.seed, serial, given.most, given.fine, given.seconds)
            for serial in serials
            for phase in phases
            for name in given.directions
        ]
        jobs = [executor.Job(f"unit {ask.serial}, phase {ask.phase}, {ask.direction}", ask) for ask in asks]
        found = executor.run_jobs(answer, jobs, workers=given.workers, progress=progress)
        grid = np.array(found).reshape(len(serials), len(phases), len(given.directions))
        of = f", the least of {given.units} units" if given.units else ""
        print(f"{'walking' if walks else 'standing'}: phase, then {', '.join(given.directions)} [m/s]{of}")
        for k, row in enumerate(grid.min(axis=0)):
            print(f"  {k}/{len(phases)}  " + "  ".join(f"{number:.2f}" for number in row))
        for name, numbers in zip(given.directions, grid.reshape(-1, len(given.directions)).T, strict=True):
            median, worst = float(np.median(numbers)), float(numbers.min())
            good = median >= GOALS[name] - 1e-9 and worst >= WORST - 1e-9
            met &= good
            goal = f"goal {GOALS[name]:.2f} and {WORST:.2f}"
            print(f"  {name}: median {median:.2f}, worst {worst:.2f} ({goal}) {'ok' if good else 'MISSED'}", flush=True)
    return 0 if met else 1


def progress(done: int, total: int) -> None:
    """One line that counts."""
    print(f"\r{done}/{total}", end="" if done < total else "\r\033[K", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
