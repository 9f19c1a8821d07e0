"""A serial line in a few words."""

from __future__ import annotations

from collections.abc import Sequence

from ironworks.factory.flow.laws import Law
from ironworks.factory.flow.model import Model, Operation, Release, Routing, Saturated, Station


def line(stations: Sequence[Station], times: Sequence[Law], release: Release | None = None) -> Model:
    """Stations in series, one operation each; new units on demand of the first unless `release` says otherwise.

    `times[i]` is the process time at `stations[i]` [s]. Raises ValueError when the lengths differ.
    """
    if len(stations) != len(times):
        raise ValueError(f"{len(stations)} stations need as many process times, not {len(times)}")
    operations = [Operation(s.name, s.name, law, stream=s.name) for s, law in zip(stations, times, strict=True)]
    return Model(stations, [Routing("line", operations, release or Saturated())])
