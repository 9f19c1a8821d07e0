"""What a test at the end of a line is: a procedure declares measurements, runs on a specimen and gives readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass
from ironworks.robot.acceptance.measurement import Measurement
from ironworks.robot.asbuilt import Population, Unit
from ironworks.rows import DEVIATIONS

__all__ = ["Procedure", "Readings", "Specimen", "seen", "with_needed"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Specimen:
    """A unit on a bench, with what is known of its kind: design, masses of its links, the population it comes from.

    `seed`: of the noise of this visit to the bench; a retest has another. `memo` keeps what one procedure of this visit
    found for the next ones (a calibration, a record), by name.
    """

    design: Design
    masses: Mapping[str, Mass]
    unit: Unit
    population: Population
    seed: int
    memo: dict[str, object] = field(default_factory=dict)

    def rng(self, procedure: str) -> np.random.Generator:
        """The generator of a procedure's noise: a function of (seed, serial number, procedure)."""
        return np.random.default_rng([self.seed, self.unit.serial, *procedure.encode()])


@dataclass(frozen=True, eq=False)
class Readings:
    """What a measurement gave at each of its places (n,), in the measurement's unit; whole numbers are counts.

    `true`: the true values (n,), which no bench sees; they tell false rejects from true ones.
    """

    places: tuple[str, ...]
    values: Floats
    true: Floats

    @classmethod
    def none(cls) -> Readings:
        """Of a unit that has no such place."""
        return cls((), np.zeros(0), np.zeros(0))


class Procedure(Protocol):
    """One test: a file of its own in `procedures/` and a line in its registry. Plain class attributes will do.

    `sees` may be left out: such a procedure is taken to see everything (`seen`). `needs` may name procedures that run
    before it at the same visit, since it takes over what they found (`with_needed`).
    """

    @property
    def name(self) -> str:
        """Its name, one of its own for each item."""

    @property
    def item(self) -> str:
        """What is tested: robot, a module such as hand_pair, pack, head, skin, computer, or joint: each one alone."""

    @property
    def minutes(self) -> float:
        """Plant minutes of one run on one item (one joint), with loading and reading."""

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """What it measures."""

    @property
    def catches(self) -> tuple[str, ...]:
        """The gross faults that it is meant to catch."""

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings by measurement's name, for all that the procedure declares."""
        ...


def seen(procedure: Procedure) -> tuple[str, ...]:
    """The deviations (of `rows.DEVIATIONS`) that a procedure's values depend on; all where it does not say."""
    return tuple(getattr(procedure, "sees", DEVIATIONS))


def with_needed(procedures: Sequence[Procedure], due: Sequence[bool]) -> list[bool]:
    """Which procedures must run (P,) so that those that are `due` (P,) find what they take over from others."""
    needed = {
        (procedure.item, name)
        for procedure, wanted in zip(procedures, due, strict=True)
        for name in getattr(procedure, "needs", ())
        if wanted
    }
    return [wanted or (p.item, p.name) in needed for p, wanted in zip(procedures, due, strict=True)]
