"""A robot that is touched steps away, and stays away until somebody releases it."""

import numpy as np
import pytest
from tests.robot.control.robots import model, robot

from ironworks.robot.control import TICK, Command, ContactGuard, Estimator, FallGuard, Walking


class Course:
    """A guarded robot that walks, pushed at a link from 2.0 s to 2.2 s."""

    def __init__(self, force: tuple[float, float, float], link: str = "chest") -> None:
        self.robot, self.guard = robot(), ContactGuard(FallGuard(Walking(Estimator())))
        self.guard.reset(model())
        self._seen = self.robot.begin()
        self._force, self._link = force, link
        self.tick = 0

    def go(self, seconds: float, walk: bool = True) -> float:
        """Go on for so long; how far ahead it got [m]."""
        begun = float(self.robot.data.qpos[0])
        for _ in range(round(seconds / TICK)):
            now = self.tick * TICK
            pushed = self._force if 2.0 <= now < 2.2 else (0.0, 0.0, 0.0)
            asked = self.guard.step(self._seen, Command(0.3 * min(1.0, now) * walk, walk=walk))
            self.asked = asked
            self.robot.data.body(self._link).xfrc_applied[:3] = pushed
            self._seen = self.robot.step(asked)
            self.tick += 1
        return float(self.robot.data.qpos[0]) - begun


def test_a_robot_that_is_touched_steps_back_and_waits_for_its_release() -> None:
    course = Course((-150.0, 0.0, 0.0))
    course.go(2.0)
    assert not course.guard.contacts
    course.go(0.1)
    contact = course.guard.touched
    assert contact is not None
    assert contact.force[0] < -50.0
    assert contact.time == pytest.approx(course.robot.time - 0.06, abs=0.05)
    assert course.go(3.0) < -0.1
    assert abs(course.go(1.0)) < 0.05
    assert course.guard.fall is None
    course.guard.release()
    assert course.go(2.0) > 0.2
    assert len(course.guard.contacts) == 1


def test_arms_go_soft_upon_a_contact() -> None:
    course = Course((-150.0, 0.0, 0.0))
    course.go(2.1)
    arms = np.array(["shoulder" in name or "elbow" in name for name in model().joints])
    bias = model().bias[6:] / model().constant
    assert (course.asked.kp[arms] == 0.0).all()
    assert course.asked.torque[arms] == pytest.approx(bias[arms])


def test_nobody_is_felt_where_nobody_is() -> None:
    course = Course((0.0, 0.0, 0.0))
    course.go(4.0)
    assert course.guard.contacts == []
