"""One step of a pack against closed forms, a dense network solution and integrated differential equations."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.interpolate import PchipInterpolator

from ironworks.product.battery.cell import GAS_CONSTANT, CellDesign
from ironworks.product.battery.pack import CaseDesign, Pack
from ironworks.product.battery.step import Refused, step_current, step_power

WARM = 298.15
STRAIGHT = CellDesign(
    soc=(0.0, 1.0),
    voltage=(3.0, 4.0),
    resistance=(5e-3, 5e-3),
    activation=(0.0, 0.0),
    lowest_voltage=3.0,
    highest_voltage=4.0,
)
"""With a closed form: straight voltage curve, resistances that never change."""


def uneven(series: int = 3, parallel: int = 4, cell: CellDesign | None = None) -> Pack:
    rng = np.random.default_rng(7)
    shape = (series, parallel)
    return Pack(1 + 0.05 * rng.standard_normal(shape), 1 + 0.2 * rng.random(shape), cell or CellDesign())


@pytest.mark.parametrize("dt", [0.5, 7.0, 60.0])
def test_a_current_step_has_the_closed_form_of_two_rc_elements(dt: float) -> None:
    pack, amps = Pack.nominal(1, 1, STRAIGHT), 10.0
    state, course = pack.at_rest(0.9, WARM), []
    for k in range(10):
        step = step_current(pack, state, amps if k < 5 else 0.0, dt, WARM)
        state = step.state
        course.append(step.group_voltage[0])
    t = dt * np.arange(1, 11)
    on, since = np.minimum(t, 5 * dt), np.maximum(t - 5 * dt, 0.0)
    rc = sum(
        amps * r * (1 - np.exp(-on / tau)) * np.exp(-since / tau)
        for r, tau in zip(STRAIGHT.polarisation, STRAIGHT.time_constants, strict=True)
    )
    expected = 3.9 - amps * on / STRAIGHT.capacity - amps * 5e-3 * (since == 0) - rc
    np.testing.assert_allclose(course, expected, rtol=0, atol=1e-12)


def test_parallel_cells_share_by_kirchhoff() -> None:
    pack = uneven()
    state = pack.at_rest(np.random.default_rng(3).uniform(0.5, 0.6, (3, 4)), 290.0)
    voltage, cells = pack.split(state, 60.0)
    emf = PchipInterpolator(pack.cell.soc, pack.cell.voltage)(state.soc)
    arrhenius = math.exp(pack.cell.activation[0] / GAS_CONSTANT * (1 / 290.0 - 1 / pack.cell.reference_temperature))
    ohms = np.interp(state.soc, pack.cell.soc, pack.cell.resistance) * pack.resistance * arrhenius
    for g in range(3):
        # Unknowns: four currents and the voltage; each cell's loop, and the sum at the node.
        network = np.zeros((5, 5))
        network[:4, :4], network[:4, 4], network[4, :4] = np.diag(ohms[g]), 1.0, 1.0
        solution = np.linalg.solve(network, [*emf[g], 60.0])
        np.testing.assert_allclose([*cells[g], voltage[g]], solution, rtol=1e-10)
    np.testing.assert_allclose(cells.sum(axis=1), 60.0)
    assert np.ptp(cells) > 1.0


@pytest.mark.parametrize(("dt", "bound"), [(10.0, 2e-5), (60.0, 5e-4)])
def test_unequal_parallel_cells_balance_as_the_differential_equations_say(dt: float, bound: float) -> None:
    cell = replace(CellDesign(), activation=(0.0, 0.0))
    pack = Pack(np.array([[1.0, 0.8]]), np.array([[1.0, 1.5]]), cell)
    curve = PchipInterpolator(cell.soc, cell.voltage)
    factor, capacity = pack.resistance[0], cell.capacity * pack.capacity[0]
    tau, rc = np.array(cell.time_constants), np.array(cell.polarisation)
    amps, length = 8.0, 1800.0

    def course(_: float, y: np.ndarray) -> np.ndarray:
        soc, first, second = y.reshape(3, 2)
        emf, ohms = curve(soc) - first - second, np.interp(soc, cell.soc, cell.resistance) * factor
        voltage = ((emf / ohms).sum() - amps) / (1 / ohms).sum()
        i = (emf - voltage) / ohms
        return np.concatenate(
            [-i / capacity, (rc[0] * factor * i - first) / tau[0], (rc[1] * factor * i - second) / tau[1]]
        )

    reference = solve_ivp(course, (0, length), [0.7, 0.6, 0, 0, 0, 0], method="LSODA", rtol=1e-9, atol=1e-11).y[:2, -1]
    state = pack.at_rest(np.array([[0.7, 0.6]]), WARM)
    for _ in range(round(length / dt)):
        state = step_current(pack, state, amps, dt, WARM).state
    np.testing.assert_allclose(state.soc[0], reference, rtol=0, atol=bound)


def test_temperatures_follow_the_two_masses() -> None:
    pack = Pack(np.ones((1, 3)), np.array([[1.0, 1.3, 2.0]]), STRAIGHT, CaseDesign(150.0, 0.4))
    cell, case = pack.cell, pack.case
    state, total, dt = pack.at_rest(0.9, WARM), 0.0, 10.0
    y = np.array([WARM, WARM, WARM, WARM, 0.0])
    tau, rc = np.array(cell.time_constants)[:, None], np.multiply.outer(cell.polarisation, pack.resistance[0])

    def course(_: float, y: np.ndarray, power: np.ndarray) -> list[float]:
        """Three cells, the case, and the heat that went to the ambient."""
        to_case, lost = cell.to_case * (y[:3] - y[3]), case.to_ambient * (y[3] - 288.15)
        return [*(power - to_case) / cell.heat_capacity, (to_case.sum() - lost) / case.heat_capacity, lost]

    for _ in range(60):
        step = step_current(pack, state, 45.0, dt, 288.15)
        # Each cell's current and mean overpotential, from the charge and the voltages of its elements that changed.
        amps = (state.soc - step.state.soc)[0] * cell.capacity / dt
        built = tau * (step.state.polarisation - state.polarisation)[:, 0] / dt
        heat = amps * (5e-3 * pack.resistance[0] * amps + (rc * amps - built).sum(axis=0))
        assert heat.sum() * dt == pytest.approx(step.heat, rel=1e-9)
        y = solve_ivp(course, (0.0, dt), y, args=(heat,), rtol=1e-10, atol=1e-10).y[:, -1]
        state, total = step.state, total + step.heat
    np.testing.assert_allclose([*state.cell_temperature[0], state.case_temperature], y[:4], rtol=0, atol=1e-6)
    stored = cell.heat_capacity * (state.cell_temperature - WARM).sum()
    stored += case.heat_capacity * (state.case_temperature - WARM)
    assert stored + y[4] == pytest.approx(total, rel=1e-6)
    assert np.ptp(state.cell_temperature) > 0.1


def test_no_heat_is_lost_behind_insulation() -> None:
    pack = uneven()
    pack = Pack(pack.capacity, pack.resistance, pack.cell, CaseDesign(500.0, 1e-6))
    state, heat = pack.at_rest(0.8, WARM), 0.0
    for _ in range(100):
        step = step_power(pack, state, 800.0, 5.0, WARM)
        state, heat = step.state, heat + step.heat
    kept = pack.cell.heat_capacity * (state.cell_temperature - WARM).sum() + 500.0 * (state.case_temperature - WARM)
    assert kept == pytest.approx(heat, rel=1e-6)


@pytest.mark.parametrize("power", [1e-9, 150.0, 600.0, -300.0])
def test_power_times_time_is_the_energy_that_passes(power: float) -> None:
    pack = uneven()
    step = step_power(pack, pack.at_rest(0.6, WARM), power, 20.0, WARM)
    assert step.electrical == pytest.approx(power * 20.0, rel=1e-12)


def test_nothing_happens_to_a_pack_of_equal_cells_at_rest() -> None:
    pack = Pack.nominal(3, 2)
    step = step_power(pack, pack.at_rest(0.5, WARM), 0.0, 60.0, WARM)
    assert step.current == 0
    np.testing.assert_array_equal(step.state.soc, 0.5)
    assert step.heat == step.chemical == step.electrical == 0


def test_resistance_follows_arrhenius_and_the_table() -> None:
    cell = CellDesign()
    hot, cold = (cell.series_resistance(np.array([0.05]), np.array([t])) for t in (298.15, 273.15))
    assert hot[0] == pytest.approx(7e-3)
    assert cold[0] / hot[0] == pytest.approx(math.exp(30e3 / 8.314462618 * (1 / 273.15 - 1 / 298.15)))
    assert cell.rc_resistances(np.array([298.15]))[:, 0] == pytest.approx([3e-3, 4e-3])


def test_power_beyond_the_cut_off_is_refused_with_numbers() -> None:
    pack = Pack.nominal(14, 4)
    with pytest.raises(Refused) as caught:
        step_power(pack, pack.at_rest(0.1, 273.15), 9000.0, 1.0, 273.15)
    why = caught.value
    assert why.kind == "cut-off"
    # By hand: the fall to the cut-off over the series resistance and what the elements build up in 1 s.
    emf, ohms, rc = 3.3, 6e-3 * math.exp(30e3 / 8.314462618 * (1 / 273.15 - 1 / 298.15)), 0.0
    for r, tau in ((3e-3, 5.0), (4e-3, 120.0)):
        rc += r * math.exp(50e3 / 8.314462618 * (1 / 273.15 - 1 / 298.15)) * -math.expm1(-1.0 / tau)
    amps = 4 * (emf - 2.8) / (ohms + rc)
    assert why.available == pytest.approx(14 * 2.8 * amps, rel=0.03)
    assert "9000.0 W wanted" in str(why)
    assert f"{why.available:.1f} W is the most" in str(why)
    assert "10.0 % charge" in str(why)
    assert "273.2 K" in str(why)
    step_power(pack, pack.at_rest(0.1, 273.15), 0.9999 * why.available, 1.0, 273.15)


def test_no_load_takes_more_than_the_matched_one() -> None:
    free = replace(
        CellDesign(),
        soc=(0.0, 1.0),
        voltage=(0.5, 4.0),
        resistance=(5e-3, 5e-3),
        lowest_voltage=0.5,
        highest_voltage=4.0,
    )
    pack = Pack.nominal(2, 3, replace(free, peak_rate=1.0))
    with pytest.raises(Refused) as caught:
        step_power(pack, pack.at_rest(1.0, WARM), 1e5, 1e-6, WARM)
    assert caught.value.kind == "matched load"
    assert caught.value.available == pytest.approx((2 * 4.0) ** 2 / (4 * 2 * 5e-3 / 3), rel=1e-5)


def test_the_peak_current_is_refused_with_numbers() -> None:
    pack = Pack.nominal(2, 4)
    with pytest.raises(Refused, match=r"250\.0 A wanted, 200\.0 A is the most .* peak current"):
        step_current(pack, pack.at_rest(1.0, WARM), 250.0, 1.0, WARM)


def test_cells_outside_their_temperatures_give_no_current_but_rest() -> None:
    pack = Pack.nominal(2, 2)
    state = pack.at_rest(1.0, 240.0)
    with pytest.raises(Refused, match=r"240\.0 K; current is drawn from 253\.2"):
        step_power(pack, state, 10.0, 1.0, 240.0)
    assert step_power(pack, state, 0.0, 1.0, 240.0).current == 0


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_no_number_is_refused(bad: float) -> None:
    pack = Pack.nominal(1, 1)
    state = pack.at_rest(0.5, WARM)
    for call in (
        lambda: step_power(pack, state, bad, 1.0, WARM),
        lambda: step_current(pack, state, bad, 1.0, WARM),
        lambda: step_power(pack, state, 1.0, bad, WARM),
        lambda: step_power(pack, state, 1.0, 1.0, bad),
        lambda: pack.at_rest(bad, WARM),
        lambda: Pack(np.array([[bad]]), np.array([[1.0]])),
    ):
        with pytest.raises(ValueError, match=r"finite|step must|ambient|within 0\.\.1"):
            call()


def test_a_cell_design_names_all_its_faults() -> None:
    with pytest.raises(ValueError, match=r"capacity must be above 0; .*to_case must be above 0"):
        CellDesign(capacity=0.0, to_case=-1.0)
    with pytest.raises(ValueError, match="voltage must rise"):
        CellDesign(soc=(0.0, 1.0), voltage=(4.0, 3.0), resistance=(1e-3, 1e-3))
    with pytest.raises(ValueError, match="within the voltages"):
        CellDesign(lowest_voltage=2.5)
    with pytest.raises(ValueError, match=r"\(2,\)"):
        Pack(np.ones(2), np.ones(2))
