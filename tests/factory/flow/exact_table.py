"""The table of exact values, exact.csv, as rows; times are 1 / rate in an arbitrary unit.

Columns: lists are separated by blanks; `parameters` and `expected` are name=value pairs; an empty `failures` means
none, an empty `crew` a repairer for each station.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from tests.factory.flow.markov import NONE, SerialLine

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    id: str
    model: str
    service_rates: tuple[float, ...]
    phases: tuple[int, ...]
    buffers: tuple[int, ...]
    failures: str
    fail_rates: tuple[float, ...]
    repair_rates: tuple[float, ...]
    crew: int | None
    parameters: dict[str, float]
    expected: dict[str, str]  # as printed: the number of digits says how exact the value is
    means: str

    def serial_line(self) -> SerialLine:
        return SerialLine(
            *(self.service_rates, self.buffers, self.phases),
            *(self.failures, self.fail_rates, self.repair_rates, self.crew),
        )


def rows() -> list[Row]:
    with (_HERE / "exact.csv").open(newline="") as file:
        return [_row(record) for record in csv.DictReader(file)]


def trace() -> list[list[int]]:
    """Times of the parts (rows) at the stations (columns) in the deterministic traces."""
    with (_HERE / "trace.csv").open(newline="") as file:
        return [[int(x) for x in record] for record in csv.reader(file)]


def _row(record: dict[str, str]) -> Row:
    pairs = {name: dict(pair.split("=") for pair in record[name].split()) for name in ("parameters", "expected")}
    return Row(
        id=record["id"],
        model=record["model"],
        service_rates=tuple(float(x) for x in record["service_rates"].split()),
        phases=tuple(int(x) for x in record["phases"].split()),
        buffers=tuple(int(x) for x in record["buffers"].split()),
        failures=record["failures"] or NONE,
        fail_rates=tuple(float(x) for x in record["fail_rates"].split()),
        repair_rates=tuple(float(x) for x in record["repair_rates"].split()),
        crew=int(record["crew"]) if record["crew"] else None,
        parameters={name: float(value) for name, value in pairs["parameters"].items()},
        expected=pairs["expected"],
        means=record["means"],
    )
