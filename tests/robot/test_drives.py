"""Motors in MuJoCo against the line of a DC motor, and the design's values in the compiled model."""

from dataclasses import replace

import mujoco
import numpy as np
import pytest

from ironworks.product.design import Design, Mass, bill_of, builtin_designs, read_design
from ironworks.robot.body import body_spec
from ironworks.robot.drives import Motors, add_motors, delay_steps

VOLTAGE = 51.0


def weighed(name: str) -> tuple[Design, dict[str, Mass]]:
    design = read_design(name)
    return design, design.weigh(bill_of(design).masses)


def at_once(name: str, voltage: float = VOLTAGE) -> tuple[Design, mujoco.MjModel]:
    """Its motors without delay, so that a single forward pass shows them."""
    design, masses = weighed(name)
    spec = body_spec(replace(design, free=False), masses, pairs=False, voltage=voltage)
    for actuator in spec.actuators:
        actuator.delay, actuator.nsample = 0.0, 0
    return design, spec.compile()


@pytest.mark.parametrize("name", sorted(builtin_designs()))
def test_every_motor_follows_its_torque_speed_line_up_to_its_current(name: str) -> None:
    design, model = at_once(name)
    motors, data = Motors.of(design, model), mujoco.MjData(model)
    assert set(motors.names) == {joint.name for joint in design.joints if joint.drive}
    speed = np.array([drive.speed for drive in motors.drives])
    for part in (-0.5, 0.0, 0.4, 0.8, 0.9, 1.0, 1.1):
        data.qvel[motors.dofs] = part * speed
        data.ctrl[motors.actuators] = motors.torque_limit
        mujoco.mj_forward(model, data)
        k = motors.joint_constant
        line = k * (VOLTAGE - k * part * speed) / motors.resistance
        np.testing.assert_allclose(motors.torque(data), np.minimum(line, motors.torque_limit), rtol=1e-9)
        most = [drive.most_torque(part * drive.speed, VOLTAGE) for drive in motors.drives]
        np.testing.assert_allclose(motors.torque(data), most, rtol=1e-9)


def test_within_the_curve_the_wanted_torque_comes_whatever_the_speed() -> None:
    design, model = at_once("quadruped")
    motors, data = Motors.of(design, model), mujoco.MjData(model)
    for speed in (-20.0, 0.0, 20.0):
        data.qvel[motors.dofs], data.ctrl[:] = speed, 7.0
        mujoco.mj_forward(model, data)
        np.testing.assert_allclose(motors.torque(data), 7.0, rtol=1e-9)
        np.testing.assert_allclose(motors.current(motors.torque(data)) * motors.joint_constant, 7.0, rtol=1e-9)


def test_a_low_bus_stalls_at_voltage_over_resistance() -> None:
    design, model = at_once("wheeled", voltage=1.0)
    motors, data = Motors.of(design, model), mujoco.MjData(model)
    data.ctrl[:] = motors.torque_limit
    mujoco.mj_forward(model, data)
    stalled = 1.0 / motors.resistance * motors.joint_constant
    assert (stalled < motors.torque_limit).any()
    np.testing.assert_allclose(motors.torque(data), np.minimum(stalled, motors.torque_limit), rtol=1e-9)


def test_a_free_wheel_runs_up_to_its_speed_without_load() -> None:
    design, model = at_once("wheeled")
    model.opt.gravity[:] = 0.0
    motors, data = Motors.of(design, model), mujoco.MjData(model)
    wheels = [i for i, name in enumerate(motors.names) if name.endswith("wheel")]
    for i in wheels:
        data.ctrl[motors.actuators[i]] = motors.torque_limit[i]
    for _ in range(1500):
        mujoco.mj_step(model, data)
    expected = motors.drives[wheels[0]].no_load_speed(VOLTAGE)
    np.testing.assert_allclose(motors.speed(data)[wheels], expected, rtol=1e-3)


@pytest.mark.parametrize(("delay", "timestep", "steps"), [(0.0, 0.002, 0), (0.001, 0.002, 1), (0.003, 0.001, 3)])
def test_a_command_comes_after_whole_steps(delay: float, timestep: float, steps: int) -> None:
    assert delay_steps(delay, timestep) == steps
    design, masses = weighed("quadruped")
    links = tuple(
        replace(link, joint=replace(link.joint, drive=replace(link.joint.drive, delay=delay)))
        if link.joint and link.joint.drive
        else link
        for link in design.links
    )
    slow = replace(design, links=links, free=False)
    spec = body_spec(slow, masses, pairs=False)
    for actuator in spec.actuators:
        spec.delete(actuator)
    spec.option.timestep = timestep
    add_motors(spec, slow, VOLTAGE)
    model = spec.compile()
    data = mujoco.MjData(model)
    seen = []
    for k in range(8):
        data.ctrl[:] = 0.1 * (k + 1)
        mujoco.mj_step(model, data)
        seen.append(float(data.actuator_force[0]))
    wanted = [0.0] * steps + [0.1 * (k + 1) for k in range(8 - steps)]
    np.testing.assert_allclose(seen, wanted, atol=1e-9)


@pytest.mark.parametrize("voltage", [None, VOLTAGE])
@pytest.mark.parametrize("name", sorted(builtin_designs()))
def test_the_model_carries_what_a_drive_adds_to_its_joint(name: str, voltage: float | None) -> None:
    design, masses = weighed(name)
    model = body_spec(design, masses, voltage=voltage).compile()
    assert model.na == 0
    for joint in design.joints:
        if joint.drive is None:
            continue
        dof = model.joint(joint.name).dofadr[0]
        assert model.dof_armature[dof] == pytest.approx(joint.drive.rotor_inertia * joint.drive.ratio**2)
        assert model.dof_frictionloss[dof] == pytest.approx(joint.drive.friction)
        assert model.dof_damping[dof].flat[0] == pytest.approx(joint.damping)
        assert joint.damping >= joint.drive.damping
        assert model.actuator(joint.name).ctrlrange[1] == pytest.approx(joint.drive.torque)


def test_a_bus_without_voltage_is_refused() -> None:
    design, masses = weighed("quadruped")
    with pytest.raises(ValueError, match="above 0 V"):
        body_spec(design, masses, voltage=0.0)
