"""What a bench found in a sample of units: the table that passes from the robot to the factory.

One row for each unit, item, procedure and attempt. Rows of one unit belong together: failures correlate.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ironworks.faults import Fault, ScenarioFaults

__all__ = ["FAIL", "MARGINAL", "NOT_RUN", "PASS", "Sample", "Tally", "VerdictError", "Verdicts"]

Strings = NDArray[np.str_]

PASS, MARGINAL, FAIL = 0, 1, 2
"""Verdicts; a marginal one counts as a pass."""
NOT_RUN = -1
"""In a `Sample`: this procedure was not run at this attempt."""

_NUMBERS: dict[str, type[np.generic]] = {
    "scale": np.float64,
    "unit": np.int64,
    "attempt": np.int64,
    "verdict": np.int8,
    "minutes": np.float64,
}
_WORDS = ("item", "procedure", "cause")
_COLUMNS = ("scale", "unit", "item", "procedure", "attempt", "verdict", "cause", "minutes")
_SHOWN = 5


class VerdictError(ValueError):
    """A table of verdicts that contradicts itself. `faults` lists why, one line each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class Tally(NamedTuple):
    """How many of `tested` passed."""

    passed: int
    tested: int

    @property
    def share(self) -> float:
        """Passed over tested; nan where nothing was tested."""
        return self.passed / self.tested if self.tested else float("nan")


@dataclass(frozen=True, eq=False)
class Sample:
    """One item at one scale: R units by P procedures by A attempts."""

    units: NDArray[np.int64]
    """(R,) rising."""
    procedures: tuple[str, ...]
    verdict: NDArray[np.int8]
    """(R, P, A): PASS, MARGINAL, FAIL, or NOT_RUN."""
    minutes: NDArray[np.float64]
    """(R, P, A) plant minutes, 0 where not run."""

    @property
    def failed(self) -> NDArray[np.bool_]:
        """(R, P) failed at the first attempt."""
        failed: NDArray[np.bool_] = self.verdict[:, :, 0] == FAIL
        return failed


