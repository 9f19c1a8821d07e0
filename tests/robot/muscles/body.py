"""The humanoid with muscles, and random postures of what they move."""

from functools import cache

import mujoco
import numpy as np
from tests.robot.test_body import weighed

from ironworks.product.design import Design, Muscle, muscles_of
from ironworks.robot.body import body_spec
from ironworks.robot.muscles import Musculature, add_muscles


@cache
def muscled() -> tuple[Design, tuple[Muscle, ...], mujoco.MjModel]:
    """Design, muscles and model; the model is not to be changed."""
    design, weights = weighed("humanoid")
    muscles = muscles_of(design)
    spec = body_spec(design, weights)
    add_muscles(spec, design, muscles)
    return design, muscles, spec.compile()


def random_posture(
    model: mujoco.MjModel, acting: Musculature, rng: np.random.Generator, speed: float = 0.0
) -> mujoco.MjData:
    """Every joint with muscles anywhere in its range, a third of them at an end of it."""
    data = mujoco.MjData(model)
    for name in acting.joints:
        joint = model.joint(name)
        share = rng.choice([0.0, 1.0]) if rng.random() < 1 / 3 else rng.random()
        data.qpos[joint.qposadr[0]] = joint.range[0] + share * (joint.range[1] - joint.range[0])
    data.qvel[6:] = rng.normal(0.0, speed, model.nv - 6) if speed else 0.0
    mujoco.mj_forward(model, data)
    return data


def dofs(model: mujoco.MjModel, acting: Musculature) -> list[int]:
    """Where the joints of the muscles are among the velocities."""
    return [int(model.joint(name).dofadr[0]) for name in acting.joints]
