"""What is judged of a course, on tracks whose answers are known."""

import numpy as np
import pytest
from tests.robot.acceptance.walking.tracks import DESIGN, specimen, track

from ironworks.robot.acceptance.walking import judges
from ironworks.robot.acceptance.walking.course import Leg
from ironworks.robot.acceptance.walking.judges import Judge
from ironworks.robot.control import TICK, Command

AHEAD = (Leg("ahead", 4.0, Command(forward=0.5, walk=True), settle=1.0),)


def true(judge: Judge, *given: object, **more: object) -> list[float]:
    return judge.read(track(*given, **more), specimen())[1].tolist()  # type: ignore[arg-type]


def test_a_speed_error_is_one_at_a_tenth_of_the_command() -> None:
    assert true(judges.SPEED_ERROR, AHEAD, np.array([0.55, 0.0])) == pytest.approx([1.0])
    assert true(judges.SPEED_ERROR, AHEAD, np.array([0.45, 0.3])) == pytest.approx([-1.0])


def test_a_slow_command_may_be_missed_by_three_centimetres_a_second() -> None:
    legs = (Leg("slow", 4.0, Command(left=0.1, walk=True)),)
    assert true(judges.SPEED_ERROR, legs, np.array([0.0, 0.13])) == pytest.approx([1.0])


def test_what_comes_before_the_robot_has_settled_does_not_count() -> None:
    velocity = np.repeat([[0.0, 0.0], [0.5, 0.0]], [round(1.0 / TICK), round(3.0 / TICK)], axis=0)
    assert true(judges.SPEED_ERROR, AHEAD, velocity) == pytest.approx([0.0])


def test_a_fall_leaves_no_number_and_counts_for_each_leg_after_it() -> None:
    legs = (*AHEAD, Leg("more", 2.0, Command(forward=0.5, walk=True)))
    fell = {"lasts": 4.5}
    assert true(judges.FALLS, legs, np.array([0.5, 0.0]), **fell) == [0.0, 1.0]
    first, second = true(judges.SPEED_ERROR, legs, np.array([0.5, 0.0]), **fell)
    assert first == pytest.approx(0.0)
    assert np.isnan(second)
    for judge in (judges.TILT, judges.PEAK_TORQUE, judges.WINDING, judges.STOP_TIME, judges.LATERAL_DRIFT):
        assert np.isnan(true(judge, legs, np.array([0.5, 0.0]), **fell)).all()


def test_a_turn_has_the_sign_of_its_command() -> None:
    legs = (Leg("right", 3.0, Command(turn=-0.8, walk=True)),)
    assert true(judges.TURN_ERROR, legs, np.zeros(2), turning=-0.88) == pytest.approx([1.0])
    assert true(judges.TURN_ERROR, legs, np.zeros(2), turning=0.8)[0] < -10.0


def test_drift_is_told_per_metre_ahead() -> None:
    assert true(judges.LATERAL_DRIFT, AHEAD, np.array([0.5, 0.01])) == pytest.approx([20.0])
    turned = true(judges.HEADING_DRIFT, AHEAD, np.array([0.5, 0.0]), turning=np.radians(0.5))
    assert turned == pytest.approx([1.0])


def test_a_robot_has_stopped_when_it_never_moves_again() -> None:
    legs = (Leg("run_up", 1.0, Command(forward=0.8, walk=True)), Leg("stop", 3.0, Command()))
    ticks = [round(seconds / TICK) for seconds in (1.0, 0.4, 0.2, 0.4, 2.0)]
    velocity = np.repeat([[0.8, 0.0], [0.5, 0.0], [0.0, 0.0], [0.0, 0.3], [0.0, 0.0]], ticks, axis=0)
    assert true(judges.STOP_TIME, legs, velocity) == pytest.approx([1.0])
    (distance,) = true(judges.STOP_DISTANCE, legs, velocity)
    assert distance == pytest.approx(np.hypot(0.2, 0.12), abs=0.004)
    assert np.isnan(true(judges.STOP_TIME, legs, np.array([0.8, 0.0]))[0])


def test_tilt_is_a_root_mean_square_in_degrees() -> None:
    assert true(judges.TILT, AHEAD, np.zeros(2), tilt=0.1) == pytest.approx([np.degrees(0.1)])


def test_torques_are_shares_of_what_each_drive_gives() -> None:
    drives = {joint.name: joint.drive for joint in DESIGN.joints}
    knee = drives["left_knee"]
    assert knee is not None
    assert true(judges.PEAK_TORQUE, AHEAD, np.zeros(2), torque=knee.torque / 2) == pytest.approx([0.5, 0.5])
    cool, hot = (true(judges.WINDING, AHEAD, np.zeros(2), torque=share * knee.torque) for share in (0.1, 0.2))
    # Heat goes with the square of the current.
    assert np.array(hot) == pytest.approx(4.0 * np.array(cool), rel=0.15)
