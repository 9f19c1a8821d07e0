"""Temperatures of motors against closed forms and against an integrator that knows nothing of ours."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from ironworks.product.design import Drive, read_design
from ironworks.robot.motor_heat import COPPER, FOLDBACK, REFERENCE, MotorHeat, continuous_torque

AMBIENT = 303.15


@pytest.fixture(scope="module")
def drives() -> tuple[Drive, ...]:
    joints = read_design("humanoid").joints
    return tuple({joint.drive.name: joint.drive for joint in joints if joint.drive}.values())


def test_two_masses_warm_as_a_numerical_integrator_says(drives: tuple[Drive, ...]) -> None:
    current = np.array([0.5 * drive.peak_current for drive in drives])
    gear = np.full(len(drives), 3.0)
    heat = MotorHeat(drives, AMBIENT)
    for seconds in (1.0, 9.0, 50.0):
        heat.advance(current, seconds, gear)
    for i, d in enumerate(drives):

        def rates(_: float, x: np.ndarray, d: Drive = d, i: int = i) -> list[float]:
            loss = current[i] ** 2 * d.resistance * (1.0 + COPPER * (x[0] - REFERENCE))
            inner, outer = (x[0] - x[1]) / d.winding_to_case, (x[1] - AMBIENT) / d.case_to_ambient
            return [(loss - inner) / d.winding_capacity, (inner - outer + gear[i]) / d.case_capacity]

        found = solve_ivp(rates, (0.0, 60.0), [AMBIENT, AMBIENT], rtol=1e-10, atol=1e-9).y[:, -1]
        np.testing.assert_allclose([heat.winding[i], heat.case[i]], found, rtol=1e-8)


def test_a_winding_in_a_case_that_stays_cold_warms_as_one_exponential(drives: tuple[Drive, ...]) -> None:
    drive = replace(drives[0], case_to_ambient=1e-7, case_capacity=1e9)
    heat = MotorHeat([drive], REFERENCE)
    heat.advance([20.0], 40.0)
    loss = 20.0**2 * drive.resistance
    rate = (1.0 / drive.winding_to_case - COPPER * loss) / drive.winding_capacity
    rise = loss / drive.winding_capacity / rate * (1.0 - np.exp(-rate * 40.0))
    assert heat.winding[0] - REFERENCE == pytest.approx(rise, rel=1e-6)


def test_steps_add_up_and_a_current_too_high_runs_away(drives: tuple[Drive, ...]) -> None:
    one, many = MotorHeat(drives), MotorHeat(drives)
    current = np.array([drive.peak_current for drive in drives])
    one.advance(current, 30.0)
    for _ in range(300):
        many.advance(current, 0.1)
    np.testing.assert_allclose(one.winding, many.winding, rtol=1e-10)
    before = one.winding.copy()
    one.advance(current, 3000.0)
    assert (one.winding > before).all()


def test_the_continuous_torque_ends_at_the_limit_of_the_winding(drives: tuple[Drive, ...]) -> None:
    torque = np.array([continuous_torque(drive, AMBIENT) for drive in drives])
    assert (torque < [drive.torque for drive in drives]).all()
    heat = MotorHeat(drives, AMBIENT)
    heat.advance(torque / [drive.joint_constant for drive in drives], 1e6)
    np.testing.assert_allclose(heat.winding, [drive.winding_limit for drive in drives], rtol=1e-6)
    assert continuous_torque(drives[0], drives[0].winding_limit) == 0.0


def test_the_driver_lowers_its_torque_before_the_limit(drives: tuple[Drive, ...]) -> None:
    heat = MotorHeat(drives)
    np.testing.assert_array_equal(heat.torque_limit, [drive.torque for drive in drives])
    limits = np.array([drive.winding_limit for drive in drives])
    heat.winding[:] = limits - 0.4 * FOLDBACK
    np.testing.assert_allclose(heat.share, 0.4)
    heat.winding[:] = limits + 1.0
    np.testing.assert_array_equal(heat.torque_limit, 0.0)


def test_a_holding_motor_that_is_cut_back_never_passes_its_limit(drives: tuple[Drive, ...]) -> None:
    heat = MotorHeat(drives)
    constant = np.array([drive.joint_constant for drive in drives])
    for _ in range(5_000):
        heat.advance(heat.torque_limit / constant, 2.0)
    limits = np.array([drive.winding_limit for drive in drives])
    assert (heat.winding < limits).all()
    assert (heat.winding > limits - FOLDBACK).all()
