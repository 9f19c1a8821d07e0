"""A hand on its bench: driven into its stops, then closed until the thumb feels a finger; what encoders read there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from ironworks.product.design import Mass
from ironworks.robot.asbuilt import Unit
from ironworks.robot.calibration.finger_programme import FingerProgramme, Meeting
from ironworks.robot.calibration.hand_model import HandModel
from ironworks.robot.hand_bench import stiffen
from ironworks.robot.rig import Rig

__all__ = ["FELT", "Fingered", "feel_fingers"]

Floats = NDArray[np.float64]

#: Standard uncertainty of where a closing tip feels the other one [m]: an assumption, a thin skin's give.
FELT = 5e-5
#: Seconds of a way to the stops, there, and under more torque; shares of torque; how far beyond the target lies [rad].
_WAY, _STAY, _MORE, _SHARES, _BEYOND = 0.6, 0.25, 0.15, (0.1, 0.2), 0.2
#: Tick of the bench [s]; ticks that are averaged; how well a stop's give is known, as a share of it.
_TICK, _AVERAGED, _GIVE = 0.01, 8, 0.1
#: Where a joint's stop and a coupled one's lie so close that both bear, torques show how both together give way, and
#: what the first one gave alone is missed: some hundredths of a degree, one time in ten [rad].
_SHARED = 1.2e-4
#: Impedance of stops: as springs of one stiffness, since of others two torques show half of the give.
_IMPEDANCE = 0.95


@dataclass(frozen=True, eq=False)
class Fingered:
    """What a hand's bench read: J joints, M meetings.

    `stops` (J, 2) [rad]: readings at the lower and the upper stop, less what they give way (nan: not homed), `doubt`
    (J, 2): their standard uncertainty; `felt` (M, J) [rad]: readings as the tips met (nan: they did not). `seconds`:
    of simulation.
    """

    stops: Floats
    doubt: Floats
    felt: Floats
    seconds: float

    @property
    def met(self) -> NDArray[np.bool_]:
        """Whether the tips met (M,)."""
        return np.asarray(np.isfinite(self.felt).all(axis=1))


def feel_fingers(
    programme: FingerProgramme, masses: Mapping[str, Mass], unit: Unit, rng: np.random.Generator
) -> Fingered:
    """Home a hand's joints, then let its thumb meet its fingers."""
    model = programme.model
    limb = model.hand.limb
    rig = Rig(limb, masses, unit, rng, tick=_TICK, spec_hook=partial(stiffen, hand=model.hand, impedance=_IMPEDANCE))
    stops, doubt, seconds = _home(rig, programme)
    # Until better is known, a joint's offset is what both of its stops show.
    offset = np.nan_to_num((stops - np.stack([model.low, model.high], axis=1)).mean(axis=1))
    lengths = np.array([rig.built.by_name[name].origin - limb.by_name[name].origin for name in model.links])
    felt = np.array([_meet(rig, model, lengths, meeting, offset) for meeting in programme.meetings])
    return Fingered(stops, doubt, felt.reshape(-1, len(model.joints)), seconds)


def _home(rig: Rig, programme: FingerProgramme) -> tuple[Floats, Floats, float]:
    model, count = programme.model, len(rig.joints)
    stops, doubt = np.full((count, 2), np.nan), np.full((count, 2), np.nan)
    full = rig.model.actuator_forcerange.copy()
    seconds = 0.0
    for homing in programme.homings:
        rig.rest(homing.rest)
        start = homing.rest + rig.misread(homing.rest)
        began = rig.data.time
        for side, end in enumerate((model.low - _BEYOND, model.high + _BEYOND)):
            there = np.where(homing.together, end, homing.rest)
            reads, torques = _push(rig, full, start, there)
            start = there
            give = _give(reads, torques)
            mine = homing.together
            stops[mine, side] = (reads[0] - give)[mine]
            # Twice the first reading less the second one.
            noise = rig.encoder.noise * np.sqrt(5.0 / _AVERAGED)
            both = np.where(model.shared[:, side], _SHARED, 0.0)
            doubt[mine, side] = np.sqrt(noise**2 + (_GIVE * give) ** 2 + both**2)[mine]
        seconds += rig.data.time - began
    rig.model.actuator_forcerange[:] = full
    return stops, doubt, seconds


def _push(rig: Rig, full: Floats, start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Readings [rad] and torques [N m] at the stops, each (2, J): under little torque, then under more."""
    reads, torques = [], []
    for share, seconds, stay in zip(_SHARES, (_WAY, 0.0), (_STAY, _MORE), strict=True):
        rig.model.actuator_forcerange[:] = share * full
        if seconds:
            record = rig.move(start, end, seconds, stay)
        else:
            record = rig.follow(np.tile(end, (round(stay / rig.tick), 1)))
        reads.append(record.angle[-_AVERAGED:].mean(axis=0))
        torques.append(record.torque[-_AVERAGED:].mean(axis=0))
    return np.array(reads), np.array(torques)


def _give(reads: Floats, torques: Floats) -> Floats:
    """How far the first torque drove a stop back (J,) [rad]: as far as the second drove it on, torque for torque."""
    more = torques[1] - torques[0]
    there = np.abs(more) > 1e-6
    return np.where(there, (reads[1] - reads[0]) * torques[0] / np.where(there, more, 1.0), 0.0)


def _meet(rig: Rig, model: HandModel, lengths: Floats, meeting: Meeting, offset: Floats) -> Floats:
    """Readings (J,) as the closing tips feel each other; nan where they do not on the whole way."""
    feel = FELT * float(rig.noise((1,))[0])

    def gap(share: float) -> float:
        model.pose(_true(rig, meeting.at(share) + offset), lengths)
        return model.distance(meeting.finger) - feel

    closed, opened = meeting.span
    if not gap(closed) < 0.0 < gap(opened):
        return np.full(len(offset), np.nan)
    share = brentq(gap, closed, opened, xtol=1e-6)
    return np.asarray(meeting.at(share) + offset + rig.encoder.noise * rig.noise((len(offset),)))


def _true(rig: Rig, reading: Floats) -> Floats:
    """True angles (J,) at which the encoders read so, by substitution: their errors change little with the angle."""
    angles = reading
    for _ in range(3):
        angles = reading - rig.misread(angles)
    return angles