@dataclass(frozen=True, eq=False)
class Verdicts:
    """The table of verdicts, n rows, one per (scale, unit, item, procedure, attempt).

    Every unit has each procedure of its item at attempt 1; later attempts follow the repair of what the one before
    found, for the procedures that were run again. Arrays are made read-only. Raises VerdictError with all faults.
    """

    scale: NDArray[np.float64]
    """(n,) multiple of the spreads and fault rates at which the unit was drawn."""
    unit: NDArray[np.int64]
    """(n,) the same number on all items of one unit."""
    item: Strings
    """(n,) as in the scenario's items.csv."""
    procedure: Strings
    """(n,)"""
    attempt: NDArray[np.int64]
    """(n,) 1, 2, ..."""
    verdict: NDArray[np.int8]
    """(n,) PASS, MARGINAL or FAIL."""
    cause: Strings
    """(n,) what was behind a failure, `no_fault_found` for a false reject; empty for a pass."""
    minutes: NDArray[np.float64]
    """(n,) plant minutes of this attempt, retests included."""
    key: str = ""
    """What the table was made of, in short: equal keys mean equal tables."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """The same in words, as JSON takes it."""

    def __post_init__(self) -> None:
        for name in _COLUMNS:
            given = np.array(getattr(self, name), _NUMBERS.get(name, np.str_))
            given.flags.writeable = False
            object.__setattr__(self, name, given)
        object.__setattr__(self, "meta", dict(self.meta))
        if faults := self._faults():
            raise VerdictError(faults)

    def __len__(self) -> int:
        return len(self.unit)

    @cached_property
    def items(self) -> tuple[str, ...]:
        """Items in the order of the table."""
        return _in_order(self.item)

    @cached_property
    def scales(self) -> tuple[float, ...]:
        """Scales, rising."""
        return tuple(np.unique(self.scale).tolist())

    def scales_of(self, item: str) -> tuple[float, ...]:
        """Scales at which there are units of an item, rising."""
        return tuple(np.unique(self.scale[self.item == item]).tolist())

    def procedures(self, item: str) -> tuple[str, ...]:
        """Procedures of an item in the order of the table."""
        return _in_order(self.procedure[self.item == item])

    def sample(self, item: str, scale: float) -> Sample:
        """Units of an item at one scale, side by side. Raises KeyError where there are none."""
        rows = np.flatnonzero((self.item == item) & (self.scale == scale))
        if not len(rows):
            raise KeyError(f"no verdicts on {item!r} at scale {scale:g}; items: {self.items}, scales: {self.scales}")
        procedures = self.procedures(item)
        units, unit = np.unique(self.unit[rows], return_inverse=True)
        place = {name: i for i, name in enumerate(procedures)}
        column = np.array([place[name] for name in self.procedure[rows].tolist()])
        attempt = self.attempt[rows] - 1
        shape = (len(units), len(procedures), int(attempt.max()) + 1)
        verdict, minutes = np.full(shape, NOT_RUN, np.int8), np.zeros(shape)
        verdict[unit, column, attempt] = self.verdict[rows]
        minutes[unit, column, attempt] = self.minutes[rows]
        return Sample(units, procedures, verdict, minutes)

    def first_pass(self, item: str, scale: float | None = None) -> dict[str, Tally]:
        """First attempts that passed, by procedure of an item, at one scale or over all."""
        rows = self._first(item, scale)
        passed = self.verdict[rows] != FAIL
        names = self.procedure[rows]
        return {p: Tally(int(passed[names == p].sum()), int((names == p).sum())) for p in self.procedures(item)}

    def first_pass_of_item(self, item: str, scale: float | None = None) -> Tally:
        """Units of an item that passed all procedures at the first attempt, at one scale or over all.

        Raises KeyError where there are none at that scale.
        """
        scales = self.scales_of(item) if scale is None else (scale,)
        samples = [self.sample(item, one) for one in scales]
        passed = sum(int((~one.failed.any(axis=1)).sum()) for one in samples)
        return Tally(passed, sum(len(one.units) for one in samples))

    def causes(self, item: str | None = None, scale: float | None = None) -> dict[str, int]:
        """Units (of one item, or items of units) that failed at first with each cause, the most frequent first."""
        rows = self._first(item, scale) & (self.verdict == FAIL)
        found = dict.fromkeys(
            zip(*(getattr(self, name)[rows].tolist() for name in ("cause", "scale", "item", "unit")), strict=True)
        )
        counts: dict[str, int] = {}
        for cause, *_ in found:
            counts[cause] = counts.get(cause, 0) + 1
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))

    def followed_by(self, later: Verdicts) -> Verdicts:
        """This table with later procedures of its items: each unit takes the rows of one unit of the other table.

        That one is another unit, of the nearest scale, in turn: for procedures that only those units reach that passed
        all of these, so that what they fail depends on the earlier failures no more. Raises KeyError where an item of
        `later` is none of this table.
        """
        rows: list[NDArray[np.int64]] = []
        scales, units = [self.scale], [self.unit]
        for item in later.items:
            near = np.array(later.scales_of(item))
            for scale in self.scales_of(item) or (math.nan,):
                own = self.sample(item, scale).units
                at = float(near[np.argmin(np.abs(np.log(near / scale)))])
                others = later.sample(item, at).units
                for i, unit in enumerate(own.tolist()):
                    taken = (later.item == item) & (later.scale == at) & (later.unit == others[i % len(others)])
                    rows.append(np.flatnonzero(taken))
                    scales.append(np.full(len(rows[-1]), scale))
                    units.append(np.full(len(rows[-1]), unit))
        taken = np.concatenate(rows) if rows else np.zeros(0, np.int64)
        joined = {
            name: np.concatenate([getattr(self, name), getattr(later, name)[taken]])
            for name in _COLUMNS
            if name not in ("scale", "unit")
        }
        return Verdicts(
            scale=np.concatenate(scales), unit=np.concatenate(units), **joined, key=f"{self.key}+{later.key}",
            meta={**self.meta, "later": dict(later.meta)},
        )  # fmt: skip

    def write(self, path: str | Path) -> Path:
        """Write one Parquet file, whole or not at all. Raises OSError; TypeError where `meta` is not JSON."""
        path = Path(path)
        columns: dict[str, Any] = {name: getattr(self, name) for name in _COLUMNS}
        for name in _WORDS:
            columns[name] = pa.array(columns[name].tolist(), pa.string()).dictionary_encode()
        about = {"ironworks.key": self.key, "ironworks.meta": json.dumps(dict(self.meta), sort_keys=True)}
        table = pa.table(columns).replace_schema_metadata(about)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        os.close(handle)
        try:
            pq.write_table(table, name, compression="zstd")
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return path

    @classmethod
    def read(cls, path: str | Path) -> Verdicts:
        """Read what `write` wrote. Raises OSError; ScenarioFaults where the file is no table of verdicts."""
        path = Path(path)
        mend = "make it anew"
        try:
            with path.open("rb") as file:
                # Arrow's threads may outlive the interpreter, and abort it then.
                table = pq.read_table(file, use_threads=False)
        except pa.ArrowInvalid as error:
            raise ScenarioFaults([Fault(path.name, 0, "", f"is not a Parquet file: {error}", mend=mend)]) from None
        if lacking := [name for name in _COLUMNS if name not in table.column_names]:
            problem = f"has no column {', '.join(lacking)}"
            raise ScenarioFaults([Fault(path.name, 0, "", problem, _COLUMNS, mend)])
        about = table.schema.metadata or {}
        try:
            return cls(
                **{name: np.array(table[name].to_pylist(), _NUMBERS.get(name, np.str_)) for name in _COLUMNS},
                key=about.get(b"ironworks.key", b"").decode(),
                meta=json.loads(about.get(b"ironworks.meta", b"{}")),
            )
        except VerdictError as error:
            raise ScenarioFaults([Fault(path.name, 0, "", text, mend=mend) for text in error.faults]) from None
        except (TypeError, ValueError) as error:
            problem = f"has a column of the wrong kind: {error}"
            raise ScenarioFaults([Fault(path.name, 0, "", problem, mend=mend)]) from None

    def _first(self, item: str | None, scale: float | None) -> NDArray[np.bool_]:
        rows: NDArray[np.bool_] = self.attempt == 1
        if item is not None:
            rows = rows & (self.item == item)
        if scale is not None:
            rows = rows & (self.scale == scale)
        return rows

    def _faults(self) -> list[str]:
        lengths = {name: getattr(self, name).shape for name in _COLUMNS}
        if len(set(lengths.values())) != 1 or len(lengths["unit"]) != 1:
            return [f"columns need one and the same length, not {lengths}"]
        faults: list[str] = []
        for what, wrong in {
            "verdict is none of 0 (pass), 1 (marginal), 2 (fail)": ~np.isin(self.verdict, (PASS, MARGINAL, FAIL)),
            "minutes are not a finite number >= 0": ~(np.isfinite(self.minutes) & (self.minutes >= 0)),
            "scale is not a finite number > 0": ~(np.isfinite(self.scale) & (self.scale > 0)),
            "attempt is below 1": self.attempt < 1,
            "unit is below 0": self.unit < 0,
            "item or procedure is empty": (self.item == "") | (self.procedure == ""),
            "a failure has no cause": (self.verdict == FAIL) & (self.cause == ""),
            "a pass has a cause": (self.verdict == PASS) & (self.cause != ""),
        }.items():
            faults += _told(what, [self._place(i) for i in np.flatnonzero(wrong).tolist()])
        names = ("scale", "unit", "item", "procedure", "attempt")
        seen: set[tuple[Any, ...]] = set()
        twice = []
        for i, row in enumerate(zip(*(getattr(self, name).tolist() for name in names), strict=True)):
            if row in seen:
                twice.append(self._place(i))
            seen.add(row)
        faults += _told("stands twice", twice)
        wanted = {item: self.procedures(item) for item in self.items}
        units = dict.fromkeys(zip(self.scale.tolist(), self.unit.tolist(), self.item.tolist(), strict=True))
        missing = [
            f"unit {unit} of {item} at scale {scale:g}: {procedure}"
            for scale, unit, item in units
            for procedure in wanted[item]
            if (scale, unit, item, procedure, 1) not in seen
        ]
        return faults + _told("has no attempt 1", missing)

    def _place(self, i: int) -> str:
        return (
            f"unit {self.unit[i]} of {self.item[i]} at scale {self.scale[i]:g}: "
            f"{self.procedure[i]}, attempt {self.attempt[i]}"
        )


def _in_order(names: Strings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.tolist()))


def _told(what: str, places: Sequence[str]) -> list[str]:
    more = len(places) - _SHOWN
    shown = [f"{place}: {what}" for place in places[:_SHOWN]]
    return [*shown, f"and {more} more: {what}"] if more > 0 else shown
