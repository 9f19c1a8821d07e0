"""The muscles of a design, from its muscles.csv: tendons that pull where a joint's motor would turn."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from ironworks.faults import FaultLog, closest
from ironworks.formulas import Expression, FormulaError, compiled, names_in, parse_formula
from ironworks.product.design.tree import Design, Link
from ironworks.quantities import CellError
from ironworks.reading.rows import read_table
from ironworks.rows import Choice, SourcedRow
from ironworks.rows._cells import Cell, Id, Real, Text
from ironworks.tables import parse_table, read_text

__all__ = ["Muscle", "Waypoint", "crossed", "muscles_of", "way_to_root"]

_FILE = "muscles.csv"
#: Slower muscles would lag a controller of 250 Hz by more than its period [s].
_SLOWEST = 0.005
_SIDES = {"": (("", 1.0),), "lr": (("left_", 1.0), ("right_", -1.0))}


@dataclass(frozen=True)
class Waypoint:
    """A point (3,) [m], in the frame of `link`, that a tendon passes."""

    link: str
    point: NDArray[np.float64]


@dataclass(frozen=True)
class Muscle:
    """A tendon on straight lines through its waypoints, pulled by the drive of the joint `motor`.

    force: most active tension [N]; speed: shortening [m/s] at which none is left. activation, deactivation: time
    constants [s]. shortest, longest: its lengths at the ends of the joints' ranges, in units of the length at which
    it is strongest. passive: twice the tension that it has without activation at 1.3 times that length, in units of
    `force` (MuJoCo's fpmax); below that length there is none.
    """

    name: str
    motor: str
    path: tuple[Waypoint, ...]
    force: float
    speed: float
    activation: float
    deactivation: float
    shortest: float
    longest: float
    passive: float


@dataclass(frozen=True)
class _Path(Cell):
    """Waypoints `link:x:y:z`, separated by spaces; a coordinate may be a formula of the design's parameters."""

    def read(self, text: str, key: str) -> tuple[tuple[str, tuple[Expression, ...]], ...]:
        found = []
        for word in text.split():
            link, *numbers = word.split(":")
            if not link or len(numbers) != 3:
                raise CellError(f"`{word[:60]}` is not a waypoint", mend="write link:x:y:z, without spaces inside")
            try:
                found.append((link, tuple(parse_formula(number) for number in numbers)))
            except FormulaError as error:
                raise CellError(f"`{word[:60]}`: {error}", error.choices, "write link:x:y:z in metres") from None
        if len({link for link, _ in found}) < 2:
            raise CellError("the path stays on one link", mend="lead it over a joint")
        return tuple(found)


class _Row(SourcedRow):
    """A muscle (two mirrored ones where `sides` = lr); `motor` is the joint whose drive pulls it and its antagonist."""

    KEY: ClassVar = ("muscle",)
    muscle: Id
    sides: Annotated[Literal["", "lr"], Choice(("lr",))] = ""
    motor: Text
    path: Annotated[tuple[tuple[str, tuple[Expression, ...]], ...], _Path()]
    force: Annotated[float, Real(positive=True)]
    speed: Annotated[float, Real(positive=True)]
    activation: Annotated[float, Real(0.0, _SLOWEST, positive=True)]
    deactivation: Annotated[float, Real(0.0, _SLOWEST, positive=True)]
    shortest: Annotated[float, Real(0.55, 1.5)] = 0.75
    longest: Annotated[float, Real(0.55, 1.5)] = 1.0
    passive: Annotated[float, Real(0.0)] = 0.0


def muscles_of(design: Design) -> tuple[Muscle, ...]:
    """The muscles of a design, none where it has no muscles.csv.

    A limb (`Design.limb`) has those that run on its links alone. Raises ScenarioFaults with every fault at once: of
    cells, of links and joints that are not there, of a path that does not cross its motor's joint, and of a motor that
    one muscle alone pulls at (a tendon cannot push).
    """
    if not (design.folder / _FILE).is_file():
        return ()
    log = FaultLog()
    text = read_text(design.folder / _FILE, log)
    table = parse_table(_FILE, text, log) if text is not None else None
    rows = [row for row in (read_table("muscles", _Row, table, log) if table else ()) if isinstance(row, _Row)]
    found = [
        _muscle(design, row, prefix, side, log)
        for row in rows
        for prefix, side in _SIDES[row.sides]
        if not design.is_limb or all(_sided(link, prefix, design.by_name) in design.by_name for link, _ in row.path)
    ]
    log.stop_on_faults()
    pulled = [muscle.motor for muscle in found]
    lines = {prefix + row.muscle: row.row_line for row in rows for prefix, _ in _SIDES[row.sides]}
    for muscle in found:
        place = (_FILE, lines[muscle.name], f"muscles.{muscle.name}.motor")
        if muscle.motor not in {link.joint.name for link in crossed(design, muscle.path) if link.joint}:
            problem = f"the path does not cross `{muscle.motor}`"
            log.add(*place, problem, mend="lead it from one side of that joint to the other")
        if pulled.count(muscle.motor) < 2:
            problem = f"is alone at `{muscle.motor}`, and a tendon cannot push"
            log.add(*place, problem, mend="add its antagonist")
    log.stop_on_faults()
    return tuple(found)


def crossed(design: Design, path: Sequence[Waypoint]) -> tuple[Link, ...]:
    """The links whose joints move one part of a path against another."""
    chains = [way_to_root(design, waypoint.link) for waypoint in path]
    shared = set.intersection(*({link.name for link in chain} for chain in chains))
    return tuple({link.name: link for chain in chains for link in chain if link.name not in shared}.values())


def way_to_root(design: Design, link: str) -> tuple[Link, ...]:
    """A link, its parent, and so on to the root."""
    chain = [design.by_name[link]]
    while chain[-1].parent:
        chain.append(design.by_name[chain[-1].parent])
    return tuple(chain)


def _muscle(design: Design, row: _Row, prefix: str, side: float, log: FaultLog) -> Muscle:
    key = f"muscles.{row.row_key}"
    driven = {joint.name for joint in design.joints if joint.drive is not None}
    motor = _sided(row.motor, prefix, driven)
    if motor not in driven:
        mend = closest(row.motor, driven) or "name a joint that has a drive"
        log.add(_FILE, row.row_line, f"{key}.motor", f"`{row.motor}` is no driven joint", choices=driven, mend=mend)
    if row.shortest >= row.longest:
        problem = f"{row.longest:g} is not above shortest, {row.shortest:g}"
        log.add(_FILE, row.row_line, f"{key}.longest", problem, mend="exchange them")
    waypoints = []
    for word, numbers in row.path:
        link = _sided(word, prefix, design.by_name)
        if link not in design.by_name:
            mend = closest(word, design.by_name) or "name a link of links.csv"
            log.add(_FILE, row.row_line, f"{key}.path", f"`{word}` is no link", choices=design.by_name, mend=mend)
        point = np.array([_number(design, row, number, log) for number in numbers])
        waypoints.append(Waypoint(link, point * (1.0, side, 1.0)))
    return Muscle(
        prefix + row.muscle, motor, tuple(waypoints), row.force, row.speed, row.activation, row.deactivation,
        row.shortest, row.longest, row.passive,
    )  # fmt: skip


def _sided(name: str, prefix: str, known: Container[str]) -> str:
    """The one of this side, or the one that has no side."""
    return prefix + name if prefix + name in known else name


def _number(design: Design, row: _Row, expression: Expression, log: FaultLog) -> float:
    names = sorted(names_in(expression))
    for name in names:
        if name not in design.parameters:
            problem, mend = f"`{name}` is no parameter", "add it to [parameters] of design.toml"
            key = f"muscles.{row.row_key}.path"
            log.add(_FILE, row.row_line, key, problem, choices=design.parameters, mend=mend)
            return 0.0
    return compiled(expression, {name: i for i, name in enumerate(names)})([design.parameters[name] for name in names])
