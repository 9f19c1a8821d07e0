"""Every corner of the box can be made, and no larger box has that."""

import itertools

import mujoco
import numpy as np
import pytest
from scipy.optimize import minimize
from tests.robot.muscles.body import muscled, random_posture
from tests.robot.muscles.hinge import compiled, hinge
from tests.robot.muscles.test_activation import random_map

from ironworks.robot.muscles import MuscleMap, Musculature, TorqueBox, activations, torque_box


def corners(box: TorqueBox) -> list[np.ndarray]:
    return [np.array(corner) for corner in itertools.product(*zip(box.low, box.high, strict=True))]


def out_of_reach(now: MuscleMap, torques: list[np.ndarray]) -> int:
    return sum(bool(activations(now, torque).unreached) for torque in torques)


def test_the_box_of_a_pair_is_what_each_muscle_does_alone() -> None:
    model, data, acting = compiled(*hinge())
    data.qpos[0] = 0.2
    mujoco.mj_forward(model, data)
    now = acting.at(data)
    box = torque_box(now)
    np.testing.assert_allclose([box.low, box.high], [[now.gain[0, 1]], [now.gain[0, 0]]], rtol=1e-12)
    assert box.holds(np.zeros(1))
    assert not box.holds(1.01 * box.high)


def test_every_corner_can_be_made_in_every_posture_of_the_robot() -> None:
    _, muscles, model = muscled()
    acting, rng = Musculature(model, muscles), np.random.default_rng(2)
    for _ in range(5):
        now = acting.at(random_posture(model, acting, rng, speed=0.5))
        box = torque_box(now)
        assert (box.low < box.high).all()
        every = corners(box)
        assert len(every) == 256
        assert out_of_reach(now, every) == 0
        assert (box.alone_low <= box.low + 1e-9).all()
        assert (box.alone_high >= box.high - 1e-9).all()


def volume(now: MuscleMap) -> float:
    """Log-volume of the largest box as another solver finds it: activations of every corner are its variables."""
    joints, muscles = now.gain.shape
    signs = np.array(list(itertools.product([-1.0, 1.0], repeat=joints)))
    # Rows: gain a_corner + rest - middle - sign d = 0, for every corner.
    rows = np.hstack([np.kron(np.eye(len(signs)), now.gain), -np.vstack([np.diag(sign) for sign in signs])]) / 100.0
    target = np.tile(now.gain.sum(axis=1) / 2.0, len(signs)) / 100.0
    start = np.concatenate([np.full(len(signs) * muscles, 0.5), np.full(joints, 1.0)])
    slope = np.zeros_like(start)

    def cost(x: np.ndarray) -> tuple[float, np.ndarray]:
        slope[-joints:] = -1.0 / x[-joints:]
        return -float(np.log(x[-joints:]).sum()), slope.copy()

    found = minimize(
        cost,
        start,
        jac=True,
        bounds=[(0.0, 1.0)] * (len(signs) * muscles) + [(1e-3, None)] * joints,
        constraints={"type": "eq", "fun": lambda x: rows @ x - target, "jac": lambda _: rows},
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 1000},
    )
    assert found.success
    return -float(found.fun)


@pytest.mark.parametrize(("joints", "muscles", "seed"), [(2, 4, 0), (2, 4, 1), (2, 6, 2), (3, 5, 3), (3, 6, 4)])
def test_the_box_is_the_largest_as_another_solver_finds_it(joints: int, muscles: int, seed: int) -> None:
    now = random_map(np.random.default_rng(seed), joints, muscles)
    box = torque_box(now)
    assert float(np.log((box.high - box.low) / 2.0).sum()) == pytest.approx(volume(now), abs=1e-5)
    assert out_of_reach(now, corners(box)) == 0


@pytest.mark.parametrize("seed", range(8))
def test_no_side_of_the_box_can_move_outwards(seed: int) -> None:
    rng = np.random.default_rng(seed)
    joints = 2 + seed % 3
    now = random_map(rng, joints, joints + 4)
    box = torque_box(now)
    assert out_of_reach(now, corners(box)) == 0
    for joint in range(joints):
        more = box.high.copy()
        more[joint] += 1e-3 * (box.high - box.low)[joint]
        assert out_of_reach(now, corners(TorqueBox(box.joints, box.low, more, box.low, more))) > 0


def test_a_joint_that_nothing_moves_by_itself_has_no_room() -> None:
    gain = np.array([[60.0, -50.0, 0.0], [30.0, -25.0, 0.0], [0.0, 0.0, 8.0]])
    block = (np.arange(3), np.arange(3))
    now = MuscleMap(("a", "b", "c"), ("x", "y", "z"), gain, gain, np.zeros(3), (block,))
    box = torque_box(now)
    np.testing.assert_allclose(box.high - box.low, [0.0, 0.0, 8.0], atol=1e-9)
    assert out_of_reach(now, corners(box)) == 0


def test_axes_that_do_not_share_muscles_have_all_of_each() -> None:
    gain = np.array([[60.0, -50.0, 0.0, 0.0], [0.0, 0.0, 40.0, -30.0]])
    now = MuscleMap(("a", "b"), tuple("wxyz"), gain, gain, np.zeros(2), ((np.arange(2), np.arange(4)),))
    box = torque_box(now)
    np.testing.assert_allclose([box.low, box.high], [[-50.0, -30.0], [60.0, 40.0]], rtol=1e-9)


def test_too_many_joints_in_one_block_are_refused() -> None:
    with pytest.raises(ValueError, match="9 joints act on one another"):
        torque_box(random_map(np.random.default_rng(0), 9, 12))
