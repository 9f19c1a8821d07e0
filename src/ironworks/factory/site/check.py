"""What of a need a hall, or a whole site, cannot give, in words."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ironworks.factory.site.hall import Hall
from ironworks.factory.site.site import Site
from ironworks.factory.site.space import Space

__all__ = ["USABLE", "over_limits", "site_problems", "unsuitable"]

USABLE = 0.75
"""Part of a hall's floor that aisles, columns and gaps leave to places with their clearance, at best."""


def unsuitable(space: Space, hall: Hall) -> list[str]:
    """Why a place cannot stand in a hall, whatever else does; empty where it can."""
    told = []
    if space.height > hall.clear_height:
        told.append(f"{space.name} is {space.height:g} m high, {hall.name} has {hall.clear_height:g} m of clear height")
    if space.pressure > hall.floor_load:
        told.append(
            f"{space.name} weighs {space.pressure / 1e3:.1f} kN/m2 on the floor, {hall.name} bears "
            f"{hall.floor_load / 1e3:.1f} kN/m2"
        )
    if space.room not in hall.rooms:
        told.append(f"{space.name} needs a {space.room} room, {hall.name} has {' and '.join(hall.rooms) or 'none'}")
    if space.crane > hall.crane:
        crane = f"one for {hall.crane:g} kg" if hall.crane else "none"
        told.append(f"{space.name} needs a crane for {space.crane:g} kg, {hall.name} has {crane}")
    if space.noise > hall.noise:
        told.append(f"{space.name} makes {space.noise:g} dB(A), {hall.name} allows {hall.noise:g} dB(A)")
    return told


def over_limits(spaces: Sequence[Space], hall: Hall) -> list[str]:
    """Which of a hall's supplies all that stands in it takes more of than there is."""
    told = []
    for what, unit, scale in (("power", "kW", 1e3), ("heat", "kW", 1e3), ("air", "m3/h", 1.0 / 3600.0)):
        taken, given = sum(getattr(space, what) for space in spaces), getattr(hall, what)
        if taken > given * (1.0 + 1e-9):
            name = {"power": "power", "heat": "heat to be taken away", "air": "compressed air"}[what]
            told.append(
                f"{hall.name} has {given / scale:,.0f} {unit} of {name}, {taken / scale:,.0f} {unit} are needed"
            )
    return told


def site_problems(
    site: Site, needs: Sequence[tuple[Space, int]], day: datetime.date = datetime.date.max, confidence: float = 0.5
) -> list[str]:
    """Why a site cannot take so many places of each kind on a day, with the share of its floor that the maker has with
    probability `confidence`; all reasons at once. Empty where no sum forbids it: a layout may still not be found.
    """
    halls = site.ready(day)
    if not halls:
        first = min((hall.ready for hall in site.halls), default=None)
        when = f"the first is ready on {first:%Y-%m-%d}" if first else "there is none"
        return [f"no hall of {site.name} is ready on {day:%Y-%m-%d}: {when}"]
    told = []
    for space, count in needs:
        reasons = [unsuitable(space, hall) for hall in halls] if count else [[]]
        if all(reasons):
            told += [reason for reason in min(reasons, key=len) if reason not in told]
    places = [space for space, count in needs for _ in range(count)]
    for what, unit, scale, name in (
        ("power", "kW", 1e3, "power"), ("heat", "kW", 1e3, "ventilation"), ("air", "m3/h", 1 / 3600, "compressed air"),
    ):  # fmt: skip
        taken = sum(getattr(space, what) for space in places)
        given = sum(getattr(hall, what) for hall in halls)
        given = min(given, site.power) if what == "power" else given
        if taken > given * (1.0 + 1e-9):
            told.append(
                f"{site.name} has {given / scale:,.0f} {unit} of {name}, {taken / scale:,.0f} {unit} are needed"
            )
    return told + _floor(site, halls, sum(space.area for space in places) / USABLE, day, confidence)


def _floor(site: Site, halls: Sequence[Hall], needed: float, day: datetime.date, confidence: float) -> list[str]:
    told = []
    there = sum(hall.area for hall in halls)
    if needed > there:
        when = "" if day == datetime.date.max else f" ready on {day:%Y-%m-%d}"
        told.append(f"{site.name} has {there:,.0f} m2 of halls{when}, {needed:,.0f} m2 are needed")
    chance = site.share.chance_of(needed / site.total)
    if site.share.low < 1.0 and chance < confidence:
        told.append(
            f"{needed:,.0f} m2 are needed of {site.total:,.0f} m2: the maker has that much with a probability of "
            f"{chance:.0%}, {confidence:.0%} are asked for"
        )
    return told
