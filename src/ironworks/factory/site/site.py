"""A site: halls, how one gets from one to another, and how much of it the maker has."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from scipy import stats

from ironworks.factory.site.hall import Hall
from ironworks.factory.site.space import SiteError

__all__ = ["Link", "Share", "Site"]


@dataclass(frozen=True)
class Share:
    """What part of the floor is the maker's: least, most likely, most.

    A PERT distribution: a beta between the ends, whose mean weighs them 1, 4, 1.
    """

    low: float = 1.0
    mode: float = 1.0
    high: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.low <= self.mode <= self.high <= 1.0:
            told = f"{self.low:g}, {self.mode:g}, {self.high:g}"
            raise SiteError([f"the share of the floor is {told}: it must rise and lie above 0 and at most at 1"])

    def chance_of(self, share: float) -> float:
        """Probability that it is at least so much."""
        span = self.high - self.low
        if span == 0.0:
            return float(share <= self.low)
        a, b = 1.0 + 4.0 * (self.mode - self.low) / span, 1.0 + 4.0 * (self.high - self.mode) / span
        return float(stats.beta.sf((share - self.low) / span, a, b))


@dataclass(frozen=True)
class Link:
    """A way between two halls, from a place (x, y) in the one to a place in the other, in each hall's own metres.

    `metres`: what it costs a load, as metres driven: a lift of 60 s costs a tow train at 1.2 m/s as much as 72 m.
    `capacity`: heaviest load [kg].
    """

    name: str
    halls: tuple[str, str]
    at: tuple[tuple[float, float], tuple[float, float]]
    metres: float
    capacity: float = float("inf")
    kind: str = "lift"


@dataclass(frozen=True)
class Site:
    """Halls and links; `area` [m2]: all floor that there is, whoever has it; `power` [W] of the connection to the grid.

    `origin`: longitude and latitude [degrees] of the site's (0, 0). Raises SiteError with all that is wrong.
    """

    name: str
    halls: tuple[Hall, ...]
    links: tuple[Link, ...] = ()
    share: Share = field(default_factory=Share)
    area: float | None = None
    power: float = float("inf")
    origin: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        names = [hall.name for hall in self.halls]
        problems = [f"two halls are called {name}" for name in sorted({n for n in names if names.count(n) > 1})]
        for link in self.links:
            for hall, (x, y) in zip(link.halls, link.at, strict=True):
                if hall not in names:
                    problems.append(
                        f"{link.kind} {link.name}: there is no hall {hall}; choose one of: {', '.join(names)}"
                    )
                elif not (0.0 <= x <= self.hall(hall).width and 0.0 <= y <= self.hall(hall).depth):
                    problems.append(f"{link.kind} {link.name}: ({x:g}, {y:g}) m is outside of hall {hall}")
        docks = [dock.name for hall in self.halls for dock in hall.docks]
        problems += [f"two docks are called {name}" for name in sorted({n for n in docks if docks.count(n) > 1})]
        if problems:
            raise SiteError(problems)

    def hall(self, name: str) -> Hall:
        """The hall of that name."""
        return next(hall for hall in self.halls if hall.name == name)

    @property
    def total(self) -> float:
        """All floor [m2]: what was told, or that of the halls."""
        return sum(hall.area for hall in self.halls) if self.area is None else self.area

    def ready(self, day: datetime.date) -> tuple[Hall, ...]:
        """Halls that may be used on that day."""
        return tuple(hall for hall in self.halls if hall.ready <= day)

    def phases(self) -> list[tuple[datetime.date, float]]:
        """Days on which floor is added, and how much there is from then on [m2]."""
        days = sorted({hall.ready for hall in self.halls})
        return [(day, sum(hall.area for hall in self.ready(day))) for day in days]
