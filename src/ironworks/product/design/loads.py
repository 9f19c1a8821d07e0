"""What a robot does with its battery: loads.csv of a design, simulated ones and those whose power is given."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from ironworks.faults import FaultLog
from ironworks.figures import Figure
from ironworks.product.design.figures import read_rows_of
from ironworks.product.design.tree import Design
from ironworks.quantities import Quantity
from ironworks.rows import Measure, Pair, Pairs, SourcedRow
from ironworks.rows._cells import Id, Mass, Power, Text
from ironworks.units import parse_unit

__all__ = ["Load", "loads_of"]

_FILE = "loads.csv"
_Period = Annotated[Quantity, Measure("time", positive=True)]


class _LoadRow(SourcedRow):
    """A load with a `power` of its own, or one that is simulated.

    Simulated: in the standing pose, or, with a `period`, from there to `pose` [deg] and back once in each period, with
    `mass` on the links called `link`.
    """

    KEY = ("load",)
    load: Id
    power: Power | None = None
    mass: Mass | None = None
    link: Text = ""
    pose: Annotated[tuple[Pair, ...], Pairs(360.0)] = ()
    period: _Period | None = None


@dataclass(frozen=True)
class Load:
    """A load: `power` [W] of the whole robot as a figure, or None where it is simulated.

    A simulated one moves between the standing pose and `pose` [rad] in `period` [s] (0: it stands still) with `mass`
    [kg] in all on `links`.
    """

    name: str
    power: Figure | None = None
    mass: float = 0.0
    links: tuple[str, ...] = ()
    pose: Mapping[str, float] = field(default_factory=dict)
    period: float = 0.0


def loads_of(design: Design) -> tuple[Load, ...]:
    """The loads of a design, in the order of its file; standing alone where it has none. Raises ScenarioFaults."""
    log = FaultLog()
    rows = [row for row in read_rows_of(design, _FILE, _LoadRow, log) if isinstance(row, _LoadRow)]
    found = [_load(design, row, log) for row in rows]
    log.stop_on_faults()
    return tuple(found) or (Load("standing"),)


def _load(design: Design, row: _LoadRow, log: FaultLog) -> Load:
    def number(column: str) -> float:
        quantity = row.cell(column)
        if quantity is None:
            return 0.0
        if not quantity.is_literal:
            fault(column, f"`{quantity.text}` is no number", (), "write a number with its unit")
            return 0.0
        return float(quantity.value * parse_unit(quantity.unit).factor)

    def fault(column: str, problem: str, choices: tuple[str, ...], mend: str) -> None:
        log.add(_FILE, row.row_line, f"loads.{row.load}.{column}", problem, choices=choices, mend=mend)

    watts, figure = number("power"), None
    if row.power is not None:
        factor = parse_unit(row.power.unit).factor
        low, high = row.power.low, row.power.high
        figure = Figure(f"loads.{row.load}.power", row.load, watts, low and low * factor, high and high * factor, "W",
                        row.kind or "assumed", row.source, note=row.note)  # fmt: skip
    links = tuple(name for name in design.by_name if row.link and name in _sides(row.link))
    if row.link and not links:
        fault("link", f"`{row.link}` is no link", tuple(design.by_name), "name a link that carries it")
    if row.mass is not None and not row.link:
        fault("link", "is empty, but there is a mass", (), "name the link that carries it")
    pose: dict[str, float] = {}
    for name, angle in row.pose:
        joints = [joint.name for joint in design.joints if joint.name in _sides(name)]
        if not joints:
            fault("pose", f"`{name}` is no joint", tuple(joint.name for joint in design.joints), "name a joint")
        pose |= dict.fromkeys(joints, math.radians(angle))
    if bool(row.pose) != (row.period is not None):
        fault("period", "a pose needs a period and a period a pose", (), "give both or none")
    return Load(row.load, figure, number("mass"), links, pose, number("period"))


def _sides(name: str) -> tuple[str, str, str]:
    return name, f"left_{name}", f"right_{name}"
