"""One cell as a 2-RC Thevenin circuit: open-circuit voltage, resistance over charge and temperature, heat capacity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

__all__ = ["GAS_CONSTANT", "CellDesign"]

GAS_CONSTANT = 8.314462618
"""[J/(mol K)]"""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CellDesign:
    """Parameters of a cell type. No solid-state set is published (G25), so every default is an assumption.

    With a basis in the project's figures: 10 Ah and 300 Wh/kg of the robot cell that comes nearest (G01), 5C peak and
    1C charging (G20), -20 to 85 degC (G04). Without any, to be measured on real cells: the voltage curve (of the kind
    of a nickel-rich cathode), the resistances and their course over charge, time constants, activation energies
    (conduction in a sulfide near 0.3 eV, the interfaces higher), heat capacity and heat path.

    Charge runs from 0 to 1, discharge current is positive. Left out: entropic heat, hysteresis, ageing, stack
    pressure, and the limit that cold sets to charging.
    """

    capacity: float = 36_000.0
    """[A s]"""
    soc: tuple[float, ...] = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
    """Where the two tables below are given, increasing, 0 to 1."""
    voltage: tuple[float, ...] = (2.8, 3.15, 3.3, 3.43, 3.51, 3.58, 3.65, 3.74, 3.84, 3.94, 4.04, 4.11, 4.2)
    """Open-circuit voltage over charge [V], increasing; monotone cubic between."""
    resistance: tuple[float, ...] = (
        9e-3,
        7e-3,
        6e-3,
        5.3e-3,
        5e-3,
        5e-3,
        5e-3,
        5e-3,
        5e-3,
        5e-3,
        5.2e-3,
        5.4e-3,
        5.8e-3,
    )
    """Series resistance over charge at the reference temperature [Ohm]; linear between."""
    polarisation: tuple[float, float] = (3e-3, 4e-3)
    """Resistances of the two RC elements at the reference temperature [Ohm]."""
    time_constants: tuple[float, float] = (5.0, 120.0)
    """Of the two RC elements [s], the same at every temperature."""
    activation: tuple[float, float] = (30e3, 50e3)
    """Activation energies of the series resistance and of the RC resistances [J/mol]."""
    reference_temperature: float = 298.15
    """[K]"""
    lowest_voltage: float = 2.8
    """Cut-off in discharge [V]"""
    highest_voltage: float = 4.2
    """Limit in charge [V]"""
    peak_rate: float = 5.0 / 3600.0
    """Largest discharge current over capacity [1/s]"""
    charge_rate: float = 1.0 / 3600.0
    """Largest charge current over capacity [1/s]"""
    temperatures: tuple[float, float] = (253.15, 358.15)
    """Outside of these no current is drawn [K]"""
    specific_energy: float = 300.0 * 3600.0
    """[J/kg]"""
    specific_heat: float = 1000.0
    """[J/(kg K)]"""
    to_case: float = 0.5
    """Heat conductance to the case [W/K]"""

    def __post_init__(self) -> None:
        faults = []
        if len({len(self.soc), len(self.voltage), len(self.resistance)}) != 1 or len(self.soc) < 2:
            faults.append("soc, voltage and resistance need the same length, 2 or more")
        elif not (_rises(self.soc) and self.soc[0] == 0 and self.soc[-1] == 1):
            faults.append("soc must rise from 0 to 1")
        if not _rises(self.voltage):
            faults.append("voltage must rise with charge")
        elif not self.voltage[0] <= self.lowest_voltage < self.highest_voltage <= self.voltage[-1]:
            faults.append(
                f"lowest_voltage {self.lowest_voltage} V and highest_voltage {self.highest_voltage} V must rise and be "
                f"within the voltages of the empty and the full cell, {self.voltage[0]} to {self.voltage[-1]} V"
            )
        positive = {
            "capacity": (self.capacity,),
            "resistance": self.resistance,
            "time_constants": self.time_constants,
            "reference_temperature": (self.reference_temperature,),
            "peak_rate": (self.peak_rate,),
            "specific_energy": (self.specific_energy,),
            "specific_heat": (self.specific_heat,),
            "to_case": (self.to_case,),
        }
        faults += [f"{name} must be above 0" for name, values in positive.items() if not min(values) > 0]
        if not min(*self.polarisation, *self.activation, self.charge_rate) >= 0:
            faults.append("polarisation, activation and charge_rate must not be negative")
        if not 0 < self.temperatures[0] < self.temperatures[1]:
            faults.append("temperatures must be two rising values in K")
        if faults:
            raise ValueError("cell design: " + "; ".join(faults))

    def open_circuit(self, soc: Floats) -> Floats:
        """Open-circuit voltage [V] at charges of any shape; goes on in a straight line outside 0..1."""
        inside = np.clip(soc, 0.0, 1.0)
        out: Floats = self._curve(inside) + self.slope(inside) * (soc - inside)
        return out

    def slope(self, soc: Floats) -> Floats:
        """Derivative of the open-circuit voltage by charge [V]."""
        out: Floats = self._slope(np.clip(soc, 0.0, 1.0))
        return out

    def stored(self, soc: Floats) -> Floats:
        """Chemical energy over capacity between empty and a charge [V]: the integral of the open-circuit voltage."""
        inside = np.clip(soc, 0.0, 1.0)
        beyond = soc - inside
        out: Floats = self._integral(inside) + (self._curve(inside) + self.slope(inside) * beyond / 2.0) * beyond
        return out

    def series_resistance(self, soc: Floats, temperature: Floats) -> Floats:
        """Series resistance [Ohm] at charges and temperatures [K] of one shape."""
        out: Floats = np.interp(soc, self.soc, self.resistance) * self._arrhenius(self.activation[0], temperature)
        return out

    def rc_resistances(self, temperature: Floats) -> Floats:
        """Resistances of the RC elements [Ohm], shape (2, ...), at temperatures [K] of any shape (...)."""
        out: Floats = np.multiply.outer(np.array(self.polarisation), self._arrhenius(self.activation[1], temperature))
        return out

    @cached_property
    def energy(self) -> float:
        """Chemical energy of the full cell [J]."""
        return self.capacity * float(self._integral(1.0))

    @property
    def mass(self) -> float:
        """Of one cell [kg], from its energy and specific energy."""
        return self.energy / self.specific_energy

    @property
    def heat_capacity(self) -> float:
        """Of one cell [J/K]."""
        return self.mass * self.specific_heat

    def _arrhenius(self, energy: float, temperature: Floats) -> Floats:
        out: Floats = np.exp(energy / GAS_CONSTANT * (1.0 / temperature - 1.0 / self.reference_temperature))
        return out

    @cached_property
    def _curve(self) -> PchipInterpolator:
        return PchipInterpolator(self.soc, self.voltage)

    @cached_property
    def _slope(self) -> PchipInterpolator:
        return self._curve.derivative()

    @cached_property
    def _integral(self) -> PchipInterpolator:
        return self._curve.antiderivative()


def _rises(values: tuple[float, ...]) -> bool:
    return all(a < b for a, b in pairwise(values))
