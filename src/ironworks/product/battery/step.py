"""One step of a pack: constant cell currents over it, exact decay of the RC elements and of the temperatures.

The currents hold the node equations for the mean voltages over the step, so that power times time is the energy that
passes, and parallel cells balance stably at any step. Resistances are those halfway through the step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

from ironworks.product.battery.pack import Pack, PackState, Thevenin, node

__all__ = ["LONGEST_STEP", "LimitKind", "PackStep", "Refused", "step_current", "step_power"]

LONGEST_STEP = 60.0
"""Above it the voltage curve bends too much within a step [s]."""

TURNS = 2
"""Of the fixed point on the voltage curve; the second brings energies to 1e-7 at the longest step."""

LimitKind = Literal["cut-off", "peak current", "matched load", "temperature"]
Floats = NDArray[np.float64]


class Refused(ValueError):
    """The pack cannot do what is asked of it; says what it could."""

    def __init__(self, kind: LimitKind, group: int | None, wanted: float, available: float, text: str) -> None:
        super().__init__(text)
        self.kind: LimitKind = kind
        self.group = group
        """The group in series that sets the limit, from 0; None where it is the pack."""
        self.wanted, self.available = wanted, available
        """[W] of a power, [A] of a current"""


@dataclass(frozen=True, slots=True, eq=False)
class PackStep:
    """State after a step, and what passed in it."""

    state: PackState
    current: float
    """Of the pack, constant over the step [A]"""
    group_voltage: Floats
    """At the end of the step, still under current [V], (S,)"""
    electrical: float
    """Energy given to the outside [J]"""
    chemical: float
    """Energy taken from the cells' charge [J]"""
    heat: float
    """[J]"""


def step_power(pack: Pack, state: PackState, power: float, dt: float, ambient: float) -> PackStep:
    """Deliver a power [W] for dt [s] at an ambient temperature [K]; a negative one charges as far as the limits allow.

    Raises Refused where the power cannot be delivered.
    """

    def solve(mean: Thevenin, end: Thevenin) -> float:
        a, b = float(mean.emf.sum()), float(mean.resistance.sum())
        lowest, highest, kind, group = _limits(pack, end)
        matched = a / (2.0 * b)
        if highest > matched:
            highest, kind, group = matched, "matched load", None
        most = highest * (a - b * highest)
        if power > most:
            where = "" if group is None else f" of group {group}"
            raise Refused(
                kind,
                group,
                power,
                most,
                f"{power:.1f} W wanted, {most:.1f} W is the most that the pack delivers at {_condition(pack, state)}: "
                f"limit is the {kind}{where} at {highest:.1f} A",
            )
        # The root that goes to 0 with the power, in the form that loses no digits there.
        return max(lowest, 2.0 * power / (a + math.sqrt(a * a - 4.0 * b * power)))

    if not math.isfinite(power):
        raise ValueError(f"power must be a finite number of W, is {power}")
    return _step(pack, state, dt, ambient, power, solve)


def step_current(pack: Pack, state: PackState, current: float, dt: float, ambient: float) -> PackStep:
    """Draw a current [A] for dt [s] at an ambient temperature [K]; a negative one charges as far as the limits allow.

    Raises Refused where a limit of discharge stands against it.
    """

    def solve(_: Thevenin, end: Thevenin) -> float:
        lowest, highest, kind, group = _limits(pack, end)
        if current > highest:
            where = "" if group is None else f" of group {group}"
            raise Refused(
                kind,
                group,
                current,
                highest,
                f"{current:.1f} A wanted, {highest:.1f} A is the most at {_condition(pack, state)}: "
                f"limit is the {kind}{where}",
            )
        return max(lowest, current)

    if not math.isfinite(current):
        raise ValueError(f"current must be a finite number of A, is {current}")
    return _step(pack, state, dt, ambient, current, solve)


def _limits(pack: Pack, end: Thevenin) -> tuple[float, float, LimitKind, int | None]:
    """Lowest and highest pack current [A], what sets the highest, and in which group, from the end of the step."""
    to_cut_off = (end.emf - pack.cell.lowest_voltage) / end.resistance
    weakest = int(to_cut_off.argmin())
    to_full = float(((end.emf - pack.cell.highest_voltage) / end.resistance).max())
    lowest = min(0.0, max(-pack.charge_current, to_full))
    if to_cut_off[weakest] < pack.peak_current:
        return lowest, max(0.0, float(to_cut_off[weakest])), "cut-off", weakest
    return lowest, pack.peak_current, "peak current", None


