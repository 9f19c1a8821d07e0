"""The bench: runs a procedure on a unit, judges each reading at each place, measures again, names a cause."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass
from ironworks.robot.acceptance.families import visit_of
from ironworks.robot.acceptance.measurement import Measurement, Verdict, judge_all
from ironworks.robot.acceptance.procedure import Procedure, Readings, Specimen
from ironworks.robot.acceptance.testers import BenchTesters, room
from ironworks.robot.asbuilt import Population, Unit
from ironworks.verdicts import FAIL, MARGINAL, PASS

__all__ = ["NO_FAULT_FOUND", "Bench", "Measured", "Trial", "counts", "visit_seed"]

Floats = NDArray[np.float64]

NO_FAULT_FOUND = "no_fault_found"


@dataclass(frozen=True, eq=False)
class Measured:
    """One measurement of a trial: `values` (runs, n) at the n `places`, what is `true` there (n,), `accepted` (n,).

    Where the first run is accepted it decides, elsewhere the mean over all runs.
    """

    measurement: Measurement
    places: tuple[str, ...]
    values: Floats
    true: Floats

    @property
    def first(self) -> NDArray[np.int8]:
        """Verdicts on the first run (n,)."""
        return judge_all(self.measurement.limits, self.values[0], self.measurement.acceptance)

    @property
    def decided(self) -> Floats:
        """The value that decides (n,)."""
        return np.asarray(np.where(self.first == Verdict.PASS, self.values[0], self.values.mean(axis=0)))

    @property
    def accepted(self) -> NDArray[np.bool_]:
        """Whether the deciding value lies inside the acceptance limits (n,)."""
        return np.asarray(judge_all(self.measurement.limits, self.decided, self.measurement.acceptance) == Verdict.PASS)

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Whether the true value lies inside the tolerance (n,): what JCGM 106 calls conforming."""
        return np.asarray(judge_all(self.measurement.limits, self.true) == Verdict.PASS)

    @property
    def excess(self) -> Floats:
        """How far the deciding value lies beyond its acceptance limit, over the room (n,); infinite for no number."""
        limits = self.measurement.acceptance or self.measurement.limits
        value = self.decided
        beyond = np.maximum(limits.lower - value, value - limits.upper) / room(self.measurement.limits)
        return np.where(np.isfinite(value), np.maximum(beyond, 0.0), np.inf)


@dataclass(frozen=True, eq=False)
class Trial:
    """One procedure at one attempt on one unit, measured again or not. `traces`: what the runs left, where kept."""

    item: str
    procedure: str
    unit: int
    attempt: int
    tester: int
    measured: tuple[Measured, ...]
    minutes: float
    traces: Mapping[str, object] = field(default_factory=dict)

    @property
    def runs(self) -> int:
        """How often it was run."""
        return max((len(one.values) for one in self.measured), default=1)

    @property
    def verdict(self) -> int:
        """PASS: accepted by the first run; MARGINAL: only when measured again; FAIL: not accepted."""
        if not all(one.accepted.all() for one in self.measured):
            return FAIL
        return PASS if self.runs == 1 else MARGINAL

    def failed(self) -> Iterator[tuple[Measured, int]]:
        """Measurement and place of each rejected value, the worst first."""
        found = [(one, int(i)) for one in self.measured for i in np.flatnonzero(~one.accepted)]
        yield from sorted(found, key=lambda pair: -pair[0].excess[pair[1]])

    @property
    def false_reject(self) -> bool:
        """Rejected, though every rejected value was truly inside."""
        failed = list(self.failed())
        return bool(failed) and all(one.inside[i] for one, i in failed)

    @property
    def escape(self) -> bool:
        """Accepted, though some true value was outside."""
        return self.verdict != FAIL and not all(one.inside.all() for one in self.measured)

    @property
    def cause(self) -> str:
        """`measurement@place` of the worst value that was not accepted at first; `no_fault_found`; empty for a pass."""
        if self.verdict == PASS:
            return ""
        if self.verdict == FAIL:
            if self.false_reject:
                return NO_FAULT_FOUND
            one, i = next(self.failed())
        else:
            suspects = [(one, int(i)) for one in self.measured for i in np.flatnonzero(one.first != Verdict.PASS)]
            one, i = max(suspects, key=lambda pair: int(pair[0].first[pair[1]]))
        return f"{one.measurement.name}@{one.places[i]}"


