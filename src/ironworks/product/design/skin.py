"""The tactile skin of a design: patches of taxels on shapes, from the design's skin.csv."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from ironworks.faults import FaultLog, closest
from ironworks.product.design.tree import Design, Shape
from ironworks.reading.rows import read_table
from ironworks.rows import Choice, Kind, Row
from ironworks.rows._cells import Id, Real, Text, Whole
from ironworks.tables import parse_table, read_text

__all__ = ["Layer", "Patch", "patches_of"]

_FILE = "skin.csv"
_SIDES = {"": (("", 1.0),), "lr": (("left_", 1.0), ("right_", -1.0))}
Positive = Annotated[float, Real(positive=True)]
Count = Annotated[int, Whole(1, 200)]


@dataclass(frozen=True)
class Layer:
    """What a patch is made of, and the contact for which its stiffness is worked out.

    thickness [m], Young's modulus [Pa], Poisson's ratio, retardation time [s] of the Kelvin-Voigt solid; radius [m] of
    the ball that presses and the load [N] up to which its law is followed.
    """

    thickness: float
    modulus: float
    poisson: float
    retardation: float
    radius: float
    load: float


@dataclass(frozen=True)
class Patch:
    """Taxels in `rows` along an axis of a shape and `columns` around it; `side` is -1 for a mirrored one.

    `low` and `high` are shares of the shape's extent along the axis, `start` and `end` angles [rad] around it.
    `full_scale` and `noise` (standard deviation): of one taxel [N].
    """

    name: str
    link: str
    shape: str
    side: float
    along: str
    low: float
    high: float
    start: float
    end: float
    rows: int
    columns: int
    layer: Layer
    full_scale: float
    noise: float

    @property
    def taxels(self) -> int:
        """How many it has."""
        return self.rows * self.columns

    @property
    def is_closed(self) -> bool:
        """Whether it goes all the way round, so that the last column lies beside the first."""
        return self.end - self.start >= 2.0 * math.pi - 1e-9

    @property
    def coverage(self) -> float:
        """Its share of the shape's surface, as if that were a cylinder about the axis."""
        return (self.high - self.low) * (self.end - self.start) / (2.0 * math.pi)


class SkinRow(Row):
    """A patch of skin on a shape of a link (`sides` = lr: on both sides, mirrored).

    Rows run along an axis from `low` to `high` (shares of the shape's extent), columns around it from `start` to `end`
    [deg], counted from the first towards the second of the two other axes, in the order x, y, z.
    """

    KEY: ClassVar = ("patch",)
    patch: Id
    sides: Annotated[Literal["", "lr"], Choice(("lr",))] = ""
    link: Text
    shape: Text
    along: Annotated[Literal["x", "y", "z"], Choice()] = "z"
    low: Annotated[float, Real(0.0, 1.0)] = 0.0
    high: Annotated[float, Real(0.0, 1.0)] = 1.0
    start: Annotated[float, Real(-360.0, 360.0)] = 0.0
    end: Annotated[float, Real(-360.0, 720.0)] = 360.0
    rows: Count
    columns: Count
    thickness: Positive
    modulus: Positive
    poisson: Annotated[float, Real(0.0, 0.45)]
    retardation: Annotated[float, Real(0.0)]
    radius: Positive
    load: Positive
    full_scale: Positive
    noise: Annotated[float, Real(0.0)]
    kind: Kind
    source: Text
    note: Text = ""


def patches_of(design: Design) -> tuple[Patch, ...]:
    """The patches in the order of the table, left before right; none where the design has no skin.csv.

    Raises ScenarioFaults with every fault at once.
    """
    path = design.folder / _FILE
    if not path.is_file():
        return ()
    log = FaultLog()
    text = read_text(path, log)
    table = parse_table(_FILE, text, log) if text is not None else None
    rows = read_table("skin", SkinRow, table, log) if table is not None else ()
    shapes = {shape.name: shape for link in design.links for shape in link.shapes}
    found: list[Patch] = []
    lines: dict[str, int] = {}
    for row in rows:
        if isinstance(row, SkinRow):
            found += _patches(row, shapes, log)
            lines |= {side + row.patch: row.row_line for side, _ in _SIDES[row.sides]}
    _check_shapes(found, lines, log)
    log.stop_on_faults()
    return tuple(found)


def _patches(row: SkinRow, shapes: dict[str, Shape], log: FaultLog) -> Iterator[Patch]:
    key = f"skin.{row.patch}"
    for one, other, name, least in (
        (row.low, row.high, "high", "above low"),
        (row.start, row.end, "end", "beyond start"),
    ):
        if one >= other:
            log.add(_FILE, row.row_line, f"{key}.{name}", f"{other:g} is not {least}, {one:g}", mend="exchange them")
    if row.end - row.start > 360.0:
        problem = f"{row.end - row.start:g} degrees are more than once round"
        log.add(_FILE, row.row_line, f"{key}.end", problem, mend="end at most 360 beyond start")
    for prefix, side in _SIDES[row.sides]:
        name = f"{prefix}{row.link}.{row.shape}"
        shape = shapes.get(name)
        if shape is None:
            mend = closest(name, shapes) or "look into shapes.csv, and whether the link has two sides"
            log.add(_FILE, row.row_line, f"{key}.shape", f"`{name}` is no shape", choices=sorted(shapes), mend=mend)
            return
        if not shape.collides:
            mend = "let it collide in shapes.csv, or choose another"
            log.add(_FILE, row.row_line, f"{key}.shape", f"`{name}` does not collide and feels nothing", mend=mend)
            return
        yield Patch(
            name=prefix + row.patch,
            link=prefix + row.link,
            shape=name,
            side=side,
            along=row.along,
            low=row.low,
            high=row.high,
            start=math.radians(row.start),
            end=math.radians(row.end),
            rows=row.rows,
            columns=row.columns,
            layer=Layer(row.thickness, row.modulus, row.poisson, row.retardation, row.radius, row.load),
            full_scale=row.full_scale,
            noise=row.noise,
        )


def _check_shapes(patches: list[Patch], lines: dict[str, int], log: FaultLog) -> None:
    """A shape has one layer, since it has one contact stiffness, and no place of it two patches."""
    first: dict[str, Patch] = {}
    covered: dict[str, float] = {}
    for patch in patches:
        other = first.setdefault(patch.shape, patch)
        line, key = lines[patch.name], f"skin.{patch.name}"
        if other.layer != patch.layer:
            problem = f"has another layer than {other.name} on the same shape"
            log.add(_FILE, line, key, problem, mend="give them the same thickness, modulus and the like")
        covered[patch.shape] = covered.get(patch.shape, 0.0) + patch.coverage
        if covered[patch.shape] > 1.0 + 1e-9:
            problem = f"`{patch.shape}` is covered more than once"
            log.add(_FILE, line, key, problem, mend="let the patches' ranges not overlap")
