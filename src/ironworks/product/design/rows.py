"""Rows of a design's tables: links with their joints, drives, shapes, and where each part of the bill is mounted.

Lengths are metres, angles degrees, the rest SI; a cell may be a formula of the design's parameters.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from ironworks.formulas import Expression, FormulaError, Number, parse_formula
from ironworks.quantities import CellError
from ironworks.rows import Choice, Pair, Pairs, Row
from ironworks.rows._cells import Cell, Flag, Id, Real, Text, Words

ZERO, ONE = Number(0.0), Number(1.0)


@dataclass(frozen=True)
class Formula(Cell):
    """A number, or a formula of the design's parameters."""

    def read(self, text: str, key: str) -> Expression:
        try:
            return parse_formula(text.removeprefix("=").strip())
        except FormulaError as error:
            raise CellError(str(error), error.choices, "write a number, or for example 0.25 * stature") from None


@dataclass(frozen=True)
class Sections(Cell):
    """Cross-sections of a loft, `t:a:b` or `t:a:b:u:v`, separated by spaces."""

    def read(self, text: str, key: str) -> tuple[tuple[float, ...], ...]:
        found: list[tuple[float, ...]] = []
        for word in text.split():
            try:
                numbers = tuple(float(part) for part in word.split(":"))
            except ValueError:
                numbers = ()
            if len(numbers) not in (3, 5) or min(numbers[1], numbers[2]) <= 0:
                raise CellError(f"`{word[:60]}` is not a section", mend="write position:half-width:half-width[:u:v]")
            if found and numbers[0] <= found[-1][0]:
                raise CellError(f"`{word[:60]}` is not beyond the section before it", mend="order them by position")
            found.append((*numbers, 0.0, 0.0)[:5])
        if len(found) < 2:
            raise CellError("a loft has at least two sections", mend="add one")
        return tuple(found)


Length = Annotated[Any, Formula()]
Axis = Annotated[Literal["x", "y", "z", "-x", "-y", "-z"], Choice()]


class LinkRow(Row):
    """A link, where it sits on its parent, and the joint between them (none: it is fixed).

    `sides` = lr makes a left and a right one, mirrored. `follows` names the joint that drives this one by a tendon or
    a linkage with `gain`; a joint without drive and without `follows` is passive, on `stiffness` [N m/rad]. One
    without low and high turns freely.
    """

    KEY: ClassVar = ("link",)
    link: Id
    sides: Annotated[Literal["", "lr"], Choice(("lr",))] = ""
    parent: Text = ""
    x: Length = ZERO
    y: Length = ZERO
    z: Length = ZERO
    joint: Text = ""
    axis: Axis = "y"
    low: Annotated[float, Real(-360.0, 360.0)] = 0.0
    high: Annotated[float, Real(-360.0, 360.0)] = 0.0
    drive: Text = ""
    carrier: Text = ""
    follows: Text = ""
    gain: Annotated[float, Real()] = 1.0
    stiffness: Annotated[float, Real(0.0)] = 0.0
    damping: Annotated[float, Real(0.0)] = 0.0
    note: Text = ""


class DriveRow(Row):
    """A size of actuator: its parts, what it gives at the joint, what it adds there, its motor, gear, encoder and heat.

    At the rotor: torque_constant [N m/A], resistance of the winding [Ohm]. At the joint: stiffness of the gear
    [N m/rad], backlash [rad, end to end], encoder_accuracy [rad, standard deviation after calibration],
    encoder_resolution [rad]. Heat flows from winding to case to the air: resistances [K/W], capacities [J/K], and the
    temperature that the winding must not pass [K]. delay: from command to torque [s]. friction and damping are all
    losses of the gear: there is no efficiency besides.
    """

    KEY: ClassVar = ("drive",)
    drive: Id
    family: Annotated[Literal["rotary_harmonic", "planetary", "linear_roller_screw", "micro_harmonic"], Choice()]
    parts: Annotated[tuple[Pair, ...], Pairs()]
    torque: Annotated[float, Real(positive=True)]
    speed: Annotated[float, Real(positive=True)]
    ratio: Annotated[float, Real(positive=True)]
    rotor_inertia: Annotated[float, Real(positive=True)]
    friction: Annotated[float, Real(0.0)] = 0.0
    damping: Annotated[float, Real(0.0)] = 0.0
    radius: Annotated[float, Real(positive=True)]
    length: Annotated[float, Real(positive=True)]
    torque_constant: Annotated[float, Real(positive=True)]
    resistance: Annotated[float, Real(positive=True)]
    stiffness: Annotated[float, Real(positive=True)]
    backlash: Annotated[float, Real(0.0)] = 0.0
    encoder_accuracy: Annotated[float, Real(0.0)]
    encoder_resolution: Annotated[float, Real(0.0)] = 0.0
    winding_to_case: Annotated[float, Real(positive=True)]
    case_to_ambient: Annotated[float, Real(positive=True)]
    winding_capacity: Annotated[float, Real(positive=True)]
    case_capacity: Annotated[float, Real(positive=True)]
    winding_limit: Annotated[float, Real(273.15, 600.0)]
    delay: Annotated[float, Real(0.0, 0.1)] = 0.0
    note: Text = ""


class ShapeRow(Row):
    """A body of a link, seen and, if `collides`, felt.

    A loft runs `along` an axis through superellipses of `power`: position (times `length`), half-widths (times
    `width`) in the two other axes, and the centre's offsets. Others have sizes a, b, c: half-sizes of a box, radii of
    an ellipsoid, radius and half-length of a capsule or cylinder. What is spread over a link fills the shapes that
    `weighs` says yes to; a cover that is there for the eye alone says no.
    """

    KEY: ClassVar = ("link", "shape")
    link: Text
    shape: Id
    kind: Annotated[Literal["loft", "box", "ellipsoid", "capsule", "cylinder"], Choice()]
    x: Length = ZERO
    y: Length = ZERO
    z: Length = ZERO
    a: Length = ZERO
    b: Length = ZERO
    c: Length = ZERO
    along: Annotated[Literal["x", "y", "z"], Choice()] = "z"
    sections: Annotated[tuple[tuple[float, ...], ...], Sections()] = ()
    length: Length = ONE
    width: Length = ONE
    power: Annotated[float, Real(1.0, 20.0)] = 2.0
    material: Annotated[str, Words(60)] = ""
    collides: Flag = False
    weighs: Flag = True


class PairRow(Row):
    """Two shapes that can meet, and the share of random postures in which they do (`ironworks robot pairs`)."""

    KEY: ClassVar = ("one", "other")
    one: Text
    other: Text
    share: Annotated[float, Real(0.0, 1.0)] = 0.0


class MountRow(Row):
    """Pieces of a part on a link (on both sides together, for a link that has two).

    A box of dx, dy, dz at x, y, z; without a box, spread over the link's shapes.
    """

    KEY: ClassVar = ("link", "part")
    link: Text
    part: Text
    pieces: Length
    x: Length = ZERO
    y: Length = ZERO
    z: Length = ZERO
    dx: Annotated[float, Real(0.0)] = 0.0
    dy: Annotated[float, Real(0.0)] = 0.0
    dz: Annotated[float, Real(0.0)] = 0.0
