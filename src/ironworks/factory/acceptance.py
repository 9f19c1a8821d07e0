"""Verdicts of the bench in the plant: the rows that routes resample, and the yields that are off because of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.flow.model import Resampled
from ironworks.factory.process import Process, half_life_growth
from ironworks.faults import Fault, ScenarioFaults
from ironworks.rows.process import Procedure
from ironworks.scenario import Draw, Scenario
from ironworks.verdicts import FAIL, NOT_RUN, Sample, Verdicts

__all__ = ["FEWEST", "Acceptance"]

Floats = NDArray[np.float64]

FEWEST = 20
"""Repairs that the bench must have tested again before their success is taken from it."""

_MOST_ATTEMPTS = 8


class Acceptance:
    """What the verdicts make of a scenario's routes, indexed once.

    Of a defect that bench.csv names, `probability` with its growth, and `coverage` at its own test are off: the row of
    a unit says whether it is there, and its test finds it. The false rejects of such a test are off as well, since the
    bench's are in the rows. Raises ScenarioFaults where bench.csv and the table do not fit.
    """

    def __init__(self, scenario: Scenario, process: Process, verdicts: Verdicts) -> None:
        _check(scenario, verdicts)
        assert scenario.settings.acceptance is not None
        self._law = scenario.settings.acceptance
        self._by_item: dict[str, list[Procedure]] = defaultdict(list)
        for row in scenario.bench:
            self._by_item[row.item].append(row)
        self._samples = {
            item: [(scale, verdicts.sample(item, scale)) for scale in verdicts.scales_of(item)]
            for item in self._by_item
        }
        self._item = {route.route: route.item for route in scenario.routes}
        self._tables = {
            name: self._table(scenario, process, name) for name, item in self._item.items() if item in self._by_item
        }
        self._success = {item: dict(self._successes(item)) for item in self._by_item}
        self.notes = tuple(_notes(verdicts, self._by_item, self._success))
        """What the table cannot tell or the scenario does not use, in sentences."""

    def covers(self, route: str, defect: str) -> bool:
        """Whether the verdicts say which units of a route have this defect."""
        return any(row.defect == defect for row in self._by_item.get(self._item[route], ()))

    def runs_at(self, route: str, operation: str) -> bool:
        """Whether the bench's procedures run at this operation of a route."""
        return any(row.operation == operation for row in self._by_item.get(self._item[route], ()))

    def success(self, route: str, defect: str) -> float | None:
        """Share of repairs of a defect after which its procedures passed; None where too few were tested again."""
        return self._success.get(self._item[route], {}).get(defect)

    def resampled(self, route: str, draw: Draw) -> Resampled | None:
        """The rows of a route, with the law of the scale as drawn; None where the bench does not test its item."""
        found = self._tables.get(route)
        if found is None:
            return None
        defects, scales, present, times, at = found
        return Resampled(
            defects=[f"{route}/{defect}" for defect in defects],
            scales=scales,
            present=present,
            times=times,
            at=at,
            first=draw(self._law.first),
            mature=draw(self._law.mature),
            growth=half_life_growth(draw(self._law.experience)),
        )

    def _table(
        self, scenario: Scenario, process: Process, route: str
    ) -> tuple[list[str], list[float], list[NDArray[np.bool_]], dict[str, list[Floats]], str]:
        rows, samples = self._by_item[self._item[route]], self._samples[self._item[route]]
        defects = list(dict.fromkeys(row.defect for row in rows))
        present = []
        for _, sample in samples:
            failed = dict(zip(sample.procedures, sample.failed.T, strict=True))
            has = [np.any([failed[row.procedure] for row in rows if row.defect == name], axis=0) for name in defects]
            present.append(np.stack(has, axis=1))
        # Rows are drawn where the first of these defects would arise by itself.
        origins = {d.operation for d in scenario.defects if d.route == route and d.defect in defects}
        at = next(o.operation for o in process.operations[route] if o.operation in origins)
        times = {
            operation: _factors([s for _, s in samples], [r.procedure for r in rows if r.operation == operation])
            for operation in dict.fromkeys(row.operation for row in rows)
        }
        return defects, [scale for scale, _ in samples], present, times, at

    def _successes(self, item: str) -> Iterator[tuple[str, float]]:
        rows = self._by_item[item]
        for defect in dict.fromkeys(row.defect for row in rows):
            passed, tested = 0, 0
            for _, sample in self._samples[item]:
                columns = [sample.procedures.index(row.procedure) for row in rows if row.defect == defect]
                if sample.verdict.shape[2] < 2:
                    continue
                again = sample.failed[:, columns] & (sample.verdict[:, columns, 1] != NOT_RUN)
                good = again & (sample.verdict[:, columns, 1] != FAIL)
                passed, tested = passed + int(good.sum()), tested + int(again.sum())
            if tested >= FEWEST:
                yield defect, passed / tested


