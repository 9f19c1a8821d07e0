"""Verdicts of the bench in the plant: the rows that routes resample, and the yields that are off because of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.factory.flow.model import Resampled
from ironworks.factory.process import Process, half_life_growth
from ironworks.faults import Fault, ScenarioFaults
from ironworks.quantities import Quantity
from ironworks.rows.process import Procedure
from ironworks.scenario import Draw, Scenario
from ironworks.verdicts import FAIL, NOT_RUN, Sample, Verdicts

__all__ = ["Acceptance"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MOST_ATTEMPTS = 8


class Acceptance:
    """What the verdicts make of a scenario's routes, indexed once.

    Of a defect that bench.csv names, `probability` with its growth, and `coverage` at its own test are off: the row of
    a unit says whether it is there, and its test finds it. The false rejects of such a test are off as well, since the
    bench's are in the rows. Whether a repair mends it is in the row too, as far as the bench went on with the unit;
    from there on it is the share of repairs that the bench saw succeed at that scale, to which repairs.csv adds as if
    it had seen one. Raises ScenarioFaults where bench.csv and the table do not fit.
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
        self._repairs = {route: dict(self._repaired(scenario, route)) for route in self._tables}
        self.notes = tuple(_notes(verdicts, self._by_item, self._untried()))
        """What the table cannot tell or the scenario does not use, in sentences."""

    def covers(self, route: str, defect: str) -> bool:
        """Whether the verdicts say which units of a route have this defect."""
        return any(row.defect == defect for row in self._by_item.get(self._item[route], ()))

    def runs_at(self, route: str, operation: str) -> bool:
        """Whether the bench's procedures run at this operation of a route."""
        return any(row.operation == operation for row in self._by_item.get(self._item[route], ()))

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
            mends={
                f"{route}/{defect}": [level.chances(draw(success)) for level in levels]
                for defect, (success, levels) in self._repairs[route].items()
            },
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

    def _repaired(self, scenario: Scenario, route: str) -> Iterator[tuple[str, tuple[Quantity, list[_Repairs]]]]:
        """For each defect of a route that is repaired: its success in repairs.csv, and what each level says of it."""
        item = self._item[route]
        success = {repair.repair: repair.success for repair in scenario.repairs if repair.route == route}
        repair_of = {d.defect: d.repair for d in scenario.defects if d.route == route}
        for defect in self._tables[route][0]:
            repair = repair_of.get(defect)
            if repair is not None:
                procedures = [row.procedure for row in self._by_item[item] if row.defect == defect]
                samples = [sample for _, sample in self._samples[item]]
                attempts = min(max(sample.verdict.shape[2] for sample in samples), _MOST_ATTEMPTS)
                yield defect, (success[repair], [_Repairs.of(sample, procedures, attempts) for sample in samples])

    def _untried(self) -> dict[str, list[str]]:
        """By item, defects of which no repair was tested again at any scale."""
        found: dict[str, list[str]] = defaultdict(list)
        for route, defects in self._repairs.items():
            for defect, (_, levels) in defects.items():
                if not any(level.known.any() for level in levels) and defect not in found[self._item[route]]:
                    found[self._item[route]].append(defect)
        return found


@dataclass(frozen=True, eq=False)
class _Repairs:
    """The repairs of one defect in R units: whether the k-th one was tested again, and whether it had succeeded."""

    known: Bools
    """(R, K), K >= 1: the last column stands for all later repairs, and of those nothing is known."""
    good: Bools
    """(R, K)"""

    @classmethod
    def of(cls, sample: Sample, procedures: Sequence[str], attempts: int) -> _Repairs:
        """Of one sample, with as many columns as there are `attempts` in any."""
        columns = [sample.procedures.index(name) for name in procedures]
        # After a repair the defect is there if any of its procedures fails; where none was run again it had gone.
        failed = (sample.verdict[:, columns] == FAIL).any(axis=1)[:, :attempts]
        still = np.logical_and.accumulate(failed, axis=1)
        known, good = (np.zeros((len(failed), attempts), bool) for _ in range(2))
        last = failed.shape[1] - 1
        known[:, :last], good[:, :last] = still[:, :-1], ~failed[:, 1:]
        return cls(known, good)

    def chances(self, success: float) -> Floats:
        """(R, K) how likely each repair succeeds; `success` of those elsewhere counts as one repair here."""
        share = (float(self.good[self.known].sum()) + success) / (float(self.known.sum()) + 1.0)
        return np.where(self.known, self.good.astype(float), share)


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


def _notes(verdicts: Verdicts, by_item: dict[str, list[Procedure]], untried: dict[str, list[str]]) -> Iterator[str]:
    for item in verdicts.items:
        named = {row.procedure for row in by_item.get(item, ())}
        unused = [name for name in verdicts.procedures(item) if name not in named]
        if item not in by_item:
            yield f"The bench tested {item}, but bench.csv names none of its procedures: its yields are those assumed."
        elif unused:
            yield f"Failures of {', '.join(unused)} ({item}) open no defect, since bench.csv does not name them."
    for item, defects in untried.items():
        if defects:
            yield (
                f"No repair of {', '.join(defects)} ({item}) was tested again: "
                f"the success of these repairs is that of repairs.csv."
            )
