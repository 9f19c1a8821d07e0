"""What one place of a station needs of a building: floor, height, load, power, air and a room."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ironworks.rows.halls import ROOMS
from ironworks.rows.station_types import STATION_TYPES

__all__ = ["GRAVITY", "ROOMS", "SPACES", "SiteError", "Space", "space_of"]

GRAVITY = 9.80665
"""Standard gravity [m/s2]."""
#: What the types of stations tell of their places, besides floor and power.
_NEEDS = ("height", "front", "back", "side", "noise", "air", "crane")


class SiteError(ValueError):
    """A building, or a need of one, that makes no sense; `problems` lists all of them."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class Space:
    """One place: its front is one of the two sides of length `width`.

    `width`, `depth` of the footprint, and what must be free before its `front`, behind its `back` and at each `side`
    [m]; `height` with gantries [m]; `mass` [kg], spread over the footprint; `power` and `heat` [W]; `air`: compressed,
    under normal conditions [m3/s]; `noise` at 1 m [dB(A)]; `crane`: heaviest lift [kg], 0 without.
    """

    name: str
    width: float
    depth: float
    front: float = 1.2
    back: float = 0.8
    side: float = 0.6
    height: float = 2.5
    mass: float = 500.0
    power: float = 0.0
    heat: float = 0.0
    air: float = 0.0
    noise: float = 60.0
    room: str = "plain"
    crane: float = 0.0

    def __post_init__(self) -> None:
        problems = [
            f"{self.name}: {key} is {getattr(self, key):g} and must be above 0"
            for key in ("width", "depth", "height") if not getattr(self, key) > 0
        ]  # fmt: skip
        problems += [
            f"{self.name}: {key} is {getattr(self, key):g} and must not be below 0"
            for key in ("front", "back", "side", "mass", "power", "heat", "air", "crane") if not getattr(self, key) >= 0
        ]  # fmt: skip
        if self.room not in ROOMS:
            problems.append(f"{self.name}: room is `{self.room}`; choose one of: {', '.join(ROOMS)}")
        if problems:
            raise SiteError(problems)

    @property
    def area(self) -> float:
        """Footprint with its service clearance [m2]."""
        return (self.width + 2.0 * self.side) * (self.front + self.depth + self.back)

    @property
    def pressure(self) -> float:
        """What it weighs on the floor [Pa]."""
        return self.mass * GRAVITY / (self.width * self.depth)


SPACES: dict[str, dict[str, float]] = {
    name: {key: float(getattr(kind, key)) for key in ("load", *_NEEDS)} for name, kind in STATION_TYPES.items()
}
"""By type of station: kg per m2 of footprint as `load`, and the rest as `Space` names it."""
#: Width over depth of a footprint, where only its area is known.
_ASPECT = 1.6


def space_of(
    name: str, kind: str, floor: float, power: float, aisles: float = 0.25, room: str = "plain",
    size: tuple[float, float] | None = None, mass: float | None = None, heat: float | None = None, **needs: float,
) -> Space:  # fmt: skip
    """A place of a type of station, from what it takes of the floor with its clearance and share of `aisles` [m2] and
    its power [W], all of which becomes `heat` if nothing else is told.

    The footprint is `size`, else what is left within the clearance of its type, 1.6 times as wide as deep; at least
    0.5 m deep, so that a floor which is too small for its clearance shows in `area`. `needs` go before those of its
    type: height, front, back, side, noise, air, crane as `Space` names them.
    """
    if kind not in SPACES:
        raise SiteError([f"{name}: type is `{kind}`; choose one of: {', '.join(SPACES)}"])
    given = {**SPACES[kind], **needs}
    load = given.pop("load")
    if size is not None:
        width, depth = size
    else:
        along, across, net = 2.0 * given["side"], given["front"] + given["back"], floor * (1.0 - aisles)
        # (ratio d + along)(d + across) = net, solved for d.
        b, c = _ASPECT * across + along, along * across - net
        depth = max((-b + math.sqrt(max(b * b - 4.0 * _ASPECT * c, 0.0))) / (2.0 * _ASPECT), 0.5)
        width = _ASPECT * depth
    weight = load * width * depth if mass is None else mass
    warm = power if heat is None else heat
    return Space(name, width, depth, mass=weight, power=power, heat=warm, room=room, **given)
