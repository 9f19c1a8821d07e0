"""The few numbers that a whole plan follows from."""

from __future__ import annotations

from dataclasses import dataclass

from ironworks.factory.calendar import WEEK

__all__ = ["Knobs"]


@dataclass(frozen=True, slots=True)
class Knobs:
    """What a search turns; the sizing makes a plan of it."""

    assurance: float = 0.9
    """Share of futures in which a station or a skill, taken alone, carries its part of the programme."""
    pace: float = 1.3
    """Programme on the target's day over what is wanted."""
    ramp: float = 1.0
    """How far steps before the target's span grow with it: 1 by the same factor, 0 not at all."""
    mix: tuple[tuple[str, float], ...] = ()
    """Share of each site while more than one can make the item; those not named have none."""
    cover: float = 0.0
    """Stock ahead [s] of parts whose suppliers have a ceiling, besides what the scenario has."""
    early: float = 4 * WEEK
    """How long before it is needed equipment and people are planned to be there [s]."""
    flow: float = 1.0
    """Works in process, stocks of modules and buffers over the scenario's."""
    weekend: bool = False
    """Whether weekend teams work from before the target's step of the programme on."""
    extra: tuple[tuple[str, int], ...] = ()
    """(station, places more or fewer than the sizing says), sorted."""
    staff: float = 1.0
    """People over what the sizing says."""

    @property
    def text(self) -> str:
        """In words, what differs from plan to plan."""
        shared = len(self.mix) > 1
        sites = " ".join(f"{site} {share:.0%}" for site, share in self.mix if share and shared)
        parts = [sites, f"assurance {self.assurance:.0%}", f"pace {self.pace:.2f}"]
        parts += [f"early ramp {self.ramp:.0%}"] if self.ramp != 1.0 else []
        parts += [f"{self.cover / WEEK:.0f} weeks of cover"] if self.cover else []
        parts += [f"{self.early / WEEK:.0f} weeks early"]
        parts += [f"works in process x{self.flow:g}"] if self.flow != 1.0 else []
        parts += ["weekend teams"] if self.weekend else []
        parts += [f"staff x{self.staff:g}"] if self.staff != 1.0 else []
        parts += [f"{station} {count:+d}" for station, count in self.extra]
        return ", ".join(part for part in parts if part)
