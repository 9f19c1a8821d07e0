"""The filter at rest on a tilted floor of gravity alone: attitude from the pull, speed from the soles."""

import numpy as np
from tests.robot.control.robots import model, robot

from ironworks.robot.control.estimator import Estimator


def test_it_finds_the_attitude_in_which_it_stands() -> None:
    one, filter_ = robot(seed=4), Estimator()
    filter_.reset(model())
    observation = one.begin()
    position, velocity = filter_.update(observation)
    up = one.data.body("pelvis").xmat.reshape(3, 3)[2]
    w, x, y, z = position[3:7]
    believed = np.array([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)])
    assert np.abs(believed - up).max() < 0.01
    assert abs(position[2] - one.data.qpos[2]) < 0.01
    assert np.abs(velocity[:3]).max() < 0.05
