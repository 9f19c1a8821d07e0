"""What muscles cost a controller at 250 Hz."""

import time
from collections.abc import Callable

import mujoco
import numpy as np
import pytest
from tests.robot.muscles.body import muscled

from ironworks.robot.body import stand_on_floor
from ironworks.robot.muscles import Musculature, activations, torque_box


@pytest.mark.bench
def test_a_tick_takes_less_than_half_of_its_period() -> None:
    design, muscles, model = muscled()
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    acting = Musculature(model, muscles)
    now, torque, stiffness = acting.at(data, stiffness=True), np.full(8, 10.0), np.full(8, 30.0)

    def cost(call: Callable[[], object]) -> float:
        times = []
        for _ in range(5):
            start = time.process_time()
            for _ in range(100):
                call()
            times.append((time.process_time() - start) / 100)
        return min(times)

    costs = {
        "posture": cost(lambda: acting.at(data)),
        "posture with stiffness": cost(lambda: acting.at(data, stiffness=True)),
        "activations": cost(lambda: activations(now, torque)),
        "activations with stiffness": cost(lambda: activations(now, torque, stiffness=stiffness)),
        "box": cost(lambda: torque_box(now)),
    }
    said = {name: f"{1e6 * seconds:.0f} us" for name, seconds in costs.items()}
    tick = costs["posture with stiffness"] + costs["activations with stiffness"] + costs["box"]
    assert tick < 0.002, said
    print(said)  # noqa: T201