@dataclass(frozen=True, eq=False)
class Bench:
    """What the bench needs to know: the design, the population that its units come from, testers and policies.

    `acceptance`: guarded measurements by (item, procedure, measurement); others are judged as they are declared. A
    procedure whose reading is not accepted is measured again with fresh noise, up to `retests` times.
    """

    design: Design
    masses: Mapping[str, Mass]
    population: Population
    testers: BenchTesters = field(default_factory=BenchTesters)
    acceptance: Mapping[tuple[str, str, str], Measurement] = field(default_factory=dict)
    retests: int = 2
    seed: int = 0

    def specimen(self, unit: Unit, seed: int) -> Specimen:
        """A unit on the bench; `seed` of the noise."""
        return Specimen(self.design, self.masses, unit, self.population, seed)

    def measure(self, procedure: Procedure, specimen: Specimen, tester: int, day: int) -> dict[str, Readings]:
        """One run: readings as the tester gives them, errors of the tester included.

        Raises ValueError where the procedure does not give what it declares.
        """
        found = procedure.run(specimen)
        names = {measurement.name for measurement in procedure.measurements}
        if set(found) != names:
            raise ValueError(f"{procedure.name} gave {sorted(found)}, and declares {sorted(names)}")
        given = {}
        for measurement in procedure.measurements:
            one = found[measurement.name]
            values = np.asarray(one.values, dtype=np.float64)
            true = np.asarray(one.true, dtype=np.float64)
            if not values.shape == true.shape == (len(one.places),):
                raise ValueError(
                    f"{procedure.name}, {measurement.name}: {len(one.places)} places, {values.shape} values"
                )
            if not counts(values):
                off = self.testers.residual(_named(procedure, measurement), tester, day)
                values = values + off * room(measurement.limits)
            given[measurement.name] = Readings(tuple(one.places), values, true)
        return given

    def test(self, procedure: Procedure, unit: Unit, attempt: int = 1, memo: dict[str, object] | None = None) -> Trial:
        """Run a procedure on a unit, again where it is not accepted, and judge it.

        `memo`: of this visit; what the procedure leaves there is found by the next ones, and made anew by a retest.
        """
        shared: dict[str, object] = {} if memo is None else memo
        names = tuple(_named(procedure, measurement) for measurement in procedure.measurements)
        tester, day = self.testers.of(unit.serial, names)
        runs: list[dict[str, Readings]] = []
        own: set[str] = set()
        measured: tuple[Measured, ...] = ()
        while not runs or (len(runs) <= self.retests and not all(one.accepted.all() for one in measured)):
            for name in own:
                shared.pop(name, None)
            specimen = replace(
                self.specimen(unit, visit_seed(self.seed, visit_of(procedure), attempt, len(runs))), memo=shared
            )
            before = set(shared)
            runs.append(self.measure(procedure, specimen, tester, day))
            own |= set(shared) - before
            measured = tuple(self._measured(procedure, one, runs) for one in procedure.measurements)
        traces = {name: shared[name] for name in own if name in shared}
        return Trial(
            procedure.item,
            procedure.name,
            unit.serial,
            attempt,
            tester,
            measured,
            procedure.minutes * len(runs),
            traces,
        )

    def _measured(self, procedure: Procedure, measurement: Measurement, runs: list[dict[str, Readings]]) -> Measured:
        guarded = self.acceptance.get((procedure.item, procedure.name, measurement.name), measurement)
        readings = [run[measurement.name] for run in runs]
        true = np.stack([one.true for one in readings])
        found = Measured(guarded, readings[0].places, np.stack([one.values for one in readings]), true[0])
        # A run may change what is true of its result, as a calibration does: what decides has the truth of its runs.
        return replace(found, true=np.where(found.first == Verdict.PASS, true[0], true.mean(axis=0)))


def _named(procedure: Procedure, measurement: Measurement) -> str:
    return f"{procedure.item}/{procedure.name}/{measurement.name}"


def counts(values: Floats) -> bool:
    """Whether readings are counts: all finite ones are whole numbers, on which testers and repeats agree."""
    finite = values[np.isfinite(values)]
    return bool((finite == np.round(finite)).all())


def visit_seed(seed: int, visit: str, attempt: int, run: int) -> int:
    """The seed of the noise of one run: the same for the same unit at any scale, whatever else is run."""
    text = f"{seed}/{visit}/{attempt}/{run}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "little")
