"""What a failure leads to: which part is replaced, by whom and how long, and which procedures must run again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ironworks.product.design import Design
from ironworks.robot.acceptance.bench import Measured, Trial
from ironworks.robot.acceptance.procedure import Procedure, seen
from ironworks.robot.asbuilt import Population, Unit
from ironworks.rows import DEVIATIONS, GROSS_FAULTS

__all__ = ["REPAIRS", "Repair", "Replaced", "kind_of", "regression", "repaired", "suspects"]


@dataclass(frozen=True, slots=True)
class Repair:
    """A part that is replaced for places of one kind. Minutes: on the open module, and on the finished robot.

    The second ones contain taking covers and skin off and on again. All are planner's assumptions.
    """

    part: str
    who: str
    module_minutes: float
    robot_minutes: float


#: One row for each kind of place; `diagnosis` where a measurement's place is no part.
REPAIRS: dict[str, Repair] = {
    "joint": Repair("joint actuator with its encoder and cable", "mechanic", 25.0, 120.0),
    "link": Repair("link with its fasteners", "mechanic", 30.0, 150.0),
    "imu": Repair("inertial sensor", "electrician", 15.0, 45.0),
    "camera": Repair("camera with its carrier", "electrician", 20.0, 45.0),
    "cell": Repair("cell of the pack", "electrician", 60.0, 90.0),
    "taxel": Repair("taxel sheet of the patch", "electrician", 40.0, 60.0),
    "chip": Repair("board with its chip", "electrician", 40.0, 60.0),
    "display": Repair("curved display", "electrician", 30.0, 60.0),
    "diagnosis": Repair("what a specialist finds", "specialist", 45.0, 90.0),
}


@dataclass(frozen=True, slots=True)
class Replaced:
    """A place of a kind where a part was replaced, and the row of `REPAIRS` that paid for it."""

    kind: str
    place: str
    repair: str


def repaired(unit: Unit, replaced: Iterable[Replaced], population: Population, before: int) -> Unit:
    """The unit with new parts at some places: deviations of another serial number's luck at the same scale.

    `before`: how many repairs the unit had before this one (each draws other parts; at most 63 tell apart).
    Whatever was not replaced stays as it was. Gross faults at the places go, and the new parts may have their own.
    """
    places = {(one.kind, one.place) for one in replaced}
    if not places:
        return unit
    # Far from all serial numbers that are tested, and another one for each repair of each unit.
    donor = population.unit(1_000_000_007 + 64 * unit.serial + before)
    values = {name: found.copy() for name, found in unit.values.items()}
    for name, deviation in DEVIATIONS.items():
        names = unit.places.names[deviation.place]
        rows = [names.index(place) for kind, place in places if kind == deviation.place]
        values[name][rows] = donor.values[name][rows]
    kept = [one for one in unit.gross if (kind_of(one.fault), one.place) not in places]
    new = [one for one in donor.gross if (kind_of(one.fault), one.place) in places]
    return replace(unit, values=values, gross=(*kept, *new))


def kind_of(fault: str) -> str:
    """The kind of place that a repair of a gross fault replaces: a drive with its joint, a screw with its link."""
    kind = GROSS_FAULTS[fault].place
    return {"drive": "joint", "part": "link"}.get(kind, kind)


def suspects(trial: Trial, procedure: Procedure, unit: Unit, population: Population, design: Design) -> set[Replaced]:
    """What is replaced after a failed trial.

    The part at each rejected place, and what the one who opens it sees beside it: gross faults of the kinds that the
    procedure is meant to catch on its own links and on its neighbours. A place that is no part (a palm's accuracy, the
    whole pack) is diagnosed: such gross faults wherever they are, else the place that is furthest off in spreads. From
    the second attempt on, every failure is diagnosed too.
    """
    found: set[Replaced] = set()
    struck = [
        Replaced(kind_of(one.fault), one.place, kind_of(one.fault))
        for one in unit.gross
        if one.fault in procedure.catches
    ]
    near = _Neighbours.of(design)
    for measured, i in trial.failed():
        parts = _parts(measured, i, unit)
        around = {name for _, place in parts for name in near.around(place)}
        found |= {Replaced(kind, place, kind) for kind, place in parts}
        found |= {one for one in struck if one.place in around}
        if not parts or trial.attempt > 1:
            found |= {replace(one, repair="diagnosis") for one in struck} or _furthest(procedure, unit, population)
    return found


def regression(replaced: Iterable[Replaced], procedures: Sequence[Procedure], failed: Iterable[str]) -> list[Procedure]:
    """The procedures that run again: those that failed, and those that see or catch something of what was replaced."""
    kinds, names = {one.kind for one in replaced}, set(failed)

    def touched(procedure: Procedure) -> bool:
        sees = {DEVIATIONS[name].place for name in seen(procedure)}
        return procedure.name in names or not kinds.isdisjoint(sees | {kind_of(name) for name in procedure.catches})

    return [procedure for procedure in procedures if touched(procedure)]


def _parts(measured: Measured, i: int, unit: Unit) -> list[tuple[str, str]]:
    """(kind, place) of the parts that a place of a measurement names; a patch of the skin is all its taxels."""
    place = measured.places[i]
    names = unit.places.names
    kinds = [kind for kind in REPAIRS if place in names.get(kind, ())]
    if kinds:
        return [(kinds[0], place)]
    return [("taxel", taxel) for taxel in names["taxel"] if taxel.rpartition("#")[0] == place]


def _furthest(procedure: Procedure, unit: Unit, population: Population) -> set[Replaced]:
    """The one place with the largest deviation, in standard deviations, of those that the procedure sees."""
    worst, found = 0.0, set()
    for name in seen(procedure):
        kind = DEVIATIONS[name].place
        sigma = population.spread(name)
        if not len(sigma) or not sigma.any():
            continue
        size = np.abs(unit.values[name]).max(axis=1) / np.where(sigma > 0.0, sigma, np.inf)
        i = int(np.argmax(size))
        if size[i] > worst:
            worst, found = float(size[i]), {Replaced(kind, unit.places.names[kind][i], "diagnosis")}
    return found


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """For each joint or link: the links and joints next to it."""

    beside: dict[str, frozenset[str]]

    @classmethod
    def of(cls, design: Design) -> _Neighbours:
        own: dict[str, set[str]] = {}
        for link in design.links:
            group = {link.name, *([link.joint.name] if link.joint else []), *([link.parent] if link.parent else [])}
            for name in group:
                own.setdefault(name, set()).update(group)
        # Joints that share a link are neighbours: their cables can be exchanged.
        return cls({name: frozenset(group.union(*(own[other] for other in group))) for name, group in own.items()})

    def around(self, place: str) -> frozenset[str]:
        return self.beside.get(place, frozenset({place}))
