"""Packs under courses of power: energy, limits, the weakest group, and what a bench finds."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.interpolate import PchipInterpolator

from ironworks.product.battery.bench import measured_capacity, pulse_resistance
from ironworks.product.battery.cell import CellDesign
from ironworks.product.battery.discharge import endurance, simulate
from ironworks.product.battery.pack import Pack
from ironworks.product.battery.step import Refused

WARM = 298.15


def uneven() -> Pack:
    rng = np.random.default_rng(11)
    return Pack(1 + 0.03 * rng.standard_normal((14, 4)), 1 + 0.3 * rng.random((14, 4)))


def with_factor(what: str, group: int, factor: float, series: int = 6, parallel: int = 4) -> Pack:
    capacity, resistance = np.ones((series, parallel)), np.ones((series, parallel))
    {"capacity": capacity, "resistance": resistance}[what][group] *= factor
    return Pack(capacity, resistance)


@pytest.mark.parametrize("dt", [1.0, 20.0])
def test_chemical_energy_is_electrical_energy_and_heat(dt: float) -> None:
    pack = uneven()
    power = np.random.default_rng(2).uniform(-400.0, 2200.0, 150)
    trace = simulate(pack, power, dt, soc0=0.9)
    assert trace.end.kind == "profile"
    curve = PchipInterpolator(pack.cell.soc, pack.cell.voltage)
    chemical = 0.0
    for soc, capacity in zip(trace.last.soc.flat, pack.cell_capacity.flat, strict=True):
        knots = [k for k in pack.cell.soc if soc < k < 0.9]
        chemical += capacity * quad(curve, soc, 0.9, points=knots or None, epsabs=1e-13)[0]
    assert chemical == pytest.approx(trace.energy + trace.heat.sum(), rel=1e-6)
    assert abs(trace.imbalance) < 1e-6
    np.testing.assert_allclose(trace.electrical, power * dt, rtol=1e-9)
    assert trace.heat.sum() > 0.01 * chemical


def test_charge_is_conserved_in_every_group() -> None:
    pack = uneven()
    trace = simulate(pack, np.full(300, 1000.0), 10.0)
    drawn = (1.0 - trace.soc[-1]) * pack.cell_capacity.sum(axis=1)
    np.testing.assert_allclose(drawn, trace.current.sum() * 10.0, rtol=1e-9)


def test_the_default_pack_is_as_the_figures_have_it() -> None:
    pack = Pack.nominal()
    kwh = pack.energy / 3.6e6
    assert 1.9 < kwh < 2.1
    # Cells are four fifths of the mass of a pack (G07), which is 7.1 to 10.0 kg (G23).
    assert 7.1 < 56 * pack.cell.mass / 0.8 < 10.0


def test_the_smallest_group_decides() -> None:
    pack = with_factor("capacity", 3, 0.8)
    trace = simulate(pack, np.full(4000, 300.0), 20.0)
    assert (trace.end.kind, trace.end.group) == ("cut-off", 3)
    assert trace.soc[-1].argmin() == 3
    assert trace.soc[-1, 3] < 0.02
    np.testing.assert_allclose(np.delete(trace.soc[-1], 3), 0.2, atol=0.02)
    assert trace.group_voltage[-1, 3] == trace.group_voltage[-1].min()
    assert measured_capacity(pack).group == 3
    ratio = measured_capacity(pack).charge / measured_capacity(Pack.nominal(6, 4)).charge
    assert ratio == pytest.approx(0.8, abs=0.01)


def test_the_group_with_the_highest_resistance_decides_under_load() -> None:
    pack, even = with_factor("resistance", 1, 2.0), Pack.nominal(6, 4)
    trace = simulate(pack, np.full(4000, 2000.0), 4.0)
    assert (trace.end.kind, trace.end.group) == ("cut-off", 1)
    assert endurance(pack, 2000.0) < endurance(even, 2000.0)


def test_one_weak_cell_costs_its_group_its_share() -> None:
    capacity = np.ones((6, 4))
    capacity[2, 1] = 0.6
    found = measured_capacity(Pack(capacity, np.ones((6, 4))))
    assert found.group == 2
    assert found.charge == pytest.approx(0.9 * measured_capacity(Pack.nominal(6, 4)).charge, rel=0.01)


def test_power_that_is_too_high_ends_the_run_with_numbers() -> None:
    trace = simulate(Pack.nominal(), [500.0, 500.0, 30_000.0, 500.0], 1.0)
    assert trace.end.kind == "peak current"
    assert len(trace.current) == 2
    assert trace.end.text.startswith("after 2 s: 30000.0 W wanted, ")
    assert "200.0 A" in trace.end.text
    none = simulate(Pack.nominal(), [1e6], 1.0)
    assert none.soc.shape == none.group_voltage.shape == (0, 14)
    assert none.energy == none.imbalance == 0
    for array in (trace.current, trace.voltage, trace.soc, trace.cell_temperature, trace.heat):
        assert np.isfinite(array).all()


def test_regeneration_is_limited_by_current_then_by_voltage() -> None:
    pack = Pack.nominal()
    trace = simulate(pack, np.full(600, -6000.0), 10.0, soc0=0.5)
    assert trace.end.kind == "profile"
    assert trace.current[0] == pytest.approx(-40.0)
    assert (trace.current >= -40.0 - 1e-9).all()
    assert (trace.group_voltage <= 4.2 + 1e-4).all()
    assert trace.current[-1] > -1.0
    assert trace.soc[-1].max() <= 1.0
    assert trace.soc[-1].min() > 0.99
    np.testing.assert_allclose(trace.refused - trace.electrical, 6000.0 * 10.0)
    small = simulate(pack, [-100.0], 10.0, soc0=0.5)
    assert small.refused[0] == pytest.approx(0.0, abs=1e-9)
    assert small.energy == pytest.approx(-1000.0)


def test_a_full_pack_takes_nothing() -> None:
    trace = simulate(Pack.nominal(), [-500.0], 1.0, soc0=1.0)
    assert trace.current[0] == 0
    assert trace.refused[0] == pytest.approx(500.0)


def test_endurance_meets_the_limit_whatever_the_step() -> None:
    pack = uneven()
    rough, fine = endurance(pack, 600.0, dt=60.0), endurance(pack, 600.0, dt=12.0)
    assert rough == pytest.approx(fine, abs=1.0)
    trace = simulate(pack, np.full(10_000, 600.0), 12.0)
    assert len(trace.current) * 12.0 == pytest.approx(fine, abs=12.0)


def test_endurance_tends_to_energy_over_power() -> None:
    pack = Pack.nominal(2, 2)
    power = pack.energy / (50 * 3600.0)
    assert endurance(pack, power, dt=60.0) == pytest.approx(50 * 3600.0, rel=0.01)


def test_cold_shortens_endurance() -> None:
    pack = Pack.nominal(4, 2)
    assert endurance(pack, 150.0, 258.15) < 0.95 * endurance(pack, 150.0, 298.15)


def test_endurance_of_what_cannot_be_delivered_is_refused() -> None:
    with pytest.raises(Refused, match=r"50000\.0 W wanted"):
        endurance(Pack.nominal(), 50_000.0)
    with pytest.raises(ValueError, match="above 0 W"):
        endurance(Pack.nominal(), 0.0)


def test_a_profile_names_its_first_bad_entry() -> None:
    with pytest.raises(ValueError, match=r"power_profile\[1\] is nan"):
        simulate(Pack.nominal(), [1.0, math.nan], 1.0)
    with pytest.raises(ValueError, match=r"shape \(T,\)"):
        simulate(Pack.nominal(), [[1.0]], 1.0)


def test_a_run_goes_on_from_the_state_of_another() -> None:
    pack, power = uneven(), np.linspace(0.0, 1500.0, 40)
    whole = simulate(pack, power, 5.0)
    second = simulate(pack, power[25:], 5.0, soc0=simulate(pack, power[:25], 5.0).last)
    np.testing.assert_array_equal(whole.group_voltage[25:], second.group_voltage)


def test_a_pulse_shows_the_resistance_of_its_length() -> None:
    cell = CellDesign()
    found = pulse_resistance(Pack.nominal(3, 4), soc=0.55, seconds=10.0)
    expected = 5e-3 + sum(
        r * -math.expm1(-10.0 / tau) for r, tau in zip(cell.polarisation, cell.time_constants, strict=True)
    )
    slope = float(PchipInterpolator(cell.soc, cell.voltage).derivative()(0.55))
    np.testing.assert_allclose(found, (expected + slope * 10.0 / cell.capacity) / 4, rtol=3e-3)


def test_a_pulse_finds_the_group_with_a_broken_weld() -> None:
    resistance = np.ones((6, 4))
    resistance[4, 2] = 1e4
    found = pulse_resistance(Pack(np.ones((6, 4)), resistance))
    assert found.argmax() == 4
    assert found[4] / found[0] == pytest.approx(4 / 3, rel=1e-2)
