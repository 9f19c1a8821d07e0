"""When steps begin and end."""

import numpy as np
import pytest

from ironworks.robot.control.control_model import PointMotion
from ironworks.robot.control.stopping import brake, can_stop, escapes

REACH, AXES = np.array([0.09, 0.035]), np.eye(2)


def foot(x: float, y: float) -> PointMotion:
    return PointMotion(np.array([x, y, 0.0]), np.eye(3), np.zeros(6), np.zeros((6, 0)), np.zeros(6))


BESIDE = [foot(0.0, 0.1), foot(0.0, -0.1)]


@pytest.mark.parametrize(
    ("motion", "stance"), [((0.0, 0.0), None), ((0.12, 0.01), 1), ((0.0, 0.15), 1), ((0.0, -0.15), 0)]
)
def test_a_step_catches_what_leaves_the_soles(motion: tuple[float, float], stance: int | None) -> None:
    assert escapes(BESIDE, np.array(motion), AXES, REACH) == stance


def test_brakes_stay_within_the_sole() -> None:
    assert brake(np.array([0.5, 0.0]), 0.2, REACH, 3.3)[0] == pytest.approx(0.063)
    assert brake(np.array([-0.01, 0.0]), 0.2, REACH, 3.3)[0] == pytest.approx(-0.0207, abs=1e-4)


def test_feet_one_before_the_other_are_no_stop_unless_they_were_told_to() -> None:
    astride = [foot(0.2, 0.1), foot(0.0, -0.1)]
    motion = np.array([0.1, 0.0])
    assert can_stop(BESIDE, np.zeros(2), AXES, REACH, apart=False)
    assert not can_stop(astride, motion, AXES, REACH, apart=False)
    assert can_stop(astride, motion, AXES, REACH, apart=True)
    assert not can_stop(astride, motion + [0.1, 0.0], AXES, REACH, apart=True)
