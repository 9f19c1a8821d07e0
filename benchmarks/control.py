"""How much faster than real time a robot walks with its controller on one core, and where the time goes.

Goal: at least three times real time, all of physics, drives, sensors, filter, planner and programme together.
"""

import argparse
import sys
import time
from collections.abc import Callable

import mujoco
import numpy as np

from ironworks.product.design import bill_of, read_design
from ironworks.robot.asbuilt import Places, Unit
from ironworks.robot.control.control_model import ControlModel, held_joints
from ironworks.robot.control.estimator import Estimator
from ironworks.robot.control.interface import TICK, Command
from ironworks.robot.control.simulation import SimulatedRobot
from ironworks.robot.control.walking import Walking
from ironworks.robot.control.whole_body import WholeBody

GOAL = 3.0
#: Seconds simulated, standing and stepping each, before the watch begins.
WARM = 1.0


class Watch:
    """CPU seconds spent in functions, by name; what one calls of another counts for both."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def around(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        """The function, watched."""
        self.spent[name] = 0.0

        def watched(*given: object, **named: object) -> object:
            begun = time.process_time()
            try:
                return function(*given, **named)
            finally:
                self.spent[name] += time.process_time() - begun

        return watched


def _plain(robot: SimulatedRobot, seconds: float) -> float:
    """How much faster than real time MuJoCo steps the same body where it stands now, its motors holding."""
    model, data = robot.model, robot.data
    count = round(seconds / model.opt.timestep)
    state = np.concatenate([data.qpos, data.qvel, data.act])
    begun = time.process_time()
    for k in range(count):
        # From the same state again and again: what falls has other contacts.
        if k % 25 == 0:
            data.qpos[:], data.qvel[:], data.act[:] = np.split(state, [model.nq, model.nq + model.nv])
        mujoco.mj_step(model, data)
    return seconds / (time.process_time() - begun)


def main() -> int:
    """Walk, print the split, and say whether the goal was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="simulated")
    parser.add_argument("--fingers", action="store_true", help="let the fingers move too")
    given = parser.parse_args()
    design = read_design("humanoid")
    masses = design.weigh(bill_of(design).masses)
    unit = Unit.nominal(Places.of(design))
    held = tuple(name for name in held_joints(design) if "toe" not in name)
    robot = SimulatedRobot(design, masses, unit, np.random.default_rng(1), frozen=() if given.fingers else held)
    control = Walking(Estimator())
    control.reset(ControlModel(design, masses, unit))
    watch = Watch()
    robot.step = watch.around("physics, drives and sensors", robot.step)  # type: ignore[method-assign]
    WholeBody.solve = watch.around("programme", WholeBody.solve)  # type: ignore[method-assign]
    Estimator.update = watch.around("filter", Estimator.update)  # type: ignore[method-assign]
    ControlModel.update = watch.around("model", ControlModel.update)  # type: ignore[method-assign]
    observation = robot.begin()
    # What is compiled at the first call, or read from where it was kept, is not of the walk.
    for _ in range(round(WARM / TICK)):
        observation = robot.step(control.step(observation, Command()))  # type: ignore[assignment]
    for _ in range(round(WARM / TICK)):
        observation = robot.step(control.step(observation, Command(walk=True)))  # type: ignore[assignment]
    watch.spent = dict.fromkeys(watch.spent, 0.0)
    each = round(1.0 / TICK)
    begun = time.process_time()
    seconds = [begun]
    for k in range(round(given.seconds / TICK)):
        command = Command(forward=min(0.6, 0.3 * k * TICK), walk=True)
        observation = robot.step(control.step(observation, command))  # type: ignore[assignment]
        if (k + 1) % each == 0:
            seconds.append(time.process_time())
    total = time.process_time() - begun
    if robot.data.qpos[2] < 0.6:
        raise RuntimeError("the robot fell")
    ticks = given.seconds / TICK
    for name, spent in watch.spent.items():
        print(f"{name}: {1e3 * spent / ticks:.3f} ms a tick")
    rest = total - sum(watch.spent.values())
    print(f"planner, tasks and the rest: {1e3 * rest / ticks:.3f} ms a tick")
    factor = given.seconds / total
    print(f"{given.seconds:g} s walked in {total:.1f} s of one core: {factor:.2f} times real time (goal {GOAL:g})")
    if len(seconds) > 1:
        # On a shared machine a neighbour's work shows in some seconds and not in others.
        slowest, middle, fastest = np.quantile(1.0 / np.diff(seconds), [0.0, 0.5, 1.0])
        print(f"second by second: {slowest:.2f} to {fastest:.2f} times real time, half of them above {middle:.2f}")
    alone = _plain(robot, given.seconds)
    print(
        f"physics alone, plain mj_step on the same core: {alone:.1f} times real time, {alone / factor:.1f} times faster"
    )
    return 0 if factor >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
