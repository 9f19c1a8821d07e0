"""Tiny plants for tests of single rules: one line per station, and the log of a run as short tuples."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ironworks.factory.flow import Calendar, Constant, Law, Listed, Model, Operation, Replication, run_once
from ironworks.factory.flow.kernels import fields as f

STARTED, FINISHED, INSTALLED, STATE, OUT, SCRAPPED, MOVED = (
    *(f.K_STARTED, f.K_FINISHED, f.K_INSTALLED),
    *(f.K_STATE, f.K_OUT, f.K_SCRAPPED, f.K_MOVED),
)


def law(time: float | Sequence[float]) -> Law:
    """A constant, or times listed by serial number."""
    return Constant(float(time)) if isinstance(time, int | float) else Listed(tuple(float(t) for t in time))


def op(station: str, time: float | Sequence[float], name: str | None = None, **kw: Any) -> Operation:
    """An operation named after its station unless told otherwise."""
    return Operation(name or station, station, law(time), **kw)


def shifts(*intervals: tuple[float, float], name: str = "day") -> Calendar:
    return Calendar(name, np.array(intervals, float))


def traced(model: Model, until: float, **kw: Any) -> Replication:
    """A run with its whole log, which must have kept every item and every microsecond."""
    run = run_once(model, until, trace=(0, until), **kw)
    assert run.check() == []
    return run


def entries(run: Replication, kind: int, station: str | None = None) -> list[tuple[float, int]]:
    """(time [s], serial) of the log rows of a kind, in order."""
    s = run.names.stations.index(station) if station is not None else None
    return [(r[0] / 1e6, r[2]) for r in run.log.tolist() if r[1] == kind and (s is None or r[4] == s)]


def started(run: Replication, station: str) -> list[tuple[float, int]]:
    return entries(run, STARTED, station)


def ended(run: Replication, station: str) -> list[tuple[float, int]]:
    return entries(run, FINISHED, station)


def state_seconds(run: Replication, station: str, state: int) -> float:
    return float(run.states[:, run.names.stations.index(station), state].sum())


def state_changes(run: Replication, station: str, place: int = 0) -> list[tuple[float, int]]:
    """(time [s], state) of a place, in order."""
    s = run.names.stations.index(station)
    return [(r[0] / 1e6, r[7]) for r in run.log.tolist() if r[1] == STATE and r[4] == s and r[5] == place]
