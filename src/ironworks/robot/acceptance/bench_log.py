"""Logs of real test benches: one reading per row, read from CSV, and what they say of parts and of the measurement."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ironworks.faults import Fault, FaultLog, ScenarioFaults, closest
from ironworks.robot.acceptance.gauge import Components, GaugeStudy, crossed
from ironworks.robot.acceptance.guard import Process
from ironworks.robot.acceptance.unbalanced import unbalanced
from ironworks.tables import RawRow, parse_table, read_text
from ironworks.units import Unit, UnitError, parse_unit

__all__ = ["COLUMNS", "BenchLog", "LogFit", "read_bench_log"]

COLUMNS = ("serial", "tester", "measurement", "value", "unit", "time")
# Units without a single factor to SI: readings stay in them as they are.
_AS_THEY_ARE = ("degC", "degF", "dB", "dBm", "dB(A)")
_NAMED = ("serial", "tester", "measurement")


@dataclass(frozen=True, slots=True)
class LogFit:
    """Spread of parts and of the measurement, from all finite readings of one measurement, in `unit`.

    `left_out` counts readings that are not finite. `components` holds variances; `unseen` says which of them the log
    cannot tell. `study` is there where the log is a balanced crossed study: the ANOVA table and intervals come with it.
    """

    measurement: str
    unit: str
    readings: int
    left_out: int
    parts: int
    testers: int
    mean: float
    components: Components
    unseen: tuple[str, ...]
    study: GaugeStudy | None

    @property
    def uncertainty(self) -> float:
        """Standard deviation of one reading of a part: repeatability and reproducibility."""
        return math.sqrt(self.components.grr)

    @property
    def process(self) -> Process:
        """Mean and standard deviation of the parts; raises ValueError where the log shows no spread of parts."""
        return Process(self.mean, math.sqrt(self.components.part))


@dataclass(frozen=True, slots=True)
class BenchLog:
    """Readings in the order of the file; every sequence has one entry per reading (n,).

    `value` is in `units[measurement]`, NaN where the bench gave no finite number; `time` is seconds since 1970 UTC.
    """

    file: str
    serial: tuple[str, ...]
    tester: tuple[str, ...]
    measurement: tuple[str, ...]
    value: NDArray[np.float64]
    time: NDArray[np.float64]
    units: dict[str, str]
    warnings: tuple[Fault, ...] = ()

    def fit(self, measurement: str, pool_above: float = 0.25) -> LogFit:
        """Variances of one measurement: the crossed study where the plan is balanced, Henderson's method 3 otherwise.

        Raises KeyError for a measurement that is not in the log, ValueError where it has fewer than 2 finite readings.
        """
        if measurement not in self.units:
            raise KeyError(f"{self.file} has no measurement `{measurement}`; choose one of: {', '.join(self.units)}")
        all_rows = np.array([i for i, name in enumerate(self.measurement) if name == measurement], dtype=np.int64)
        rows = all_rows[np.isfinite(self.value[all_rows])]
        if len(rows) < 2:
            raise ValueError(f"`{measurement}` has {len(rows)} finite readings; a spread needs 2 or more")
        values = self.value[rows]
        parts, part = np.unique(np.array(self.serial)[rows], return_inverse=True)
        testers, tester = np.unique(np.array(self.tester)[rows], return_inverse=True)
        loose = unbalanced(values, part, tester)
        study = _study(values, part * len(testers) + tester, len(parts), len(testers), pool_above)
        return LogFit(
            measurement, self.units[measurement], len(rows), len(all_rows) - len(rows), len(parts), len(testers),
            loose.mean, study.components if study else loose.components, loose.unseen, study,
        )  # fmt: skip


def _study(
    values: NDArray[np.float64], cell: NDArray[np.int64], parts: int, testers: int, pool_above: float
) -> GaugeStudy | None:
    """The crossed study where every tester measured every part equally often, 2 times or more."""
    counts = np.bincount(cell, minlength=parts * testers)
    if min(parts, testers, counts.min()) < 2 or counts.min() != counts.max():
        return None
    return crossed(values[np.argsort(cell, kind="stable")].reshape(parts, testers, -1), pool_above)


def read_bench_log(path: Path) -> BenchLog:
    """Read a CSV log with the columns serial, tester, measurement, value, unit and time; further columns are ignored.

    `time` is ISO 8601 with a UTC offset. A measurement keeps the unit of its first row, and rows in another unit of the
    same dimension are converted. Values that are empty or not finite are warned of, since benches write them; anything
    else that cannot be read is a fault. Raises ScenarioFaults with all of them.
    """
    log = FaultLog()
    text = read_text(path, log)
    table = parse_table(path.name, text, log) if text is not None else None
    if table is None:
        raise ScenarioFaults(log.faults, log.warnings)
    for column in COLUMNS:
        if column not in table.columns:
            near = closest(column, table.columns)
            log.add(path.name, 1, column, "is a column that a bench log needs", mend=near or f"add `{column}`")
    if not set(COLUMNS) <= set(table.columns):
        log.stop_on_faults()
    reader = _Reader(path.name, log)
    readings = [reading for reading in map(reader.reading, table.rows) if reading is not None]
    if not table.rows:
        log.add(path.name, 1, "", "has no readings", mend="write one reading per row below the header")
    log.stop_on_faults()
    serial, tester, measurement, value, time = zip(*readings, strict=True)
    return BenchLog(
        path.name, serial, tester, measurement, np.array(value), np.array(time), reader.units, tuple(log.warnings)
    )


class _Reader:
    """Reads rows one after another; knows the unit of each measurement and what was logged before."""

    def __init__(self, file: str, log: FaultLog) -> None:
        self._file, self._log = file, log
        self._lines: dict[tuple[str, ...], int] = {}
        self._parsed: dict[str, Unit | None] = {}
        self._sound = set(_AS_THEY_ARE)
        self.units: dict[str, str] = {}

    def reading(self, row: RawRow) -> tuple[str, str, str, float, float] | None:
        """(serial, tester, measurement, value, time); None, with faults noted, where one of them cannot be read."""
        cells, line = row.cells, row.line
        before = len(self._log.faults)
        for column in _NAMED:
            if not cells[column]:
                self._log.add(self._file, line, column, "is empty", mend=f"fill in `{column}`")
        key = (cells["serial"], cells["tester"], cells["measurement"], cells["time"])
        if key in self._lines:
            mend = f"remove this row; the other is on line {self._lines[key]}"
            self._log.add(self._file, line, cells["measurement"], "was logged twice at the same time", mend=mend)
        self._lines.setdefault(key, line)
        value = self._value(cells["value"], line)
        factor = self._factor(cells["measurement"], cells["unit"], line)
        time = self._time(cells["time"], line)
        if len(self._log.faults) > before:
            return None
        return cells["serial"], cells["tester"], cells["measurement"], value * factor, time

    def _value(self, text: str, line: int) -> float:
        try:
            value = float(text) if text else math.nan
        except ValueError:
            self._log.add(
                self._file, line, "value", f"`{text[:40]}` is not a number", mend="write a number such as 0.25"
            )
            return math.nan
        if not math.isfinite(value):
            self._log.warn(self._file, line, "value", "is not a finite number", mend="no fit uses it")
            return math.nan
        return value

    def _time(self, text: str, line: int) -> float:
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            time = None
        if time is None or time.tzinfo is None:
            problem = f"`{text[:40]}` is not a date and time" if time is None else f"`{text[:40]}` has no UTC offset"
            self._log.add(self._file, line, "time", problem, mend="write it as 2027-03-01T14:30:00+08:00")
            return math.nan
        return time.timestamp()

    def _factor(self, measurement: str, text: str, line: int) -> float:
        """What turns a value in this row's unit into the unit of its measurement."""
        known = self.units.setdefault(measurement, text)
        mine, first = self._unit(text, line), self._unit(known)
        if text == known or not {text, known} <= self._sound:
            return 1.0
        if first is None or mine is None or mine.dimension != first.dimension or mine.currencies != first.currencies:
            problem = f"`{text}` cannot be turned into `{known}`, the unit of `{measurement}` in the rows before"
            self._log.add(
                self._file, line, "unit", problem, mend="give each measurement one unit, or two of one dimension"
            )
            return 1.0
        return mine.factor / first.factor

    def _unit(self, text: str, line: int = 0) -> Unit | None:
        if text not in self._parsed:
            self._parsed[text] = None
            if text not in _AS_THEY_ARE:
                try:
                    self._parsed[text] = parse_unit(text)
                    self._sound.add(text)
                except UnitError as error:
                    self._log.add(
                        self._file, line, "unit", str(error), mend="write a unit such as N*m, mm or degC in every row"
                    )
        return self._parsed[text]
