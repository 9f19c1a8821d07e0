"""The hands of a unit as it was built and as it knows them: from the bench of its hands, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ironworks.product.design import Design, Mass
from ironworks.product.design.skin import patches_of
from ironworks.robot.acceptance.procedure import Specimen
from ironworks.robot.acceptance.procedures.skin_map import skin_of
from ironworks.robot.asbuilt import Unit
from ironworks.robot.calibration import FingerProgramme, finger_programmes_of, identify_fingers
from ironworks.robot.control.hand_kinematics import HandKinematics
from ironworks.robot.hand_design import Hand, hands_of
from ironworks.robot.skin.state import SkinState
from ironworks.robot.skin.taxels import Taxels, place_taxels

__all__ = ["OwnHand", "own_hands"]

_MEMO = "own_hands"
_PROGRAMMES: dict[int, tuple[Design, tuple[FingerProgramme, ...]]] = {}


@dataclass(frozen=True, eq=False)
class OwnHand:
    """One hand of a unit: `unit` and `skin` as built, `believed` as its calibration found it; masses by design."""

    hand: Hand
    masses: Mapping[str, Mass]
    unit: Unit
    taxels: Taxels
    skin: SkinState
    believed: HandKinematics

    @property
    def name(self) -> str:
        """Of its palm."""
        return self.hand.name

    @property
    def solid(self) -> tuple[str, ...]:
        """Names of the shapes that can touch something."""
        shapes = (shape for link in self.hand.limb.links for shape in link.shapes if shape.collides)
        return tuple(dict.fromkeys(shape.name for shape in shapes))


def own_hands(specimen: Specimen) -> Sequence[OwnHand]:
    """Every hand of a specimen, calibrated once in a visit."""
    kept = specimen.memo.get(_MEMO)
    if isinstance(kept, tuple):
        return kept
    design, masses, unit = specimen.design, specimen.masses, specimen.unit
    found = identify_fingers(
        design, masses, unit, specimen.population, specimen.rng(_MEMO), programmes=_programmes(design, masses)
    )
    identified = Unit.nominal(unit.places, unit.serial)
    found.put_into(identified)
    hands = tuple(
        OwnHand(hand, masses, unit, *_skin(design, hand, unit), HandKinematics(hand, masses, identified))
        for hand in hands_of(design, masses)
    )
    specimen.memo[_MEMO] = hands
    return hands


def _skin(design: Design, hand: Hand, unit: Unit) -> tuple[Taxels, SkinState]:
    """The taxels of one hand, and what the unit's own differ by."""
    links = {link.name for link in hand.limb.links}
    patches = patches_of(design)
    own = np.repeat([patch.link in links for patch in patches], [patch.taxels for patch in patches])
    state = skin_of(unit, place_taxels(design, patches))
    taxels = place_taxels(hand.limb, [patch for patch in patches if patch.link in links])
    return taxels, SkinState(state.gain[own], state.dead[own])


def _programmes(design: Design, masses: Mapping[str, Mass]) -> tuple[FingerProgramme, ...]:
    """Made once for a design: they cost more than all the rest."""
    kept = _PROGRAMMES.get(id(design))
    if kept is None or kept[0] is not design:
        kept = (design, finger_programmes_of(design, masses))
        _PROGRAMMES[id(design)] = kept
    return kept[1]
