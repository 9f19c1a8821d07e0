"""What the rig costs over MuJoCo alone: a unit driven by what its encoders read, beside plain `mj_step`.

Both take the same model through the same controls, which the rig recorded, in turns in one run; that both end in the
very same state is checked. Goal: at most 30 % over plain stepping.
"""

import argparse
import sys
import time

import mujoco
import numpy as np

from ironworks.product.design import bill_of, read_design
from ironworks.robot.asbuilt import Places, population_of
from ironworks.robot.rig import Rig
from ironworks.scenario import read_scenario

GOAL = 0.30


def rig_of(fingers: bool) -> Rig:
    """A unit of the reference humanoid at the gantry, its fingers moving or held."""
    design = read_design("humanoid")
    masses = design.weigh(bill_of(design).masses)
    population = population_of(read_scenario("tianhe"), Places.of(design), seed=1)
    hands = [joint.name for joint in design.joints if joint.drive is None or joint.drive.family == "micro_harmonic"]
    return Rig(design, masses, population.unit(0), np.random.default_rng(0), frozen=() if fingers else hands)


def course(rig: Rig, seconds: float) -> np.ndarray:
    """Targets (T, J) [rad]: every joint on its own slow sine."""
    time_ = np.arange(round(seconds / rig.tick)) * rig.tick
    rates = np.linspace(0.2, 0.6, len(rig.joints))
    return 0.15 * np.sin(2.0 * np.pi * np.outer(time_, rates))


def turns(rig: Rig, targets: np.ndarray, repeats: int) -> tuple[np.ndarray, np.ndarray]:
    """CPU seconds (R,) of the rig and of plain stepping, turn by turn."""
    at_rest = np.zeros(len(rig.joints))
    own, plain = [], []
    for _ in range(repeats):
        rig.rest(at_rest)
        begun = time.process_time()
        record = rig.follow(targets)
        own.append(time.process_time() - begun)
        end = rig.data.qpos.copy()
        controls = targets - rig.misread(np.vstack([at_rest, record.true_angle[:-1]]))
        rig.rest(at_rest)
        model, data, steps = rig.model, rig.data, rig.steps
        begun = time.process_time()
        for control in controls:
            data.ctrl[:] = control
            mujoco.mj_step(model, data, steps)
        plain.append(time.process_time() - begun)
        if not np.allclose(data.qpos, end, rtol=0.0, atol=1e-9):
            raise RuntimeError("the two did not run the same physics")
    return np.array(own), np.array(plain)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0, help="simulated in each turn")
    parser.add_argument("--repeats", type=int, default=11, help="turns")
    arguments = parser.parse_args()
    missed = False
    for fingers in (False, True):
        rig = rig_of(fingers)
        targets = course(rig, arguments.seconds)
        own, plain = turns(rig, targets, arguments.repeats)
        # Turn by turn: a machine's speed changes between turns, less within one.
        over = float(np.median(own / plain)) - 1.0
        missed |= over > GOAL
        steps = len(targets) * rig.steps
        print(
            f"{len(rig.joints)} joints{'' if fingers else ', fingers held'}: {arguments.seconds:g} s simulated, rig "
            f"{np.median(own) / steps * 1e6:.1f} us a step, mj_step alone {np.median(plain) / steps * 1e6:.1f} us: "
            f"{over:+.1%} "
            f"(goal at most {GOAL:.0%})"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
