"""What is measured of a robot on its legs, and within which limits.

ISO/FDIS 18646-5 (locomotion of legged robots) is meant for check-and-accept tests too; of it only the scope is public.
The published contents of 18646-1 (wheeled robots) name rated speed, stopping, slopes, sills and turning width. No limit
of either is public: that on mean speed is the project's own goal, every other limit here is an assumption.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ironworks.product.design import Drive, sensors_of
from ironworks.robot.acceptance.measurement import Limits, Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.walking.course import Track
from ironworks.robot.control import TICK
from ironworks.robot.motor_heat import MotorHeat

__all__ = [
    "ADVANCE",
    "FALLS",
    "HEADING_DRIFT",
    "LATERAL_DRIFT",
    "PEAK_TORQUE",
    "SPEED_ERROR",
    "STOP_DISTANCE",
    "STOP_TIME",
    "TILT",
    "TURN_ERROR",
    "WANDER",
    "WINDING",
    "Judge",
    "climbs",
]

Floats = NDArray[np.float64]
#: Places, and the true value at each (n,).
_Read = Callable[[Track, Specimen], tuple[Sequence[str], Floats]]

#: How far a mean speed may be off [m/s, rad/s], as a share of the command and at least.
_SHARE, _LEAST_SPEED, _LEAST_TURN = 0.1, 0.03, 0.08
#: A robot stands below this speed [m/s]; share of the time that a torque may exceed what counts as its peak; seconds
#: for which a motor must bear what a course asked of it.
_STANDS, _RARELY, _BEARS = 0.1, 0.01, 600.0
#: By how much a root may hang lower or higher at the end of a climb than at its begin [m].
_SAGS = 0.06


@dataclass(frozen=True)
class Judge:
    """A measurement, how its true values follow from a track, and the standard deviation of the bench's own reading.

    The bench sees a robot by a tracking system at the ceiling (2 mm, 0.2 deg) and its torques by the drives' currents.
    """

    measurement: Measurement
    read: _Read
    noise: float

    def readings(self, track: Track, specimen: Specimen, rng: np.random.Generator) -> Readings:
        """Readings of one track; no number where a fall left nothing to measure."""
        places, true = self.read(track, specimen)
        return Readings(tuple(places), true + self.noise * rng.standard_normal(len(true)), true)


def _falls(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    # What was never begun was not passed either.
    return [leg.name for leg in track.legs], np.array(
        [0.0 if track.reached(i) else 1.0 for i in range(len(track.legs))]
    )


def _speed_error(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    places, found = [], []
    for i, leg in enumerate(track.legs):
        wanted = np.array([leg.command.forward, leg.command.left])
        speed = float(np.hypot(*wanted))
        if speed and leg.settle < leg.seconds:
            ticks = track.judged(i)
            along = float((track.velocity[ticks] @ wanted).mean()) / speed if len(ticks) else math.nan
            places.append(leg.name)
            found.append((along - speed) / max(_SHARE * speed, _LEAST_SPEED))
    return places, np.array(found)


def _turn_error(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    places, found = [], []
    for i, leg in enumerate(track.legs):
        wanted = leg.command.turn
        if wanted and leg.settle < leg.seconds:
            ticks = track.judged(i)
            rate = math.nan
            if len(ticks):
                rate = float(track.heading[ticks[-1]] - track.heading[ticks[0]]) / (TICK * (len(ticks) - 1))
            places.append(leg.name)
            found.append((rate - wanted) * math.copysign(1.0, wanted) / max(_SHARE * abs(wanted), _LEAST_TURN))
    return places, np.array(found)


def _drift(track: Track, of: Callable[[Track], Floats]) -> Floats:
    """How far something (T,) went off over the last leg, for each metre that the robot went straight ahead."""
    last = len(track.legs) - 1
    if not track.reached(last):
        return np.array([math.nan])
    ticks = np.flatnonzero(track.leg == last)
    ahead = float(track.place[ticks[-1], 0] - track.place[ticks[0], 0])
    off = of(track)
    return np.array([float(off[ticks[-1]] - off[ticks[0]]) / ahead if ahead > 0.0 else math.nan])


def _lateral_drift(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    return ("root",), 1e3 * _drift(track, lambda one: one.place[:, 1])


def _heading_drift(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    return ("root",), np.degrees(_drift(track, lambda one: one.heading))


def _wander(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    last = len(track.legs) - 1
    if not track.reached(last):
        return ("root",), np.array([math.nan])
    ticks = np.flatnonzero(track.leg == last)
    away = track.place[ticks, :2] - track.place[ticks[0], :2]
    return ("root",), np.array([1e3 * float(np.hypot(*away.T).max())])


def _tilt(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    root = specimen.design.links[0].name
    if track.fell is not None:
        return (root,), np.array([math.nan])
    return (root,), np.array([math.degrees(float(np.sqrt((track.tilt**2).mean())))])


def _driven(track: Track, specimen: Specimen) -> list[Drive]:
    drives = {joint.name: joint.drive for joint in specimen.design.joints}
    return [drive for name in track.joints if (drive := drives[name]) is not None]


def _peak_torque(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    """Of the joints between root and feet, which carry the robot: an arm at its limit swings less, that is all."""
    design = specimen.design
    feet = {sensor.link for sensor in sensors_of(design) if sensor.kind == "force" and "foot" in sensor.link}
    carry = {link.joint.name for link in design.links if link.joint and feet & {link.name, *design.below(link.name)}}
    rows = [i for i, name in enumerate(track.joints) if name in carry]
    names = [track.joints[i] for i in rows]
    limit = np.array([drive.torque for drive in _driven(track, specimen)])[rows]
    if track.fell is not None:
        return names, np.full(len(rows), math.nan)
    return names, np.quantile(np.abs(track.torque[:, rows]), 1.0 - _RARELY, axis=0) / limit


def _winding(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    """Rise of each winding after some minutes of the same duty, over what its limit allows (J,)."""
    drives, unit = _driven(track, specimen), specimen.unit
    if track.fell is not None:
        return track.joints, np.full(len(drives), math.nan)
    rows = [unit.places.names["joint"].index(name) for name in track.joints]
    thermal, resistance = unit["thermal_resistance"][rows], unit["resistance"][rows]
    own = [
        replace(drive, winding_to_case=drive.winding_to_case * (1.0 + t), resistance=drive.resistance * (1.0 + r))
        for drive, t, r in zip(drives, thermal.tolist(), resistance.tolist(), strict=True)
    ]
    heat = MotorHeat(own)
    current = np.sqrt((track.torque**2).mean(axis=0)) / np.array([drive.joint_constant for drive in drives])
    for _ in range(round(_BEARS)):
        heat.advance(current, 1.0)
    allowed = np.array([drive.winding_limit for drive in drives]) - heat.ambient
    return track.joints, (heat.winding - heat.ambient) / allowed


def _stop(track: Track) -> tuple[float, float]:
    """Seconds until the robot stands for good, and how far it got meanwhile [m]; no numbers where it never did."""
    last = len(track.legs) - 1
    if not track.reached(last):
        return math.nan, math.nan
    ticks = np.flatnonzero(track.leg == last)
    moves = np.flatnonzero(np.hypot(*track.velocity[ticks].T) > _STANDS)
    stopped = int(moves[-1]) + 1 if len(moves) else 0
    if stopped == len(ticks):
        return math.nan, math.nan
    away = track.place[ticks[: stopped + 1], :2] - track.place[ticks[0], :2]
    return stopped * TICK, float(np.hypot(*away.T).max())


def _stop_time(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    return ("root",), np.array([_stop(track)[0]])


def _stop_distance(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    return ("root",), np.array([_stop(track)[1]])


def _advance(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    """How far the robot got ahead over its last leg, of what it was told."""
    last = len(track.legs) - 1
    if not track.reached(last):
        return ("root",), np.array([math.nan])
    ticks = np.flatnonzero(track.leg == last)
    told = track.legs[last].command.forward * track.legs[last].seconds
    return ("root",), np.array([float(track.place[ticks[-1], 0] - track.place[ticks[0], 0]) / told])


def _climbed(track: Track, specimen: Specimen) -> tuple[Sequence[str], Floats]:
    return ("root",), np.array([float(track.place[-1, 2]) if track.reached(len(track.legs) - 1) else math.nan])


def climbs(rise: float) -> Judge:
    """How far above its begin a robot ends that is to climb so high [m]."""
    limits = Limits(rise - _SAGS, rise + _SAGS, "m")
    return Judge(Measurement("climbed", limits, description="from where it began to where it ends"), _climbed, 0.002)


FALLS = Judge(
    Measurement("falls", Limits(None, 0.0), description="in each part of the course; 1 too where a fall prevented it"),
    _falls,
    0.0,
)
SPEED_ERROR = Judge(
    Measurement("speed_error", Limits(-1.0, 1.0), description="of the mean speed, over max(10 %, 0.03 m/s)"),
    _speed_error,
    0.02,
)
TURN_ERROR = Judge(
    Measurement("turn_error", Limits(-1.0, 1.0), description="of the mean turning rate, over max(10 %, 0.08 rad/s)"),
    _turn_error,
    0.02,
)
LATERAL_DRIFT = Judge(
    Measurement("lateral_drift", Limits(-30.0, 30.0, "mm/m"), description="to the left, for each metre ahead"),
    _lateral_drift,
    0.3,
)
HEADING_DRIFT = Judge(
    Measurement("heading_drift", Limits(-0.5, 0.5, "deg/m"), description="to the left, for each metre ahead"),
    _heading_drift,
    0.03,
)
WANDER = Judge(
    Measurement("wander", Limits(None, 300.0, "mm"), description="farthest from where it was to stay"), _wander, 2.0
)
TILT = Judge(
    Measurement("tilt", Limits(None, 5.0, "deg"), description="of the root, root mean square over the course"),
    _tilt,
    0.05,
)
PEAK_TORQUE = Judge(
    Measurement(
        "peak_torque",
        Limits(None, 0.95),
        description="of the legs' joints, exceeded in 1 % of the time, over the drive's most",
    ),
    _peak_torque,
    0.003,
)
WINDING = Judge(
    Measurement("winding", Limits(None, 1.0), description="rise after 10 min of the same, over what is allowed"),
    _winding,
    0.01,
)
STOP_TIME = Judge(
    Measurement("stop_time", Limits(None, 2.0, "s"), description="until slower than 0.1 m/s for good"),
    _stop_time,
    0.01,
)
ADVANCE = Judge(
    Measurement("advance", Limits(0.8, 1.2), description="over the last part of the course, of what was told"),
    _advance,
    0.002,
)
STOP_DISTANCE = Judge(
    Measurement("stop_distance", Limits(None, 0.8, "m"), description="farthest from where it was told to stop"),
    _stop_distance,
    0.003,
)