def _step(
    pack: Pack,
    state: PackState,
    dt: float,
    ambient: float,
    wanted: float,
    solve: Callable[[Thevenin, Thevenin], float],
) -> PackStep:
    cell, capacity = pack.cell, pack.cell_capacity
    _check(pack, state, dt, ambient, wanted)
    tau = np.array(cell.time_constants)[:, None, None]
    decay = np.exp(-dt / tau)
    # Mean over the step of what decays; the rest of the way is made towards current times resistance.
    mean = -np.expm1(-dt / tau) * tau / dt
    gone, left = (mean * state.polarisation).sum(axis=0), (decay * state.polarisation).sum(axis=0)
    now = cell.open_circuit(state.soc)
    fall = np.maximum(cell.slope(state.soc), 0.0) * (dt / 2.0) / capacity
    cells, along, ends, halfway = np.zeros_like(now), now, now, state
    for _ in range(TURNS):
        series, rc = pack.resistances(halfway)
        ohmic = series + ((1.0 - mean) * rc).sum(axis=0)
        # The voltage falls in a straight line at first, then as it did along the curve under the last turn's currents.
        emf, resistance = along + fall * cells - gone, ohmic + fall
        end = Thevenin.of(ends + 2.0 * fall * cells - left, series + ((1.0 - decay) * rc).sum(axis=0) + 2.0 * fall)
        current = solve(Thevenin.of(emf, resistance), end)
        group, cells = node(emf, resistance, current)
        heat = cells * (gone + ohmic * cells) * dt
        soc = state.soc - cells * dt / capacity
        middle, ends = cell.open_circuit(np.stack([(state.soc + soc) / 2.0, soc]))
        along = (now + 4.0 * middle + ends) / 6.0
        halfway = PackState(
            (state.soc + soc) / 2.0, state.polarisation, *_warm(pack, state, heat / dt, dt / 2.0, ambient)
        )
    electrical = float(group.sum()) * current * dt
    polarisation = decay * state.polarisation + (1.0 - decay) * rc * cells
    temperature, case = _warm(pack, state, heat / dt, dt, ambient)
    after = PackState(soc, polarisation, temperature, case)
    ended, _ = node(ends - polarisation.sum(axis=0), pack.resistances(after)[0], current)
    chemical = float((capacity * (cell.stored(state.soc) - cell.stored(soc))).sum())
    return PackStep(after, current, ended, electrical, chemical, float(heat.sum()))


def _warm(pack: Pack, state: PackState, heat: Floats, dt: float, ambient: float) -> tuple[Floats, float]:
    """Temperatures of the cells [K], (S, P), and of the case [K] after dt under constant heat [W], (S, P).

    Cells pass heat to the case alone: their mean and the case are two coupled masses, each cell's distance from the
    mean decays by itself.
    """
    cell, case, n = pack.cell, pack.case, heat.size
    mean, mean_heat = float(state.cell_temperature.mean()), float(heat.mean())
    settled_case = ambient + n * mean_heat / case.to_ambient
    settled = np.array([settled_case + mean_heat / cell.to_case, settled_case])
    move = _thermal(n * cell.heat_capacity, n * cell.to_case, case.heat_capacity, case.to_ambient, dt)
    both = settled + move @ (np.array([mean, state.case_temperature]) - settled)
    aside = (heat - mean_heat) / cell.to_case
    left = math.exp(-dt * cell.to_case / cell.heat_capacity)
    return both[0] + aside + left * (state.cell_temperature - mean - aside), float(both[1])


@lru_cache(maxsize=64)
def _thermal(cells: float, to_case: float, case: float, to_ambient: float, dt: float) -> Floats:
    """How distances from the settled temperatures of cells and case pass over dt, (2, 2)."""
    rates = np.array([[-to_case / cells, to_case / cells], [to_case / case, -(to_case + to_ambient) / case]])
    out: Floats = expm(rates * dt)
    return out


def _check(pack: Pack, state: PackState, dt: float, ambient: float, wanted: float) -> None:
    if not 0.0 < dt <= LONGEST_STEP:
        raise ValueError(f"a step must be above 0 s and at most {LONGEST_STEP:g} s, is {dt}")
    if not (math.isfinite(ambient) and ambient > 0):
        raise ValueError(f"ambient temperature must be above 0 K, is {ambient}")
    low, high = pack.cell.temperatures
    coldest, hottest = float(state.cell_temperature.min()), float(state.cell_temperature.max())
    if wanted != 0 and not low <= coldest <= hottest <= high:
        wrong = coldest if coldest < low else hottest
        row = int(np.argwhere(state.cell_temperature == wrong)[0, 0])
        text = f"a cell of group {row} is at {wrong:.1f} K; current is drawn from {low:.1f} to {high:.1f} K"
        raise Refused("temperature", row, wanted, 0.0, text)


def _condition(pack: Pack, state: PackState) -> str:
    charge = float(pack.group_soc(state).min())
    return f"{100 * charge:.1f} % charge (weakest group) and {float(state.cell_temperature.mean()):.1f} K"