def _factors(samples: Sequence[Sample], procedures: Sequence[str]) -> list[Floats]:
    """Per level (R, A) minutes of these procedures over their median in units that pass everything at first.

    A unit that is tested more often than the bench tested it takes as long as the last time.
    """
    minutes = []
    attempts = min(max(sample.verdict.shape[2] for sample in samples), _MOST_ATTEMPTS)
    for sample in samples:
        columns = [sample.procedures.index(name) for name in procedures]
        run = (sample.verdict[:, columns] != NOT_RUN).any(axis=1)
        took = sample.minutes[:, columns].sum(axis=1)
        known = np.empty((len(took), attempts))
        for a in range(attempts):
            again = a < took.shape[1] and run[:, a]
            known[:, a] = took[:, 0] if a == 0 else np.where(again, took[:, min(a, took.shape[1] - 1)], known[:, a - 1])
        minutes.append(known)
    first = np.concatenate([known[:, 0] for known in minutes])
    sound = np.concatenate([~sample.failed.any(axis=1) for sample in samples])
    usual = float(np.median(first[sound] if sound.any() else first))
    return [known / usual if usual > 0 else np.ones_like(known) for known in minutes]


def _check(scenario: Scenario, verdicts: Verdicts) -> None:
    faults = []
    if not scenario.bench:
        mend = "say there which test runs each procedure and which defect a failure opens"
        faults.append(Fault("bench.csv", 0, "", "has no rows, but verdicts of a bench are given", mend=mend))
    elif scenario.settings.acceptance is None:
        faults.append(Fault("scenario.toml", 0, "acceptance", "is missing", mend="add [acceptance]"))
    for row in scenario.bench:
        place, key = ("bench.csv", row.row_line), f"bench.{row.row_key}"
        if row.item not in verdicts.items:
            mend = "remove the row, or run the bench on this item"
            faults.append(Fault(*place, f"{key}.item", "the bench has no verdicts on it", verdicts.items, mend))
        elif row.procedure not in (known := verdicts.procedures(row.item)):
            faults.append(Fault(*place, f"{key}.procedure", "the bench has no such procedure", known))
    if faults:
        raise ScenarioFaults(faults)


def _notes(
    verdicts: Verdicts, by_item: dict[str, list[Procedure]], success: dict[str, dict[str, float]]
) -> Iterator[str]:
    for item in verdicts.items:
        named = {row.procedure for row in by_item.get(item, ())}
        unused = [name for name in verdicts.procedures(item) if name not in named]
        if item not in by_item:
            yield f"The bench tested {item}, but bench.csv names none of its procedures: its yields are those assumed."
        elif unused:
            yield f"Failures of {', '.join(unused)} ({item}) open no defect, since bench.csv does not name them."
    for item, rows in by_item.items():
        few = [name for name in dict.fromkeys(row.defect for row in rows) if name not in success[item]]
        if few:
            yield (
                f"Fewer than {FEWEST} repairs of {', '.join(few)} ({item}) were tested again: "
                f"the success of these repairs is that of repairs.csv."
            )
