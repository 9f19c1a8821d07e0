"""What a test at the end of a line is: a procedure declares measurements, runs on a specimen and gives readings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass
from ironworks.robot.acceptance.measurement import Measurement
from ironworks.robot.asbuilt import Population, Unit

__all__ = ["Procedure", "Readings", "Specimen"]

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


class Procedure(Protocol):
    """One test. It is a file of its own in `procedures/` and a line in its registry."""

    name: str
    item: str
    """The kind of item that is tested: robot, or a module such as rotary_set, hand_pair, pack, head, skin, computer."""
    minutes: float
    """Plant minutes of one run on one item, with loading and reading."""
    measurements: tuple[Measurement, ...]
    catches: tuple[str, ...]
    """The gross faults that it is meant to catch."""
    sees: tuple[str, ...]
    """The deviations (names of `rows.DEVIATIONS`) that its true values depend on."""

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings by measurement's name, for all that the procedure declares."""
        ...
