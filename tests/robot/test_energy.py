"""The energy of a robot's motors against what physics did with it, and endurance against the pack's own model."""

from dataclasses import replace

import mujoco
import numpy as np
import pytest

from ironworks.product.battery import discharge
from ironworks.product.battery.pack import Pack
from ironworks.product.design import bill_of, read_design
from ironworks.robot.body import body_spec
from ironworks.robot.drives import Motors
from ironworks.robot.endurance import endurance
from ironworks.robot.energy import Electronics, electronics_of, motor_power

PLAIN = Electronics(51.0, standby=0.0, standby_share=0.0, efficiency=1.0, regeneration=1.0, base=0.0)
REAL = Electronics(51.0, standby=0.2, standby_share=1e-3, efficiency=0.9, regeneration=0.8, base=10.0)


@pytest.fixture(scope="module")
def swung() -> tuple[Motors, np.ndarray, np.ndarray, float, float, float]:
    """A quadruped that hangs by its trunk and swings its legs: torques, speeds, step, energy gained, energy lost."""
    design = replace(read_design("quadruped"), free=False)
    spec = body_spec(design, design.weigh(bill_of(design).masses), shapes=False)
    spec.option.timestep = 2e-4
    spec.option.enableflags = int(mujoco.mjtEnableBit.mjENBL_ENERGY)
    model = spec.compile()
    data = mujoco.MjData(model)
    motors = Motors.of(design, model)
    data.qpos[motors.positions] = [design.stand.get(name, 0.0) for name in motors.names]
    mujoco.mj_forward(model, data)
    before = float(data.energy.sum())
    torques, speeds, lost = [], [], 0.0
    for k in range(4000):
        data.ctrl[:] = 1.5 * np.sin(2.0 * np.pi * 2.0 * k * 2e-4 + np.arange(12))
        start = data.qvel.copy()
        mujoco.mj_step(model, data)
        middle = 0.5 * (start + data.qvel)
        torques.append(motors.torque(data))
        speeds.append(middle[motors.dofs])
        lost -= float((data.qfrc_passive + data.qfrc_constraint) @ middle) * 2e-4
    mujoco.mj_forward(model, data)
    return motors, np.array(torques), np.array(speeds), 2e-4, float(data.energy.sum()) - before, lost


def test_what_the_bus_gives_is_motion_friction_and_heat(swung: tuple) -> None:  # type: ignore[type-arg]
    motors, torque, speed, dt, gained, lost = swung
    power = motor_power(motors, torque, speed, REAL)
    bus, copper, driver = (float(p.sum()) * dt for p in (power.bus, power.copper, power.driver))
    assert lost > 0.1
    assert bus == pytest.approx(gained + lost + copper + driver, rel=0.01)
    assert float(power.mechanical.sum()) * dt == pytest.approx(gained + lost, rel=0.02)
    assert float(power.driver.min()) >= float(REAL.idle(motors).min()) - 1e-12


def test_without_losses_a_driver_passes_power_both_ways(swung: tuple) -> None:  # type: ignore[type-arg]
    motors, torque, speed, *_ = swung
    power = motor_power(motors, torque, speed, PLAIN)
    np.testing.assert_allclose(power.bus, power.copper + torque * speed, rtol=1e-12)
    assert (power.bus < 0.0).any()


def test_a_motor_that_brakes_gives_back_less_than_it_gets() -> None:
    design = read_design("quadruped")
    model = body_spec(design, design.weigh(bill_of(design).masses), shapes=False).compile()
    motors = Motors.of(design, model)
    torque = np.full(12, 5.0)
    drive = motors.drives[0]
    heat = (5.0 / (drive.torque_constant * drive.ratio)) ** 2 * drive.resistance
    idle = 0.2 + 1e-3 * 51.0 * drive.peak_current
    given = motor_power(motors, torque, np.full(12, 8.0), REAL).bus[0]
    back = motor_power(motors, torque, np.full(12, -8.0), REAL).bus[0]
    assert given == pytest.approx((heat + 40.0) / 0.9 + idle)
    assert back == pytest.approx((heat - 40.0) * 0.8 + idle)


def test_the_designs_have_electronics() -> None:
    found = electronics_of(read_design("humanoid"), 51.0)
    assert 0.0 < found.regeneration <= found.efficiency < 1.0
    assert found.base > 0.0


def test_endurance_is_that_of_the_pack_and_says_its_limit() -> None:
    pack = Pack.nominal()
    found = endurance(pack, 900.0)
    assert found.hours * 3600.0 == pytest.approx(discharge.endurance(pack, 900.0), rel=1e-3)
    assert found.energy == pytest.approx(900.0 * found.hours * 3600.0, rel=1e-9)
    assert found.kind == "cut-off"
    assert "limit is the cut-off" in found.text
    assert found.cell_temperature > found.case_temperature > 298.15


def test_cold_and_a_peak_end_it_sooner() -> None:
    pack = Pack.nominal()
    plain = endurance(pack, 900.0)
    assert endurance(pack, 900.0, ambient=263.15).hours < plain.hours
    peaked = endurance(pack, 900.0, peak=6000.0)
    assert 0.5 * plain.hours < peaked.hours < plain.hours
    with pytest.raises(ValueError, match="above 0 W"):
        endurance(pack, 0.0)


def test_a_pack_that_cannot_give_the_peak_at_all_lasts_no_time() -> None:
    found = endurance(Pack.nominal(parallel=1), 100.0, peak=50_000.0)
    assert found.hours == 0.0
    assert "50000.0 W wanted" in found.text
