"""One cell against PyBaMM's Thevenin model with two RC elements and the same parameters."""

from typing import Any

import numpy as np
import pytest

from ironworks.product.battery.cell import GAS_CONSTANT, CellDesign
from ironworks.product.battery.pack import CaseDesign, Pack
from ironworks.product.battery.step import step_current

pybamm: Any = pytest.importorskip("pybamm", reason="PyBaMM is not installed: pip install pybamm")

CELL, CASE = CellDesign(), CaseDesign(heat_capacity=80.0, to_ambient=0.2)
WARM = 298.15
CONSTANT = [(10.0, 3000)]
PULSES = [(20.0, 30), (0.0, 60), (-8.0, 20), (0.0, 40), (35.0, 10), (0.0, 100)] * 6


def theirs(course: list[tuple[float, int]], soc: float, temperature: float) -> dict[str, np.ndarray]:
    """Courses at every whole second, from the first on."""

    def arrhenius(energy: float, celsius: Any) -> Any:
        return pybamm.exp(energy / GAS_CONSTANT * (1 / (celsius + 273.15) - 1 / CELL.reference_temperature))

    charge, volts, ohms = (np.array(row) for row in (CELL.soc, CELL.voltage, CELL.resistance))
    (r1, r2), (tau1, tau2), (series, rc) = CELL.polarisation, CELL.time_constants, CELL.activation
    values = pybamm.ParameterValues("ECM_Example")
    values.update(
        {
            "Initial SoC": soc,
            "Initial temperature [K]": temperature,
            "Ambient temperature [K]": temperature,
            "Cell capacity [A.h]": CELL.capacity / 3600,
            "Nominal cell capacity [A.h]": CELL.capacity / 3600,
            "Upper voltage cut-off [V]": 4.5,
            "Lower voltage cut-off [V]": 2.0,
            "Cell thermal mass [J/K]": CELL.heat_capacity,
            "Cell-jig heat transfer coefficient [W/K]": CELL.to_case,
            "Jig thermal mass [J/K]": CASE.heat_capacity,
            "Jig-air heat transfer coefficient [W/K]": CASE.to_ambient,
            "Open-circuit voltage [V]": lambda z: pybamm.Interpolant(charge, volts, z, interpolator="pchip"),
            "R0 [Ohm]": lambda t, _, z: pybamm.Interpolant(charge, ohms, z) * arrhenius(series, t),
            "R1 [Ohm]": lambda t, *_: r1 * arrhenius(rc, t),
            "R2 [Ohm]": lambda t, *_: r2 * arrhenius(rc, t),
            "C1 [F]": lambda t, *_: tau1 / (r1 * arrhenius(rc, t)),
            "C2 [F]": lambda t, *_: tau2 / (r2 * arrhenius(rc, t)),
            "Element-2 initial overpotential [V]": 0,
            "Entropic change [V/K]": 0,
        },
        check_already_exists=False,
    )
    model = pybamm.equivalent_circuit.Thevenin(options={"number of rc elements": 2})
    experiment = pybamm.Experiment([pybamm.step.current(amps, duration=length, period=1) for amps, length in course])
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-9)
    solution = pybamm.Simulation(model, parameter_values=values, experiment=experiment, solver=solver).solve()
    named = {"voltage": "Voltage [V]", "soc": "SoC", "cell": "Cell temperature [K]", "case": "Jig temperature [K]"}
    rows = {}
    for ours_name, name in named.items():
        # Each part of the course brings its first instant once more, before the new current has acted.
        rows[ours_name] = np.concatenate(
            [part[name].entries[-length:] for part, (_, length) in parts(solution, course)]
        )
    return rows


def parts(solution: Any, course: list[tuple[float, int]]) -> list[tuple[Any, tuple[float, int]]]:
    return list(zip((cycle.steps[0] for cycle in solution.cycles), course, strict=True))


def ours(course: list[tuple[float, int]], soc: float, temperature: float, per_second: int) -> dict[str, np.ndarray]:
    pack = Pack.nominal(1, 1, CELL, CASE)
    state = pack.at_rest(soc, temperature)
    rows: dict[str, list[float]] = {"voltage": [], "soc": [], "cell": [], "case": []}
    for amps, length in course:
        for k in range(length * per_second):
            step = step_current(pack, state, amps, 1 / per_second, temperature)
            state = step.state
            if (k + 1) % per_second == 0:
                rows["voltage"].append(float(step.group_voltage[0]))
                rows["soc"].append(float(state.soc[0, 0]))
                rows["cell"].append(float(state.cell_temperature[0, 0]))
                rows["case"].append(state.case_temperature)
    return {name: np.array(row) for name, row in rows.items()}


@pytest.mark.parametrize(
    ("course", "soc", "temperature"),
    [(CONSTANT, 0.999, WARM), (PULSES, 0.8, WARM), (PULSES, 0.8, 273.15)],
    ids=["constant", "pulses", "pulses in the cold"],
)
def test_a_cell_behaves_as_in_pybamm(course: list[tuple[float, int]], soc: float, temperature: float) -> None:
    reference, mine = theirs(course, soc, temperature), ours(course, soc, temperature, per_second=1)
    for name, bound in {"voltage": 2e-4, "soc": 1e-10, "cell": 1e-3, "case": 1e-3}.items():
        off = float(np.abs(mine[name] - reference[name]).max())
        assert off < bound, f"{name} is off by {off:.2e}"


def test_the_distance_to_pybamm_shrinks_with_the_square_of_the_step() -> None:
    reference = theirs(PULSES, 0.8, 273.15)["voltage"]
    off = [float(np.abs(ours(PULSES, 0.8, 273.15, n)["voltage"] - reference).max()) for n in (1, 4)]
    assert off[1] < off[0] / 10
