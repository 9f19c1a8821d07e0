"""What is to be laid out: departments of equal places, what is carried between them, and the halls of a site."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from ironworks.factory.layout.qap import LayoutError
from ironworks.factory.site import Site, Space, site_problems

__all__ = ["Aisles", "Department", "Haul", "LayoutProblem"]


@dataclass(frozen=True)
class Department:
    """So many equal places; `family` is for the colour of a drawing."""

    name: str
    space: Space
    places: int = 1
    family: str = ""


@dataclass(frozen=True)
class Haul:
    """Trips a day with a load [kg] from a department or dock to another; places of a department share them evenly."""

    source: str
    target: str
    trips: float
    load: float = 0.0


@dataclass(frozen=True)
class Aisles:
    """Widths [m] of the aisle along each hall and of those across, `every` so many bays; `walk`: what a person needs.

    A tow train of 0.9 m that meets another needs 3 m and more (VDI 2198 gives 0.5 m to each side and 0.4 m between).
    """

    spine: float = 4.5
    cross: float = 3.0
    every: int = 2
    walk: float = 0.8


@dataclass(frozen=True)
class LayoutProblem:
    """Raises LayoutError with all that forbids any layout on `day`, with the share of the floor that the maker has with
    probability `confidence`.
    """

    site: Site
    departments: tuple[Department, ...]
    hauls: tuple[Haul, ...] = ()
    aisles: Aisles = field(default_factory=Aisles)
    day: datetime.date = datetime.date.max
    confidence: float = 0.5

    def __post_init__(self) -> None:
        names = [department.name for department in self.departments]
        ends = {*names, *self.docks}
        told = [f"two departments are called {name}" for name in sorted({n for n in names if names.count(n) > 1})]
        told += [f"department {one.name} has {one.places} places" for one in self.departments if one.places < 0]
        for haul in self.hauls:
            told += [
                f"{haul.source} to {haul.target}: there is no department or dock {end}"
                for end in (haul.source, haul.target) if end not in ends
            ]  # fmt: skip
            if haul.trips < 0.0 or haul.load < 0.0:
                told.append(f"{haul.source} to {haul.target}: {haul.trips:g} trips of {haul.load:g} kg")
        for hall in self.site.ready(self.day):
            room = min(hall.bay) - hall.column
            if max(self.aisles.spine, self.aisles.cross) > room:
                told.append(f"{hall.name}: an aisle is wider than the {room:g} m between columns")
        if not told:
            needs = [(department.space, department.places) for department in self.departments]
            told = site_problems(self.site, needs, self.day, self.confidence)
        if told:
            raise LayoutError(told)

    @property
    def docks(self) -> dict[str, tuple[str, float, float]]:
        """Hall and place (x, y) [m] of each dock that is ready."""
        return {
            dock.name: (hall.name, dock.x, dock.y) for hall in self.site.ready(self.day) for dock in hall.docks
        }  # fmt: skip
