"""The skin-map bench: known pushes onto every taxel give each patch its dead taxels and its gains."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ironworks.product.design.skin import patches_of
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.procedures.as_designed import as_designed
from ironworks.robot.asbuilt import Unit
from ironworks.robot.skin.mapping import map_skin, tabulate
from ironworks.robot.skin.state import SkinState
from ironworks.robot.skin.taxels import Taxels, place_taxels

__all__ = ["SkinMap", "skin_of"]


class SkinMap:
    """An indenter presses each taxel once; a patch is judged as a whole."""

    name = "skin_map"
    item = "skin"
    minutes = 15.0
    measurements = (
        Measurement("hole", Limits(None, 1.0, "taxels"), description="dead taxels side by side, the most on a patch"),
        Measurement("gain_mean", Limits(0.76, 1.26), description="of a patch's live taxels, to the design"),
        Measurement("gain_spread", Limits(None, 0.16), description="standard deviation over a patch's live taxels"),
    )
    catches = ("dead_taxels",)
    sees = ("taxel_gain",)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every patch."""
        taxels = as_designed("taxels", specimen, lambda _: _taxels(specimen))
        columns = [measurement.name for measurement in self.measurements]
        if not specimen.unit.places.names["taxel"] or not len(taxels):
            return {name: Readings.none() for name in columns}
        state = skin_of(specimen.unit, taxels)
        read = map_skin(taxels, state, specimen.rng(self.name))
        true = tabulate(taxels, np.where(state.dead, 0.0, state.gain))
        names = tuple(patch.patch for patch in read)
        return {
            name: Readings(
                names,
                np.array([float(getattr(patch, name)) for patch in read]),
                np.array([float(getattr(patch, name)) for patch in true]),
            )
            for name in columns
        }


def _taxels(specimen: Specimen) -> Taxels:
    return place_taxels(specimen.design, patches_of(specimen.design))


def skin_of(unit: Unit, taxels: Taxels) -> SkinState:
    """The skin of a unit: gains as drawn; a fault kills as many taxels as it says, those nearest along the sheet.

    Raises ValueError where the unit was drawn for another number of taxels.
    """
    names = unit.places.names["taxel"]
    if len(names) != len(taxels):
        raise ValueError(f"the unit has {len(names)} taxels, the design's skin {len(taxels)}")
    dead = np.zeros(len(names), dtype=bool)
    beside: dict[int, list[int]] = {}
    for one, other in taxels.neighbours.tolist():
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    for fault in unit.struck("dead_taxels"):
        struck = [names.index(fault.place)]
        for taxel in struck:
            if len(struck) >= round(fault.severity):
                break
            struck += [other for other in beside.get(taxel, []) if other not in struck]
        dead[struck[: round(fault.severity)]] = True
    return SkinState(1.0 + unit["taxel_gain"], dead)
