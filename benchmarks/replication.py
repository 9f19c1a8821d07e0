"""How long one replication of the default scenario takes, at the speed of the machine that the goal speaks of.

Machines differ and are shared, so the time is multiplied by what SimPy does here, in turns with it, over what it does
there: 195,000 station operations a second on a line of 20 stations. Goal: at most 1 core-second.
"""

import sys
import time
from pathlib import Path

import numpy as np

from ironworks import chain
from ironworks.chain import Job
from ironworks.scenario import read_scenario

sys.path.insert(0, str(Path(__file__).parent))
from flow import run_simpy

THERE = 195_000.0
TURNS = 6
HOURS = 150.0


def main() -> None:
    scenario = read_scenario("tianhe")
    chain.warm_up()
    chain.replicate(scenario, [Job(1, 0)], workers=1)
    here, alone, scaled = [], [], []
    for turn in range(TURNS):
        count = run_simpy(20, HOURS * 3600.0, 0.0, turn)
        speed = count.operations / count.seconds
        begun = time.process_time()
        chain.replicate(scenario, [Job(1, turn)], workers=1)
        spent = time.process_time() - begun
        here.append(speed)
        alone.append(spent)
        scaled.append(spent * speed / THERE)
        print(
            f"replication {turn}: {spent:.2f} core-s; SimPy {speed:,.0f} operations/s; "
            f"{scaled[-1]:.2f} core-s at {THERE:,.0f}"
        )
    print(
        f"mean {np.mean(alone):.2f} core-s here, SimPy {np.mean(here):,.0f} operations/s; "
        f"{np.mean(scaled):.2f} +- {1.96 * np.std(scaled, ddof=1) / TURNS**0.5:.2f} at {THERE:,.0f} (goal 1.00)"
    )


if __name__ == "__main__":
    main()
