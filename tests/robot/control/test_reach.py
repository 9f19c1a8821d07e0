"""Reaching: what is within reach is met and within limits, what is not is told."""

import mujoco
import numpy as np
import pytest
from tests.robot.control.robots import model

from ironworks.robot.control.reach import Target, arm_joints, reach


def _standing() -> np.ndarray:
    return np.array([0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, *model().stand])


def _pose(angles: np.ndarray, link: str) -> tuple[np.ndarray, np.ndarray]:
    data = mujoco.MjData(model().model)
    data.qpos[:7], data.qpos[7:] = _standing()[:7], angles
    mujoco.mj_kinematics(model().model, data)
    body = data.body(link)
    return body.xpos.copy(), body.xmat.reshape(3, 3).copy()


def test_poses_that_joints_can_make_are_met() -> None:
    rng = np.random.default_rng(5)
    joints = arm_joints(model(), ("right",))
    rows = [model().joints.index(name) for name in joints]
    met = 0
    for _ in range(20):
        angles = model().stand.copy()
        # The middle half of each range: no start from the stand is caught behind a stop.
        angles[rows] = model().low[rows] + rng.uniform(0.25, 0.75, len(rows)) * (model().high - model().low)[rows]
        place, turn = _pose(angles, "right_hand")
        found = reach(model(), _standing(), [Target("right_hand", place, turn)], joints)
        assert (found.angle >= model().low - 1e-9).all()
        assert (found.angle <= model().high + 1e-9).all()
        there, _ = _pose(found.angle, "right_hand")
        # What it tells is so.
        assert np.isclose(found.miss[0], np.linalg.norm(there - place), atol=1e-9)
        met += found.is_within()
    assert met >= 18


def test_what_is_out_of_reach_is_told() -> None:
    joints = arm_joints(model(), ("right",))
    place, turn = _pose(model().stand, "right_hand")
    found = reach(model(), _standing(), [Target("right_hand", place + [0.0, 0.0, -1.0], turn)], joints)
    assert not found.is_within()
    assert found.miss[0] > 0.3
    others = [i for i, name in enumerate(model().joints) if name not in joints]
    assert np.array_equal(found.angle[others], model().stand[others])


def test_two_hands_reach_farther_with_the_spine() -> None:
    both = [
        Target(f"{side}_hand", np.array([0.62, 0.1 * sign, 1.05])) for side, sign in (("left", 1.0), ("right", -1.0))
    ]
    without = reach(model(), _standing(), both, arm_joints(model()))
    with_spine = reach(model(), _standing(), both, arm_joints(model(), spine=True))
    assert with_spine.miss.max() < 0.7 * without.miss.max()


def test_unknown_names_are_told() -> None:
    with pytest.raises(ValueError, match="no joint tail"):
        reach(model(), _standing(), [], ["tail"])
    with pytest.raises(ValueError, match="no link `paw`"):
        reach(model(), _standing(), [Target("paw", np.zeros(3))], arm_joints(model()))
