"""The correction of the mean speed: what stays is taken off, what is only late is not."""

import numpy as np
import pytest

from ironworks.robot.control.speed_loop import SpeedLoop

STEP = 0.45


def walked(steps: int, wanted: list[float], gain: float = 1.0, off: float = 0.0) -> tuple[SpeedLoop, list[float]]:
    """A robot each of whose steps takes up 60 % of what is new; speeds ahead, one for each step."""
    loop, place, speed = SpeedLoop(), np.zeros(2), 0.0
    asked, went = [0.0], []
    for k in range(steps):
        speed += 0.6 * (gain * asked[-1] + off - speed)
        went.append(speed)
        place = place + [STEP * speed, 0.0]
        command = np.array([wanted[k], 0.0])
        loop.step_ended(STEP * k, place, np.eye(2), command)
        asked.append(float(command[0] + loop.trim[0]))
    return loop, went


@pytest.mark.parametrize(("gain", "off"), [(1.0, 0.06), (0.8, 0.0), (1.2, -0.05)])
def test_what_stays_is_taken_off(gain: float, off: float) -> None:
    _, went = walked(40, [0.6] * 40, gain, off)
    assert went[-1] == pytest.approx(0.6, abs=0.005)


def test_a_new_command_is_followed_without_swinging() -> None:
    loop, went = walked(40, [0.3] * 20 + [-0.3] * 20)
    assert max(went[20:]) <= 0.301
    assert min(went[20:]) >= -0.32
    assert abs(loop.trim[0]) < 0.02


def test_after_a_pause_nothing_is_learnt_from_the_steps_before() -> None:
    loop = SpeedLoop()
    for k in range(3):
        loop.step_ended(STEP * k, np.array([0.3 * k, 0.0]), np.eye(2), np.array([0.6, 0.0]))
    learnt = loop.trim.copy()
    loop.pause()
    for k in range(3):
        loop.step_ended(10.0 + STEP * k, np.zeros(2), np.eye(2), np.array([0.6, 0.0]))
    assert loop.trim == pytest.approx(learnt)
