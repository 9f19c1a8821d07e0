"""A film shows a unit on its course, and the verdict on its last picture."""

from pathlib import Path

import mujoco
import numpy as np
import pytest
from PIL import Image, ImageDraw
from tests.robot.acceptance.walking.test_sample import trial
from tests.robot.control.robots import DESIGN, FINGERS, MASSES, PLACES, model, robot

from ironworks.robot.acceptance.walking.film import Film
from ironworks.robot.acceptance.walking.ground import Ground, stairs
from ironworks.robot.asbuilt import Unit
from ironworks.robot.control import TICK, Command, Estimator, SimulatedRobot, Walking
from ironworks.robot.render import CannotRender

#: Width of the panel [pixels].
PANEL = 210


def filmed() -> Film:
    film, one, control = Film("unit 1", 200, 160, every=0.16), robot(), Walking(Estimator())
    control.reset(model())
    observation = one.begin(0.2)
    try:
        for _ in range(round(0.5 / TICK)):
            observation = one.step(control.step(observation, Command()))
            film(one, "stand", "stand", False)
    except CannotRender as reason:
        pytest.skip(str(reason))
    film.close()
    return film


@pytest.mark.parametrize("kind", [".webp", ".gif"])
def test_a_course_becomes_a_moving_picture_that_ends_with_the_verdict(kind: str, tmp_path: Path) -> None:
    film = filmed()
    assert len(film) == 4
    before = film.frame(3)
    film.judged(trial(1, fell=False))
    last = film.frame(4)
    # The word stands in the lower right corner of the picture, on white.
    corner = (slice(100, 155), slice(140, 192))
    assert (last[corner] == 255).all(axis=2).mean() > 0.3 > (before[corner] == 255).all(axis=2).mean()
    path = tmp_path / "one.partial"
    film.write(path, kind)
    with Image.open(path) as found:
        assert found.size == (200 + PANEL, 160)
        assert getattr(found, "n_frames", 1) >= 2
    assert np.ptp(last) > 100
    # The verdict is on the panel too, where nothing was before.
    below = (slice(78, 100), slice(200, None))
    assert np.ptp(before[below], axis=(0, 1)).max() == 0 < np.ptp(last[below], axis=(0, 1)).max()


def test_camera_and_lamps_go_where_the_robot_goes_up_and_away() -> None:
    film, one = Film("unit 1", 200, 160), robot()
    mujoco.mj_forward(one.model, one.data)
    try:
        film(one, "stairs", "climb", True)
    except CannotRender as reason:
        pytest.skip(str(reason))
    one.data.qpos[:3] += [9.0, -4.0, 1.5]
    mujoco.mj_forward(one.model, one.data)
    for _ in range(30):
        film(one, "stairs", "climb", True)
    film.close()
    # The robot itself looks as before, floor and shadow do not.
    robots = (slice(20, 110), slice(90, 112))
    here, there = (film.frame(number)[robots].astype(float) for number in (0, 30))
    assert np.abs(here - there).mean() < 10.0 < np.abs(here - film.frame(1)[robots]).mean()


def test_lines_on_the_floor_pass_by_and_stand_still_in_the_world() -> None:
    film, one = Film("unit 1", 200, 160), robot()
    try:
        for ahead in (0.0, 0.5, 0.5):
            one.data.qpos[0] += ahead
            mujoco.mj_forward(one.model, one.data)
            film(one, "straight", "straight", True)
    except CannotRender as reason:
        pytest.skip(str(reason))
    film.close()
    floor = (slice(85, 160), slice(0, 70))
    start, half, whole = (film.frame(number)[floor].astype(float) for number in range(3))
    # After half a metre lines are elsewhere, after a whole one where they were.
    assert np.abs(start - half).max() > 25.0
    assert np.abs(start - whole).max() < np.abs(start - half).max() / 2


def test_nothing_filmed_is_nothing_to_judge_or_write(tmp_path: Path) -> None:
    film = Film("nobody")
    with pytest.raises(ValueError, match="nothing was filmed"):
        film.judged(trial(1, fell=False))
    with pytest.raises(ValueError, match="nothing was filmed"):
        film.write(tmp_path / "none", ".gif")
    with pytest.raises(ValueError, match=r"ends in \.webp or \.gif, not \.mp4"):
        film.write(tmp_path / "none", ".mp4")


def test_a_title_that_is_too_long_ends_on_the_panel() -> None:
    film = Film("a robot whose name is far longer than what a panel of two hundred pixels can hold")
    draw = ImageDraw.Draw(Image.new("RGB", (10, 10)))
    fitted = film._fitted(draw, film._title)
    assert fitted.endswith(" ...")
    assert draw.textlength(fitted, film._small) <= 190
    assert film._fitted(draw, "short") == "short"


def shown(ground: Ground) -> np.ndarray:
    """The last picture of a robot on the second of three steps, without the panel."""
    unit, rng = Unit.nominal(PLACES), np.random.default_rng(1)
    one = SimulatedRobot(DESIGN, MASSES, unit, rng, frozen=FINGERS, scene=ground.scene)
    one.data.qpos[:3] += [1.45, 0.0, 0.3]
    mujoco.mj_forward(one.model, one.data)
    film = Film("unit 1", 220, 180)
    try:
        film(one, "stairs", "climb", False)
    except CannotRender as reason:
        pytest.skip(str(reason))
    film.close()
    return film.frame(0)[:, :220].astype(float)


def test_on_stairs_the_risers_are_seen_and_no_dots_of_shadow() -> None:
    grey = shown(stairs(0.15, 0.3, 3)).mean(axis=2)[:, :95]
    # Left of the robot, rows go over treads in the light and risers in the dark.
    column = grey[100:, 80]
    assert column.max() - column.min() > 80.0
    # A dot is darker than all of its neighbours.
    around = np.stack([np.roll(grey, shift, axis) for axis in (0, 1) for shift in (-1, 1)])
    assert (grey < around.min(axis=0) - 15.0)[1:-1, 1:-1].sum() < 8
