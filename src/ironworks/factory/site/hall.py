"""A hall: a column grid under one roof, on one storey of a building, and what it gives to what stands in it."""

from __future__ import annotations

import datetime
import string
from dataclasses import dataclass

from ironworks.factory.site.space import ROOMS, SiteError

__all__ = ["Dock", "Hall"]


@dataclass(frozen=True)
class Dock:
    """A gate for lorries, at a place of the wall in the hall's own metres."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Hall:
    """`bays` along x and y, each `bay` [m] by [m], with square columns of side `column` [m] on each crossing.

    `corner`: where its south-west corner is on the site [m]; `clear_height` below beams and pipes [m]; `floor_load` it
    bears [Pa]; `power` [W]; `air`: compressed, under normal conditions [m3/s]; `heat` that its ventilation takes away
    [W]; `noise`: loudest station [dB(A)]; `crane`: heaviest lift [kg]; `rooms` that it has; `ready`: from when.
    """

    name: str
    bays: tuple[int, int]
    bay: tuple[float, float] = (12.0, 12.0)
    column: float = 0.6
    building: str = ""
    storey: int = 1
    corner: tuple[float, float] = (0.0, 0.0)
    clear_height: float = 6.0
    floor_load: float = 20_000.0
    power: float = 1e6
    air: float = 1.0
    heat: float = 1e6
    noise: float = 85.0
    crane: float = 0.0
    rooms: tuple[str, ...] = ("plain",)
    docks: tuple[Dock, ...] = ()
    ready: datetime.date = datetime.date.min

    def __post_init__(self) -> None:
        problems = []
        if min(self.bays) < 1 or min(self.bay) <= 0.0:
            problems.append(f"hall {self.name}: {self.bays} bays of {self.bay} m make no floor")
        elif not 0.0 <= self.column < min(self.bay):
            problems.append(f"hall {self.name}: columns of {self.column:g} m leave nothing of bays of {self.bay} m")
        problems += [
            f"hall {self.name}: room `{room}`; choose one of: {', '.join(ROOMS)}"
            for room in self.rooms if room not in ROOMS
        ]  # fmt: skip
        problems += [
            f"hall {self.name}: dock {dock.name} at ({dock.x:g}, {dock.y:g}) m is not at its wall"
            for dock in self.docks if not self._at_wall(dock)
        ]  # fmt: skip
        if problems:
            raise SiteError(problems)

    def _at_wall(self, dock: Dock) -> bool:
        inside = 0.0 <= dock.x <= self.width and 0.0 <= dock.y <= self.depth
        return inside and (dock.x in (0.0, self.width) or dock.y in (0.0, self.depth))

    @property
    def width(self) -> float:
        """Along x, between the outer lines of the grid [m]."""
        return self.bays[0] * self.bay[0]

    @property
    def depth(self) -> float:
        """Along y [m]."""
        return self.bays[1] * self.bay[1]

    @property
    def area(self) -> float:
        """Floor, columns included [m2]."""
        return self.width * self.depth

    @property
    def lines(self) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        """Name and place [m] of each line of the grid: numbers along x, letters without I and O along y."""
        letters = [letter for letter in string.ascii_uppercase if letter not in "IO"]
        names = letters + [first + second for first in letters for second in letters]
        along = [(str(1 + line), line * self.bay[0]) for line in range(self.bays[0] + 1)]
        return along, [(names[line], line * self.bay[1]) for line in range(self.bays[1] + 1)]

    @property
    def columns(self) -> list[tuple[float, float]]:
        """Centres of the columns [m]."""
        along, up = self.lines
        return [(x, y) for _, x in along for _, y in up]
