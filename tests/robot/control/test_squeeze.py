"""Palms feel a thing by being stopped, press it as hard as told, and the feet tell what is carried."""

import numpy as np
import pytest

from ironworks.robot.control.control_model import GRAVITY
from ironworks.robot.control.interface import TICK, HandGoal, Hands
from ironworks.robot.control.squeeze import CLOSING, Squeeze

WIDTH = 0.4


def closed(seconds: float, squeeze: Squeeze, thing: bool = True, wanted: float = 60.0) -> float:
    """The gap at last of palms that close from 5 cm beside a thing, which stops them where there is one."""
    gap = squeeze.gap or WIDTH + 0.1
    for _ in range(round(seconds / TICK)):
        squeeze.press(wanted, gap, squeeze.closing)
        gap = max(gap - squeeze.closing * TICK, WIDTH) if thing else gap - squeeze.closing * TICK
    return gap


def test_nothing_is_pressed_while_palms_still_move() -> None:
    squeeze = Squeeze(70.0)
    assert closed(2.0, squeeze, thing=False) == pytest.approx(WIDTH + 0.1 - 2.0 * CLOSING)
    assert not squeeze.feels
    assert squeeze.force == 0.0


def test_what_stops_them_is_pressed_with_the_wanted_force_and_no_more() -> None:
    squeeze = Squeeze(70.0)
    closed(1.4, squeeze)
    assert squeeze.feels
    assert 0.0 < squeeze.force < 60.0
    assert not squeeze.is_firm(60.0)
    closed(1.5, squeeze)
    assert squeeze.force == pytest.approx(60.0)
    assert squeeze.is_firm(60.0)


def test_palms_that_run_together_have_lost_it() -> None:
    squeeze = Squeeze(70.0)
    closed(2.5, squeeze)
    assert squeeze.feels
    squeeze.press(60.0, WIDTH - 0.01, 1.0)
    assert not squeeze.feels
    assert squeeze.force == 0.0


def test_letting_go_takes_the_force_off_slowly_and_then_forgets() -> None:
    squeeze = Squeeze(70.0)
    closed(2.5, squeeze)
    closed(0.1, squeeze, wanted=0.0)
    assert 0.0 < squeeze.force < 60.0
    closed(1.0, squeeze, wanted=0.0)
    assert (squeeze.force, squeeze.feels, squeeze.gap) == (0.0, False, None)


def test_the_feet_weigh_the_robot_first_and_then_what_it_carries() -> None:
    squeeze = Squeeze(70.0)
    for _ in range(round(2.0 / TICK)):
        squeeze.weigh(71.0 * GRAVITY, 0.0)
    assert squeeze.own == pytest.approx(71.0, abs=0.01)
    closed(2.5, squeeze)
    for tick in range(round(2.0 / TICK)):
        # It speeds up upwards meanwhile, which is no weight.
        squeeze.weigh(76.0 * (GRAVITY + 0.5), 0.5 * tick * TICK)
    assert squeeze.load == pytest.approx(5.0, abs=0.05)


def test_one_hand_presses_nothing() -> None:
    with pytest.raises(ValueError, match="both hands"):
        Hands(left=HandGoal((0.3, 0.2, 0.9)), squeeze=20.0)
    with pytest.raises(ValueError, match="0 N or more"):
        Hands(squeeze=-np.inf)
