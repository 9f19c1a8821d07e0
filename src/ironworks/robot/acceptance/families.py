"""Tests of single joints, grouped as the plant makes joints: one set of each family of drives."""

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
class _OfFamily:
    """A procedure for single joints, on the joints of one family."""

    whole: Procedure
    item: str
    joints: frozenset[str]
    visit: str = JOINT
    """Whose noise and memo it shares: one run gives the readings of all families."""

    @property
    def name(self) -> str:
        return self.whole.name

    @property
    def minutes(self) -> float:
        return self.whole.minutes * len(self.joints)

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


def _kept(readings: Readings, places: frozenset[str]) -> Readings:
    rows = [i for i, place in enumerate(readings.places) if place in places]
    return Readings(
        tuple(readings.places[i] for i in rows), np.asarray(readings.values)[rows], np.asarray(readings.true)[rows]
    )


def by_family(procedures: Sequence[Procedure], design: Design) -> tuple[Procedure, ...]:
    """The procedures, those of single joints once for each family of drives in the design.

    Their item is the family's set, their minutes those of all its joints; the order stays otherwise.
    """
    families: dict[str, set[str]] = {}
    for joint in design.joints:
        if joint.drive is not None:
            item = _SETS.get(joint.drive.family, joint.drive.family)
            families.setdefault(item, set()).add(joint.name)
    joints = [p for p in procedures if p.item == JOINT]
    sets = [_OfFamily(p, item, frozenset(names)) for item, names in families.items() for p in joints]
    return (*sets, *(p for p in procedures if p.item != JOINT))
