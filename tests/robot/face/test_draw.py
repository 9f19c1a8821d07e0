"""The picture on the display: eyes where the gaze puts them, lids, speech, one look for each state."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from ironworks.product.design import Face
from ironworks.robot.face import Expression, Gaze, State, blink_times, draw_face, openness, pupils
from ironworks.robot.face.expression import LOOKS

ROWS = 400


def pixel(face: Face, place: NDArray[np.float64]) -> tuple[int, int]:
    """Row and column of a place (s, t) in a picture of ROWS rows."""
    pitch = face.height / ROWS
    return int((face.height / 2.0 - place[1]) / pitch), int((face.width / 2.0 + place[0]) / pitch)


@pytest.mark.parametrize("gaze", [Gaze(), Gaze(0.5, 0.0), Gaze(-0.3, 0.2, 0.4)])
def test_each_pupil_is_dark_inside_a_bright_iris_where_the_gaze_crosses_the_display(face: Face, gaze: Gaze) -> None:
    image = draw_face(face, Expression(gaze=gaze), ROWS).astype(int)
    for place in pupils(face, gaze):
        assert image[pixel(face, place)].sum() < 60
        for side in (-1.0, 1.0):
            rim = image[pixel(face, place + [side * 0.95 * face.eye_radius, 0.0])]
            assert rim[2] > 180


def test_a_converging_gaze_goes_through_the_target_from_both_eyes(face: Face) -> None:
    gaze = Gaze(0.2, -0.1, 0.5)
    target = face.eyes.mean(axis=0) + 0.5 * gaze.direction
    for eye, place in zip(face.eyes, pupils(face, gaze), strict=True):
        on_surface = face.place(*place)
        off_line = np.cross(on_surface - eye, target - eye) / np.linalg.norm(target - eye)
        assert np.linalg.norm(off_line) < 1e-5


def test_every_state_looks_unlike_the_others(face: Face) -> None:
    pictures = {state: draw_face(face, Expression(state, level=0.5), 200).astype(float) for state in State}
    assert not pictures[State.OFF].any()
    assert set(LOOKS) | {State.OFF} == set(State)
    for one in State:
        for other in State:
            if one < other:
                assert np.abs(pictures[one] - pictures[other]).mean() > 0.3, (one, other)


def test_a_blink_takes_the_light_of_the_eyes_away(face: Face) -> None:
    light = [int(draw_face(face, Expression(open=o), 200).astype(int).sum()) for o in (1.0, 0.6, 0.3, 0.0)]
    assert light == sorted(light, reverse=True)
    assert light[-1] < 0.35 * light[0]


def test_louder_speech_is_more_light_below_the_eyes(face: Face) -> None:
    below = [draw_face(face, Expression(State.SPEAKING, level=x), 200)[140:].astype(int).sum() for x in (0.0, 0.3, 1.0)]
    assert 1.3 * below[0] < below[1] < below[2] / 1.3


def test_a_full_battery_is_drawn_fuller(face: Face) -> None:
    empty, full = (draw_face(face, Expression(State.CHARGING, charge=x), 200).astype(int).sum() for x in (0.1, 0.9))
    assert full > 1.02 * empty


def test_levels_outside_their_range_are_refused() -> None:
    with pytest.raises(ValueError, match=r"level is 1\.2"):
        Expression(level=1.2)


def test_blinks_come_as_often_as_peoples_do_and_the_lids_move_without_a_jump() -> None:
    blinks = blink_times(3600.0, np.random.default_rng(3))
    # 17 a minute over an hour; the spread of the count is below that of a Poisson process.
    assert len(blinks) == pytest.approx(17 * 60, abs=3 * math.sqrt(17 * 60))
    assert np.diff(blinks).min() > 0.5
    start = float(blinks[0])
    times = np.arange(start - 0.05, start + 0.4, 0.001)
    lids = np.array([openness(float(time), blinks) for time in times])
    assert lids.min() < 0.01
    assert lids[0] == lids[-1] == 1.0
    assert np.abs(np.diff(lids)).max() < 0.03
