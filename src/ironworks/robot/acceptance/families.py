"""Tests of single joints and hands, grouped as the plant makes them: sets by family of drives, pairs of hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ironworks.product.design import Design
from ironworks.robot.acceptance.measurement import Measurement
from ironworks.robot.acceptance.procedure import Procedure, Readings, Specimen

__all__ = ["JOINT", "by_family", "visit_of"]

JOINT = "joint"
"""The item of procedures that test joints one by one."""

_SEES = "sees"
#: Items that a procedure tests one by one, and how many the plant's item holds.
_GROUPED = {"hand": ("hand_pair", 2.0)}
#: The item that holds the joints of a family of drives.
_SETS = {
    "rotary_harmonic": "rotary_set",
    "planetary": "planetary_set",
    "linear_roller_screw": "linear_set",
    "micro_harmonic": "finger_set",
}


@dataclass(frozen=True, eq=False)
class _Whole:
    readings: Mapping[str, Readings]


@dataclass(frozen=True)
class _Grouped:
    """A procedure for single parts, on all parts of one item of the plant."""

    whole: Procedure
    item: str
    pieces: float
    visit: str
    """Whose noise and memo it shares: one run gives the readings of all families."""
    joints: frozenset[str] | None = None
    """Those of the family; None where all places count."""

    @property
    def name(self) -> str:
        return self.whole.name

    @property
    def minutes(self) -> float:
        return self.whole.minutes * self.pieces

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        return self.whole.measurements

    @property
    def catches(self) -> tuple[str, ...]:
        return self.whole.catches

    @property
    def sees(self) -> tuple[str, ...]:
        # Where the procedure does not say, this does not say either.
        return tuple(getattr(self.whole, _SEES))

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(getattr(self.whole, "needs", ()))

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        key = f"{self.name}/{specimen.seed}"
        if key not in specimen.memo:
            specimen.memo[key] = _Whole(self.whole.run(specimen))
        whole = specimen.memo[key]
        assert isinstance(whole, _Whole)
        return {name: _kept(one, self.joints) for name, one in whole.readings.items()}


def visit_of(procedure: Procedure) -> str:
    """The visit to the bench that a procedure is part of: its item, or that of all single joints."""
    return str(getattr(procedure, "visit", procedure.item))


def _kept(readings: Readings, places: frozenset[str] | None) -> Readings:
    if places is None:
        return readings
    rows = [i for i, place in enumerate(readings.places) if place in places]
    return Readings(
        tuple(readings.places[i] for i in rows), np.asarray(readings.values)[rows], np.asarray(readings.true)[rows]
    )


def by_family(procedures: Sequence[Procedure], design: Design) -> tuple[Procedure, ...]:
    """The procedures, those of single joints once for each family of drives in the design, of hands for the pair.

    Their item is the plant's, their minutes those of all its parts; the order stays otherwise.
    """
    families: dict[str, set[str]] = {}
    for joint in design.joints:
        if joint.drive is not None:
            item = _SETS.get(joint.drive.family, joint.drive.family)
            families.setdefault(item, set()).add(joint.name)
    joints = [p for p in procedures if p.item == JOINT]
    sets = [_Grouped(p, item, len(names), JOINT, frozenset(names)) for item, names in families.items() for p in joints]
    others = [
        _Grouped(p, *_GROUPED[p.item], p.item) if p.item in _GROUPED else p for p in procedures if p.item != JOINT
    ]
    return (*sets, *others)
