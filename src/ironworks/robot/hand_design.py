"""Hands of a design, found by what they are: limbs whose joints are all fingers' drives; and a thumb that opposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass

__all__ = ["Finger", "Hand", "hands_of"]

Floats = NDArray[np.float64]
_FAMILY = "micro_harmonic"


@dataclass(frozen=True, eq=False)
class Finger:
    """Driven joints from the palm outwards, coupled joints, the last link and the tip (3,) [m] in its axes."""

    joints: tuple[str, ...]
    coupled: tuple[str, ...]
    last: str
    tip: Floats


@dataclass(frozen=True, eq=False)
class Hand:
    """A limb (`Design.limb`) of fingers; `thumb` is the place of the one whose joints turn about three axes."""

    name: str
    limb: Design
    fingers: tuple[Finger, ...]
    thumb: int | None


def hands_of(design: Design, masses: Mapping[str, Mass]) -> tuple[Hand, ...]:
    """Every hand of a design, in the order of its links; none where it has none.

    A palm is a link that another drive carries and from which at least two chains go out that micro-harmonic gears
    move. A tip lies twice as far out as the last link's centre of mass, which ends an even rod.
    """
    found = []
    for palm in design.links:
        if palm.joint is not None and palm.joint.drive is not None and palm.joint.drive.family == _FAMILY:
            continue
        roots = [
            link.name
            for link in design.links
            if link.parent == palm.name and link.joint and link.joint.drive and link.joint.drive.family == _FAMILY
        ]
        if len(roots) < 2:
            continue
        fingers: list[Finger] = []
        thumb: int | None = None
        for root in roots:
            chain = [link for link in design.links if link.name in design.below(root)]
            joints = [link.joint for link in chain if link.joint is not None]
            driven = [joint for joint in joints if joint.drive is not None]
            if np.linalg.matrix_rank(np.array([joint.axis for joint in driven]), tol=0.1) == 3:
                thumb = len(fingers)
            last = chain[-1].name
            fingers.append(
                Finger(
                    tuple(joint.name for joint in driven),
                    tuple(joint.name for joint in joints if joint.follow is not None),
                    last,
                    2.0 * masses[last].centre,
                )
            )
        found.append(Hand(palm.name, design.limb(palm.name), tuple(fingers), thumb))
    return tuple(found)
