"""What both hands of a unit do, as procedures: each thing held in each of its ways, a rod turned, thumbs opposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ironworks.robot.acceptance.manipulation.grasp_trial import SLIP_LIMIT, grasp_trial
from ironworks.robot.acceptance.manipulation.objects import Thing, things
from ironworks.robot.acceptance.manipulation.opposition_trial import opposition_trial
from ironworks.robot.acceptance.manipulation.own_hands import OwnHand, own_hands
from ironworks.robot.acceptance.manipulation.rotation_trial import rotation_trial
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.control.grasp_shapes import GraspKind

__all__ = [
    "GRASP",
    "GRASPS",
    "HAND_PAIR",
    "LOST",
    "MISS",
    "ROTATION",
    "SLIP",
    "TURNED",
    "UNMET",
    "GraspTest",
    "OppositionTest",
    "RotationTest",
]

HAND_PAIR = "hand_pair"
"""The item of procedures that test the hands of a unit."""
LOST = Measurement("lost", Limits(None, 0.0), description="1: not lifted, or dropped later")
SLIP = Measurement("slip", Limits(None, 1e3 * SLIP_LIMIT, "mm"), description="in the hand after the first lift")
TURNED = Measurement("turned", Limits(45.0, 75.0, "deg"), description="about its axis, where 60 were asked for")
UNMET = Measurement("unmet", Limits(None, 0.0), description="1: skin did not feel both tips, or they did not touch")
MISS = Measurement("miss", Limits(None, 3.0, "mm"), description="of pads from where the hand believes them to be")
#: The bench sees a thing in the hand by a camera: standard deviation of its slip [mm], of its turn [deg], of pads [mm].
_CAMERA, _MARKED, _MARKER = 0.2, 0.5, 0.05
#: Simulated seconds of one grasp, about, and minutes of the plant for it: to put the thing down and to read.
_SECONDS, _MINUTES = 14.0, 0.5


def _of_hands(
    hands: Sequence[OwnHand], values: Sequence[float | None], measurement: Measurement, noise: float,
    rng: np.random.Generator,
) -> Mapping[str, Readings]:  # fmt: skip
    """Readings of every hand: whether it lost the thing (None), and what was measured of it if not."""
    lost = np.array([float(value is None) for value in values])
    kept = [(own.name, value) for own, value in zip(hands, values, strict=True) if value is not None]
    true = np.array([value for _, value in kept])
    return {
        LOST.name: Readings(tuple(own.name for own in hands), lost, lost),
        measurement.name: Readings(
            tuple(name for name, _ in kept), true + noise * rng.standard_normal(len(kept)), true
        ),
    }


@dataclass(frozen=True)
class GraspTest:
    """A Procedure: each hand lifts a thing, holds, shakes and tilts it, told where it is with the usual errors."""

    thing: Thing
    kind: GraspKind
    item: str = HAND_PAIR
    minutes: float = 2.0 * _MINUTES
    seconds: float = 2.0 * _SECONDS
    measurements: tuple[Measurement, ...] = (LOST, SLIP)
    catches: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The kind of grasp and the thing: `pinch_cube_15`."""
        return f"{self.kind}_{self.thing.name}"

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every hand; no slip of what was lost."""
        hands = own_hands(specimen)
        found = [grasp_trial(own, self.thing, self.kind, specimen.rng(f"{self.name}/{own.name}")) for own in hands]
        slips = [1e3 * one.slip if np.isfinite(one.slip) else None for one in found]
        return _of_hands(hands, slips, SLIP, _CAMERA, specimen.rng(f"{self.name}/readings"))


@dataclass(frozen=True)
class RotationTest:
    """A Procedure: each hand lifts a rod and turns it about its axis by 60 degrees."""

    rod: Thing
    name: str = "rotation"
    item: str = HAND_PAIR
    minutes: float = 2.0 * _MINUTES
    seconds: float = 2.0 * _SECONDS
    measurements: tuple[Measurement, ...] = (LOST, TURNED)
    catches: tuple[str, ...] = ()

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every hand; no turn of a rod that was lost."""
        hands = own_hands(specimen)
        found = [rotation_trial(own, self.rod, specimen.rng(f"{self.name}/{own.name}")) for own in hands]
        turns = [None if one.lost else float(np.degrees(one.turned)) for one in found]
        return _of_hands(hands, turns, TURNED, _MARKED, specimen.rng(f"{self.name}/readings"))


@dataclass(frozen=True)
class OppositionTest:
    """A Procedure: the thumb of each hand goes to every other finger's tip until skin feels both."""

    name: str = "opposition"
    item: str = HAND_PAIR
    minutes: float = 2.0 * _MINUTES
    seconds: float = 16.0
    measurements: tuple[Measurement, ...] = (UNMET, MISS)
    catches: tuple[str, ...] = ()

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Readings of every finger but the thumbs."""
        found = [
            (f"{own.name}/{met.finger}", met)
            for own in own_hands(specimen)
            for met in opposition_trial(own, specimen.rng(f"{self.name}/{own.name}"))
        ]
        places = tuple(place for place, _ in found)
        unmet = np.array([float(not (met.felt and met.touched)) for _, met in found])
        miss = np.array([1e3 * met.miss for _, met in found])
        noise = _MARKER * specimen.rng(f"{self.name}/readings").standard_normal(len(miss))
        return {
            UNMET.name: Readings(places, unmet, unmet),
            MISS.name: Readings(places, np.abs(miss + noise), miss),
        }


GRASPS: tuple[GraspTest, ...] = tuple(GraspTest(thing, kind) for thing in things() for kind in thing.grasps)
"""Every thing of the table, held in each of its ways."""
ROTATION = RotationTest(next(thing for thing in things() if thing.name == "rod_16"))
"""A rod of the size of a marker, turned in the hand."""
GRASP: tuple[GraspTest | RotationTest | OppositionTest, ...] = (*GRASPS, OppositionTest(), ROTATION)
"""The programme of a unit's hands."""
