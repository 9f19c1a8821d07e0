"""The pack on its cycler: a full discharge, with the currents of its cells by their fields, and a pulse."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ironworks.product.battery.discharge import until_refused
from ironworks.product.battery.pack import Pack, PackState
from ironworks.product.battery.read import pack_of
from ironworks.product.battery.step import PackStep, step_current
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.procedures.as_designed import as_designed

__all__ = ["BatteryCapacity", "BatteryResistance", "pack_as_built"]

Floats = NDArray[np.float64]

#: Discharge in so many hours, step [s], rest afterwards [s]; ambient [K].
_HOURS, _STEP, _REST, _AMBIENT = 1.0, 30.0, 1800.0, 298.15
#: Probes at the cells' bars: gain of each, found on a known current; voltage taps' noise [V]; cycler's gain.
_PROBE, _TAP, _CYCLER = 0.004, 1e-3, 5e-4
#: Pulse: charge at which it is done, current over the capacity per hour, seconds, first reading after [s].
_CHARGE, _RATE, _PULSE = 0.5, 1.0, 10.0


def pack_as_built(specimen: Specimen) -> Pack | None:
    """The pack of a unit's cells, groups one after another, of the design's cell; None for a unit without cells.

    The design says how many groups there are, since they make its bus; the unit, how many cells share them. Raises
    ValueError where its cells do not fill the groups evenly, ScenarioFaults for a design whose cell is not described.
    """
    unit = specimen.unit
    cells = len(unit.places.names["cell"])
    if not cells:
        return None
    designed = as_designed("pack", specimen, lambda _: pack_of(specimen.design))
    if cells % designed.series:
        raise ValueError(f"{cells} cells do not fill the {designed.series} groups of {specimen.design.name} evenly")
    shape = (designed.series, cells // designed.series)
    return replace(
        designed,
        capacity=1.0 + unit["cell_capacity"].reshape(shape),
        resistance=1.0 + unit["cell_resistance"].reshape(shape),
    )


def _nominal(pack: Pack) -> Pack:
    return Pack.nominal(pack.series, pack.parallel, pack.cell, pack.case)


class BatteryCapacity:
    """A full discharge: the charge of the pack until its weakest group ends it, each cell's from its own current."""

    name = "battery_capacity"
    item = "pack"
    minutes = 105.0
    measurements = (
        Measurement(
            "pack_capacity", Limits(-3.5, None, "percent"), description="to the cut-off, against a pack as designed"
        ),
        Measurement("cell_capacity", Limits(-6.0, 6.0, "percent"), description="of each cell, to the design"),
    )
    catches = ("weak_cell",)
    sees = ("cell_capacity", "cell_resistance")

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of the pack and of every cell."""
        pack, rng = pack_as_built(specimen), specimen.rng(self.name)
        names = specimen.unit.places.names["cell"]
        if pack is None:
            return {one.name: Readings.none() for one in self.measurements}
        charge, each, state = _discharge(pack)
        full, _, _ = as_designed(self.name, specimen, lambda _: _discharge(_nominal(pack)))
        seen = charge * (1.0 + _CYCLER * rng.normal())
        gained = each * (1.0 + _PROBE * rng.normal(size=each.shape))
        # At rest the voltage of a group tells what is left in it.
        resting = pack.split(state, 0.0)[0] + _TAP * rng.normal(size=pack.series)
        left = _charge_at(pack, resting)
        capacity = gained / (1.0 - left)[:, None]
        true = specimen.unit["cell_capacity"]
        return {
            "pack_capacity": Readings(
                ("pack",), np.array([100.0 * (seen / full - 1.0)]), np.array([100.0 * (charge / full - 1.0)])
            ),
            "cell_capacity": Readings(names, 100.0 * (capacity.ravel() / pack.cell.capacity - 1.0), 100.0 * true),
        }


class BatteryResistance:
    """A pulse of ten seconds from rest at half charge: the fall of each group, and the first current of each cell."""

    name = "battery_resistance"
    item = "pack"
    minutes = 15.0
    measurements = (
        Measurement("group_resistance", Limits(-12.0, 12.0, "percent"), description="over ten seconds, to the design"),
        Measurement("cell_resistance", Limits(-17.0, 20.0, "percent"), description="in series, to the design"),
    )
    catches: tuple[str, ...] = ()
    sees = ("cell_capacity", "cell_resistance")

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every group and of every cell."""
        pack, rng = pack_as_built(specimen), specimen.rng(self.name)
        if pack is None:
            return {one.name: Readings.none() for one in self.measurements}
        fall, first, split, current = _pulse(pack)
        nominal, _, _, _ = as_designed(self.name, specimen, lambda _: _pulse(_nominal(pack)))
        # Voltage before, at once and after, each the mean of fifty readings: both falls share the first.
        before, then, after = _TAP / np.sqrt(50.0) * rng.normal(size=(3, pack.series))
        seen, at_once = fall + before - after, first + before - then
        probed = split * (1.0 + _PROBE * rng.normal(size=split.shape))
        probed *= current / probed.sum(axis=1, keepdims=True)
        designed = float(pack.cell.series_resistance(np.array(_CHARGE), np.array(_AMBIENT)))
        cells = at_once[:, None] / probed / designed
        return {
            "group_resistance": Readings(
                tuple(f"group_{i}" for i in range(pack.series)),
                100.0 * (seen / nominal - 1.0),
                100.0 * (fall / nominal - 1.0),
            ),
            "cell_resistance": Readings(
                specimen.unit.places.names["cell"],
                100.0 * (cells.ravel() - 1.0),
                100.0 * specimen.unit["cell_resistance"],
            ),
        }


def _discharge(pack: Pack) -> tuple[float, Floats, PackState]:
    """Charge of the pack [A s], of each cell (S, P) [A s], and the state after a rest."""
    current = pack.cell.capacity * pack.parallel / (_HOURS * 3600.0)
    last = [pack.at_rest(1.0, _AMBIENT)]

    def advance(state: PackState, length: float) -> PackStep:
        step = step_current(pack, state, current, length, _AMBIENT)
        last[0] = step.state
        return step

    _, charge, _, _ = until_refused(last[0], _STEP, advance)
    each = (1.0 - last[0].soc) * pack.cell_capacity
    state = last[0]
    for _ in range(round(_REST / _STEP)):
        state = step_current(pack, state, 0.0, _STEP, _AMBIENT).state
    return charge, each, state


def _charge_at(pack: Pack, voltage: Floats) -> Floats:
    """Charge 0..1 at which cells at rest have these voltages: bisection, since the curve rises."""
    low, high = np.zeros_like(voltage), np.ones_like(voltage)
    for _ in range(40):
        middle = 0.5 * (low + high)
        above = pack.cell.open_circuit(middle) > voltage
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray(0.5 * (low + high))


def _pulse(pack: Pack) -> tuple[Floats, Floats, Floats, float]:
    """Fall over the pulse and at once (S,) [V], first currents of the cells (S, P) [A], current of the pack [A]."""
    current = _RATE * pack.cell.capacity * pack.parallel / 3600.0
    state = pack.at_rest(_CHARGE, _AMBIENT)
    before, _ = pack.split(state, 0.0)
    at_once, split = pack.split(state, current)
    after = at_once
    for _ in range(math.ceil(_PULSE)):
        step = step_current(pack, state, current, _PULSE / math.ceil(_PULSE), _AMBIENT)
        state, after = step.state, step.group_voltage
    return before - after, before - at_once, split, current
