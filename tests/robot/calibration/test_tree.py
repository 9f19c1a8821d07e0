"""Kinematics and inverse dynamics in plain arrays against MuJoCo and finite differences, for every built-in design."""

from dataclasses import dataclass, replace

import mujoco
import numpy as np
import pytest

from ironworks.product.design import Design, Mass, bill_of, builtin_designs, read_design
from ironworks.robot.body import body_spec
from ironworks.robot.calibration.tree import Motion, Tree

POSTURES = 3


@dataclass(frozen=True, eq=False)
class Case:
    """A design in random motion, in plain arrays and as a MuJoCo model without friction, rotors, springs and limits."""

    design: Design
    masses: dict[str, Mass]
    tree: Tree
    lengths: np.ndarray
    moves: np.ndarray
    model: mujoco.MjModel
    at: np.ndarray

    @property
    def motion(self) -> Motion:
        return self.tree.motion(self.moves[0], self.lengths, self.moves[1], self.moves[2])

    def data(self, posture: int) -> mujoco.MjData:
        data = mujoco.MjData(self.model)
        data.qpos[self.at], data.qvel[self.at], data.qacc[self.at] = self.moves[:, posture]
        mujoco.mj_inverse(self.model, data)
        return data


@pytest.fixture(scope="module", params=sorted(builtin_designs()))
def case(request: pytest.FixtureRequest) -> Case:
    design = read_design(request.param)
    masses = design.weigh(bill_of(design).masses)
    rng = np.random.default_rng(4)
    joints = [joint.name for joint in design.joints]
    lengths = 1e-3 * rng.standard_normal((len(design.links), 3))
    lengths[0] = 0.0
    moved = replace(
        design,
        links=tuple(
            replace(link, origin=link.origin + more if link.parent else link.origin)
            for link, more in zip(design.links, lengths, strict=True)
        ),
    )
    spec = body_spec(moved, masses, shapes=False)
    if design.free:
        spec.delete(spec.joint("root"))
    model = spec.compile()
    model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONSTRAINT
    model.dof_armature[:], model.dof_damping[:], model.jnt_stiffness[:] = 0.0, 0.0, 0.0
    at = np.array([model.joint(name).dofadr[0] for name in joints])
    moves = rng.uniform(-1.2, 1.2, (3, POSTURES, len(joints)))
    return Case(design, masses, Tree(design, joints), lengths, moves, model, at)


def test_links_lie_and_hinges_turn_where_mujoco_says(case: Case) -> None:
    motion = case.motion
    root = case.design.links[0].name
    for p in range(POSTURES):
        data = case.data(p)
        # The tree stands on its root's origin; the model's root may be held elsewhere.
        base = data.body(root).xpos
        for i, name in enumerate(case.tree.links):
            np.testing.assert_allclose(motion.place[p, i], data.body(name).xpos - base, atol=1e-12)
            np.testing.assert_allclose(motion.turn[p, i], data.body(name).xmat.reshape(3, 3), atol=1e-12)
        for j, name in enumerate(case.tree.joints):
            np.testing.assert_allclose(motion.axis[p, j], data.joint(name).xaxis, atol=1e-12)
            np.testing.assert_allclose(motion.hinge[p, j], data.joint(name).xanchor - base, atol=1e-12)


def test_rates_and_accelerations_are_those_of_mujoco(case: Case) -> None:
    motion = case.motion
    gravity = case.model.opt.gravity.copy()
    case.model.opt.gravity[:] = 0.0
    try:
        for p in range(POSTURES):
            data = case.data(p)
            mujoco.mj_rnePostConstraint(case.model, data)
            for i, name in enumerate(case.tree.links):
                body, speed, pull = case.model.body(name).id, np.zeros(6), np.zeros(6)
                mujoco.mj_objectVelocity(case.model, data, mujoco.mjtObj.mjOBJ_XBODY, body, speed, 0)
                mujoco.mj_objectAcceleration(case.model, data, mujoco.mjtObj.mjOBJ_XBODY, body, pull, 0)
                np.testing.assert_allclose(motion.omega[p, i], speed[:3], atol=1e-10)
                np.testing.assert_allclose(motion.alpha[p, i], pull[:3], atol=1e-9)
                np.testing.assert_allclose(motion.acceleration[p, i], pull[3:], atol=1e-9)
    finally:
        case.model.opt.gravity[:] = gravity


