"""A pack of cells, groups of `parallel` in series, each cell with its own capacity and resistance, in one case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ironworks.product.battery.cell import CellDesign

__all__ = ["CaseDesign", "Pack", "PackState", "Thevenin", "node"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CaseDesign:
    """What holds the cells and passes their heat on; assumptions without a source.

    A case of 1.7 kg aluminium, which with 56 cells of G01 makes the 8.5 kg of G23, and some 0.2 m2 in still air.
    """

    heat_capacity: float = 1500.0
    """[J/K]"""
    to_ambient: float = 2.0
    """Heat conductance [W/K]"""

    def __post_init__(self) -> None:
        if not min(self.heat_capacity, self.to_ambient) > 0:
            raise ValueError("case design: heat_capacity and to_ambient must be above 0")


@dataclass(frozen=True, slots=True, eq=False)
class PackState:
    """What changes in a pack; S groups in series of P parallel cells."""

    soc: Floats
    """Charge of each cell, 0..1, (S, P)"""
    polarisation: Floats
    """Voltages of the RC elements, positive after discharge [V], (2, S, P)"""
    cell_temperature: Floats
    """[K], (S, P)"""
    case_temperature: float
    """[K]"""


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A pack as built. `capacity` and `resistance` are factors on the cell's design, (S, P)."""

    capacity: Floats
    """Factor on the capacity of each cell, (S, P)"""
    resistance: Floats
    """Factor on series and RC resistances of each cell, (S, P)"""
    cell: CellDesign = field(default_factory=CellDesign)
    case: CaseDesign = field(default_factory=CaseDesign)

    def __post_init__(self) -> None:
        for name in ("capacity", "resistance"):
            values = np.asarray(getattr(self, name), dtype=float)
            if values.ndim != 2 or not values.size:
                raise ValueError(f"pack: {name} needs shape (series, parallel), has {values.shape}")
            if not (np.isfinite(values).all() and (values > 0).all()):
                raise ValueError(f"pack: {name} must be finite and above 0 for every cell")
            object.__setattr__(self, name, values)
        if self.capacity.shape != self.resistance.shape:
            raise ValueError(f"pack: capacity is {self.capacity.shape}, resistance {self.resistance.shape}")

    @classmethod
    def nominal(
        cls, series: int = 14, parallel: int = 4, cell: CellDesign | None = None, case: CaseDesign | None = None
    ) -> Pack:
        """Equal cells as designed. 14 x 4 of the default cell hold some 2 kWh (A17) at some 51 V."""
        ones = np.ones((series, parallel))
        return cls(ones, ones, cell or CellDesign(), case or CaseDesign())

    @property
    def series(self) -> int:
        """Groups in series."""
        return int(self.capacity.shape[0])

    @property
    def parallel(self) -> int:
        """Cells in a group."""
        return int(self.capacity.shape[1])

    @property
    def peak_current(self) -> float:
        """Largest discharge current [A], by design."""
        return self.cell.peak_rate * self.cell.capacity * self.parallel

    @property
    def charge_current(self) -> float:
        """Largest charge current [A], by design."""
        return self.cell.charge_rate * self.cell.capacity * self.parallel

    @property
    def cell_capacity(self) -> Floats:
        """[A s], (S, P)"""
        return self.cell.capacity * self.capacity

    @property
    def energy(self) -> float:
        """Chemical energy of the full pack [J]."""
        return self.cell.energy * float(self.capacity.sum())

    def at_rest(self, soc: float | Floats = 1.0, temperature: float = 298.15) -> PackState:
        """A relaxed pack: one charge for all or an array that broadcasts to (S, P); one temperature [K]."""
        shape = self.capacity.shape
        charge = np.broadcast_to(np.asarray(soc, dtype=float), shape).copy()
        if not ((charge >= 0) & (charge <= 1)).all():
            raise ValueError(f"state of charge must be within 0..1, is {np.min(charge):g} to {np.max(charge):g}")
        if not (np.isfinite(temperature) and temperature > 0):
            raise ValueError(f"temperature must be above 0 K, is {temperature}")
        return PackState(charge, np.zeros((2, *shape)), np.full(shape, float(temperature)), float(temperature))

    def resistances(self, state: PackState) -> tuple[Floats, Floats]:
        """Series resistance (S, P) and resistances of the RC elements (2, S, P) [Ohm] in a state."""
        cell, hot = self.cell, state.cell_temperature
        return cell.series_resistance(state.soc, hot) * self.resistance, cell.rc_resistances(hot) * self.resistance

    def split(self, state: PackState, current: float) -> tuple[Floats, Floats]:
        """Voltages of the groups [V], (S,), and currents of the cells [A], (S, P), at a pack current [A], at once."""
        emf = self.cell.open_circuit(state.soc) - state.polarisation.sum(axis=0)
        return node(emf, self.resistances(state)[0], current)

    def group_soc(self, state: PackState) -> Floats:
        """Charge of each group over its capacity, (S,)."""
        out: Floats = (state.soc * self.capacity).sum(axis=1) / self.capacity.sum(axis=1)
        return out


class Thevenin(NamedTuple):
    """Groups as seen from their terminals: voltage = emf - resistance * pack current."""

    emf: Floats
    """[V], (S,)"""
    resistance: Floats
    """[Ohm], (S,)"""

    @classmethod
    def of(cls, emf: Floats, resistance: Floats) -> Thevenin:
        """Of cells with these emf [V] and resistances [Ohm], (S, P), those of a row in parallel."""
        conductance = 1.0 / resistance
        inner = 1.0 / conductance.sum(axis=1)
        return cls((emf * conductance).sum(axis=1) * inner, inner)


def node(emf: Floats, resistance: Floats, current: float) -> tuple[Floats, Floats]:
    """Kirchhoff in each group: voltages [V], (S,), at which the cells' currents [A], (S, P), sum to `current` [A]."""
    group = Thevenin.of(emf, resistance)
    voltage = group.emf - group.resistance * current
    return voltage, (emf - voltage[:, None]) / resistance
