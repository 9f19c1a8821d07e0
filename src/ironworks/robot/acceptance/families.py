"""Tests of single joints, grouped as the plant makes joints: one set of each family of drives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ironworks.product.design import Design
from ironworks.robot.acceptance.measurement import Measurement
from ironworks.robot.acceptance.procedure import Procedure, Readings, Specimen, seen

__all__ = ["JOINT", "by_family"]

JOINT = "joint"
"""The item of procedures that test joints one by one."""

#: The item that holds the joints of a family of drives.
_SETS = {
    "rotary_harmonic": "rotary_set",
    "planetary": "planetary_set",
    "linear_roller_screw": "linear_set",
    "micro_harmonic": "finger_set",
}


@dataclass(frozen=True)
class _OfFamily:
    """A procedure for single joints, on the joints of one family."""

    whole: Procedure
    item: str
    joints: frozenset[str]
    design: Design
    """The design, in which no other joint has a drive."""

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
        return seen(self.whole)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        found = self.whole.run(replace(specimen, design=self.design))
        return {name: _kept(one, self.joints) for name, one in found.items()}


def _kept(readings: Readings, places: frozenset[str]) -> Readings:
    rows = [i for i, place in enumerate(readings.places) if place in places]
    return Readings(
        tuple(readings.places[i] for i in rows), np.asarray(readings.values)[rows], np.asarray(readings.true)[rows]
    )


def _only(design: Design, joints: set[str]) -> Design:
    links = [
        link
        if link.joint is None or link.joint.name in joints
        else replace(link, joint=replace(link.joint, drive=None))
        for link in design.links
    ]
    return replace(design, links=tuple(links))


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
    sets = [
        _OfFamily(p, item, frozenset(names), reduced)
        for item, names in families.items()
        for reduced in [_only(design, names)]
        for p in joints
    ]
    return (*sets, *(p for p in procedures if p.item != JOINT))
