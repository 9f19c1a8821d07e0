"""The loops of joints with play against statics and dynamics that can be written down."""

from dataclasses import replace

import numpy as np
import pytest

from ironworks.product.design import Drive, builtin_designs, read_design
from ironworks.robot.encoder import Encoders
from ironworks.robot.joint_bench import JointRig, LoopTrace, RigState, identify, reversal


def drives() -> list[Drive]:
    found = {j.drive.name: j.drive for name in builtin_designs() for j in read_design(name).joints if j.drive}
    return list(found.values())


def held_back(rig: JointRig, share: float = 0.5, seconds: float = 4.0) -> np.ndarray:
    """Friction, and the damping at the slow speed of the loop [N m]."""
    speed = 4.0 * share * rig.torque / seconds / rig.stiffness
    return rig.friction + (rig.damping + rig.gear_damping) * speed


@pytest.fixture(scope="module")
def loop() -> tuple[JointRig, LoopTrace]:
    rig = JointRig.of(drives())
    return rig, reversal(rig)


def test_the_static_loop_is_as_wide_as_backlash_and_twice_the_wind_up(loop: tuple[JointRig, LoopTrace]) -> None:
    rig, trace = loop
    peak = 0.5 * rig.torque - rig.friction
    np.testing.assert_allclose(trace.width, rig.backlash + 2.0 * peak / rig.stiffness, rtol=2e-3)


def test_without_friction_it_is_backlash_and_twice_torque_over_stiffness() -> None:
    rig = replace(JointRig.of(drives()[:2]), friction=np.zeros(2))
    trace = reversal(rig, share=0.2, seconds=2.0)
    np.testing.assert_allclose(trace.width, rig.backlash + 2.0 * 0.2 * rig.torque / rig.stiffness, rtol=2e-3)
    np.testing.assert_allclose(trace.gear[0], trace.motor[0], rtol=2e-3)


def test_at_no_torque_friction_holds_the_gear_wound_up(loop: tuple[JointRig, LoopTrace]) -> None:
    rig, trace = loop
    down, up = len(trace.motor) // 4, 3 * (len(trace.motor) // 4)
    np.testing.assert_allclose(trace.motor[[down, up]], 0.0, atol=1e-9)
    lost = trace.twist[down] - trace.twist[up]
    np.testing.assert_allclose(lost, rig.backlash + 2.0 * held_back(rig) / rig.stiffness, rtol=1e-3)


def test_a_loop_gives_stiffness_friction_and_backlash_back(loop: tuple[JointRig, LoopTrace]) -> None:
    rig, trace = loop
    found = [identify(trace.motor[:, i], trace.twist[:, i]) for i in range(rig.torque.size)]
    np.testing.assert_allclose([one.stiffness for one in found], rig.stiffness, rtol=2e-3)
    np.testing.assert_allclose([one.friction for one in found], held_back(rig), rtol=2e-3)
    np.testing.assert_allclose([one.backlash for one in found], rig.backlash, rtol=1e-3)


def test_two_encoders_see_the_loop_of_the_bench(loop: tuple[JointRig, LoopTrace]) -> None:
    rig, trace = loop
    motor, joint = Encoders.of(drives(), "motor"), Encoders.of(drives(), "joint")
    clamped = np.zeros(rig.torque.size)
    seen = np.array([motor.read(clamped, gear) - joint.read(clamped, gear) for gear in trace.gear])
    pushed = np.abs(trace.gear) > 0.02 * rig.torque
    error = np.where(pushed, np.abs(seen - trace.twist), 0.0)
    assert (error.max(axis=0) < motor.resolution + joint.resolution + 0.02 * trace.width).all()


def test_two_masses_on_a_gear_swing_at_their_frequency() -> None:
    rig = replace(JointRig.of(drives()[3:4], 0.4), friction=np.zeros(1), damping=np.zeros(1), backlash=np.zeros(1))
    swing = np.sqrt(rig.stiffness * (1.0 / rig.rotor_inertia + 1.0 / rig.link_inertia))[0]
    state = replace(RigState.at_rest(1), rotor=np.array([1e-3]))
    crossings, at, dt = [], 0.0, rig.timestep / 20.0
    while len(crossings) < 5:
        after = rig.advance(state, np.zeros(1), np.zeros(1), dt)
        at += dt
        if (state.rotor - state.link)[0] > 0.0 >= (after.rotor - after.link)[0]:
            crossings.append(at)
        state = after
    # The gear's damping, 0.1 on the rotor, slows the swing by less than 1.5 %.
    assert 2.0 * np.pi / np.diff(crossings).mean() == pytest.approx(swing, rel=0.02)


def test_a_rotor_crosses_its_play_as_a_free_mass() -> None:
    rig = replace(JointRig.of(drives()[:1]), friction=np.zeros(1), damping=np.zeros(1))
    torque, dt = np.array([2.0]), 1e-5
    state = replace(RigState.at_rest(1), rotor=-0.5 * rig.backlash)
    time = 0.0
    while state.rotor[0] < 0.5 * rig.backlash[0]:
        state, time = rig.advance(state, torque, np.zeros(1), dt), time + dt
    assert time == pytest.approx(float(np.sqrt(2.0 * rig.backlash * rig.rotor_inertia / torque)[0]), rel=1e-3)
    assert state.link[0] == 0.0


def test_a_loop_of_too_few_samples_is_refused() -> None:
    with pytest.raises(ValueError, match="12 samples"):
        identify(np.array([1.0, 0.5, -1.0, -0.5]), np.zeros(4))
    with pytest.raises(ValueError, match="a share within"):
        reversal(JointRig.of(drives()[:1]), share=0.0)
