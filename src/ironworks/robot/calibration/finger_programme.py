"""What a hand does on its bench: which joints go to their stops together, and where the thumb meets the fingers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Design, Mass
from ironworks.robot.calibration.hand_model import HandModel
from ironworks.robot.hand_design import hands_of

__all__ = ["FingerProgramme", "Homing", "Meeting", "finger_programmes_of"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Postures tried for homing and, for each finger, for meetings; steps of a way that are looked at.
_RESTS, _TRIES, _STEPS = 60, 150, 8
#: A meeting stays so far from the stops [rad], opens by so much and may close by so much more [rad].
_MARGIN, _OPEN, _BEYOND, _STOP = 0.12, 0.25, 0.10, 0.01
#: What meetings are chosen with: angles as homing leaves them [rad], a contact's uncertainty [m].
_HOMED, _FELT = 0.004, 1e-4


@dataclass(frozen=True, eq=False)
class Homing:
    """Joints (J,) that go to both stops together while the others rest at `rest` (J,) [rad]."""

    together: Bools
    rest: Floats


@dataclass(frozen=True, eq=False)
class Meeting:
    """The thumb's tip on that of a finger: `posture` (J,) [rad] by design; the hand opens along `way` (J,) [rad]."""

    finger: int
    posture: Floats
    way: Floats

    def at(self, open_by: float) -> Floats:
        """The posture (J,) [rad], opened by a share of the way; below 0: closed beyond the design's contact."""
        return np.asarray(self.posture + open_by * self.way)

    #: Shares of the way between which a contact is sought.
    span = (-_BEYOND / _OPEN, 1.0)


@dataclass(frozen=True, eq=False)
class FingerProgramme:
    """Of one hand. `unhomed`: joints for which no posture was found that leaves their whole way clear."""

    model: HandModel
    homings: tuple[Homing, ...]
    unhomed: tuple[str, ...]
    meetings: tuple[Meeting, ...]


def finger_programmes_of(
    design: Design, masses: Mapping[str, Mass], *, meetings: int = 8, seed: int = 1
) -> tuple[FingerProgramme, ...]:
    """A programme for each hand of a design, with so many meetings for each finger that a thumb can meet.

    Meetings are chosen one by one, each where the joints are known least after those before it (D-optimal, greedily).
    """
    found = []
    for hand in hands_of(design, masses):
        model, rng = HandModel(hand, masses), np.random.default_rng(seed)
        homings, unhomed = _homings(model, rng)
        pool, partners = _pool(model, rng)
        chosen = _most_telling(pool, meetings * partners)
        found.append(FingerProgramme(model, homings, unhomed, chosen))
    return tuple(found)


def _homings(model: HandModel, rng: np.random.Generator) -> tuple[tuple[Homing, ...], tuple[str, ...]]:
    """As many joints at once as a posture lets go all their way, until each has had its turn."""
    left, found = list(range(len(model.joints))), []
    for turn in range(_RESTS):
        if not left:
            break
        rest = model.stand if turn == 0 else rng.uniform(model.low, model.high)
        together = np.zeros(len(model.joints), dtype=bool)
        for joint in left:
            together[joint] = True
            together[joint] = _sweeps(model, rest, together)
        if together.any():
            found.append(Homing(together, rest))
            left = [joint for joint in left if not together[joint]]
    return tuple(found), tuple(model.joints[joint] for joint in left)


def _sweeps(model: HandModel, rest: Floats, together: Bools) -> bool:
    """Whether joints can go from the rest to their lower stops, to the upper ones and back without touching."""
    low, high = np.where(together, model.low, rest), np.where(together, model.high, rest)
    for start, end in ((low, high), (rest, low), (rest, high)):
        for share in np.linspace(0.0, 1.0, _STEPS + 1):
            model.pose(start + share * (end - start))
            if not model.clear():
                return False
    return True


def _pool(model: HandModel, rng: np.random.Generator) -> tuple[list[tuple[Meeting, Floats]], int]:
    """Meetings within reach, each with its gap's derivative by the angles (J,); and how many fingers have one."""
    hand, found, partners = model.hand, [], 0
    for k, finger in enumerate(hand.fingers):
        if hand.thumb is None or k == hand.thumb:
            continue
        names = {*finger.joints, *hand.fingers[hand.thumb].joints}
        moved = np.array([name in names for name in model.joints])
        mine = [one for _ in range(_TRIES) if (one := _meeting(model, k, moved, rng)) is not None]
        partners += bool(mine)
        found += mine
    return found, partners


def _meeting(model: HandModel, finger: int, moved: Bools, rng: np.random.Generator) -> tuple[Meeting, Floats] | None:
    # A joint of little range keeps a smaller margin: it would have no place left.
    margin = np.minimum(_MARGIN, 0.2 * (model.high - model.low))
    low, high = model.low + margin, model.high - margin
    posture = np.where(moved, rng.uniform(low, high), model.stand)
    for _ in range(25):
        model.pose(posture)
        gap = model.gap(finger)
        if gap is None:
            return None
        pull = np.where(moved, gap.by_angle, 0.0)
        if abs(gap.distance) < 1e-6:
            break
        posture = np.where(moved, np.clip(posture - gap.distance * pull / (pull @ pull + 1e-6), low, high), posture)
    else:
        return None
    # Only joints that have room on both sides open and close the hand.
    room = (posture > low + 1e-3) & (posture < high - 1e-3)
    way = np.where(room, pull, 0.0)
    if not way.any():
        return None
    meeting = Meeting(finger, posture, way * _OPEN / np.abs(way).max())
    ends = np.array([meeting.at(share) for share in meeting.span])
    if (ends < model.low + _STOP)[:, moved].any() or (ends > model.high - _STOP)[:, moved].any():
        return None
    before = -np.inf
    for share in np.linspace(*meeting.span, _STEPS + 1):
        model.pose(meeting.at(share))
        now = model.distance(finger)
        if now <= before or not model.clear(finger):
            return None
        before = now
    return meeting, pull


def _most_telling(pool: list[tuple[Meeting, Floats]], count: int) -> tuple[Meeting, ...]:
    if not pool:
        return ()
    rows = np.array([row for _, row in pool])
    covariance = _HOMED**2 * np.eye(rows.shape[1])
    chosen: list[Meeting] = []
    taken: list[int] = []
    for _ in range(min(count, len(pool))):
        spread = np.einsum("ij,jk,ik->i", rows, covariance, rows)
        spread[taken] = 0.0
        best = int(np.argmax(spread))
        taken.append(best)
        gain = covariance @ rows[best]
        covariance -= np.outer(gain, gain) / (spread[best] + _FELT**2)
        chosen.append(pool[best][0])
    return tuple(chosen)
