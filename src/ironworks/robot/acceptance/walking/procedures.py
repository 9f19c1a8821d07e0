"""The procedures of a robot on its legs, each a course and what is judged of it; and the programme of every unit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ironworks.robot.acceptance.measurement import Measurement
from ironworks.robot.acceptance.procedure import Readings, Specimen
from ironworks.robot.acceptance.walking.course import BEGIN, Leg, Stage, follow
from ironworks.robot.acceptance.walking.judges import (
    FALLS,
    HEADING_DRIFT,
    LATERAL_DRIFT,
    PEAK_TORQUE,
    SPEED_ERROR,
    STOP_DISTANCE,
    STOP_TIME,
    TILT,
    TURN_ERROR,
    WANDER,
    WINDING,
    Judge,
)
from ironworks.robot.control import Command

__all__ = [
    "WALKING",
    "WalkingTest",
    "back",
    "circle",
    "emergency_stop",
    "push",
    "sideways",
    "speed_sweep",
    "stand",
    "straight",
    "turn",
]

#: What every course is judged by.
_ALWAYS = (FALLS, TILT, PEAK_TORQUE, WINDING)
#: Seconds after a new command before speed counts, and for which it then counts: six steps.
_SETTLE, _COUNTS = 4.0, 2.7
_DIRECTIONS = {
    "ahead": 0.0, "ahead_left": 45.0, "left": 90.0, "back_left": 135.0,
    "back": 180.0, "back_right": 225.0, "right": 270.0, "ahead_right": 315.0,
}  # fmt: skip
#: Minutes of the plant beyond the course: to hang a robot up, to start and to read.
_HANDLING = 0.5


@dataclass(frozen=True)
class WalkingTest:
    """A Procedure: a unit walks a course with its own controller, made from its own calibration.

    Another kind of course (a slope, stairs, a load) is one more function that returns this, with a
    `stage` that says what is walked on or carried.
    """

    name: str
    legs: tuple[Leg, ...]
    judges: tuple[Judge, ...]
    stage: Stage = field(default_factory=Stage)
    item: str = "robot"
    catches: tuple[str, ...] = ()
    needs: tuple[str, ...] = ("calibration",)

    def __post_init__(self) -> None:
        names = [leg.name for leg in self.legs]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: two legs have one name in {', '.join(names)}")

    @property
    def seconds(self) -> float:
        """Simulated seconds of one run, those on the gantry among them."""
        return BEGIN + sum(leg.seconds for leg in self.legs)

    @property
    def minutes(self) -> float:
        """Plant minutes of one run."""
        return _HANDLING + self.seconds / 60.0

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """What it measures."""
        return tuple(judge.measurement for judge in self.judges)

    def run(self, specimen: Specimen) -> Mapping[str, Readings]:
        """Walk, and judge; a fall is kept in the specimen's memo as `fell/NAME`."""
        track = follow(specimen, self.name, self.legs, self.stage)
        rng = specimen.rng(f"{self.name}/readings")
        return {judge.measurement.name: judge.readings(track, specimen, rng) for judge in self.judges}


def _walk(forward: float = 0.0, left: float = 0.0, turning: float = 0.0) -> Command:
    return Command(forward, left, turning, walk=True)


def _ready() -> Leg:
    """The first moments off the ropes."""
    return Leg("ready", 0.5, settle=0.5)


def _steady(name: str, command: Command, settle: float = _SETTLE, counts: float = _COUNTS) -> Leg:
    return Leg(name, settle + counts, command, settle)


def stand(seconds: float = 60.0) -> WalkingTest:
    """It stands, and does not wander."""
    return WalkingTest("stand", (Leg("stand", seconds),), (*_ALWAYS, WANDER))


def push(change: float = 0.25, speed: float = 0.5, apart: float = 2.0) -> WalkingTest:
    """Pushes from eight sides, each a change of velocity [m/s], `apart` [s], while it walks at a speed or stands."""
    command = _walk(speed) if speed else Command()
    pushes = []
    for name, degrees in _DIRECTIONS.items():
        along = (change * math.cos(math.radians(degrees)), change * math.sin(math.radians(degrees)))
        pushes.append(Leg(name, apart, command, settle=apart, push=along))
    return WalkingTest("push", (_ready(), Leg("run_up", 2.0, command, settle=2.0), *pushes), _ALWAYS)


def straight(metres: float = 10.0, speed: float = 0.8) -> WalkingTest:
    """So far straight ahead, without anybody who tells it where it is."""
    # A little more than at full speed: it begins from rest.
    leg = Leg("straight", round(metres / speed + 0.8, 1), _walk(speed), _SETTLE)
    return WalkingTest("straight", (_ready(), leg), (*_ALWAYS, SPEED_ERROR, LATERAL_DRIFT, HEADING_DRIFT))


def circle(speed: float = 0.5, rate: float = 0.6) -> WalkingTest:
    """Once around [m/s, rad/s]."""
    leg = _steady("circle", _walk(speed, 0.0, rate), 1.5, round(2.0 * math.pi / abs(rate), 1))
    return WalkingTest("circle", (_ready(), leg), (*_ALWAYS, SPEED_ERROR, TURN_ERROR))


def back(speed: float = 0.4) -> WalkingTest:
    """Backwards."""
    return WalkingTest("back", (_ready(), _steady("back", _walk(-speed))), (*_ALWAYS, SPEED_ERROR))


def sideways(speed: float = 0.3) -> WalkingTest:
    """To either side, with steps on the spot between."""
    legs = (_steady("left", _walk(0.0, speed)), Leg("between", 1.5, _walk(), settle=1.5))
    return WalkingTest("sideways", (_ready(), *legs, _steady("right", _walk(0.0, -speed))), (*_ALWAYS, SPEED_ERROR))


def speed_sweep(speeds: Sequence[float] = (0.3, 0.6, 1.0)) -> WalkingTest:
    """One speed [m/s] after another."""
    legs = [_steady(f"{speed:g}_m/s", _walk(speed)) for speed in speeds]
    return WalkingTest("speed_sweep", (_ready(), *legs), (*_ALWAYS, SPEED_ERROR))


def turn(rate: float = 0.8) -> WalkingTest:
    """On the spot [rad/s]."""
    leg = _steady("turn", _walk(0.0, 0.0, rate), 1.5, 4.5)
    return WalkingTest("turn", (_ready(), leg), (*_ALWAYS, TURN_ERROR, WANDER))


def emergency_stop(speed: float = 0.8) -> WalkingTest:
    """Somebody hits the stop while it walks."""
    legs = (Leg("run_up", 4.0, _walk(speed), settle=4.0), Leg("stop", 3.5, Command(), settle=3.5, abrupt=True))
    return WalkingTest("emergency_stop", (_ready(), *legs), (*_ALWAYS, STOP_TIME, STOP_DISTANCE))


WALKING: tuple[WalkingTest, ...] = (
    stand(), push(), straight(), circle(), back(), sideways(), speed_sweep(), turn(), emergency_stop(),
)  # fmt: skip
"""The walking programme of every unit, at most 180 s simulated."""
