"""What a test finds on a unit exactly as designed: worked out once, since every unit is compared with it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TypeVar

from ironworks.product.design import Design, Mass
from ironworks.robot.acceptance.procedure import Specimen
from ironworks.robot.asbuilt import Places, Unit

__all__ = ["as_designed"]

Found = TypeVar("Found")
_KEPT: OrderedDict[tuple[str, int, int, int], tuple[Design, Mapping[str, Mass], Places, object]] = OrderedDict()
_MOST = 128


def as_designed(name: str, specimen: Specimen, measure: Callable[[Unit], Found]) -> Found:
    """What `measure` gives for a unit without deviations; kept under a name for this design, masses and places.

    `measure` must give the same at every call for the same unit: true values, or noise from a seed of its own.
    """
    # Designs hold arrays and have no hash: an entry keeps its objects alive, so that their ids stay theirs.
    design, masses, places = specimen.design, specimen.masses, specimen.unit.places
    key = (name, id(design), id(masses), id(places))
    if key not in _KEPT:
        _KEPT[key] = (design, masses, places, measure(Unit.nominal(places)))
        while len(_KEPT) > _MOST:
            _KEPT.popitem(last=False)
    return _KEPT[key][-1]  # type: ignore[return-value]
