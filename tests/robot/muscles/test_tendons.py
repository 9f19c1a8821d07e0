"""Tendons in the model: where motors were, with the lengths, forces and arms that the design means."""

import time
from pathlib import Path

import mujoco
import numpy as np
import pytest
from tests.robot.muscles.body import muscled, random_posture
from tests.robot.muscles.hinge import ANCHOR, HIGH, LOW, TIP, hinge
from tests.robot.test_body import weighed

from ironworks.product.design import muscles_of
from ironworks.robot.body import body_spec, stand_on_floor
from ironworks.robot.mjcf import write_mjcf
from ironworks.robot.muscles import Musculature, add_muscles, length_range


def test_muscles_take_the_place_of_the_motors_of_their_joints() -> None:
    design, muscles, model = muscled()
    names = {model.actuator(i).name for i in range(model.nactuator)}
    motors = {joint.name for joint in design.joints if joint.drive is not None}
    pulled = {muscle.motor for muscle in muscles}
    assert names == (motors - pulled) | {muscle.name for muscle in muscles}
    assert len(motors - pulled) + len(pulled) == 72
    for muscle in muscles:
        actuator = model.actuator(muscle.name)
        assert actuator.gaintype == mujoco.mjtGain.mjGAIN_MUSCLE
        assert model.actuator_gainprm[actuator.id, 2] == muscle.force
        np.testing.assert_allclose(model.actuator_dynprm[actuator.id, :2], [muscle.activation, muscle.deactivation])
        assert model.actuator_dynprm[actuator.id, :2].max() <= 0.005


def test_a_tendon_between_two_points_has_the_lengths_of_the_closed_form() -> None:
    design, muscles = hinge()
    a, b = np.hypot(*ANCHOR[[0, 2]]), np.hypot(*TIP[[0, 2]])
    between = np.arctan2(ANCHOR[0], ANCHOR[2]) - np.arctan2(TIP[0], TIP[2])
    ends = [np.sqrt(a * a + b * b - 2.0 * a * b * np.cos(between - angle)) for angle in (HIGH, LOW)]
    np.testing.assert_allclose(length_range(design, muscles[0]), ends, rtol=1e-12)


def test_length_ranges_are_those_that_the_compiled_model_reaches() -> None:
    design, muscles, model = muscled()
    acting, rng = Musculature(model, muscles), np.random.default_rng(11)
    low, high = np.full(len(muscles), np.inf), np.zeros(len(muscles))
    for _ in range(300):
        lengths = random_posture(model, acting, rng).actuator_length[-len(muscles) :]
        low, high = np.minimum(low, lengths), np.maximum(high, lengths)
    ranges = np.array([length_range(design, muscle) for muscle in muscles])
    np.testing.assert_allclose(model.actuator_lengthrange[-len(muscles) :], ranges, rtol=1e-12)
    assert (low >= ranges[:, 0] - 2e-5).all()
    assert (high <= ranges[:, 1] + 2e-5).all()
    np.testing.assert_allclose(np.array([low, high]).T, ranges, atol=2e-3)


def test_explicit_length_ranges_cost_no_seconds() -> None:
    design, muscles, _ = muscled()
    start = time.process_time()
    for muscle in muscles:
        length_range(design, muscle)
    assert time.process_time() - start < 0.2


def test_moment_arms_keep_their_sign_and_fit_the_drives() -> None:
    design, muscles, model = muscled()
    acting, rng = Musculature(model, muscles), np.random.default_rng(3)
    data = mujoco.MjData(model)
    stand_on_floor(design, model, data)
    own = [acting.joints.index(muscle.motor) for muscle in muscles], range(len(muscles))
    standing = acting.at(data).arms[own]
    drives = {joint.name: joint.drive for joint in design.joints}
    for muscle, arm in zip(muscles, standing, strict=True):
        drive = drives[muscle.motor]
        assert muscle.force * abs(arm) == pytest.approx(drive.torque, rel=0.02)
        assert muscle.speed == pytest.approx(drive.speed * abs(arm), rel=0.02)
    for joint in acting.joints:
        pair = [arm for muscle, arm in zip(muscles, standing, strict=True) if muscle.motor == joint]
        assert pair[0] * pair[1] < 0.0
    for _ in range(250):
        arms = acting.at(random_posture(model, acting, rng)).arms[own]
        assert (arms * standing > 0.0).all()
        assert (np.abs(arms) > 0.04).all()