def test_torques_of_all_links_add_up_to_inverse_dynamics(case: Case) -> None:
    asked = case.tree.torques(case.motion, case.masses).sum(axis=1)
    for p in range(POSTURES):
        np.testing.assert_allclose(asked[p], case.data(p).qfrc_inverse[case.at], rtol=1e-9, atol=1e-9)


def test_torques_follow_the_direction_of_gravity(case: Case) -> None:
    down = np.array([3.0, -2.0, 5.0])
    case.model.opt.gravity[:] = down
    try:
        wanted = case.data(0).qfrc_inverse[case.at]
    finally:
        case.model.opt.gravity[:] = [0.0, 0.0, -9.81]
    np.testing.assert_allclose(case.tree.torques(case.motion, case.masses, down).sum(axis=1)[0], wanted, atol=1e-9)


def test_derivatives_by_centres_of_mass_are_finite_differences(case: Case) -> None:
    motion, step = case.motion, 1e-4
    found = case.tree.by_centre(motion, case.masses)
    for i in np.random.default_rng(1).choice(len(case.tree.links), 3, replace=False):
        name = case.tree.links[i]
        for k in range(3):
            torques = []
            for sign in (1.0, -1.0):
                mass = case.masses[name]
                shifted = replace(mass, centre=mass.centre + sign * step * np.eye(3)[k])
                torques.append(case.tree.torques(motion, {**case.masses, name: shifted}).sum(axis=1))
            numeric = (torques[0] - torques[1]) / (2.0 * step)
            np.testing.assert_allclose(found[:, i, k], numeric, rtol=1e-6, atol=1e-6)


def test_derivatives_by_angles_and_lengths_are_finite_differences(case: Case) -> None:
    tree, step = case.tree, 1e-6
    link, point = len(tree.links) - 1, np.array([0.01, -0.02, 0.03])

    def place(angles: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        motion = tree.motion(angles, lengths)
        return motion.place[:, link] + motion.turn[:, link] @ point

    angles = case.moves[0]
    motion = tree.motion(angles, case.lengths)
    by_angle = tree.by_angle(motion, link, place(angles, case.lengths))
    # The hinges above the link, and some others, which do nothing to it.
    for j in {*np.flatnonzero(tree.above[:, link]), *range(0, len(tree.joints), 9)}:
        more = step * np.eye(len(tree.joints))[j]
        numeric = (place(angles + more, case.lengths) - place(angles - more, case.lengths)) / (2.0 * step)
        np.testing.assert_allclose(by_angle[:, :, j], numeric, atol=1e-8)
    by_length = tree.by_length(motion, link)
    for i in {*np.flatnonzero(tree.hangs[1:, link]) + 1, *range(1, len(tree.links), 13)}:
        for k in range(3):
            more = np.zeros_like(case.lengths)
            more[i, k] = step
            numeric = (place(angles, case.lengths + more) - place(angles, case.lengths - more)) / (2.0 * step)
            np.testing.assert_allclose(by_length[:, :, i, k], numeric, atol=1e-8)


def test_joints_that_are_left_out_are_held_at_zero(case: Case) -> None:
    kept = case.tree.joints[::2]
    angles = np.where(np.arange(len(case.tree.joints)) % 2 == 0, case.moves[0], 0.0)
    part = Tree(case.design, kept).motion(angles[:, ::2])
    np.testing.assert_allclose(part.place, case.tree.motion(angles).place, atol=1e-12)
