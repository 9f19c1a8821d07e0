"""A fall is told before it is one, is met with the forearms or the back, and is not told of a robot that stays up."""

import math
from dataclasses import dataclass, field

import mujoco
import numpy as np
import pytest
from tests.robot.control.robots import model, robot

from ironworks.robot.control.estimator import Estimator
from ironworks.robot.control.fall import Fall, FallGuard, FallState
from ironworks.robot.control.interface import TICK, Command
from ironworks.robot.control.walking import Walking

#: What must not meet the floor, by parts of the names of links.
FRAGILE = {"hands": ("hand",), "knees": ("shank",), "face": ("head",)}


@dataclass
class Course:
    """What happened: the state at the end, the fall, when the floor was first met, and by whom with what force [N]."""

    state: FallState = FallState.UPRIGHT
    fall: Fall | None = None
    lands: float = math.inf
    force: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FRAGILE, 0.0))


def pushed(push: tuple[float, float], seconds: float, guarded: bool = True, speed: float = 0.0) -> Course:
    """A robot that stands or walks, pushed after 1 s by so much speed [m/s] within 0.1 s."""
    one, guard = robot(), FallGuard(Walking(Estimator()))
    guard.reset(model())
    observation, course = one.begin(), Course()
    begun = one.time
    for _ in range(round(seconds / TICK)):
        now = one.time - begun
        command = Command(forward=speed, walk=speed != 0.0)
        asked = guard.step(observation, command) if guarded else guard.inner.step(observation, command)
        force = np.array(push) * model().mass / 0.1 if 1.0 <= now < 1.1 else np.zeros(2)
        one.data.body("pelvis").xfrc_applied[:2] = force
        observation = one.step(asked)
        for i in range(one.data.ncon):
            bodies = one.model.geom_bodyid[one.data.contact[i].geom]
            name = one.model.body(max(bodies)).name
            if min(bodies) == 0 and not any(part in name for part in ("foot", "toe", "ankle")):
                course.lands = min(course.lands, one.time)
                pressed = np.zeros(6)
                mujoco.mj_contactForce(one.model, one.data, i, pressed)
                for what, parts in FRAGILE.items():
                    if any(part in name for part in parts):
                        course.force[what] = max(course.force[what], float(pressed[0]))
    course.state, course.fall = guard.state, guard.fall
    return course


def test_a_fall_ahead_is_told_early_and_met_with_the_forearms() -> None:
    guarded, plain = pushed((2.0, 0.0), 5.0), pushed((2.0, 0.0), 5.0, guarded=False)
    assert guarded.fall is not None
    assert abs(guarded.fall.direction) < 0.8
    assert guarded.lands - guarded.fall.time > 0.25
    assert guarded.force["face"] < 0.5 * plain.force["face"]
    assert guarded.force["hands"] < plain.force["hands"]
    assert guarded.state is not FallState.UPRIGHT


def test_a_fall_backwards_spares_hands_and_knees() -> None:
    guarded, plain = pushed((-3.0, 0.0), 3.5), pushed((-3.0, 0.0), 3.5, guarded=False)
    assert guarded.fall is not None
    assert abs(guarded.fall.direction) > 2.6
    assert guarded.lands - guarded.fall.time > 0.25
    assert guarded.force["hands"] < 0.5 * plain.force["hands"]
    assert guarded.force["knees"] < 500.0


@pytest.mark.parametrize("push", [(0.4, 0.0), (0.0, 0.25)])
def test_a_push_that_steps_can_catch_is_no_fall(push: tuple[float, float]) -> None:
    caught = pushed(push, 3.0, speed=0.4)
    assert caught.fall is None
    assert caught.state is FallState.UPRIGHT


def test_a_controller_that_gives_up_is_relieved() -> None:
    guard, one = FallGuard(Walking(Estimator())), robot()
    guard.reset(model())
    observation = one.begin()
    for _ in range(5):
        observation = one.step(guard.step(observation, Command()))
    guard.inner.failed = True
    for _ in range(5):
        observation = one.step(guard.step(observation, Command()))
    assert guard.fall is not None
    assert "torques" in guard.fall.cause
