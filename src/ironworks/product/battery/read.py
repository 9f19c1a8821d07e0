"""The pack of a design, from its figures.csv and from the curves of its cells in cells.csv."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from ironworks.product.battery.cell import CellDesign
from ironworks.product.battery.pack import CaseDesign, Pack
from ironworks.product.design import Design
from ironworks.product.design.figures import DesignFigures, figures_of, read_rows_of
from ironworks.rows import Row
from ironworks.rows._cells import Real, Text
from ironworks.rows._row import Kind

__all__ = ["pack_of"]

_FILE = "cells.csv"

#: The figures of a cell and the units that CellDesign wants.
_CELL = {
    "cell_capacity": "A*s",
    "cell_lowest_voltage": "V",
    "cell_highest_voltage": "V",
    "cell_peak_rate": "1/s",
    "cell_charge_rate": "1/s",
    "cell_specific_energy": "J/kg",
    "cell_specific_heat": "J/kg/K",
    "cell_to_case": "W/K",
    "cell_rc1_resistance": "ohm",
    "cell_rc2_resistance": "ohm",
    "cell_rc1_time": "s",
    "cell_rc2_time": "s",
    "cell_series_activation": "J/mol",
    "cell_rc_activation": "J/mol",
    "cell_coldest": "K",
    "cell_hottest": "K",
}


class _CurveRow(Row):
    """Open-circuit voltage [V] and series resistance [Ohm] at a charge from 0 to 1."""

    KEY: ClassVar = ("charge",)
    charge: Annotated[float, Real(0.0, 1.0)]
    voltage: Annotated[float, Real(positive=True)]
    resistance: Annotated[float, Real(positive=True)]
    kind: Kind
    source: Text
    note: Text = ""


def pack_of(design: Design) -> Pack:
    """A design's pack with equal cells, every figure at its value. Raises ScenarioFaults with every fault at once."""
    figures = figures_of(design)
    log, value = figures.log, figures.value
    for key, unit in _CELL.items():
        value(key, unit)
    curve = [row for row in read_rows_of(design, _FILE, _CurveRow, log) if isinstance(row, _CurveRow)]
    if not curve and not log.faults:
        log.add(_FILE, 0, "", "is missing or empty", mend="add it with the columns charge, voltage, resistance")
    heat = value("case_heat_capacity", "J/K"), value("case_to_ambient", "W/K")
    series, parallel = value("cells_in_series"), value("cells_in_parallel")
    for key, count in (("cells_in_series", series), ("cells_in_parallel", parallel)):
        if count < 1.0 or count != round(count):
            log.add("figures.csv", 0, f"figures.{key}.value", f"{count:g} is no count", mend="write a whole number")
    log.stop_on_faults()
    try:
        cell = _cell(figures, curve)
        case = CaseDesign(*heat)
    except ValueError as error:
        log.add("figures.csv", 0, "cell", str(error), mend="correct these figures, or the curve in cells.csv")
        log.stop_on_faults()
        raise
    return Pack.nominal(round(series), round(parallel), cell, case)


def _cell(figures: DesignFigures, curve: Sequence[_CurveRow]) -> CellDesign:
    of = {key.removeprefix("cell_"): figures.value(key, unit) for key, unit in _CELL.items()}
    return CellDesign(
        capacity=of["capacity"],
        soc=tuple(row.charge for row in curve),
        voltage=tuple(row.voltage for row in curve),
        resistance=tuple(row.resistance for row in curve),
        polarisation=(of["rc1_resistance"], of["rc2_resistance"]),
        time_constants=(of["rc1_time"], of["rc2_time"]),
        activation=(of["series_activation"], of["rc_activation"]),
        lowest_voltage=of["lowest_voltage"],
        highest_voltage=of["highest_voltage"],
        peak_rate=of["peak_rate"],
        charge_rate=of["charge_rate"],
        temperatures=(of["coldest"], of["hottest"]),
        specific_energy=of["specific_energy"],
        specific_heat=of["specific_heat"],
        to_case=of["to_case"],
    )
