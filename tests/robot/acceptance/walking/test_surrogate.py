"""A body's part bears what the two-body model says: the greatest force of an impact in closed form."""

import math
from types import SimpleNamespace
from typing import Any

import mujoco
import numpy as np
import pytest

from ironworks.robot.acceptance.walking.surrogate import Surrogate, body_regions
from ironworks.robot.control import TICK


def impact(surrogate: Surrogate, mass: float, speed: float) -> np.ndarray:
    """Forces of a ball of a mass that runs straight into it, at each step of the physics."""
    spec = mujoco.MjSpec()
    spec.option.timestep, spec.option.gravity = 0.002, [0.0, 0.0, 0.0]
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    ball = spec.worldbody.add_body(pos=[surrogate.place[0] - 0.101, *surrogate.place[1:]])
    ball.add_joint(name="ball", type=mujoco.mjtJoint.mjJNT_SLIDE, axis=[1.0, 0.0, 0.0])
    ball.add_geom(type=mujoco.mjtGeom.mjGEOM_SPHERE, size=[0.1, 0.0, 0.0], mass=mass, contype=0, conaffinity=1)
    surrogate.scene(spec)
    model = spec.compile()
    data = mujoco.MjData(model)
    data.joint("ball").qvel[:] = speed
    robot: Any = SimpleNamespace(model=model, data=data, steps=round(TICK / model.opt.timestep))
    found = []
    for _ in range(75):
        for _ in range(robot.steps):
            mujoco.mj_step(model, data)
        found.append(surrogate.forces(robot))
    return np.concatenate(found)


@pytest.mark.parametrize(("region", "clamped", "within"), [
    ("chest", False, 0.05), ("chest", True, 0.02), ("hand", False, 0.12), ("hand", True, 0.03), ("thigh", True, 0.05),
    ("thigh", False, 0.05), ("lower_leg", True, 0.05), ("abdomen", True, 0.03), ("upper_arm", True, 0.05),
])  # fmt: skip
def test_the_greatest_force_is_speed_times_root_of_stiffness_and_reduced_mass(
    region: str, clamped: bool, within: float
) -> None:
    body, mass, speed = body_regions()[region], 20.0, 0.3
    reduced = mass if clamped else mass * body.mass / (mass + body.mass)
    found = impact(Surrogate(body, (0.5, 0.0, 1.0), clamped=clamped), mass, speed)
    assert found.max() == pytest.approx(speed * math.sqrt(body.stiffness * reduced), rel=within)


def test_a_clamped_body_bears_no_less_than_a_free_one() -> None:
    for body in body_regions().values():
        free, clamped = (
            impact(Surrogate(body, (0.5, 0.0, 1.0), clamped=held), 10.0, 0.2).max() for held in (False, True)
        )
        assert free < 1.01 * clamped, body.name


def test_a_short_contact_may_press_twice_as_much_as_a_long_one() -> None:
    for body in body_regions().values():
        assert body.transient == 2.0 * body.quasi_static
