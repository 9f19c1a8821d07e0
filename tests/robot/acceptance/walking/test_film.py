"""A film shows a unit on its course, and the verdict on its last picture."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.robot.acceptance.walking.test_sample import trial
from tests.robot.control.robots import model, robot

from ironworks.robot.acceptance.walking.film import Film
from ironworks.robot.control import TICK, Command, Estimator, Walking
from ironworks.robot.render import CannotRender


def filmed() -> Film:
    film, one, control = Film("unit 1", 200, 160), robot(), Walking(Estimator())
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
    # The word stands in the lower right corner, on white.
    corner = (slice(100, 155), slice(-60, -8))
    assert (last[corner] == 255).all(axis=2).mean() > 0.3 > (before[corner] == 255).all(axis=2).mean()
    path = tmp_path / "one.partial"
    film.write(path, kind)
    with Image.open(path) as found:
        assert found.size == (200, 160)
        assert getattr(found, "n_frames", 1) >= 2
    assert np.ptp(last) > 100


def test_nothing_filmed_is_nothing_to_judge_or_write(tmp_path: Path) -> None:
    film = Film("nobody")
    with pytest.raises(ValueError, match="nothing was filmed"):
        film.judged(trial(1, fell=False))
    with pytest.raises(ValueError, match="nothing was filmed"):
        film.write(tmp_path / "none", ".gif")
    with pytest.raises(ValueError, match=r"ends in \.webp or \.gif, not \.mp4"):
        film.write(tmp_path / "none", ".mp4")