def test_both_sides_have_the_same_arms_and_forces() -> None:
    _, muscles, model = muscled()
    acting = Musculature(model, muscles)
    data = mujoco.MjData(model)
    for joint, angle in (("girdle_elevation", 0.3), ("girdle_protraction", -0.2)):
        for side in ("left", "right"):
            data.qpos[model.joint(f"{side}_{joint}").qposadr[0]] = angle
    mujoco.mj_forward(model, data)
    now = acting.at(data)

    def swapped(names: tuple[str, ...]) -> list[int]:
        twins = {"left": "right", "right": "left"}
        mirrored = ["_".join([twins.get(part, part) for part in name.split("_")]) for name in names]
        return [names.index(name) for name in mirrored]

    # Roll to the left is roll to the right in the mirror; all others keep their sign.
    sign = np.array([-1.0 if joint.endswith("roll") else 1.0 for joint in now.joints])
    mirrored = sign[:, None] * now.gain[np.ix_(swapped(now.joints), swapped(now.muscles))]
    np.testing.assert_allclose(mirrored, now.gain, atol=1e-9)


@pytest.mark.parametrize("passive", [True, False])
def test_passive_force_can_be_switched_off(passive: bool) -> None:
    design, muscles = hinge(shortest=0.75, longest=1.3, passive=0.8)
    weights = weighed("quadruped")[1]
    mass = next(iter(weights.values()))
    spec = body_spec(design, {"base": mass, "bar": mass})
    add_muscles(spec, design, muscles, passive=passive)
    model = spec.compile()
    data = mujoco.MjData(model)
    data.qpos[0] = HIGH
    mujoco.mj_forward(model, data)
    # The back muscle is at 1.3 times its strongest length, where it has half of `passive`.
    np.testing.assert_allclose(data.actuator_force, [0.0, -400.0 if passive else 0.0], atol=1e-9)


def test_a_written_model_has_the_same_muscles(tmp_path: Path) -> None:
    design, weights = weighed("humanoid")
    muscles = muscles_of(design)
    spec = body_spec(design, weights)
    add_muscles(spec, design, muscles)
    read = mujoco.MjModel.from_xml_path(str(write_mjcf(design, spec, tmp_path)))
    model = muscled()[2]
    np.testing.assert_allclose(read.actuator_lengthrange, model.actuator_lengthrange, rtol=1e-5)
    np.testing.assert_allclose(read.actuator_gainprm, model.actuator_gainprm, rtol=1e-5)
    assert Musculature(read, muscles).joints == Musculature(model, muscles).joints


def test_a_robot_without_muscles_has_none_to_ask() -> None:
    model = body_spec(*weighed("quadruped")).compile()
    with pytest.raises(ValueError, match="no muscles"):
        Musculature(model, ())


def test_a_limb_has_the_muscles_that_run_on_it_alone() -> None:
    design, weights = weighed("humanoid")
    arm = design.limb("chest")
    muscles = muscles_of(arm)
    assert {muscle.motor.split("_", 1)[1] for muscle in muscles} == {"girdle_elevation", "girdle_protraction"}
    spec = body_spec(arm, weights)
    add_muscles(spec, arm, muscles)
    assert len(muscles) == 8
    assert spec.compile().ntendon == 8


def test_joints_without_their_motor_cannot_get_muscles() -> None:
    design, weights = weighed("humanoid")
    with pytest.raises(ValueError, match="lumbar_pitch has no motor here"):
        add_muscles(body_spec(design, weights, frozen=["lumbar_pitch"]), design, muscles_of(design))
